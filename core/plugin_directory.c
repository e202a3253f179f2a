/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "elf_note.h"
#include "refusal.h"

#define MAX_WORD_BYTES (PLUGIN_NAME_SIZE - sizeof PLUGIN_SUFFIX)

struct plugin_directory plugin_directory_at(const char *path, bool is_built_in)
{
    return (struct plugin_directory){.path = path, .is_built_in = is_built_in, .fd = -1};
}

plexctl_status plugin_directory_open(struct plugin_directory *directory, struct error *err)
{
    if (!directory->is_judged)
        (void)trust_open_directory(directory->path, &directory->fd, &directory->refusal);
    directory->is_judged = true;
    *err = directory->refusal;
    return err->status;
}

void plugin_directory_close(struct plugin_directory *directory)
{
    if (directory->fd >= 0)
        (void)close(directory->fd);
    directory->fd = -1;
}

bool plugin_directory_holds(const struct plugin_directory *directory, const char *name)
{
    auto_free char *path = NULL;
    struct stat found;

    if (directory->fd >= 0)
        return fstatat(directory->fd, name, &found, AT_SYMLINK_NOFOLLOW) == 0;
    if (asprintf(&path, "%s/%s", directory->path, name) < 0) {
        path = NULL;
        return false;
    }
    return lstat(path, &found) == 0;
}

plexctl_status plugin_directory_join(const struct plugin_directory *directory, const char *word, char **ret_path,
                                     struct error *err)
{
    char *path = NULL;

    if (asprintf(&path, "%s/%s" PLUGIN_SUFFIX, directory->path, word) < 0)
        return error_no_memory(err);
    *ret_path = path;
    return PLEXCTL_OK;
}

/* Listing */

/* Copies the command word out of a file's name; false where it holds none. */
static bool word_of(const char *name, char word[static PLUGIN_NAME_SIZE])
{
    size_t length = strlen(name);
    size_t suffix_length = strlen(PLUGIN_SUFFIX);

    if (length < suffix_length || length - suffix_length > MAX_WORD_BYTES ||
        strcmp(name + length - suffix_length, PLUGIN_SUFFIX) != 0)
        return false;
    memcpy(word, name, length - suffix_length);
    word[length - suffix_length] = '\0';
    return text_is_command_word(word);
}

static plexctl_status words_add(struct plugin_words *words, size_t *capacity, const char *word, struct error *err)
{
    if (words->count == *capacity) {
        size_t wanted = *capacity ? *capacity * 2 : 64;
        char(*rows)[PLUGIN_NAME_SIZE] = reallocarray(words->rows, wanted, sizeof *rows);
        if (!rows)
            return error_no_memory(err);
        words->rows = rows;
        *capacity = wanted;
    }
    (void)snprintf(words->rows[words->count++], PLUGIN_NAME_SIZE, "%s", word);
    return PLEXCTL_OK;
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(a, b);
}

static plexctl_status read_words(DIR *dir, struct plugin_words *words, struct error *err)
{
    char word[PLUGIN_NAME_SIZE];
    size_t capacity = 0;
    plexctl_status status = PLEXCTL_OK;

    while (status == PLEXCTL_OK) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (!entry)
            return errno ? error_set_errno(err, PLEXCTL_FAILED, errno, "cannot be listed") : PLEXCTL_OK;
        if (word_of(entry->d_name, word))
            status = words_add(words, &capacity, word, err);
    }
    return status;
}

plexctl_status plugin_directory_list(const struct plugin_directory *directory, struct plugin_words *ret_words,
                                     struct error *err)
{
    struct plugin_words words = {0};
    auto_fd int fd = openat(directory->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    auto_dir DIR *dir = fd < 0 ? NULL : fdopendir(fd);

    if (!dir) {
        (void)error_set_errno(err, PLEXCTL_FAILED, errno, "cannot be listed");
        (void)refusal_add_fix(err, REFUSAL_ACCESS, "let the user who runs plexctl read it");
        return refusal_name_file(err, directory->path);
    }
    (void)take_fd(&fd);
    plexctl_status status = read_words(dir, &words, err);
    if (status != PLEXCTL_OK) {
        free(words.rows);
        return refusal_name_file(err, directory->path);
    }
    if (words.count)
        qsort(words.rows, words.count, sizeof *words.rows, compare_words);
    *ret_words = words;
    return PLEXCTL_OK;
}

/* One file */

static plexctl_status judge_note(const struct plexctl_note *note, const char *name, struct error *err)
{
    size_t length = strlen(note->command);

    if (note->abi_major != PLEXCTL_ABI_MAJOR) {
        (void)error_set(err, PLEXCTL_FAILED, "built for plugin ABI %u.%u", (unsigned)note->abi_major,
                        (unsigned)note->abi_minor);
        (void)refusal_want(err, REFUSAL_ABI, "%d.x, up to %d.%d", PLEXCTL_ABI_MAJOR, PLEXCTL_ABI_MAJOR,
                           PLEXCTL_ABI_MINOR);
        return refusal_add_fix(err, REFUSAL_ABI, "install a build of it for this plexctl (%s)", PACKAGE_VERSION);
    }
    if (note->abi_minor > PLEXCTL_ABI_MINOR) {
        (void)error_set(err, PLEXCTL_FAILED, "needs plugin ABI %u.%u", (unsigned)note->abi_major,
                        (unsigned)note->abi_minor);
        (void)refusal_want(err, REFUSAL_ABI, "at most %d.%d", PLEXCTL_ABI_MAJOR, PLEXCTL_ABI_MINOR);
        return refusal_add_fix(err, REFUSAL_ABI, "update plexctl (this is %s)", PACKAGE_VERSION);
    }
    if (strncmp(name, note->command, length) == 0 && strcmp(name + length, PLUGIN_SUFFIX) == 0)
        return PLEXCTL_OK;
    (void)error_set(err, PLEXCTL_FAILED, "its note is for the command \"%s\"", note->command);
    (void)refusal_want(err, REFUSAL_NAME, "the command that the file is named for");
    return refusal_add_fix(err, REFUSAL_NAME, "rename it to %s" PLUGIN_SUFFIX, note->command);
}

plexctl_status plugin_directory_examine(const struct plugin_directory *directory, const char *path,
                                        struct plugin_file *ret_file, struct error *err)
{
    struct plugin_file file;
    plexctl_status status = trust_open_file(directory->fd, path, &file.file, err);

    if (status != PLEXCTL_OK)
        return status;
    auto_fd int fd = file.file.fd;
    if (elf_note_read(fd, &file.note, err) != PLEXCTL_OK)
        status = refusal_add_fix(err, REFUSAL_ELF, "install the plugin again, built for this machine");
    else
        status = judge_note(&file.note, strrchr(path, '/') + 1, err);
    if (status != PLEXCTL_OK)
        return refusal_name_file(err, path);
    file.file.fd = take_fd(&fd);
    *ret_file = file;
    return PLEXCTL_OK;
}
