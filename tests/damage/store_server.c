/* SPDX-License-Identifier: Apache-2.0
 *
 * store_server - the credential store without the program around it, so that a test of thousands of config files starts
 * one process. It reads lines and answers each when it is done:
 *
 *   save NAME TOKEN     "end CODE HEX"
 *   list                "record HEX HEX ..." for each profile (name, server, token, token_type, expires_at, domain_id,
 *                       idp_binding_id, subject, then 1 for the default; "-" for what it has not), then "end CODE HEX"
 *
 * CODE is the exit code that plexctl would end with, HEX the error's text. With the argument "rewrite" it is the
 * control: after a save it writes the document as json-c does.
 */
#include <json-c/json_object.h>
#include <json-c/json_util.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "credential_store.h"
#include "exit_code.h"

#define FIELD_MAX 20000

static void ignore_warning(const char *text)
{
    (void)text;
}

static void print_hex(const char *text)
{
    (void)printf(text ? " " : " -");
    for (const char *c = text; c && *c; c++)
        (void)printf("%02x", (unsigned)(unsigned char)*c);
}

static void print_end(plexctl_status status, const struct error *err)
{
    (void)printf("end %d", exit_code_of(status));
    print_hex(status == PLEXCTL_OK ? "" : err->text);
    (void)printf("\n");
    (void)fflush(stdout);
}

static plexctl_status print_record(void *context, const struct credential *credential, struct error *err)
{
    (void)context;
    (void)err;
    (void)printf("record");
    print_hex(credential->name);
    print_hex(credential->server);
    print_hex(credential->token.text);
    print_hex(credential->token_type);
    print_hex(credential->expires_at);
    print_hex(credential->domain_id);
    print_hex(credential->idp_binding_id);
    print_hex(credential->subject);
    print_hex(credential->is_default ? "1" : NULL);
    (void)printf("\n");
    return PLEXCTL_OK;
}

static void list(struct credential_store *store)
{
    struct error err = ERROR_INIT;
    plexctl_status status = credential_store_each(store, print_record, NULL, &err);

    print_end(status, &err);
}

static void rewrite(const char *path)
{
    struct json_object *root = json_object_from_file(path);

    (void)json_object_to_file_ext(path, root, JSON_C_TO_STRING_PRETTY);
    (void)json_object_put(root);
}

static void save(struct credential_store *store, char *name, char *token, bool rewrites)
{
    static char server[] = "https://saved.example.com", type[] = "Bearer", expiry[] = "2027-01-01T00:00:00Z";
    static char domain[] = "new-domain", binding[] = "new-binding", subject[] = "new-subject";
    const struct credential credential = {.name = name,
                                          .server = server,
                                          .token = {token, strlen(token)},
                                          .token_type = type,
                                          .expires_at = expiry,
                                          .domain_id = domain,
                                          .idp_binding_id = binding,
                                          .subject = subject};
    struct error err = ERROR_INIT;
    plexctl_status status = credential_store_save(store, &credential, -1, &err);

    if (rewrites && status == PLEXCTL_OK)
        rewrite(credential_store_path(store));
    print_end(status, &err);
}

int main(int argc, char *argv[])
{
    const bool rewrites = argc == 2 && strcmp(argv[1], "rewrite") == 0;
    char line[FIELD_MAX], name[FIELD_MAX], token[FIELD_MAX];

    while (fgets(line, sizeof line, stdin)) {
        struct credential_store *store = NULL;
        struct error err = ERROR_INIT;

        if (credential_store_new(ignore_warning, &store, &err) != PLEXCTL_OK)
            return 1;
        if (sscanf(line, "save %19999s %19999s", name, token) == 2)
            save(store, name, token, rewrites);
        else
            list(store);
        credential_store_free(store);
    }
    return 0;
}
