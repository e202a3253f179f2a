/* SPDX-License-Identifier: Apache-2.0
 *
 * credentials->save as a command meets it that was granted it: what it refuses, what the file knows afterwards, and
 * what the run's token is.
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "unit.h"
#include "wall_clock.h"

#define TOKEN "canary-token-0123456789"

static struct app app;
static char server[] = "https://cp.example.com";

static plexctl_status run(plexctl_status (*body)(const struct plexctl_host *host), struct error *err)
{
    const struct plexctl_command command = {.size = sizeof command, .name = "test", .summary = "s", .run = body};

    ck_assert_int_eq(setenv("XDG_CONFIG_HOME", unit_scratch(), 1), 0);
    app = (struct app){.command = &command, .settings = {.server = server}, .may_save = true};
    ck_assert_int_eq(credential_store_new(output_warning, &app.store, err), PLEXCTL_OK);
    plexctl_status status = host_run(&app, err);
    credential_store_free(app.store);
    secret_release(&app.settings.token);
    return status;
}

static plexctl_status save_for(const struct plexctl_host *host, const char *profile, uint32_t flags,
                               int64_t expires_in_s)
{
    const struct plexctl_credential credential = {.size = sizeof credential,
                                                  .flags = flags,
                                                  .profile = profile,
                                                  .token = TOKEN,
                                                  .token_type = "Bearer",
                                                  .expires_in_s = expires_in_s};

    return host->credentials->save(host, &credential);
}

static plexctl_status save(const struct plexctl_host *host, const char *profile, uint32_t flags)
{
    return save_for(host, profile, flags, 60);
}

static void assert_member(const struct plexctl_host *host, const char *profile, const char *key, const char *wanted)
{
    struct plexctl_json *found = NULL;
    int32_t truth = -1;

    ck_assert_int_eq(host->credentials->describe(host, profile, &found), PLEXCTL_OK);
    const struct plexctl_json *value = host->json->get(found, key);
    if (!wanted)
        ck_assert_ptr_null(value);
    else if (host->json->boolean(value, &truth))
        ck_assert_str_eq(truth ? "true" : "false", wanted);
    else
        ck_assert_str_eq(host->json->string(value), wanted);
}

static plexctl_status save_then_name_the_subject(const struct plexctl_host *host)
{
    ck_assert_int_eq(save(host, "one", 0), PLEXCTL_OK);
    assert_member(host, "one", "subject", NULL);
    ck_assert_int_eq(host->credentials->set_subject(host, "one", "user-1"), PLEXCTL_OK);
    assert_member(host, "one", "subject", "user-1");
    assert_member(host, "one", "previous_subject", NULL);
    ck_assert_int_eq(save(host, "one", 0), PLEXCTL_OK);
    assert_member(host, "one", "subject", NULL);
    assert_member(host, "one", "previous_subject", "user-1");
    ck_assert_int_eq(host->credentials->set_subject(host, "two", "user-2"), PLEXCTL_NOT_FOUND);
    return PLEXCTL_OK;
}

/* Words for the operator, who can do nothing about what the server says, and not for the author of a plugin. */
static plexctl_status name_an_odd_subject(const struct plexctl_host *host)
{
    static char long_subject[258];
    const struct {
        const char *subject, *says;
    } odd[] = {{"a\nb", "has characters"},         {"a\x1b[1m", "has characters"}, {"\xff", "has characters"},
               {"\xe2\x80\xae", "has characters"}, {long_subject, "256 bytes"},    {"of " TOKEN, "repeats a secret"}};

    memset(long_subject, 'x', sizeof long_subject - 1);
    ck_assert_int_eq(save(host, "one", 0), PLEXCTL_OK);
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        ck_assert_int_eq(host->credentials->set_subject(host, "one", odd[i].subject), PLEXCTL_FAILED);
        ck_assert_ptr_nonnull(strstr(host->error->text(host), "the subject that the server named"));
        ck_assert_ptr_nonnull(strstr(host->error->text(host), odd[i].says));
        ck_assert_ptr_null(strstr(host->error->text(host), TOKEN));
    }
    assert_member(host, "one", "subject", NULL);
    long_subject[256] = '\0';
    ck_assert_int_eq(host->credentials->set_subject(host, "one", long_subject), PLEXCTL_OK);
    return PLEXCTL_OK;
}

static plexctl_status misuse_set_subject(const struct plexctl_host *host)
{
    ck_assert_int_eq(host->credentials->set_subject(host, "one", "user-1"), PLEXCTL_INVALID); /* nothing is saved */
    ck_assert_int_eq(save(host, "one", 0), PLEXCTL_OK);
    ck_assert_int_eq(host->credentials->set_subject(host, NULL, "user-1"), PLEXCTL_INVALID);
    ck_assert_int_eq(host->credentials->set_subject(host, ".one", "user-1"), PLEXCTL_INVALID);
    ck_assert_int_eq(host->credentials->set_subject(host, "one", NULL), PLEXCTL_INVALID);
    ck_assert_int_eq(host->credentials->set_subject(host, "one", ""), PLEXCTL_INVALID);
    app.may_save = false;
    ck_assert_int_eq(host->credentials->set_subject(host, "one", "user-1"), PLEXCTL_DENIED);
    return PLEXCTL_OK;
}

static plexctl_status save_as_default(const struct plexctl_host *host)
{
    ck_assert_int_eq(save(host, "one", 0), PLEXCTL_OK);
    ck_assert_int_eq(save(host, "two", 0), PLEXCTL_OK);
    assert_member(host, "one", "default", "true");
    ck_assert_int_eq(save(host, "two", PLEXCTL_CREDENTIAL_DEFAULT), PLEXCTL_OK);
    assert_member(host, "one", "default", "false");
    assert_member(host, "two", "default", "true");
    return PLEXCTL_OK;
}

/* An unfit one changes nothing, the run's token neither. */
static plexctl_status save_unfit(const struct plexctl_host *host)
{
    ck_assert_int_eq(save(host, ".unfit", 0), PLEXCTL_INVALID);
    ck_assert_int_eq(save(host, "unfit", 2), PLEXCTL_INVALID);
    ck_assert_ptr_null(app.settings.token.text);
    return PLEXCTL_OK;
}

/* Without a date, a token counts as expiring; the date of the token before would be none of this one's. */
static plexctl_status save_dated(const struct plexctl_host *host)
{
    static const struct {
        int64_t now_s, expires_in_s;
        const char *expires_at;
    } dates[] = {{1795521600, 3600, "2026-11-24T13:00:00Z"},
                 {WALL_CLOCK_1969, 3600, NULL},
                 {WALL_CLOCK_1901, 3600, NULL},
                 {INT64_MIN, 3600, NULL},
                 {-1, 3600, NULL},
                 {0, 3600, "1970-01-01T01:00:00Z"},
                 {1795521600, INT64_MAX, "9999-12-31T23:59:59Z"},
                 {WALL_CLOCK_1969, INT64_MAX, NULL},
                 {WALL_CLOCK_LAST, 1, "9999-12-31T23:59:59Z"},
                 {WALL_CLOCK_LAST + 1, 3600, NULL}};

    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        wall_clock_set(dates[i].now_s);
        ck_assert_int_eq(save_for(host, "one", 0, dates[i].expires_in_s), PLEXCTL_OK);
        assert_member(host, "one", "expires_at", dates[i].expires_at);
    }
    wall_clock_release();
    return PLEXCTL_OK;
}

static plexctl_status save_then_use(const struct plexctl_host *host)
{
    const struct plexctl_http_request request = {
        .size = sizeof request, .flags = PLEXCTL_HTTP_BEARER, .method = "GET", .path = "/"};
    const struct plexctl_http_reply *reply = NULL;

    ck_assert_int_eq(host->http->send(host, &request, &reply), PLEXCTL_NO_TOKEN);
    ck_assert_int_eq(save(host, "one", 0), PLEXCTL_OK);
    ck_assert_str_eq(app.settings.token.text, TOKEN);
    ck_assert_int_eq(save(host, "one", 0), PLEXCTL_OK);
    ck_assert_str_eq(app.settings.token.text, TOKEN);
    return host->output->line(host, "the server says " TOKEN);
}

static const struct {
    plexctl_status (*body)(const struct plexctl_host *host);
    plexctl_status status;
    const char *text;
} rows[] = {{save_then_name_the_subject, PLEXCTL_OK, ""},
            {name_an_odd_subject, PLEXCTL_OK, ""},
            {misuse_set_subject, PLEXCTL_OK, ""},
            {save_as_default, PLEXCTL_OK, ""},
            {save_unfit, PLEXCTL_OK, ""},
            {save_dated, PLEXCTL_OK, ""},
            {save_then_use, PLEXCTL_FAILED, "repeat a secret"}};

START_TEST(save_in_a_run)
{
    struct error err = ERROR_INIT;
    plexctl_status status = run(rows[_i].body, &err);

    ck_assert_msg(status == rows[_i].status, "status %d: %s", (int)status, err.text);
    ck_assert_msg(strstr(err.text, rows[_i].text) != NULL, "%s", err.text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host_save");
    TCase *tcase = tcase_create("save");

    tcase_add_loop_test(tcase, save_in_a_run, 0, sizeof rows / sizeof rows[0]);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
