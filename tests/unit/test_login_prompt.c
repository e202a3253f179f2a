/* SPDX-License-Identifier: Apache-2.0
 *
 * What login shows beside its text, where it is asked for: a failure of it is a warning, and the login goes on.
 */
#include "unit.h"

#include "login_script.h"

#define LINK "https://cp.example.com/device?user_code=ABCD-2345"
#define SAVED "Logged in. Saved profile \"staging\".\n"

static const struct fake_value all_values[] = {{"domain-id", DOMAIN_ID},
                                               {"idp-binding-id", BINDING_ID},
                                               {"profile-name", "staging"},
                                               {"qr", "true"},
                                               {"copy", "true"},
                                               {"open", "true"},
                                               {NULL, NULL}};

static const struct fake_reply replies[] = {CODE, TOKEN};

START_TEST(login_prompt_is_not_more_than_its_text_unasked)
{
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_uint_eq(fake.drawn_width, 0);
    ck_assert_str_eq(fake.opened, "");
    ck_assert_str_eq(fake.copied, "");
    ck_assert_uint_eq(fake.link_count, 2);
    ck_assert_str_eq(buf_text(&fake.err), "");
}
END_TEST

START_TEST(login_prompt_shows_what_is_asked_for)
{
    fake.values = all_values;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
#ifdef HAVE_QRENCODE
    ck_assert_uint_eq(fake.drawn_width, 29); /* version 3 at level L: 53 bytes */
    ck_assert_ptr_nonnull(strstr(buf_text(&fake.out), "yourself.\nScan it; the code is ABCD-2345.\n" SAVED));
    ck_assert_str_eq(buf_text(&fake.err), "");
#else
    ck_assert_uint_eq(fake.drawn_width, 0);
    ck_assert_str_eq(buf_text(&fake.err), "--qr: this plexctl was built without libqrencode\n");
#endif
    ck_assert_str_eq(fake.opened, LINK);
    ck_assert_str_eq(fake.copied, "ABCD-2345");
}
END_TEST

START_TEST(login_prompt_without_complete_link_takes_the_page)
{
    static const struct fake_reply plain[] = {{.http = 200,
                                               .body = "{\"device_code\":\"" DEVICE_CODE
                                                       "\",\"user_code\":\"ABCD-2345\",\"verification_uri\":"
                                                       "\"https://cp.example.com/device\",\"expires_in\":600}"},
                                              TOKEN};

    fake.values = all_values;
    ck_assert_int_eq(RUN(plain), PLEXCTL_OK);
    ck_assert_str_eq(fake.opened, "https://cp.example.com/device");
    ck_assert_uint_eq(fake.link_count, 1);
}
END_TEST

static const plexctl_status failures[] = {PLEXCTL_FAILED, PLEXCTL_NO_MEMORY, PLEXCTL_INVALID, PLEXCTL_DENIED};

START_TEST(login_prompt_failure_is_a_warning)
{
    fake.values = all_values;
    fake.draw_status = fake.copy_status = fake.open_status = failures[_i];
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_uint_eq(fake.save_count, 1);
#ifdef HAVE_QRENCODE
    ck_assert_str_eq(buf_text(&fake.err), "--copy: it cannot be\n--open: it cannot be\n--qr: it cannot be\n");
#endif
    ck_assert_uint_eq(fake.out.len, strlen(prompt) + strlen(SAVED));
    ck_assert_int_eq(strncmp(buf_text(&fake.out), prompt, strlen(prompt)), 0);
}
END_TEST

START_TEST(login_prompt_cancelled_ends)
{
    fake.values = all_values;
    fake.copy_status = PLEXCTL_CANCELLED;
    ck_assert_int_eq(RUN(replies), PLEXCTL_CANCELLED);
    ck_assert_uint_eq(fake.request_count, 1);
    ck_assert_str_eq(fake.opened, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login_prompt");
    TCase *tcase = tcase_create("prompt");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, login_prompt_is_not_more_than_its_text_unasked);
    tcase_add_test(tcase, login_prompt_shows_what_is_asked_for);
    tcase_add_test(tcase, login_prompt_without_complete_link_takes_the_page);
    tcase_add_loop_test(tcase, login_prompt_failure_is_a_warning, 0, ROWS(failures));
    tcase_add_test(tcase, login_prompt_cancelled_ends);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
