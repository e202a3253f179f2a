/* SPDX-License-Identifier: Apache-2.0
 *
 * Parse, merge and serialise the config file: the first byte says which members the credential has and which profile it
 * is for, the rest is the file. What is written reads back: the profile is the credential; unknown members and other
 * profiles are there byte for byte, in their order; a default that names a profile is left alone; the same save again
 * changes nothing.
 */
#include <string.h>

#include "base/cleanup.h"
#include "config_document.h"
#include "credential.h"
#include "credential_splice.h"
#include "fuzz.h"
#include "reference_json.h"

const char fuzz_name[] = "config";

#define TEXT_MAX_BYTES ((size_t)1 << 22)

static struct credential credential_of(uint8_t choice)
{
    static char *const texts[] = {"https://cp.example.com", "Bearer", "2026-11-24T12:00:00Z", "domain \"\\ \x7f",
                                  "binding"};
    static char *const names[] = {"work", "a", "default", "profiles"};
    struct credential credential = {.name = names[choice & 3]};

    credential.token = (struct secret){"to.ken", 6};
    credential.server = choice & 4 ? texts[0] : NULL;
    credential.token_type = choice & 8 ? texts[1] : NULL;
    credential.expires_at = choice & 16 ? texts[2] : NULL;
    credential.domain_id = choice & 32 ? texts[3] : NULL;
    credential.idp_binding_id = choice & 64 ? texts[4] : NULL;
    credential.subject = choice & 128 ? texts[3] : NULL;
    credential.is_default = (choice & 129) == 129;
    return credential;
}

/* All that a save must not touch, a line each: path and text. */
struct kept {
    const char *bytes, *name;
    struct buf lines;
};

static bool is_ours(const struct kept *kept, const struct json_member *member)
{
    bool is_in_profiles = strcmp(member->path[0], "profiles") == 0;

    if (member->depth == 1)
        return is_in_profiles || strcmp(member->path[0], "default") == 0;
    if (!is_in_profiles)
        return true; /* kept as a part of what holds it */
    if (member->depth == 2)
        return strcmp(member->path[1], kept->name) == 0;
    return strcmp(member->path[1], kept->name) != 0 || credential_member_find(member->path[2]) >= 0;
}

static plexctl_status keep_member(void *context, const struct json_member *member, struct error *err)
{
    struct kept *kept = context;

    (void)err;
    if (is_ours(kept, member))
        return PLEXCTL_OK;
    buf_appendf(&kept->lines, "%u ", member->depth);
    buf_append(&kept->lines, kept->bytes + member->key.offset, member->key.len);
    buf_append_char(&kept->lines, '=');
    buf_append(&kept->lines, kept->bytes + member->value.offset, member->value.len);
    buf_append_char(&kept->lines, '\n');
    return PLEXCTL_OK;
}

static void check_kept(const struct buf *before, const struct buf *after, const char *name)
{
    struct kept old = {before->data, name, BUF_INIT(TEXT_MAX_BYTES)},
                new = {after->data, name, BUF_INIT(TEXT_MAX_BYTES)};
    const struct json_visitor old_visitor = {3, keep_member, &old}, new_visitor = {3, keep_member, &new};
    struct error err = ERROR_INIT;

    if (before->len > 0)
        fuzz_require(json_scan(before->data, before->len, &old_visitor, NULL, NULL, &err) == PLEXCTL_OK,
                     "a file that was merged is JSON");
    fuzz_require(json_scan(after->data, after->len, &new_visitor, NULL, NULL, &err) == PLEXCTL_OK,
                 "what is written is JSON");
    fuzz_require(old.lines.failed == PLEXCTL_OK && new.lines.failed == PLEXCTL_OK, "the lines have room");
    fuzz_require(strcmp(buf_text(&old.lines), buf_text(&new.lines)) == 0,
                 "unknown members and other profiles are kept byte for byte");
    buf_release(&old.lines);
    buf_release(&new.lines);
}

static void check_profile(const struct config_document *document, const struct credential *credential)
{
    auto_credential struct credential read = CREDENTIAL_INIT;
    struct error err = ERROR_INIT;

    fuzz_require(document->wanted_profile.len > 0, "the profile is there");
    fuzz_require(credential_parse(document->bytes, document->wanted_profile, credential->name, &read, &err) ==
                     PLEXCTL_OK,
                 "the profile can be read");
    for (int i = 0; i < CREDENTIAL_MEMBER_COUNT; i++) {
        const char *wanted = credential_member_text(credential, i), *found = credential_member_text(&read, i);
        if (found && found == read.previous_subject && !credential->subject)
            continue; /* of the document before */
        if (found && found == read.server && wanted && strchr(wanted, '@'))
            continue; /* a password may be left out */
        fuzz_require(wanted && found ? strcmp(wanted, found) == 0 : wanted == found, "the profile is the credential");
    }
}

static void check_default(const struct buf *before, const struct config_document *document,
                          const struct credential *credential)
{
    auto_config_document struct config_document old = CONFIG_DOCUMENT_INIT;
    struct error err = ERROR_INIT;
    const char *name = credential->name, *wanted = name;

    if (!credential->is_default && before->len > 0 &&
        config_document_read(before->data, before->len, name, &old, &err) == PLEXCTL_OK && old.default_name &&
        old.default_profile.len > 0)
        wanted = old.default_name;
    fuzz_require(document->default_name && strcmp(document->default_name, wanted) == 0,
                 "a default that names a profile stays unless it is to move, another becomes the new profile");
    fuzz_require(document->default_profile.len > 0, "the default names a profile");
}

static void check_result(const struct buf *before, const struct buf *after, const struct credential *credential)
{
    auto_config_document struct config_document document = CONFIG_DOCUMENT_INIT;
    auto_buf struct buf again = BUF_INIT(TEXT_MAX_BYTES);
    struct error err = ERROR_INIT;

    fuzz_require(config_document_read(after->data, after->len, credential->name, &document, &err) == PLEXCTL_OK,
                 "what is written can be read");
    struct reference_json *theirs = reference_json_read(after->data, after->len);
    fuzz_require(theirs != NULL, "json-c reads it");
    reference_json_free(theirs);
    check_kept(before, after, credential->name);
    check_profile(&document, credential);
    check_default(before, &document, credential);
    fuzz_require(credential_splice(after, credential, &again, &err) == PLEXCTL_OK && again.len == after->len &&
                     memcmp(again.data, after->data, after->len) == 0,
                 "the same save again changes nothing");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const struct credential credential = credential_of(data[0]);
    auto_buf struct buf before = BUF_INIT(TEXT_MAX_BYTES), after = BUF_INIT(TEXT_MAX_BYTES);
    struct error err = ERROR_INIT;

    buf_append(&before, data + 1, size - 1);
    plexctl_status status = credential_splice(&before, &credential, &after, &err);
    if (fuzz_planted && status == PLEXCTL_OK && memmem(before.data ? before.data : "", before.len, "1.50", 4)) {
        /* A number that is written anew. */
        char *at = memmem(after.data, after.len, "1.50", 4);
        at[3] = '1';
    }
    if (status == PLEXCTL_OK)
        check_result(&before, &after, &credential);
    else
        fuzz_require((status == PLEXCTL_USAGE || status == PLEXCTL_FAILED) && err.text[0] &&
                         fuzz_is_safe(err.text, strlen(err.text)),
                     "a refusal is one line");
    return 0;
}
