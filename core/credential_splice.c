/* SPDX-License-Identifier: Apache-2.0 */
#include "credential_splice.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "config_document.h"
#include "config_layout.h"

#define NEW_DOCUMENT "{}\n"

static void append_member(struct buf *out, const struct config_layout *layout, const char *key, const char *text)
{
    json_write_string(out, key);
    buf_append_text(out, layout->colon);
    json_write_string(out, text);
}

/* The text of one profile */

struct rewriting {
    const char *profile; /* at its '{' */
    const struct credential *credential;
    bool is_subject_only;
    struct buf *out;
    size_t cursor;      /* what lies before it is in `out` or was dropped */
    size_t count, kept; /* members of the old object, of the new one */
    bool seen[CREDENTIAL_MEMBER_COUNT];
};

static plexctl_status rewrite_member(void *context, const struct json_member *member, struct error *err)
{
    struct rewriting *rewriting = context;
    int index = credential_member_find(member->path[0]);
    bool stays = index < 0 || (rewriting->is_subject_only && !credential_member_is_subject(index));
    const char *text = stays ? NULL : credential_member_text(rewriting->credential, index);
    bool keep = stays || text;

    (void)err;
    if (rewriting->count == 0 || (keep && rewriting->kept > 0))
        buf_append(rewriting->out, rewriting->profile + rewriting->cursor, member->key.offset - rewriting->cursor);
    if (keep) {
        buf_append(rewriting->out, rewriting->profile + member->key.offset, member->value.offset - member->key.offset);
        if (text)
            json_write_string(rewriting->out, text);
        else
            buf_append(rewriting->out, rewriting->profile + member->value.offset, member->value.len);
        rewriting->kept++;
    }
    if (index >= 0)
        rewriting->seen[index] = true;
    rewriting->count++;
    rewriting->cursor = member->value.offset + member->value.len;
    return PLEXCTL_OK;
}

static void add_missing_members(struct rewriting *rewriting, const struct config_layout *layout)
{
    for (int i = 0; i < CREDENTIAL_MEMBER_COUNT; i++) {
        const char *text = credential_member_text(rewriting->credential, i);
        if (rewriting->seen[i] || !text)
            continue;
        if (rewriting->kept > 0)
            buf_append_char(rewriting->out, ',');
        /* Where every old member went, the white space before the first of them is still there. */
        if (rewriting->kept > 0 || rewriting->count == 0)
            buf_append_text(rewriting->out, layout->lead);
        append_member(rewriting->out, layout, credential_member_keys[i], text);
        rewriting->kept++;
    }
}

/* Appends the object of `profile_len` bytes with the credential's members set; `empty_layout` is for one without
 * members. */
static plexctl_status rewrite_profile(struct rewriting *rewriting, size_t profile_len,
                                      const struct config_layout *empty_layout, struct error *err)
{
    const struct json_visitor visitor = {.max_depth = 1, .member = rewrite_member, .context = rewriting};
    struct config_object object;
    struct config_layout layout = *empty_layout;

    plexctl_status status = config_object_read(rewriting->profile, (struct json_span){0, profile_len}, &object, err);
    if (status == PLEXCTL_OK)
        status = json_scan(rewriting->profile, profile_len, &visitor, NULL, NULL, err);
    if (status != PLEXCTL_OK)
        return status;
    if (object.count > 0) {
        layout = config_layout_of(rewriting->profile, &object, CONFIG_LAYOUT_MAX_DEPTH);
    } else {
        buf_append_char(rewriting->out, '{');
        rewriting->cursor = 1;
    }
    add_missing_members(rewriting, &layout);
    if (object.count == 0 && rewriting->kept > 0 && profile_len == strlen("{}"))
        buf_append_text(rewriting->out, layout.close);
    buf_append(rewriting->out, rewriting->profile + rewriting->cursor, profile_len - rewriting->cursor);
    return PLEXCTL_OK;
}

/* The document as a list of edits */

struct edit {
    size_t offset, dropped; /* the bytes that go */
    struct buf text;        /* what comes in their place */
};

enum { EDIT_PROFILE, EDIT_DEFAULT, EDIT_ROOT, EDIT_COUNT };

struct splicing {
    struct config_document document;
    const struct credential *credential;
    bool is_subject_only;
    struct config_layout root, profiles, profile; /* for members added at depth 1, 2 and 3 */
    struct edit edits[EDIT_COUNT];
};

static plexctl_status choose_layouts(struct splicing *splicing, struct error *err)
{
    const struct config_document *document = &splicing->document;
    const struct config_object *profiles = &document->profiles;
    struct config_object last;

    splicing->root = config_layout_of(document->bytes, &document->root, 1);
    splicing->profiles = config_layout_at_depth(&splicing->root, 2);
    splicing->profile = config_layout_at_depth(&splicing->root, 3);
    if (profiles->count == 0)
        return PLEXCTL_OK;
    splicing->profiles = config_layout_of(document->bytes, profiles, 2);
    plexctl_status status = config_object_read(document->bytes, profiles->last_value, &last, err);
    if (status == PLEXCTL_OK && last.count > 0)
        splicing->profile = config_layout_of(document->bytes, &last, 3);
    return status;
}

/* "NAME": { ... } */
static plexctl_status append_new_profile(struct splicing *splicing, struct buf *out, struct error *err)
{
    struct rewriting rewriting = {.profile = "{}", .credential = splicing->credential, .out = out};

    json_write_string(out, splicing->credential->name);
    buf_append_text(out, splicing->profiles.colon);
    return rewrite_profile(&rewriting, strlen("{}"), &splicing->profile, err);
}

static void start_at_end(struct edit *edit, const struct config_object *object)
{
    edit->offset = object->count ? object->last_value.offset + object->last_value.len : object->span.offset + 1;
}

static void append_lead(struct edit *edit, bool first, const struct config_layout *layout)
{
    if (!first)
        buf_append_char(&edit->text, ',');
    buf_append_text(&edit->text, layout->lead);
}

static void append_close(struct edit *edit, const struct config_object *object, const struct config_layout *layout)
{
    if (edit->text.len > 0 && object->count == 0 && object->span.len == strlen("{}"))
        buf_append_text(&edit->text, layout->close);
}

static plexctl_status edit_profile(struct splicing *splicing, struct error *err)
{
    const struct config_document *document = &splicing->document;
    struct edit *edit = &splicing->edits[EDIT_PROFILE];
    struct rewriting rewriting = {
        .credential = splicing->credential, .is_subject_only = splicing->is_subject_only, .out = &edit->text};

    if (document->wanted_profile.len > 0) {
        edit->offset = document->wanted_profile.offset;
        edit->dropped = document->wanted_profile.len;
        rewriting.profile = document->bytes + edit->offset;
        return rewrite_profile(&rewriting, edit->dropped, &splicing->profile, err);
    }
    if (document->profiles.span.len == 0)
        return PLEXCTL_OK;
    start_at_end(edit, &document->profiles);
    append_lead(edit, document->profiles.count == 0, &splicing->profiles);
    plexctl_status status = append_new_profile(splicing, &edit->text, err);
    append_close(edit, &document->profiles, &splicing->profiles);
    return status;
}

static void edit_default(struct splicing *splicing)
{
    const struct config_document *document = &splicing->document;
    const char *name = splicing->credential->name;
    struct edit *edit = &splicing->edits[EDIT_DEFAULT];

    if (!document->default_name || strcmp(document->default_name, name) == 0)
        return;
    if (document->default_profile.len > 0 && !splicing->credential->is_default)
        return;
    edit->offset = document->default_value.offset;
    edit->dropped = document->default_value.len;
    json_write_string(&edit->text, name);
}

/* Adds "default" and "profiles" where they are missing. */
static plexctl_status edit_root(struct splicing *splicing, struct error *err)
{
    const struct config_document *document = &splicing->document;
    struct edit *edit = &splicing->edits[EDIT_ROOT];
    plexctl_status status = PLEXCTL_OK;

    start_at_end(edit, &document->root);
    if (!document->default_name) {
        append_lead(edit, document->root.count == 0, &splicing->root);
        append_member(&edit->text, &splicing->root, "default", splicing->credential->name);
    }
    if (document->profiles.span.len == 0) {
        append_lead(edit, document->root.count == 0 && edit->text.len == 0, &splicing->root);
        buf_append_text(&edit->text, "\"profiles\"");
        buf_append_text(&edit->text, splicing->root.colon);
        buf_append_char(&edit->text, '{');
        buf_append_text(&edit->text, splicing->profiles.lead);
        status = append_new_profile(splicing, &edit->text, err);
        buf_append_text(&edit->text, splicing->profiles.close);
        buf_append_char(&edit->text, '}');
    }
    append_close(edit, &document->root, &splicing->root);
    return status;
}

static int compare_edits(const void *left, const void *right)
{
    const struct edit *a = left, *b = right;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

/* A failure of an edit's buffer becomes one of `out`, which is asked once at the end. */
static void apply_edits(struct splicing *splicing, struct buf *out)
{
    const struct config_document *document = &splicing->document;
    size_t cursor = 0, added = 0;

    for (size_t i = 0; i < EDIT_COUNT; i++)
        added += splicing->edits[i].text.len;
    buf_reserve(out, document->size + added);
    qsort(splicing->edits, EDIT_COUNT, sizeof splicing->edits[0], compare_edits);
    for (size_t i = 0; i < EDIT_COUNT; i++) {
        const struct edit *edit = &splicing->edits[i];
        if (edit->text.failed != PLEXCTL_OK)
            out->failed = edit->text.failed;
        if (edit->text.len == 0)
            continue;
        buf_append(out, document->bytes + cursor, edit->offset - cursor);
        buf_append(out, edit->text.data, edit->text.len);
        cursor = edit->offset + edit->dropped;
    }
    buf_append(out, document->bytes + cursor, document->size - cursor);
}

static plexctl_status splice(struct splicing *splicing, struct buf *out, struct error *err)
{
    for (size_t i = 0; i < EDIT_COUNT; i++)
        splicing->edits[i].text.max = out->max;
    plexctl_status status = choose_layouts(splicing, err);
    if (status == PLEXCTL_OK)
        status = edit_profile(splicing, err);
    if (status == PLEXCTL_OK && !splicing->is_subject_only)
        status = edit_root(splicing, err);
    if (!splicing->is_subject_only)
        edit_default(splicing);
    if (status == PLEXCTL_OK)
        apply_edits(splicing, out);
    for (size_t i = 0; i < EDIT_COUNT; i++)
        buf_release(&splicing->edits[i].text);
    return status == PLEXCTL_OK ? buf_check(out, "the config file's text", err) : status;
}

/* What is written must be what a reader finds. */
static plexctl_status check_result(const struct buf *out, size_t start, const struct credential *credential,
                                   struct error *err)
{
    auto_config_document struct config_document document = CONFIG_DOCUMENT_INIT;

    plexctl_status status = config_document_read(out->data + start, out->len - start, credential->name, &document, err);
    if (status == PLEXCTL_USAGE || (status == PLEXCTL_OK && document.wanted_profile.len == 0))
        return error_set(err, PLEXCTL_FAILED,
                         "the new text of the config file could not be read back, so it was not written; report this "
                         "fault of plexctl");
    return status;
}

static plexctl_status begin(struct splicing *splicing, const struct buf *document, struct error *err)
{
    const char *bytes = document->len > 0 ? document->data : NEW_DOCUMENT;
    size_t size = document->len > 0 ? document->len : strlen(NEW_DOCUMENT);

    return config_document_read(bytes, size, splicing->credential->name, &splicing->document, err);
}

static plexctl_status splice_and_check(struct splicing *splicing, struct buf *out, struct error *err)
{
    size_t start = out->len;
    plexctl_status status = splice(splicing, out, err);

    return status == PLEXCTL_OK ? check_result(out, start, splicing->credential, err) : status;
}

/* The profile as it stands; empty where there is none. */
static plexctl_status read_profile(const struct splicing *splicing, struct credential *ret_present, struct error *err)
{
    const struct config_document *document = &splicing->document;

    if (document->wanted_profile.len == 0)
        return PLEXCTL_OK;
    return credential_parse(document->bytes, document->wanted_profile, splicing->credential->name, ret_present, err);
}

static bool is_same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

plexctl_status credential_splice(const struct buf *document, const struct credential *credential, struct buf *out,
                                 struct error *err)
{
    struct credential next = *credential; /* borrows every text */
    auto_credential struct credential present = CREDENTIAL_INIT;
    struct splicing splicing = {.credential = &next};

    plexctl_status status = begin(&splicing, document, err);
    if (status != PLEXCTL_OK)
        return status;
    status = read_profile(&splicing, &present, err);
    if (status == PLEXCTL_USAGE) { /* it is about to be mended, and tells nothing */
        error_clear(err);
        status = PLEXCTL_OK;
    }
    if (!next.subject && !next.previous_subject && is_same(present.server, next.server))
        next.previous_subject = present.subject ? present.subject : present.previous_subject;
    if (status == PLEXCTL_OK)
        status = splice_and_check(&splicing, out, err);
    config_document_release(&splicing.document);
    return status;
}

plexctl_status credential_splice_subject(const struct buf *document, const struct credential *credential,
                                         struct buf *out, struct error *err)
{
    auto_credential struct credential present = CREDENTIAL_INIT;
    struct splicing splicing = {.credential = credential, .is_subject_only = true};

    plexctl_status status = begin(&splicing, document, err);
    if (status != PLEXCTL_OK)
        return status;
    status = read_profile(&splicing, &present, err);
    if (status == PLEXCTL_OK && !is_same(present.token.text, credential->token.text))
        status =
            error_set(err, PLEXCTL_NOT_FOUND, "profile \"%s\" does not hold that token any more", credential->name);
    if (status == PLEXCTL_OK)
        status = splice_and_check(&splicing, out, err);
    config_document_release(&splicing.document);
    return status;
}
