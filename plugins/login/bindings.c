/* SPDX-License-Identifier: Apache-2.0 */
#include "bindings.h"

#include <stdio.h>
#include <string.h>

#include "lookup.h"
#include "saved_profile.h"

#define SUGGESTION_TIMEOUT_MS 2000
#define COMPLETION_TIMEOUT_MS 1500 /* the shell gives up at 2 s */
#define SUGGESTED_MAX 3
#define NAME_MAX_BYTES 40
#define UUID_LEN 36

const struct plexctl_column bindings_columns[BINDINGS_COLUMNS] = {
    {"id", "ID"},           {"alias", "ALIAS"},
    {"label", "LABEL"},     {"issuer_host", "ISSUER"},
    {"primary", "PRIMARY"}, {"platform_scoped", "PLATFORM"}};

static plexctl_status read_row(const struct plexctl_host *host, const struct plexctl_json *from,
                               struct plexctl_json *rows)
{
    static const char *const texts[] = {"id", "alias", "label", "issuer_host"};
    static const char *const truths[] = {"primary", "platform_scoped"};
    const struct plexctl_host_json *json = host->json;
    const char *id = json->string(json->get(from, "id"));
    struct plexctl_json *row = json->object(host);
    int32_t truth = 0;

    if (!id || strlen(id) != UUID_LEN || strspn(id, "0123456789abcdefABCDEF-") != UUID_LEN)
        return host->error->fail(host, PLEXCTL_FAILED, "each binding must have an `id`, a UUID");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *text = json->string(json->get(from, texts[i]));
        if (text)
            (void)json->set_string(row, texts[i], text);
    }
    for (size_t i = 0; i < sizeof truths / sizeof truths[0]; i++) {
        if (json->boolean(json->get(from, truths[i]), &truth))
            (void)json->set_boolean(row, truths[i], truth);
    }
    (void)json->append(rows, row);
    return PLEXCTL_OK;
}

static plexctl_status read_rows(const struct plexctl_host *host, struct plexctl_json *body, void *result)
{
    struct plexctl_json *rows = host->json->array(host), **ret_rows = result;
    plexctl_status status = PLEXCTL_OK;

    if (host->json->type(body) != PLEXCTL_JSON_ARRAY)
        status = host->error->fail(host, PLEXCTL_FAILED, "the body must be a JSON array");
    for (uint64_t i = 0; status == PLEXCTL_OK && i < host->json->length(body); i++)
        status = read_row(host, host->json->at(body, i), rows);
    if (status == PLEXCTL_OK)
        *ret_rows = rows;
    return status;
}

static plexctl_status fetch(const struct plexctl_host *host, int64_t timeout_ms, const char *domain_id,
                            struct plexctl_json **ret_rows)
{
    char path[96];
    const struct lookup lookup = {.path = path, .what = "answer", .timeout_ms = timeout_ms, .read = read_rows};

    (void)snprintf(path, sizeof path, "/v1/auth/idp-bindings?domain_id=%s", domain_id);
    return lookup_send(host, &lookup, ret_rows);
}

plexctl_status bindings_list(const struct login *login)
{
    struct plexctl_json *rows = NULL;
    plexctl_status status = fetch(login->host, 0, login->domain_id, &rows);

    if (status == PLEXCTL_OK)
        return login->host->output->emit(login->host, rows);
    return login_fail_in(login, status, "listing the domain's bindings");
}

/* "alias/label", each cut between two characters. */
static void name(const struct plexctl_host *host, const struct plexctl_json *row, char *out, size_t out_size)
{
    static const char *const keys[] = {"alias", "label"};
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *text = host->json->string(host->json->get(row, keys[i]));
        size_t most = text ? strnlen(text, NAME_MAX_BYTES) : 0;
        while (most > 0 && text[most] && ((unsigned char)text[most] & 0xc0) == 0x80)
            most--;
        if (most > 0)
            (void)snprintf(out + len, out_size - len, "%s%.*s", len > 0 ? "/" : "", (int)most, text);
        len = strlen(out);
    }
}

static void describe(const struct plexctl_host *host, const struct plexctl_json *rows, char *out)
{
    uint64_t count = host->json->length(rows);
    size_t len = 0;

    (void)snprintf(out, BINDINGS_SUGGESTION_SIZE, "%s",
                   count > 0 ? "this domain's bindings: " : "this domain has no bindings");
    for (uint64_t i = 0; i < count && i < SUGGESTED_MAX; i++) {
        const struct plexctl_json *row = host->json->at(rows, i);
        char named[2 * NAME_MAX_BYTES + 2];
        len = strlen(out);
        name(host, row, named, sizeof named);
        (void)snprintf(out + len, BINDINGS_SUGGESTION_SIZE - len, named[0] ? "%s%s (%s)" : "%s%s", i > 0 ? ", " : "",
                       host->json->string(host->json->get(row, "id")), named);
    }
    len = strlen(out);
    if (count > SUGGESTED_MAX)
        (void)snprintf(out + len, BINDINGS_SUGGESTION_SIZE - len, ", and more: see --list-bindings");
}

void bindings_suggest(const struct login *login, char out[static BINDINGS_SUGGESTION_SIZE])
{
    struct plexctl_json *rows = NULL;

    out[0] = '\0';
    if (fetch(login->host, SUGGESTION_TIMEOUT_MS, login->domain_id, &rows) == PLEXCTL_OK)
        describe(login->host, rows, out);
}

plexctl_status bindings_complete(const struct plexctl_host *host, const char *typed)
{
    const char *domain_id = saved_profile_domain(host);
    struct plexctl_json *rows = NULL;

    (void)typed;
    if (!domain_id || !host->settings->server(host))
        return PLEXCTL_OK;
    plexctl_status status = fetch(host, COMPLETION_TIMEOUT_MS, domain_id, &rows);
    for (uint64_t i = 0; status == PLEXCTL_OK && i < host->json->length(rows); i++) {
        const struct plexctl_json *row = host->json->at(rows, i);
        char named[2 * NAME_MAX_BYTES + 2];
        name(host, row, named, sizeof named);
        status = host->completion->offer(host, host->json->string(host->json->get(row, "id")), named);
    }
    return status;
}
