/* SPDX-License-Identifier: Apache-2.0
 *
 * store_fixture - one call each for what the tests of credential_store do again and again, with a store of its own as a
 * new process would have.
 */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <stdint.h>

#include "config_fixture.h"
#include "credential_store.h"

#define CANARY "canary-token.0123456789~+/="
#define LOCK "config.json.lock"

/* The last warning of any store; NULL for none. The test frees it. */
static char *store_warning;

static inline void store_warn(const char *text)
{
    free(store_warning);
    store_warning = strdup(text);
}

static inline struct credential_store *store_new(void)
{
    struct credential_store *store = NULL;
    struct error err = ERROR_INIT;

    ck_assert_msg(credential_store_new(store_warn, &store, &err) == PLEXCTL_OK, "%s", err.text);
    return store;
}

static inline struct credential work(const char *name)
{
    return (struct credential){.name = (char *)(uintptr_t)name,
                               .server = "https://cp.example.com",
                               .token = {CANARY, strlen(CANARY)},
                               .token_type = "Bearer",
                               .expires_at = "2026-11-24T12:00:00Z",
                               .domain_id = "D",
                               .idp_binding_id = "I"};
}

static inline plexctl_status save(const char *name, struct error *err)
{
    struct credential_store *store = store_new();
    struct credential credential = work(name);
    plexctl_status status = credential_store_save(store, &credential, -1, err);

    credential_store_free(store);
    return status;
}

static inline void assert_saved(const char *name)
{
    struct error err = ERROR_INIT;

    ck_assert_msg(save(name, &err) == PLEXCTL_OK, "%s", err.text);
}

static inline plexctl_status read_profile(const char *name, struct credential *ret_credential, struct error *err)
{
    struct credential_store *store = store_new();
    plexctl_status status = credential_store_read(store, name, ret_credential, err);

    credential_store_free(store);
    return status;
}

static inline void assert_default(const char *name)
{
    auto_credential struct credential credential = CREDENTIAL_INIT;
    struct error err = ERROR_INIT;

    ck_assert_msg(read_profile(NULL, &credential, &err) == PLEXCTL_OK, "%s", err.text);
    ck_assert_str_eq(credential.name, name);
    ck_assert(credential.is_default);
}

static inline plexctl_status preflight(struct error *err)
{
    struct credential_store *store = store_new();
    plexctl_status status = credential_store_preflight(store, -1, err);

    credential_store_free(store);
    return status;
}

#define ADD_TABLE(tcase, test, rows) tcase_add_loop_test(tcase, test, 0, (int)(sizeof(rows) / sizeof((rows)[0])))

#endif
