/* SPDX-License-Identifier: Apache-2.0
 *
 * events and state as a plugin meets them: each test is a run.
 */
#include "host.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

#undef fail /* Check has a macro of that name; the service is host->error->fail */

#define SECRET "canary-secret-0123456789"

static char dir[128];
static char file[160];

static void set_up(void)
{
    (void)snprintf(dir, sizeof dir, "%s/case.XXXXXX", unit_scratch());
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(setenv("XDG_STATE_HOME", dir, 1), 0);
    (void)snprintf(file, sizeof file, "%s/events", dir);
}

static plexctl_status run(plexctl_status (*body)(const struct plexctl_host *host), struct error *err)
{
    const struct plexctl_command command = {.size = sizeof command, .name = "test", .summary = "s", .run = body};
    struct app app = {.command = &command};

    return host_run(&app, err);
}

static plexctl_status write_secrets(const struct plexctl_host *host)
{
    const struct plexctl_host_json *json = host->json;
    struct plexctl_json *event = json->object(host), *inner = json->object(host);

    ck_assert_int_eq(host->events->write(host, event), PLEXCTL_OK); /* nobody asked */
    ck_assert_int_eq(host->events->open(host, file), PLEXCTL_OK);
    ck_assert_int_eq(host->output->guard(host, SECRET), PLEXCTL_OK);
    (void)json->set_string(inner, "deep", SECRET);
    (void)json->set_string(event, "said", "it is \"" SECRET "\" \xc3\xa4\x1b");
    (void)json->set_secret(event, "secret", "another");
    (void)json->set(event, "inner", inner);
    (void)json->set_integer(event, "number", 7);
    ck_assert_int_eq(host->events->write(host, event), PLEXCTL_OK);
    return PLEXCTL_OK;
}

START_TEST(events_write_masks_secrets)
{
    static const char wanted[] = "{\"said\":\"it is \\\"***\\\" \xc3\xa4\\u001b\",\"secret\":\"***\",\"inner\":\"***\","
                                 "\"number\":7}\n";
    struct error err = ERROR_INIT;
    char found[256] = "";

    ck_assert_msg(run(write_secrets, &err) == PLEXCTL_OK, "%s", err.text);
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    ck_assert_int_gt(read(fd, found, sizeof found - 1), 0);
    ck_assert_str_eq(found, wanted);
    (void)close(fd);
}
END_TEST

static plexctl_status misuse(const struct plexctl_host *host)
{
    struct plexctl_json *array = host->json->array(host), *value = NULL;
    struct plexctl_json *object = host->json->object(host);

    ck_assert_int_eq(host->events->open(host, NULL), PLEXCTL_INVALID);
    ck_assert_int_eq(host->events->open(host, file), PLEXCTL_OK);
    ck_assert_int_eq(host->events->open(host, file), PLEXCTL_INVALID);
    ck_assert_int_eq(host->events->write(host, array), PLEXCTL_INVALID);
    ck_assert_int_eq(host->events->write(host, NULL), PLEXCTL_INVALID);
    ck_assert_int_eq(host->state->put(host, "a", array, INT64_C(4000000000)), PLEXCTL_INVALID);
    ck_assert_int_eq(host->state->put(host, "a", object, INT64_MAX), PLEXCTL_INVALID);
    ck_assert_int_eq(host->state->put(host, "../a", object, INT64_C(4000000000)), PLEXCTL_INVALID);
    ck_assert_int_eq(host->state->hold(host, ""), PLEXCTL_INVALID);
    ck_assert_int_eq(host->state->remove(host, ".a"), PLEXCTL_INVALID);
    ck_assert_int_eq(host->state->get(host, NULL, &value), PLEXCTL_INVALID);
    return PLEXCTL_OK;
}

START_TEST(kept_services_refuse_misuse)
{
    struct error err = ERROR_INIT;
    ck_assert_msg(run(misuse, &err) == PLEXCTL_OK, "%s", err.text);
}
END_TEST

static bool was_asked;

/* A Tab changes nothing. */
static plexctl_status complete(const struct plexctl_host *host, const char *typed)
{
    struct plexctl_json *object = host->json->object(host), *value = NULL;

    (void)typed;
    ck_assert_int_eq(host->events->open(host, file), PLEXCTL_DENIED);
    ck_assert_int_eq(host->events->write(host, object), PLEXCTL_DENIED);
    ck_assert_int_eq(host->state->hold(host, "a"), PLEXCTL_DENIED);
    ck_assert_int_eq(host->state->put(host, "a", object, INT64_C(4000000000)), PLEXCTL_DENIED);
    ck_assert_int_eq(host->state->remove(host, "a"), PLEXCTL_DENIED);
    ck_assert_int_eq(host->state->get(host, "a", &value), PLEXCTL_NOT_FOUND);
    was_asked = true;
    return PLEXCTL_OK;
}

START_TEST(kept_services_change_nothing_while_completing)
{
    const struct plexctl_command command = {.size = sizeof command, .name = "test", .summary = "s"};
    struct app app = {.command = &command};
    auto_candidates struct candidates candidates = CANDIDATES_INIT;
    struct error err = ERROR_INIT;

    candidates.typed = "";
    ck_assert_int_eq(host_complete(&app, complete, &candidates, &err), PLEXCTL_OK);
    ck_assert(was_asked);
    ck_assert_int_ne(access(file, F_OK), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host/kept");
    TCase *tests = tcase_create("run");

    tcase_add_checked_fixture(tests, set_up, NULL);
    tcase_add_test(tests, events_write_masks_secrets);
    tcase_add_test(tests, kept_services_refuse_misuse);
    tcase_add_test(tests, kept_services_change_nothing_while_completing);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
