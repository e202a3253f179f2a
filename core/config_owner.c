/* SPDX-License-Identifier: Apache-2.0 */
#include "config_owner.h"

#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/shell_word.h"
#include "config_file.h"
#include "remedy.h"

#define PASSWD_BYTES 4096

void config_owner_name(struct buf *out, uid_t user)
{
    struct passwd record, *found = NULL;
    char memory[PASSWD_BYTES];

    if (getpwuid_r(user, &record, memory, sizeof memory, &found) == 0 && found)
        buf_appendf(out, "%s (uid %u)", found->pw_name, (unsigned)user);
    else
        buf_appendf(out, "uid %u", (unsigned)user);
}

static char *directory_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return strndup(path, slash > path ? (size_t)(slash - path) : 1);
}

/* What the variables say: PLACE/plexctl/config.json. */
struct way {
    char *file, *directory, *place;
    bool is_place_ours;
};

static void release_way(struct way *way)
{
    free(way->file);
    free(way->directory);
    free(way->place);
}

static struct way find_way(void)
{
    struct way way = {0};
    struct error ignored = ERROR_INIT;
    struct stat found;

    if (config_file_path(&way.file, &ignored) == PLEXCTL_OK)
        way.directory = directory_of(way.file);
    if (way.directory)
        way.place = directory_of(way.directory);
    way.is_place_ours = way.place && stat(way.place, &found) == 0 && found.st_uid == geteuid();
    return way;
}

/* A link may lead to what is everybody's, and a further name of a file be another one's. */
static bool is_to_be_ours(const struct way *way, const char *path)
{
    struct stat found;

    if (!way->is_place_ours || lstat(way->directory, &found) != 0 || !S_ISDIR(found.st_mode))
        return false;
    if (strcmp(path, way->directory) == 0)
        return true;
    size_t len = strlen(way->file);
    if (strncmp(path, way->file, len) != 0 || (path[len] != '\0' && strcmp(path + len, ".lock") != 0))
        return false;
    return lstat(path, &found) == 0 && S_ISREG(found.st_mode) && found.st_nlink == 1;
}

static bool is_wrong_place(const struct way *way, const char *path)
{
    size_t len = strlen(path);

    return way->place && !way->is_place_ours && strncmp(path, way->file, len) == 0 &&
           (way->file[len] == '/' || way->file[len] == '\0');
}

static bool is_home_ours(void)
{
    const char *home = getenv("HOME");
    struct passwd record, *found = NULL;
    char memory[PASSWD_BYTES];

    return home && getpwuid_r(geteuid(), &record, memory, sizeof memory, &found) == 0 && found &&
           strcmp(found->pw_dir, home) == 0;
}

static const char *choose_place(void)
{
    const char *xdg = getenv("XDG_CONFIG_HOME");

    if (xdg && xdg[0] == '/')
        return "XDG_CONFIG_HOME names no place of yours: run `unset XDG_CONFIG_HOME`";
    return is_home_ours() ? NULL : "HOME names no place of yours: " REMEDY_HOME;
}

void config_owner_append_remedy(struct buf *out, const char *path)
{
    __attribute__((cleanup(release_way))) struct way way = find_way();
    const char *remedy = NULL;
    char take[64];

    (void)snprintf(take, sizeof take, "run `sudo chown %u @`", (unsigned)geteuid());
    if (geteuid() == 0)
        remedy = REMEDY_SUDO;
    else if (is_to_be_ours(&way, path))
        remedy = take;
    else if (is_wrong_place(&way, path))
        remedy = choose_place();
    remedy_append(out, remedy ? remedy : "see whose it is and what leads there: `namei -l @`", path);
}

plexctl_status config_owner_judge(const char *path, uid_t owner, struct error *err)
{
    auto_buf struct buf word = BUF_FIXED(SHELL_WORD_SHOWN_BYTES), user = BUF_FIXED(ERROR_TEXT_SIZE);
    auto_buf struct buf remedy = BUF_FIXED(ERROR_TEXT_SIZE);

    if (owner == geteuid())
        return PLEXCTL_OK;
    shell_word_show(&word, path);
    config_owner_name(&user, owner);
    config_owner_append_remedy(&remedy, path);
    (void)error_set(err, PLEXCTL_USAGE, "%s is owned by %s, %s", buf_text(&word), buf_text(&user),
                    geteuid() == 0 ? "and you are root" : "not by you");
    return error_advise(err, buf_text(&remedy));
}
