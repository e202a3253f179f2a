/* SPDX-License-Identifier: Apache-2.0 */
#include "check/subject.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "elf_note.h"

#define OBJECT_MAX_BYTES ((size_t)256 << 20)
#define OWN_DIRECTORY "/commands"

/* The file */

static plexctl_status open_file(struct subject *subject, struct error *err)
{
    struct stat status;

    subject->fd = open(subject->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (subject->fd < 0 || fstat(subject->fd, &status) != 0)
        return error_set_errno(err, PLEXCTL_USAGE, errno, "%s", subject->path);
    if (!S_ISREG(status.st_mode))
        return error_set(err, PLEXCTL_USAGE, "%s: no regular file; give the plugin's file, NAME.so", subject->path);
    return PLEXCTL_OK;
}

/* `ret_path` is malloc'd, without links. */
static plexctl_status resolve(const char *path, char **ret_path, struct error *err)
{
    *ret_path = realpath(path, NULL);
    return *ret_path ? PLEXCTL_OK : error_set_errno(err, PLEXCTL_FAILED, errno, "%s", path);
}

static plexctl_status find_library(struct subject *subject, struct error *err)
{
    auto_free char *own = NULL;
    auto_free char *real = NULL;
    plexctl_status status = resolve("/proc/self/exe", &subject->library_dir, err);

    if (status == PLEXCTL_OK)
        status = resolve(subject->path, &real, err);
    if (status != PLEXCTL_OK)
        return status;
    *strrchr(subject->library_dir, '/') = '\0';
    *strrchr(real, '/') = '\0';
    if (asprintf(&own, "%s" OWN_DIRECTORY, subject->library_dir) < 0) {
        own = NULL;
        return error_no_memory(err);
    }
    subject->is_own = strcmp(own, real) == 0;
    return PLEXCTL_OK;
}

/* The place */

static plexctl_status make_directory(const struct subject *subject, const char *name, char **ret_path,
                                     struct error *err)
{
    if (asprintf(ret_path, "%s/%s", subject->scratch, name) < 0) {
        *ret_path = NULL;
        return error_no_memory(err);
    }
    return file_make_directories(*ret_path, err);
}

static plexctl_status make_scratch(struct subject *subject, struct error *err)
{
    const char *parent = getenv("TMPDIR");

    if (!parent || parent[0] != '/')
        parent = "/tmp";
    if (asprintf(&subject->scratch, "%s/plexctl-check-XXXXXX", parent) < 0) {
        subject->scratch = NULL;
        return error_no_memory(err);
    }
    if (!mkdtemp(subject->scratch)) {
        (void)error_set_errno(err, PLEXCTL_FAILED, errno, "cannot make a directory in %s", parent);
        free(take_ptr(&subject->scratch));
        return err->status;
    }
    plexctl_status status = make_directory(subject, "plugins", &subject->plugin_dir, err);
    if (status == PLEXCTL_OK)
        status = make_directory(subject, "home", &subject->home, err);
    if (status == PLEXCTL_OK)
        status = make_directory(subject, "config", &subject->config_home, err);
    return status == PLEXCTL_OK ? make_directory(subject, "work", &subject->work, err) : status;
}

/* Under the name that the note wants, so that one file that is misnamed can be tried all the same. */
static plexctl_status copy_file(struct subject *subject, struct error *err)
{
    auto_buf struct buf content = BUF_INIT(OBJECT_MAX_BYTES);
    char name[sizeof subject->note.command + sizeof ".so"];
    auto_fd int dir_fd = open(subject->plugin_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (dir_fd < 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "%s", subject->plugin_dir);
    (void)snprintf(name, sizeof name, "%s.so", subject->note.command);
    (void)lseek(subject->fd, 0, SEEK_SET);
    plexctl_status status = file_read_all(subject->fd, &content, err);
    if (status != PLEXCTL_OK)
        return error_prefix(err, "%s", subject->path);
    return file_create(dir_fd, name, &content, err);
}

plexctl_status subject_open(struct subject *subject, const char *path, struct error *err)
{
    subject->path = path;
    plexctl_status status = open_file(subject, err);
    if (status == PLEXCTL_OK)
        status = find_library(subject, err);
    if (status == PLEXCTL_OK)
        status = make_scratch(subject, err);
    if (status != PLEXCTL_OK)
        return status;
    (void)elf_object_open(subject->fd, &subject->object, &subject->object_fault);
    if (elf_note_read(subject->fd, &subject->note, &subject->note_fault) == PLEXCTL_OK)
        return copy_file(subject, err);
    return PLEXCTL_OK;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status, (void)type, (void)at;
    (void)remove(path);
    return 0;
}

void subject_release(struct subject *subject)
{
    elf_object_free(subject->object);
    if (subject->fd >= 0)
        (void)close(subject->fd);
    if (subject->scratch)
        (void)nftw(subject->scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(subject->library_dir);
    free(subject->scratch);
    free(subject->plugin_dir);
    free(subject->home);
    free(subject->config_home);
    free(subject->work);
}

/* Loading */

plexctl_status subject_load(const struct subject *subject, struct loader **ret_loader, struct loaded_plugin *ret_plugin,
                            struct error *err)
{
    plexctl_status status = loader_new_at(subject->library_dir, true, ret_loader, err);

    if (status == PLEXCTL_OK)
        status = loader_open_in(subject->plugin_dir, subject->note.command, ret_plugin, err);
    if (status == PLEXCTL_OK)
        ret_plugin->is_built_in = subject->is_own;
    return status;
}
