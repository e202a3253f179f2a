/* SPDX-License-Identifier: Apache-2.0 */
#include "osc.h"

#include "terminal_fixture.h"

static const struct kind_case {
    const char *settings;
    const char *refusal; /* what it says; NULL: taken */
} kinds[] = {
    {"TERM=xterm", NULL},
    {"TERM=xterm-256color", NULL},
    {"TERM=screen", NULL},
    {"TERM=tmux-256color TMUX=/tmp/tmux-0/default,1,0", NULL},
    {"TERM=foot STY=", NULL},
    {"TERM=dumb", "TERM says"},
    {"TERM=", "TERM says"},
    {"", "TERM says"},
    {"TERM=linux", "of this kind"},
    {"TERM=linux-16color", "of this kind"},
    {"TERM=vt100", "of this kind"},
    {"TERM=vt220", "of this kind"},
    {"TERM=eterm-color", "of this kind"},
    {"TERM=screen-256color STY=1234.pts-0.host", "GNU screen"},
    {"TERM=xterm STY=1234.pts-0.host", "GNU screen"},
};

START_TEST(osc_refusal_by_kind_of_terminal)
{
    struct terminal terminal;

    terminal_begin(&terminal, STDOUT_FILENO, kinds[_i].settings);
    const char *refusal = osc_refusal(STDOUT_FILENO);
    ck_assert_str_eq(terminal_end(&terminal), "");
    ck_assert_msg((refusal == NULL) == (kinds[_i].refusal == NULL), "%s: %s", kinds[_i].settings, refusal);
    ck_assert_msg(!refusal || strstr(refusal, kinds[_i].refusal), "%s: %s", kinds[_i].settings, refusal);
}
END_TEST

START_TEST(osc_refusal_off_a_terminal)
{
    struct capture capture;

    terminal_environment("TERM=xterm");
    capture_start(&capture, STDOUT_FILENO);
    const char *refusal = osc_refusal(STDOUT_FILENO);
    (void)capture_end(&capture);
    ck_assert_str_eq(refusal, "it is no terminal");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("osc");
    TCase *tcase = tcase_create("osc");

    tcase_add_loop_test(tcase, osc_refusal_by_kind_of_terminal, 0, (int)(sizeof kinds / sizeof kinds[0]));
    tcase_add_test(tcase, osc_refusal_off_a_terminal);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
