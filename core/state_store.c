/* SPDX-License-Identifier: Apache-2.0 */
#include "state_store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/file_replacement.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "config_file.h"
#include "config_owner.h"
#include "config_target.h"
#include "credential_store.h"
#include "remedy.h"
#include "state_file.h"

#define NAME_MAX_BYTES 64
#define FILE_SUFFIX ".json"
#define LOCK_SUFFIX ".lock"
#define LOCK_WAIT_MS 200 /* longer than another process's sweep takes */

struct held {
    struct held *next;
    struct config_target target;
    char name[NAME_MAX_BYTES + 1];
};

struct state_store {
    char *directory;
    char *prefix; /* "COMMAND." */
    struct held *held;
    void (*warn)(const char *text);
    bool has_warned, is_swept;
};

static plexctl_status refuse_environment(const char *what, struct error *err)
{
    (void)error_set(err, PLEXCTL_USAGE, "no place to keep state in: HOME is %s", what);
    return error_advise(err, REMEDY_HOME ", or set XDG_STATE_HOME to an absolute path");
}

plexctl_status state_store_directory(char **ret_directory, struct error *err)
{
    const char *base = getenv("XDG_STATE_HOME"), *below = "";
    char *directory;

    if (!base || base[0] != '/') {
        base = getenv("HOME");
        below = "/.local/state";
    }
    if (!base || base[0] != '/')
        return refuse_environment(!base ? "not set" : *base ? "no absolute path" : "empty", err);
    if (asprintf(&directory, "%s%s/plexctl", base, below) < 0)
        return error_no_memory(err);
    *ret_directory = directory;
    return PLEXCTL_OK;
}

plexctl_status state_store_new(const char *command, void (*warn)(const char *text), struct state_store **ret_store,
                               struct error *err)
{
    auto_free char *directory = NULL;
    auto_free char *prefix = NULL;
    plexctl_status status = state_store_directory(&directory, err);

    if (status != PLEXCTL_OK)
        return status;
    if (asprintf(&prefix, "%s.", command) < 0) {
        prefix = NULL;
        return error_no_memory(err);
    }
    struct state_store *store = malloc(sizeof *store);
    if (!store)
        return error_no_memory(err);
    *store = (struct state_store){.directory = take_ptr(&directory), .prefix = take_ptr(&prefix), .warn = warn};
    *ret_store = store;
    return PLEXCTL_OK;
}

static char *join(const struct state_store *store, const char *name, const char *suffix)
{
    char *path;

    return asprintf(&path, "%s/%s%s%s", store->directory, store->prefix, name, suffix) < 0 ? NULL : path;
}

/* A lock without its file means nothing to anybody; whoever waits for it looks whether it is still there. */
static void let_go(struct config_target *target)
{
    auto_free char *lock = NULL;
    struct error ignored = ERROR_INIT;
    struct stat found;

    if (target->dir_fd >= 0 && fstatat(target->dir_fd, target->name, &found, AT_SYMLINK_NOFOLLOW) != 0) {
        if (asprintf(&lock, "%s" LOCK_SUFFIX, target->name) >= 0)
            (void)file_remove(target->dir_fd, lock, &ignored);
        else
            lock = NULL;
    }
    config_target_release(target);
}

void state_store_free(struct state_store *store)
{
    while (store && store->held) {
        struct held *held = store->held;
        store->held = held->next;
        let_go(&held->target);
        free(held);
    }
    if (store) {
        free(store->directory);
        free(store->prefix);
    }
    free(store);
}

/* Others could put a file of their own in the place of ours. */
static plexctl_status judge_directory(const struct state_store *store, struct error *err)
{
    struct stat found;

    if (stat(store->directory, &found) != 0)
        return PLEXCTL_OK;
    if (found.st_uid != geteuid())
        return config_owner_judge(store->directory, found.st_uid, err);
    if (found.st_mode & (S_IWGRP | S_IWOTH))
        return remedy_refuse(err, store->directory, "can be written by others than its owner", "run `chmod 700 @`");
    return PLEXCTL_OK;
}

static plexctl_status lock_file(const struct state_store *store, const char *path, struct config_target *ret_target,
                                struct error *err)
{
    plexctl_status status = judge_directory(store, err);

    return status == PLEXCTL_OK ? config_target_try_lock(path, LOCK_WAIT_MS, ret_target, err) : status;
}

/* Looked at again under the lock: another process may just have put something new there. Locking it removes what a
 * killed process had staged, letting go of it the lock that nothing lies beside. */
static void tidy(const char *path)
{
    struct config_target target = CONFIG_TARGET_INIT;
    struct error ignored = ERROR_INIT;

    if (config_target_try_lock(path, 0, &target, &ignored) != PLEXCTL_OK)
        return;
    if (state_file_has_expired(path))
        (void)file_remove(target.dir_fd, target.name, &ignored);
    let_go(&target);
}

/* The name of the file that `entry` is, or is the lock of, or was staged for; NULL where it is none of the command's,
 * or out of memory. The caller frees it. */
static char *file_of(const struct state_store *store, const char *entry)
{
    const char *start = entry[0] == '.' ? entry + 1 : entry, *end = NULL;
    size_t prefix_len = strlen(store->prefix);

    if (strncmp(start, store->prefix, prefix_len) != 0)
        return NULL;
    for (const char *at = strstr(start + prefix_len, FILE_SUFFIX); at; at = strstr(at + 1, FILE_SUFFIX))
        end = at + strlen(FILE_SUFFIX);
    char *file = end ? strndup(start, (size_t)(end - start)) : NULL;
    bool is_known =
        file && (start == entry ? *end == '\0' || strcmp(end, LOCK_SUFFIX) == 0 : file_is_staged_name(entry, file));
    if (!is_known) {
        free(file);
        file = NULL;
    }
    return file;
}

static void sweep_entry(const struct state_store *store, const char *entry)
{
    auto_free char *file = file_of(store, entry);
    auto_free char *path = file ? join(store, file + strlen(store->prefix), "") : NULL;

    if (!path)
        return;
    bool is_file = strcmp(entry, file) == 0;
    bool is_orphan = !is_file && (entry[0] == '.' || faccessat(AT_FDCWD, path, F_OK, AT_EACCESS) != 0);
    if (is_orphan || (is_file && state_file_has_expired(path)))
        tidy(path);
}

static void sweep(struct state_store *store)
{
    struct error ignored = ERROR_INIT;

    if (store->is_swept)
        return;
    store->is_swept = true;
    auto_dir DIR *dir = opendir(store->directory);
    if (!dir || judge_directory(store, &ignored) != PLEXCTL_OK)
        return;
    for (const struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
        sweep_entry(store, entry->d_name);
}

static struct held *find_held(const struct state_store *store, const char *name)
{
    struct held *held = store->held;

    while (held && strcmp(held->name, name) != 0)
        held = held->next;
    return held;
}

plexctl_status state_store_hold(struct state_store *store, const char *name, struct error *err)
{
    if (find_held(store, name))
        return PLEXCTL_OK;
    sweep(store);
    auto_free char *path = join(store, name, FILE_SUFFIX);
    auto_free struct held *held = calloc(1, sizeof *held);
    if (!path || !held)
        return error_no_memory(err);
    (void)snprintf(held->name, sizeof held->name, "%s", name);
    plexctl_status status = lock_file(store, path, &held->target, err);
    if (status == PLEXCTL_OK) {
        held->next = store->held;
        store->held = take_ptr(&held);
    }
    return status;
}

static plexctl_status hold_briefly(struct state_store *store, const char *name, bool *ret_is_own, struct error *err)
{
    *ret_is_own = !find_held(store, name);
    return state_store_hold(store, name, err);
}

static void let_go_of_own(struct state_store *store, bool is_own)
{
    struct held *held = store->held; /* the newest */

    if (!is_own)
        return;
    store->held = held->next;
    let_go(&held->target);
    free(held);
}

static plexctl_status refuse_date(struct error *err)
{
    char now[21];

    if (text_format_utc((int64_t)time(NULL), now))
        return error_set(err, PLEXCTL_INVALID, "state->put: what is kept expires between 1970 and 9999");
    (void)error_set(err, PLEXCTL_FAILED, "this machine's clock is not between the years 1970 and 9999");
    return error_advise(err, "set it");
}

static plexctl_status write_entry(const struct state_entry *entry, struct buf *out, struct error *err)
{
    char expires_at[21];

    if (!text_format_utc(entry->expires_unix_s, expires_at))
        return refuse_date(err);
    buf_appendf(out, "{\"expires_at\":\"%s\",\"value\":", expires_at);
    json_write(out, entry->value, JSON_WRITE_REVEAL, 0);
    buf_append_text(out, "}\n");
    return buf_check(out, "what is to be kept", err);
}

plexctl_status state_store_put(struct state_store *store, const struct state_entry *entry, struct error *err)
{
    auto_buf struct buf text = BUF_INIT(STATE_FILE_MAX_BYTES);
    bool is_own = false;
    plexctl_status status = write_entry(entry, &text, err);

    if (status == PLEXCTL_OK)
        status = hold_briefly(store, entry->name, &is_own, err);
    if (status != PLEXCTL_OK)
        return status;
    status = config_target_replace(&find_held(store, entry->name)->target, &text, err);
    let_go_of_own(store, is_own);
    return status;
}

plexctl_status state_store_remove(struct state_store *store, const char *name, struct error *err)
{
    bool is_own = false;
    plexctl_status status = hold_briefly(store, name, &is_own, err);

    if (status != PLEXCTL_OK)
        return status;
    const struct held *held = find_held(store, name);
    status = file_remove(held->target.dir_fd, held->target.name, err);
    let_go_of_own(store, is_own);
    return status;
}

static void warn_once(struct state_store *store, const char *path)
{
    auto_buf struct buf text = BUF_FIXED(ERROR_TEXT_SIZE);
    struct stat found;

    if (store->has_warned || stat(path, &found) != 0 || !(found.st_mode & (S_IRGRP | S_IROTH)))
        return;
    shell_word_show(&text, path);
    remedy_append(&text, " can be read by others; run `chmod 600 @`", path);
    store->warn(buf_text(&text));
    store->has_warned = true;
}

plexctl_status state_store_get(struct state_store *store, const char *name, struct plexctl_json **ret_value,
                               struct error *err)
{
    struct plexctl_json *root = NULL;
    int64_t expires_unix_s = 0;

    sweep(store);
    auto_free char *path = join(store, name, FILE_SUFFIX);
    if (!path)
        return error_no_memory(err);
    plexctl_status status = judge_directory(store, err);
    if (status == PLEXCTL_OK)
        status = state_file_read(path, &root, &expires_unix_s, err);
    if (status != PLEXCTL_OK)
        return status;
    warn_once(store, path);
    /* Another process may be at it, so that it could not be removed. */
    struct plexctl_json *value = expires_unix_s > (int64_t)time(NULL) ? json_copy(json_get(root, "value")) : NULL;
    json_free(root);
    if (value)
        *ret_value = value;
    return value ? PLEXCTL_OK : error_set(err, PLEXCTL_NOT_FOUND, "what is kept in %s has expired", path);
}

plexctl_status state_store_list(struct state_store *store, struct plexctl_json **ret_names, struct error *err)
{
    struct plexctl_json *names = json_new_array();
    size_t prefix_len = strlen(store->prefix);
    plexctl_status status = names ? PLEXCTL_OK : error_no_memory(err);

    sweep(store);
    auto_dir DIR *dir = opendir(store->directory);
    for (const struct dirent *entry = dir ? readdir(dir) : NULL; entry && status == PLEXCTL_OK; entry = readdir(dir)) {
        auto_free char *file = file_of(store, entry->d_name);
        if (!file || strcmp(file, entry->d_name) != 0)
            continue;
        file[strlen(file) - strlen(FILE_SUFFIX)] = '\0';
        auto_free char *path = join(store, file + prefix_len, FILE_SUFFIX);
        if (path && !state_file_has_expired(path) && text_is_profile_name(file + prefix_len) &&
            json_append(names, json_new_string(file + prefix_len)) != PLEXCTL_OK)
            status = error_no_memory(err);
    }
    if (status == PLEXCTL_OK)
        *ret_names = names;
    else
        json_free(names);
    return status;
}
