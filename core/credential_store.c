/* SPDX-License-Identifier: Apache-2.0 */
#include "credential_store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/shell_word.h"
#include "base/suggestion.h"
#include "base/text.h"
#include "config_document.h"
#include "config_file.h"
#include "config_target.h"
#include "credential.h"
#include "credential_splice.h"
#include "remedy.h"

/* More than a save of the longest token, server and names adds. */
#define SAVE_ROOM_BYTES ((size_t)32 * 1024)
#define REMEDY_ROOM "take profiles out of it, or " REMEDY_MOVE
/* Names in the message about one that is not there, bytes. */
#define NAMES_MAX_BYTES ((size_t)400)

struct credential_store {
    char *path;
    void (*warn)(const char *text);
    bool has_warned;
};

plexctl_status credential_store_new(void (*warn)(const char *text), struct credential_store **ret_store,
                                    struct error *err)
{
    struct credential_store *store = calloc(1, sizeof *store);

    if (!store)
        return error_no_memory(err);
    store->warn = warn;
    *ret_store = store;
    return PLEXCTL_OK;
}

void credential_store_free(struct credential_store *store)
{
    if (!store)
        return;
    free(store->path);
    free(store);
}

/* Only now: without HOME, a command whose flags say everything works all the same. */
static plexctl_status find_path(struct credential_store *store, struct error *err)
{
    return store->path ? PLEXCTL_OK : config_file_path(&store->path, err);
}

const char *credential_store_path(struct credential_store *store)
{
    struct error ignored = ERROR_INIT;

    return find_path(store, &ignored) == PLEXCTL_OK ? store->path : NULL;
}

static void warn_once(struct credential_store *store, const struct config_file *file)
{
    auto_buf struct buf text = BUF_FIXED(ERROR_TEXT_SIZE);

    if (!file->readable_by_others || store->has_warned)
        return;
    shell_word_show(&text, file->path);
    remedy_append(&text, " can be read by others; run `chmod 600 @` (the next login does it too)", file->path);
    store->warn(buf_text(&text));
    store->has_warned = true;
}

/* "PATH: line L, column C: why; how to mend it"; a failure that is not the document's says only which file it met. */
static plexctl_status explain_damage(const char *path, struct error *err)
{
    auto_buf struct buf word = BUF_FIXED(SHELL_WORD_SHOWN_BYTES);

    shell_word_show(&word, path);
    if (err->status == PLEXCTL_USAGE)
        (void)remedy_advise(err, "correct it, or " REMEDY_MOVE, path);
    return error_prefix(err, "%s", buf_text(&word));
}

/* A missing file leaves `ret_document` empty. */
static plexctl_status load(struct credential_store *store, const char *wanted, struct config_file *file,
                           struct config_document *ret_document, struct error *err)
{
    plexctl_status status = find_path(store, err);

    if (status != PLEXCTL_OK)
        return status;
    file->path = store->path;
    status = config_file_read(file, AT_FDCWD, store->path, err);
    if (status != PLEXCTL_OK || !file->exists)
        return status;
    warn_once(store, file);
    status = config_document_read(file->text.data, file->text.len, wanted, ret_document, err);
    return status == PLEXCTL_OK ? status : explain_damage(store->path, err);
}

/* Names in words, for a profile that is not there */

struct names {
    struct buf *shown;
    struct suggestion suggestion; /* of those that --profile takes */
};

static plexctl_status append_name(void *context, const char *name, struct json_span object, struct error *err)
{
    struct names *names = context;
    struct buf *shown = names->shown;

    (void)object;
    (void)err;
    if (text_is_profile_name(name))
        suggestion_consider(&names->suggestion, name, strlen(name));
    if (shown->len > NAMES_MAX_BYTES)
        return PLEXCTL_OK;
    if (shown->len > 0)
        buf_append_text(shown, ", ");
    if (shown->len > NAMES_MAX_BYTES - TEXT_SERVER_MAX_BYTES)
        buf_append_text(shown, "...");
    else
        text_sanitise(shown, name, strlen(name), TEXT_SERVER_MAX_BYTES);
    return PLEXCTL_OK;
}

/* The names that there are come last: they may be cut. */
static plexctl_status explain_absence(const char *path, const char *wanted, const struct config_document *document,
                                      struct error *err)
{
    auto_buf struct buf word = BUF_FIXED(ERROR_TEXT_SIZE), names = BUF_FIXED(ERROR_TEXT_SIZE);
    auto_buf struct buf shown = BUF_FIXED(ERROR_TEXT_SIZE), advice = BUF_FIXED(ERROR_TEXT_SIZE);
    struct names context = {.shown = &names};
    const char *name = wanted ? wanted : document->default_name;
    const char *to_save = name && text_is_profile_name(name) ? name : "NAME";

    suggestion_begin(&context.suggestion, wanted ? wanted : "", wanted ? strlen(wanted) : 0);
    plexctl_status status = config_document_each(document, append_name, &context, err);
    if (status != PLEXCTL_OK)
        return status;
    shell_word_show(&word, path);
    if (name)
        text_sanitise(&shown, name, strlen(name), TEXT_SERVER_MAX_BYTES);
    if (names.len == 0 && !wanted)
        return error_set(err, PLEXCTL_NOT_FOUND, "no profile is saved in %s; run `plexctl login`", buf_text(&word));
    if (names.len == 0)
        return error_set(err, PLEXCTL_NOT_FOUND,
                         "profile \"%s\" does not exist: no profile is saved in %s; run `plexctl login --profile-name "
                         "%s`",
                         buf_text(&shown), buf_text(&word), to_save);
    if (!name)
        return error_set(err, PLEXCTL_NOT_FOUND,
                         "%s names no default profile; see `plexctl profile list`, and choose one with --profile: %s",
                         buf_text(&word), buf_text(&names));
    if (suggestion_ask(&context.suggestion, "\"", "\"", &advice))
        buf_append_text(&advice, " Else ");
    return error_set(err, PLEXCTL_NOT_FOUND,
                     "%s \"%s\" does not exist in %s; %srun `plexctl login --profile-name %s`, or choose one with "
                     "--profile: %s",
                     wanted ? "profile" : "default profile", buf_text(&shown), buf_text(&word), buf_text(&advice),
                     to_save, buf_text(&names));
}

plexctl_status credential_store_read(struct credential_store *store, const char *name,
                                     struct credential *ret_credential, struct error *err)
{
    auto_config_file struct config_file file = CONFIG_FILE_INIT(NULL);
    auto_config_document struct config_document document = CONFIG_DOCUMENT_INIT;

    plexctl_status status = load(store, name, &file, &document, err);
    if (status != PLEXCTL_OK)
        return status;
    const char *found = name ? name : document.default_name;
    struct json_span profile = name ? document.wanted_profile : document.default_profile;
    if (profile.len == 0)
        return explain_absence(store->path, name, &document, err);
    status = credential_parse(document.bytes, profile, found, ret_credential, err);
    if (status != PLEXCTL_OK)
        return explain_damage(store->path, err);
    ret_credential->is_default = document.default_name && strcmp(found, document.default_name) == 0;
    return PLEXCTL_OK;
}

struct each {
    const char *path;
    const struct config_document *document;
    plexctl_status (*profile)(void *context, const struct credential *credential, struct error *err);
    void *context;
};

static plexctl_status call_with_profile(void *context, const char *name, struct json_span object, struct error *err)
{
    const struct each *each = context;
    auto_credential struct credential credential = CREDENTIAL_INIT;

    plexctl_status status = credential_parse(each->document->bytes, object, name, &credential, err);
    if (status != PLEXCTL_OK)
        return explain_damage(each->path, err);
    credential.is_default =
        each->document->default_profile.len > 0 && object.offset == each->document->default_profile.offset;
    return each->profile(each->context, &credential, err);
}

plexctl_status credential_store_each(struct credential_store *store,
                                     plexctl_status (*profile)(void *context, const struct credential *credential,
                                                               struct error *err),
                                     void *context, struct error *err)
{
    auto_config_file struct config_file file = CONFIG_FILE_INIT(NULL);
    auto_config_document struct config_document document = CONFIG_DOCUMENT_INIT;

    plexctl_status status = load(store, NULL, &file, &document, err);
    struct each each = {.path = store->path, .document = &document, .profile = profile, .context = context};
    return status == PLEXCTL_OK ? config_document_each(&document, call_with_profile, &each, err) : status;
}

/* Saving */

static plexctl_status check_size(const struct config_file *file, struct error *err)
{
    char what[96];

    if (file->text.len + SAVE_ROOM_BYTES <= CREDENTIAL_STORE_MAX_BYTES)
        return PLEXCTL_OK;
    (void)snprintf(what, sizeof what, "has no room for another profile (%zu bytes, at most %zu)", file->text.len,
                   CREDENTIAL_STORE_MAX_BYTES);
    return remedy_refuse(err, file->path, what, REMEDY_ROOM);
}

/* The command line and the host have judged the name before. */
static plexctl_status check_name(struct credential_store *store, const char *name, struct error *err)
{
    auto_buf struct buf word = BUF_FIXED(ERROR_TEXT_SIZE), shown = BUF_FIXED(ERROR_TEXT_SIZE);

    if (name && text_is_profile_name(name))
        return PLEXCTL_OK;
    plexctl_status status = find_path(store, err);
    if (status != PLEXCTL_OK)
        return status;
    shell_word_show(&word, store->path);
    if (name)
        text_sanitise(&shown, name, strlen(name), TEXT_SERVER_MAX_BYTES);
    return error_set(
        err, PLEXCTL_INVALID,
        "%s: no profile is saved under the name \"%s\": 1 to 64 of [A-Za-z0-9._-] are wanted, not starting "
        "with . or -; run `plexctl login --profile-name NAME`",
        buf_text(&word), buf_text(&shown));
}

static plexctl_status lock(struct credential_store *store, int cancel_fd, struct config_target *ret_target,
                           struct error *err)
{
    plexctl_status status = find_path(store, err);

    return status == PLEXCTL_OK ? config_target_lock(store->path, cancel_fd, ret_target, err) : status;
}

plexctl_status credential_store_preflight(struct credential_store *store, int cancel_fd, struct error *err)
{
    auto_config_target struct config_target target = CONFIG_TARGET_INIT;
    auto_config_document struct config_document document = CONFIG_DOCUMENT_INIT;

    plexctl_status status = lock(store, cancel_fd, &target, err);
    if (status != PLEXCTL_OK)
        return status;
    auto_config_file struct config_file file = CONFIG_FILE_INIT(target.path);
    status = config_target_read(&target, &file, err);
    if (status == PLEXCTL_OK && file.exists) {
        status = config_document_read(file.text.data, file.text.len, NULL, &document, err);
        if (status != PLEXCTL_OK)
            return explain_damage(target.path, err);
        warn_once(store, &file);
    }
    if (status == PLEXCTL_OK)
        status = check_size(&file, err);
    if (status == PLEXCTL_OK)
        status = config_target_rehearse(&target, file.text.len + SAVE_ROOM_BYTES, err);
    return status;
}

typedef plexctl_status next_text(const struct buf *document, const struct credential *credential, struct buf *out,
                                 struct error *err);

static plexctl_status rewrite(struct credential_store *store, const struct credential *credential, next_text *make_next,
                              int cancel_fd, struct error *err)
{
    auto_config_target struct config_target target = CONFIG_TARGET_INIT;
    auto_buf struct buf next = BUF_INIT(CREDENTIAL_STORE_MAX_BYTES);

    plexctl_status status = check_name(store, credential->name, err);
    if (status == PLEXCTL_OK)
        status = lock(store, cancel_fd, &target, err);
    if (status != PLEXCTL_OK)
        return status;
    auto_config_file struct config_file file = CONFIG_FILE_INIT(target.path);
    status = config_target_read(&target, &file, err);
    if (status != PLEXCTL_OK)
        return status;
    status = make_next(&file.text, credential, &next, err);
    if (next.failed == PLEXCTL_FAILED)
        (void)remedy_advise(err, REMEDY_ROOM, target.path);
    if (status != PLEXCTL_OK)
        return explain_damage(target.path, err);
    return config_target_replace(&target, &next, err);
}

plexctl_status credential_store_save(struct credential_store *store, const struct credential *credential, int cancel_fd,
                                     struct error *err)
{
    return rewrite(store, credential, credential_splice, cancel_fd, err);
}

plexctl_status credential_store_set_subject(struct credential_store *store, const struct credential *credential,
                                            int cancel_fd, struct error *err)
{
    return rewrite(store, credential, credential_splice_subject, cancel_fd, err);
}
