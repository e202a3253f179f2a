/* SPDX-License-Identifier: Apache-2.0 */
#include "credential.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json_token.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "config_document.h"

enum {
    MEMBER_SERVER,
    MEMBER_TOKEN,
    MEMBER_TOKEN_TYPE,
    MEMBER_EXPIRES_AT,
    MEMBER_DOMAIN_ID,
    MEMBER_IDP_BINDING_ID,
    MEMBER_SUBJECT,
    MEMBER_PREVIOUS_SUBJECT
};

const char *const credential_member_keys[CREDENTIAL_MEMBER_COUNT] = {
    [MEMBER_SERVER] = "server",         [MEMBER_TOKEN] = "token",
    [MEMBER_TOKEN_TYPE] = "token_type", [MEMBER_EXPIRES_AT] = "expires_at",
    [MEMBER_DOMAIN_ID] = "domain_id",   [MEMBER_IDP_BINDING_ID] = "idp_binding_id",
    [MEMBER_SUBJECT] = "subject",       [MEMBER_PREVIOUS_SUBJECT] = "previous_subject"};

int credential_member_find(const char *key)
{
    for (int i = 0; i < CREDENTIAL_MEMBER_COUNT; i++)
        if (strcmp(key, credential_member_keys[i]) == 0)
            return i;
    return -1;
}

bool credential_member_is_subject(int index)
{
    return index == MEMBER_SUBJECT || index == MEMBER_PREVIOUS_SUBJECT;
}

/* Where member `index` is kept; NULL for the token, which is a secret. */
static char **member_slot(struct credential *credential, int index)
{
    switch (index) {
    case MEMBER_SERVER:
        return &credential->server;
    case MEMBER_TOKEN_TYPE:
        return &credential->token_type;
    case MEMBER_EXPIRES_AT:
        return &credential->expires_at;
    case MEMBER_DOMAIN_ID:
        return &credential->domain_id;
    case MEMBER_IDP_BINDING_ID:
        return &credential->idp_binding_id;
    case MEMBER_SUBJECT:
        return &credential->subject;
    case MEMBER_PREVIOUS_SUBJECT:
        return &credential->previous_subject;
    default:
        return NULL;
    }
}

const char *credential_member_text(const struct credential *credential, int index)
{
    struct credential view = *credential;
    char **slot = member_slot(&view, index);

    return slot ? *slot : credential->token.text;
}

static const char *fitting(const char *text, bool (*fits)(const char *text), const char *otherwise)
{
    return text && fits(text) ? text : otherwise;
}

void credential_append_login(struct buf *out, const struct credential *credential, bool is_server_good)
{
    const char *name = fitting(credential->name, text_is_profile_name, NULL);
    const char *domain = fitting(credential->domain_id, text_is_uuid, NULL);
    const char *binding = fitting(credential->idp_binding_id, text_is_uuid, NULL);

    is_server_good = is_server_good && credential->server;
    if (name && domain && binding && is_server_good) {
        buf_appendf(out, "plexctl login --again --profile-name %s", name);
        return;
    }
    buf_appendf(out, "plexctl login --profile-name %s --server ", name ? name : "NAME");
    if (is_server_good && shell_word_is_whole(credential->server))
        shell_word_show(out, credential->server);
    else
        buf_append_text(out, "URL");
    buf_appendf(out, " --domain-id %s --idp-binding-id %s", domain ? domain : "UUID", binding ? binding : "UUID");
}

struct parsing {
    const char *bytes;
    struct json_span profile;
    struct credential credential;
};

static size_t scheme_length(const char *server)
{
    if (strncasecmp(server, "https://", 8) == 0)
        return 8;
    return strncasecmp(server, "http://", 7) == 0 ? 7 : 0;
}

/* Whether its path follows a host and port alone: an '@' may stand there. */
static bool has_plain_host(const char *server)
{
    const char *rest = server + scheme_length(server);

    rest += rest[0] == '[' ? strcspn(rest, "]/?#@") : strcspn(rest, ":/?#@");
    if (rest[0] == ']')
        rest++;
    if (rest[0] == ':')
        rest += 1 + strspn(rest + 1, "0123456789");
    return strchr("/?#", rest[0]) && scheme_length(server) > 0;
}

/* What stands before the '@' may be a password: nobody gets it, and http refuses the rest as it does the whole. */
static char *copy_server(const char *text)
{
    const char *at = strrchr(text, '@');
    char *masked;

    if (!at || has_plain_host(text))
        return strdup(text);
    return asprintf(&masked, "%.*s***%s", (int)scheme_length(text), text, at) < 0 ? NULL : masked;
}

static plexctl_status set_member(struct credential *credential, int index, const char *text, struct error *err)
{
    char **slot = member_slot(credential, index);

    if (!slot)
        return secret_set(&credential->token, text, strlen(text), err);
    *slot = index == MEMBER_SERVER ? copy_server(text) : strdup(text);
    return *slot ? PLEXCTL_OK : error_no_memory(err);
}

static plexctl_status parse_member(void *context, const struct json_member *member, struct error *err)
{
    struct parsing *parsing = context;
    int index = credential_member_find(member->path[0]);
    size_t offset = parsing->profile.offset + member->value.offset;

    if (index < 0)
        return PLEXCTL_OK;
    if (member->kind != JSON_KIND_STRING)
        return config_document_refuse(parsing->bytes, offset, err, "\"%s\" must be a string",
                                      credential_member_keys[index]);
    char *text = json_token_text(parsing->bytes + offset, member->value.len);
    if (!text)
        return error_no_memory(err);
    plexctl_status status = set_member(&parsing->credential, index, text, err);
    secret_wipe(text, member->value.len);
    free(text);
    return status;
}

plexctl_status credential_parse(const char *bytes, struct json_span profile, const char *name,
                                struct credential *ret_credential, struct error *err)
{
    struct parsing parsing = {.bytes = bytes, .profile = profile, .credential = CREDENTIAL_INIT};
    const struct json_visitor visitor = {.max_depth = 1, .member = parse_member, .context = &parsing};

    plexctl_status status = json_scan(bytes + profile.offset, profile.len, &visitor, NULL, NULL, err);
    if (status == PLEXCTL_OK) {
        parsing.credential.name = strdup(name);
        if (!parsing.credential.name)
            status = error_no_memory(err);
    }
    if (status == PLEXCTL_OK)
        *ret_credential = parsing.credential;
    else
        credential_release(&parsing.credential);
    return status;
}

void credential_release(struct credential *credential)
{
    free(credential->name);
    for (int i = 0; i < CREDENTIAL_MEMBER_COUNT; i++) {
        char **slot = member_slot(credential, i);
        if (slot)
            free(*slot);
    }
    secret_release(&credential->token);
    *credential = (struct credential)CREDENTIAL_INIT;
}
