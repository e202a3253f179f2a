/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory that runs out, at each allocation of each use of the store: a status, the file as it was, nothing left behind.
 */
#include "credential_doctor.h"
#include "credential_store.h"

#include "base/json.h"
#include "heap.h"
#include "store_fixture.h"

#define PROFILE(name) "\"" name "\":{\"server\":\"https://cp.example.com\",\"token\":\"" CANARY "\",\"x\":[1,\"2\"]}"
#define TWO_PROFILES "{\"default\":\"a\",\"profiles\":{" PROFILE("a") "," PROFILE("b") "}}\n"
#define ALLOCATIONS_MAX 2000

/* What a use found wrong: said when there is memory again, which Check needs for it. */
static const char *wrong;

static void expect(bool is_right, const char *what)
{
    if (!is_right)
        wrong = what;
}

static plexctl_status use_path(struct credential_store *store, struct error *err)
{
    const char *path = credential_store_path(store);

    return path && strstr(path, "/plexctl/config.json") ? PLEXCTL_OK : error_no_memory(err);
}

static plexctl_status use_read(struct credential_store *store, struct error *err)
{
    auto_credential struct credential credential = CREDENTIAL_INIT;
    plexctl_status status = credential_store_read(store, "b", &credential, err);

    if (status == PLEXCTL_OK)
        expect(strcmp(credential.token.text, CANARY) == 0, "the token");
    else
        expect(credential.token.text == NULL, "a token of a read that failed");
    return status;
}

static plexctl_status use_absent(struct credential_store *store, struct error *err)
{
    auto_credential struct credential credential = CREDENTIAL_INIT;

    return credential_store_read(store, "no such", &credential, err);
}

static plexctl_status take_profile(void *context, const struct credential *credential, struct error *err)
{
    unsigned *count = context;

    (void)err;
    expect(strcmp(credential->token.text, CANARY) == 0, "the token");
    expect(credential->is_default == (*count == 0), "the default");
    (*count)++;
    return PLEXCTL_OK;
}

static plexctl_status use_each(struct credential_store *store, struct error *err)
{
    unsigned count = 0;
    plexctl_status status = credential_store_each(store, take_profile, &count, err);

    expect(status != PLEXCTL_OK || count == 2, "the number of profiles");
    return status;
}

static plexctl_status use_preflight(struct credential_store *store, struct error *err)
{
    return credential_store_preflight(store, -1, err);
}

static plexctl_status use_save(struct credential_store *store, struct error *err)
{
    struct credential credential = work("b");

    return credential_store_save(store, &credential, -1, err);
}

static plexctl_status accept_server(void *context, const char *server, struct error *err)
{
    (void)context;
    (void)server;
    (void)err;
    return PLEXCTL_OK;
}

static plexctl_status use_doctor(struct credential_store *store, struct error *err)
{
    const struct credential_doctor doctor = {.now_s = 0, .check_server = accept_server};
    struct plexctl_json *findings = NULL;

    (void)store;
    plexctl_status status = credential_doctor_examine(&doctor, &findings, err);
    expect(status == PLEXCTL_OK ? json_length(findings) > 0 : findings == NULL, "the findings");
    json_free(findings);
    return status;
}

static const struct use {
    const char *name;
    plexctl_status (*use)(struct credential_store *store, struct error *err);
    const char *text; /* of the file */
    plexctl_status status;
    bool is_linked;
    mode_t mode;
} uses[] = {
    {"path", use_path, TWO_PROFILES, PLEXCTL_OK, false, 0600},
    {"read", use_read, TWO_PROFILES, PLEXCTL_OK, false, 0600},
    {"read of a readable file", use_read, TWO_PROFILES, PLEXCTL_OK, false, 0644},
    {"read of a damaged file", use_read, "{\"profiles\":[]}", PLEXCTL_USAGE, false, 0600},
    {"read of what is not there", use_absent, TWO_PROFILES, PLEXCTL_NOT_FOUND, false, 0600},
    {"each", use_each, TWO_PROFILES, PLEXCTL_OK, false, 0600},
    {"preflight", use_preflight, TWO_PROFILES, PLEXCTL_OK, false, 0600},
    {"preflight behind a link", use_preflight, TWO_PROFILES, PLEXCTL_OK, true, 0644},
    {"save over a profile", use_save, TWO_PROFILES, PLEXCTL_OK, false, 0600},
    {"save behind a link", use_save, "{}", PLEXCTL_OK, true, 0600},
    {"doctor", use_doctor, TWO_PROFILES, PLEXCTL_OK, false, 0600},
    {"doctor behind a link", use_doctor, TWO_PROFILES, PLEXCTL_OK, true, 0644},
    {"doctor of a damaged file", use_doctor, "{\"profiles\":[]}", PLEXCTL_OK, false, 0600},
};

/* The text it is to have, in a file that is new each time. */
static void lay_out(const struct config_fixture *fixture, const struct use *use)
{
    char target[192];

    (void)snprintf(target, sizeof target, "%s/real.json", fixture->home);
    (void)unlink(fixture->path);
    (void)mkdir(fixture->directory, 0700);
    if (use->is_linked)
        ck_assert_int_eq(symlink("../real.json", fixture->path), 0);
    config_fixture_write(use->is_linked ? target : fixture->path, use->text, strlen(use->text), use->mode);
}

static void ignore_warning(const char *text)
{
    (void)text;
}

/* Whether allocation number `first` was there to fail; *ret_left are the blocks left behind. */
static bool use_once(const struct config_fixture *fixture, const struct use *use, unsigned long first, bool is_sticky,
                     long *ret_left)
{
    struct credential_store *store = NULL;
    struct error err = ERROR_INIT;

    lay_out(fixture, use);
    const long live = heap_live();
    heap_fail(first, is_sticky);
    plexctl_status status = credential_store_new(ignore_warning, &store, &err);
    if (status == PLEXCTL_OK)
        status = use->use(store, &err);
    credential_store_free(store);
    const unsigned long failures = heap_failures();
    heap_fail(0, false);
    ck_assert_msg(!wrong, "%s: allocation %lu: %s", use->name, first, wrong);
    *ret_left = heap_live() - live;
    ck_assert_msg(status == use->status || (failures > 0 && status == PLEXCTL_NO_MEMORY), "%s: allocation %lu: %d %s",
                  use->name, first, (int)status, err.text);
    if (status == PLEXCTL_NO_MEMORY)
        ck_assert_msg(strstr(err.text, "out of memory") != NULL, "%s", err.text);
    if (use->use != use_save || status != PLEXCTL_OK)
        config_fixture_assert_text(fixture->path, use->text);
    config_fixture_assert_only(fixture->directory, "config.json", use->is_linked ? NULL : LOCK);
    return failures > 0;
}

/* Tried twice: what the C library makes at the first use of a way out, it keeps. */
static bool use_leaves_nothing(const struct config_fixture *fixture, const struct use *use, unsigned long first,
                               bool is_sticky)
{
    long left = 0;
    bool has_failed =
        use_once(fixture, use, first, is_sticky, &left) && use_once(fixture, use, first, is_sticky, &left);

    ck_assert_msg(left == 0, "%s: allocation %lu, %ld left behind", use->name, first, left);
    return has_failed;
}

START_TEST(use_without_memory_is_a_status_and_changes_nothing)
{
    struct config_fixture fixture = config_fixture_new();
    long left = 0;

    if (!heap_is_ours())
        return;
    (void)use_once(&fixture, &uses[_i], 0, false, &left);
    for (int is_sticky = 0; is_sticky < 2; is_sticky++) {
        unsigned long n = 1;
        while (use_leaves_nothing(&fixture, &uses[_i], n, is_sticky))
            ck_assert_uint_lt(++n, ALLOCATIONS_MAX);
        ck_assert_uint_gt(n, 1);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("credential_store_memory");
    TCase *tcase = tcase_create("memory");

    ADD_TABLE(tcase, use_without_memory_is_a_status_and_changes_nothing, uses);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
