/* SPDX-License-Identifier: Apache-2.0 */
#include "hyperlink.h"

#include "terminal_fixture.h"

static const struct kind_case {
    const char *settings;
    bool is_safe;
} kinds[] = {
    {"TERM=xterm-256color", true},
    {"TERM=xterm COLORTERM=truecolor", true},
    {"TERM=xterm", false},
    {"TERM=foot", true},
    {"TERM=dumb", false},
    {"TERM=linux COLORTERM=truecolor", false},
    {"TERM=xterm-256color VTE_VERSION=4999", false},
    {"TERM=xterm-256color VTE_VERSION=5000", true},
    {"TERM=xterm-256color VTE_VERSION=", true},
    {"TERM=xterm-256color COLORTERM=xfce4-terminal", false},
    {"TERM=xterm-256color COLORTERM=gnome-terminal", false},
    {"TERM=tmux-256color", true},
    {"TERM=screen-256color", false},
    {"TERM=screen-256color TMUX=/tmp/tmux-0/default,1,0", true},
    {"TERM=screen-256color TMUX=", false},
    {"TERM=xterm-256color STY=1.pts", false},
    {"TERM=xterm-256color NO_COLOR=1", true},
};

START_TEST(hyperlink_is_safe_by_kind_of_terminal)
{
    struct terminal terminal;

    terminal_begin(&terminal, STDOUT_FILENO, kinds[_i].settings);
    bool is_safe = hyperlink_is_safe();
    ck_assert_str_eq(terminal_end(&terminal), "");
    ck_assert_msg(is_safe == kinds[_i].is_safe, "%s", kinds[_i].settings);
}
END_TEST

START_TEST(hyperlink_is_not_safe_off_a_terminal)
{
    struct capture capture;

    terminal_environment("TERM=xterm-256color");
    capture_start(&capture, STDOUT_FILENO);
    bool is_safe = hyperlink_is_safe();
    (void)capture_end(&capture);
    ck_assert(!is_safe);
}
END_TEST

START_TEST(hyperlink_shows_the_url_alone_on_its_line)
{
    struct terminal terminal;
    struct error err = ERROR_INIT;

    terminal_begin(&terminal, STDOUT_FILENO, "TERM=xterm-256color");
    plexctl_status status = hyperlink_write("https://cp.example.com/device?user_code=ABCD-2345", &err);
    ck_assert_str_eq(terminal_end(&terminal), "\033]8;;https://cp.example.com/device?user_code=ABCD-2345\033\\"
                                              "https://cp.example.com/device?user_code=ABCD-2345\033]8;;\033\\\n");
    ck_assert_int_eq(status, PLEXCTL_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hyperlink");
    TCase *tcase = tcase_create("hyperlink");

    tcase_add_loop_test(tcase, hyperlink_is_safe_by_kind_of_terminal, 0, (int)(sizeof kinds / sizeof kinds[0]));
    tcase_add_test(tcase, hyperlink_is_not_safe_off_a_terminal);
    tcase_add_test(tcase, hyperlink_shows_the_url_alone_on_its_line);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
