/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "reply_fixture.h"

#define SECRET_CODE "canary-device-code-0123456789"

/* One member of a sound reply replaced; `value` NULL leaves it out. */
struct change {
    const char *key, *value;
};

static const struct change code_members[] = {
    {"device_code", "\"" SECRET_CODE "\""},
    {"user_code", "\"ABCD-2345\""},
    {"verification_uri", "\"https://cp.example.com/device\""},
    {"verification_uri_complete", "\"https://cp.example.com/device?user_code=ABCD-2345\""},
    {"expires_in", "600"},
    {"interval", "5"},
};

static const struct change token_members[] = {
    {"access_token", "\"canary.token\""}, {"token_type", "\"Bearer\""}, {"expires_in", "3600"}};

static struct plexctl_json *document(const struct change *members, size_t count, const struct change *change)
{
    auto_buf struct buf text = BUF_INIT(1 << 20);
    const char *separator = "{";

    for (size_t i = 0; i < count; i++) {
        const char *value = strcmp(members[i].key, change->key) == 0 ? change->value : members[i].value;
        if (!value)
            continue;
        buf_appendf(&text, "%s\"%s\":%s", separator, members[i].key, value);
        separator = ",";
    }
    buf_append_char(&text, '}');
    return parse(buf_text(&text));
}

static struct plexctl_json *code_document(const struct change *change)
{
    return document(code_members, sizeof code_members / sizeof code_members[0], change);
}

static char *repeated(char c, size_t count, const char *before, const char *after)
{
    auto_buf struct buf text = BUF_INIT(1 << 20);

    buf_append_text(&text, before);
    for (size_t i = 0; i < count; i++)
        buf_append_char(&text, c);
    buf_append_text(&text, after);
    return fake_host_keep_text(&fake, strdup(buf_text(&text)));
}

START_TEST(device_reply_read_code_sound_gives_members)
{
    struct device_code_reply code;

    ck_assert_int_eq(device_reply_read_code(&fake.table, code_document(&(struct change){"", NULL}), &code), PLEXCTL_OK);
    ck_assert_str_eq(code.device_code, SECRET_CODE);
    ck_assert_str_eq(code.user_code, "ABCD-2345");
    ck_assert_str_eq(code.verification_uri, "https://cp.example.com/device");
    ck_assert_str_eq(code.verification_uri_complete, "https://cp.example.com/device?user_code=ABCD-2345");
    ck_assert_int_eq(code.interval_s, 5);
    ck_assert_int_eq(code.expires_in_s, 600);
}
END_TEST

static const struct {
    struct change change;
    int64_t interval_s, expires_in_s;
} time_rows[] = {
    {{"interval", NULL}, 5, 600},
    {{"interval", "1"}, 1, 600},
    {{"interval", "3600"}, 3600, 600},
    {{"expires_in", "1"}, 5, 1},
    {{"expires_in", "86400"}, 5, 86400},
    {{"expires_in", "86401"}, 5, 86400},
    {{"expires_in", "9223372036854775807"}, 5, 86400},
};

START_TEST(device_reply_read_code_times_in_range)
{
    struct device_code_reply code;

    ck_assert_int_eq(device_reply_read_code(&fake.table, code_document(&time_rows[_i].change), &code), PLEXCTL_OK);
    ck_assert_int_eq(code.interval_s, time_rows[_i].interval_s);
    ck_assert_int_eq(code.expires_in_s, time_rows[_i].expires_in_s);
}
END_TEST

static const struct change unfit_code_rows[] = {
    {"device_code", NULL},
    {"device_code", "null"},
    {"device_code", "\"\""},
    {"device_code", "5"},
    {"device_code", "[\"" SECRET_CODE "\"]"},
    {"user_code", NULL},
    {"user_code", "\"\""},
    {"user_code", "12345678"},
    {"user_code", "\"AB CD\""},
    {"user_code", "\"ABCD\\u001b[2J\""},
    {"user_code", "\"\\u0410BCD\""},
    {"user_code", "\"" SECRET_CODE "\""},
    {"user_code", "\"A23456789012345678901234567890123456789012345678901234567890123456\""},
    {"verification_uri", NULL},
    {"verification_uri", "null"},
    {"verification_uri", "\"\""},
    {"verification_uri", "\"/device\""},
    {"verification_uri", "\"http://cp.example.com/device\""},
    {"verification_uri", "\"javascript:alert(1)\""},
    {"verification_uri", "\"https://user@cp.example.com/device\""},
    {"verification_uri", "\"https://cp.example.com/\\u001b]8;;x\""},
    {"verification_uri", "\"https://cp.example.com/\\u202e\""},
    {"verification_uri", "\"https://cp.example.com/?c=" SECRET_CODE "\""},
    {"verification_uri_complete", "7"},
    {"verification_uri_complete", "null"},
    {"verification_uri_complete", "\"http://cp.example.com/device?user_code=ABCD-2345\""},
    {"verification_uri_complete", "\"https://a:b@cp.example.com/device?user_code=ABCD-2345\""},
    {"expires_in", NULL},
    {"expires_in", "0"},
    {"expires_in", "-1"},
    {"expires_in", "\"600\""},
    {"expires_in", "600.0"},
    {"expires_in", "6e2"},
    {"expires_in", "9223372036854775808"},
    {"interval", "0"},
    {"interval", "-5"},
    {"interval", "3601"},
    {"interval", "\"5\""},
    {"interval", "null"},
    {"interval", "{}"},
};

START_TEST(device_reply_read_code_unfit_names_member)
{
    const struct change *change = &unfit_code_rows[_i];
    struct device_code_reply code = {.interval_s = -7};

    ck_assert_msg(device_reply_read_code(&fake.table, code_document(change), &code) == PLEXCTL_FAILED, "%s: %s",
                  change->key, change->value ? change->value : "absent");
    ck_assert_int_eq(code.interval_s, -7);
    ck_assert_ptr_nonnull(strstr(fake.failure.text, change->key));
    ck_assert_ptr_null(strstr(fake.failure.text, SECRET_CODE));
}
END_TEST

START_TEST(device_reply_read_code_lengths_are_bounded)
{
    static const struct {
        const char *key, *before;
        size_t most;
    } rows[] = {{"device_code", "\"", 4096},
                {"user_code", "\"", 64},
                {"verification_uri", "\"https://cp.example.com/", 2048 - 23}};
    struct device_code_reply code;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct change most = {rows[i].key, repeated('A', rows[i].most, rows[i].before, "\"")};
        struct change more = {rows[i].key, repeated('A', rows[i].most + 1, rows[i].before, "\"")};
        ck_assert_int_eq(device_reply_read_code(&fake.table, code_document(&most), &code), PLEXCTL_OK);
        ck_assert_int_eq(device_reply_read_code(&fake.table, code_document(&more), &code), PLEXCTL_FAILED);
    }
}
END_TEST

START_TEST(device_reply_read_code_no_object_refused)
{
    static const char *const texts[] = {"[]", "null", "\"x\"", "5", "[{\"device_code\":\"x\"}]"};
    struct device_code_reply code;
    struct device_token_reply token;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        ck_assert_int_eq(device_reply_read_code(&fake.table, parse(texts[i]), &code), PLEXCTL_FAILED);
        ck_assert_int_eq(device_reply_read_token(&fake.table, parse(texts[i]), &token), PLEXCTL_FAILED);
    }
    ck_assert_int_eq(device_reply_read_code(&fake.table, NULL, &code), PLEXCTL_FAILED);
    ck_assert_int_eq(device_reply_read_token(&fake.table, NULL, &token), PLEXCTL_FAILED);
}
END_TEST

static const struct {
    const char *uri, *complete; /* the latter NULL: absent (RFC 8628 section 3.2) */
    bool is_shown;
} link_rows[] = {
    {"https://cp.example.com/device", NULL, false},
    {"https://cp.example.com/device", "https://cp.example.com/device?user_code=ABCD-2345", true},
    {"https://cp.example.com/device", "https://cp.example.com:443/go?x=%31&user_code=ABCD-2345&y", true},
    {"https://cp.example.com/device", "https://cp.example.com/device/ABCD-2345", true},
    {"https://cp.example.com/device", "https://cp.example.com/device?code=ABCD-2345", true},
    {"https://cp.example.com/device", "https://cp.example.com/device?ABCD-2345", true},
    {"http://127.0.0.1:8080/device", "http://127.0.0.1:8080/device?user_code=ABCD-2345", true},
    {"https://cp.example.com/device", "https://cp.example.com/device", false},
    {"https://cp.example.com/device", "https://cp.example.com/device?user_code=WXYZ-2345", false},
    {"https://cp.example.com/device", "https://cp.example.com/device?user_code=ABCD-23456", false},
    {"https://cp.example.com/device", "https://cp.example.com/device?user_code=XABCD-2345", false},
    {"https://cp.example.com/device", "https://cp.example.com/device?user_code=WXYZ-2345&x=ABCD-2345", false},
    {"https://cp.example.com/device", "https://cp.example.com/ABCD-2345?x&user_code=WXYZ-2345", false},
    {"https://cp.example.com/device", "https://cp.example.com/device?user_code=ABCD-2345&user_code=WXYZ-2345", false},
    {"https://cp.example.com/device", "https://cp.example.com/device?user_code=ABCD-2345x", false},
    {"https://cp.example.com/device", "https://cp.example.com/device?user%5fcode=WXYZ-2345&x=ABCD-2345", false},
    {"https://cp.example.com/device", "https://cp.example.com/device?user_code=ABCD-2345&%75ser_code=WXYZ-2345", false},
    {"https://cp.example.com/device", "https://cp.example.com/device?user_code=", false},
    {"https://cp.example.com/device", "https://cp.example.com/device?user_code=&x=ABCD-2345", false},
    {"https://cp.example.com/device", "https://cp.example.com/device#ABCD-2345", false},
    {"https://cp.example.com/device", "https://ABCD-2345.example.com/device", false},
    {"https://cp.example.com/device", "https://evil.example.com/device?user_code=ABCD-2345", false},
    {"https://cp.example.com/device", "https://cp.example.com:8443/device?user_code=ABCD-2345", false},
    {"https://localhost/device", "http://localhost/device?user_code=ABCD-2345", false},
    {"https://cp.example.com/device", "https://cp.example.com/d?user_code=ABCD-2345&s=" SECRET_CODE, false},
};

START_TEST(device_reply_read_code_link_shown_only_where_safe)
{
    char text[1024];
    struct device_code_reply code;
    const char *complete = link_rows[_i].complete;

    (void)snprintf(text, sizeof text,
                   "{\"device_code\":\"" SECRET_CODE "\",\"user_code\":\"ABCD-2345\",\"verification_uri\":\"%s\","
                   "\"%s\":\"%s\",\"expires_in\":600,\"interval\":5}",
                   link_rows[_i].uri, complete ? "verification_uri_complete" : "other", complete ? complete : "");
    ck_assert_int_eq(device_reply_read_code(&fake.table, parse(text), &code), PLEXCTL_OK);
    ck_assert_pstr_eq(code.verification_uri_complete, link_rows[_i].is_shown ? complete : NULL);
}
END_TEST

static const struct change fit_token_rows[] = {
    {"", NULL},
    {"token_type", "\"bearer\""},
    {"token_type", "\"BEARER\""},
    {"access_token", "\"a\""},
    {"access_token", "\"Az09._~+/=-\""},
    {"expires_in", "1"},
    {"expires_in", "9223372036854775807"},
};

START_TEST(device_reply_read_token_sound_accepted)
{
    struct device_token_reply token;
    struct plexctl_json *body = document(token_members, 3, &fit_token_rows[_i]);

    ck_assert_int_eq(device_reply_read_token(&fake.table, body, &token), PLEXCTL_OK);
    ck_assert_str_eq(token.access_token, json_string(json_get(body, "access_token")));
    int64_t expires_in_s = 0;
    ck_assert(json_integer(json_get(body, "expires_in"), &expires_in_s));
    ck_assert_int_eq(token.expires_in_s, expires_in_s);
}
END_TEST

static const struct change unfit_token_rows[] = {
    {"access_token", NULL},
    {"access_token", "null"},
    {"access_token", "\"\""},
    {"access_token", "42"},
    {"access_token", "\"canary token\""},
    {"access_token", "\"canary\\n\""},
    {"access_token", "\"canary\\\"\""},
    {"access_token", "\"canary\\u00e9\""},
    {"token_type", NULL},
    {"token_type", "\"\""},
    {"token_type", "\"mac\""},
    {"token_type", "\"Bearer \""},
    {"token_type", "[\"Bearer\"]"},
    {"expires_in", NULL},
    {"expires_in", "0"},
    {"expires_in", "-3600"},
    {"expires_in", "\"3600\""},
    {"expires_in", "3600.5"},
    {"expires_in", "36e2"},
};

START_TEST(device_reply_read_token_unfit_names_member)
{
    const struct change *change = &unfit_token_rows[_i];
    struct device_token_reply token = {.expires_in_s = -7};

    ck_assert_msg(device_reply_read_token(&fake.table, document(token_members, 3, change), &token) == PLEXCTL_FAILED,
                  "%s: %s", change->key, change->value ? change->value : "absent");
    ck_assert_int_eq(token.expires_in_s, -7);
    ck_assert_ptr_nonnull(strstr(fake.failure.text, change->key));
    ck_assert_ptr_null(strstr(fake.failure.text, "canary"));
}
END_TEST

START_TEST(device_reply_read_token_length_is_bounded)
{
    struct device_token_reply token;
    struct change most = {"access_token", repeated('t', 16384, "\"", "\"")};
    struct change more = {"access_token", repeated('t', 16385, "\"", "\"")};

    ck_assert_int_eq(device_reply_read_token(&fake.table, document(token_members, 3, &most), &token), PLEXCTL_OK);
    ck_assert_int_eq(device_reply_read_token(&fake.table, document(token_members, 3, &more), &token), PLEXCTL_FAILED);
}
END_TEST

#define ROWS(array) (int)(sizeof(array) / sizeof((array)[0]))

int main(void)
{
    Suite *suite = suite_create("login/device_reply");
    TCase *tests = tcase_create("device_reply");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, device_reply_read_code_sound_gives_members);
    tcase_add_loop_test(tests, device_reply_read_code_times_in_range, 0, ROWS(time_rows));
    tcase_add_loop_test(tests, device_reply_read_code_unfit_names_member, 0, ROWS(unfit_code_rows));
    tcase_add_test(tests, device_reply_read_code_lengths_are_bounded);
    tcase_add_test(tests, device_reply_read_code_no_object_refused);
    tcase_add_loop_test(tests, device_reply_read_code_link_shown_only_where_safe, 0, ROWS(link_rows));
    tcase_add_loop_test(tests, device_reply_read_token_sound_accepted, 0, ROWS(fit_token_rows));
    tcase_add_loop_test(tests, device_reply_read_token_unfit_names_member, 0, ROWS(unfit_token_rows));
    tcase_add_test(tests, device_reply_read_token_length_is_bounded);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
