/* SPDX-License-Identifier: Apache-2.0
 *
 * settings->prepare as a command meets it: what it refuses before anything is resolved.
 */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preconditions.h"
#include "unit.h"

#define EVERY (PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN | PLEXCTL_NEEDS_CREDENTIALS | PLEXCTL_NEEDS_LATER)
#define ELSEWHERE "https://elsewhere.example.com"

static struct app app;
static struct plexctl_command command;

static void set_up(plexctl_status (*body)(const struct plexctl_host *host), struct error *err)
{
    ck_assert_int_eq(setenv("XDG_CONFIG_HOME", unit_scratch(), 1), 0);
    command =
        (struct plexctl_command){.size = sizeof command, .needs = EVERY, .name = "test", .summary = "s", .run = body};
    app = (struct app){.command = &command};
    settings_init(&app.settings, &app.persistent, app.store);
    ck_assert_int_eq(credential_store_new(NULL, &app.store, err), PLEXCTL_OK);
}

static void tear_down(void)
{
    settings_release(&app.settings);
    credential_store_free(app.store);
}

static const struct {
    bool may_save;
    uint32_t needs;
    const char *server;
    plexctl_status status;
    const char *says;
} rows[] = {
    {true, PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN, ELSEWHERE, PLEXCTL_INVALID, "where its token goes"},
    {true, PLEXCTL_NEEDS_TOKEN, ELSEWHERE, PLEXCTL_INVALID, "where its token goes"},
    {false, PLEXCTL_NEEDS_SERVER, ELSEWHERE, PLEXCTL_DENIED, "given only to plexctl's own commands"},
    {false, PLEXCTL_NEEDS_CREDENTIALS, NULL, PLEXCTL_DENIED, "given only to plexctl's own commands"},
    {true, 0, ELSEWHERE, PLEXCTL_OK, ""},
};

static int row;

static plexctl_status prepare(const struct plexctl_host *host)
{
    return host->settings->prepare(host, rows[row].needs, rows[row].server);
}

START_TEST(prepare_refuses_to_steer_a_token)
{
    struct error err = ERROR_INIT;

    set_up(prepare, &err);
    row = _i;
    app.may_save = rows[row].may_save;
    ck_assert_int_eq(host_run(&app, &err), rows[row].status);
    ck_assert_msg(strstr(err.text, rows[row].says) != NULL, "%s", err.text);
    ck_assert_ptr_null(app.settings.server);
    ck_assert_ptr_null(app.settings.wanted_server); /* the plugin's text, which it may take back */
    tear_down();
}
END_TEST

static bool was_asked;

static plexctl_status complete(const struct plexctl_host *host, const char *typed)
{
    (void)typed;
    ck_assert_int_eq(host->settings->prepare(host, PLEXCTL_NEEDS_CREDENTIALS, NULL), PLEXCTL_DENIED);
    was_asked = true;
    return PLEXCTL_OK;
}

/* Neither config.json.lock nor its directory is made. */
START_TEST(prepare_does_nothing_while_completing)
{
    auto_candidates struct candidates candidates = CANDIDATES_INIT;
    struct error err = ERROR_INIT;
    char path[256];

    set_up(NULL, &err);
    app.may_save = _i > 0;
    candidates.typed = "";
    ck_assert_int_eq(host_complete(&app, complete, &candidates, &err), PLEXCTL_OK);
    ck_assert(was_asked);
    (void)snprintf(path, sizeof path, "%s/plexctl", unit_scratch());
    ck_assert_int_ne(access(path, F_OK), 0);
    tear_down();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host_prepare");
    TCase *tests = tcase_create("prepare");

    tcase_add_loop_test(tests, prepare_refuses_to_steer_a_token, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(tests, prepare_does_nothing_while_completing, 0, 2);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
