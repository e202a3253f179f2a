/* SPDX-License-Identifier: Apache-2.0 */
#include "clipboard.h"

#include "terminal_fixture.h"

/* RFC 4648 section 10, and a code. */
static const struct text_case {
    const char *text, *sequence;
} texts[] = {
    {"f", "\033]52;c;Zg==\033\\Asked the terminal to copy f.\n"},
    {"fo", "\033]52;c;Zm8=\033\\Asked the terminal to copy fo.\n"},
    {"foo", "\033]52;c;Zm9v\033\\Asked the terminal to copy foo.\n"},
    {"foob", "\033]52;c;Zm9vYg==\033\\Asked the terminal to copy foob.\n"},
    {"ABCD-2345", "\033]52;c;QUJDRC0yMzQ1\033\\Asked the terminal to copy ABCD-2345.\n"},
    {"\xff\xfe\xfb", "\033]52;c;//77\033\\Asked the terminal to copy \\xff\\xfe\\xfb.\n"},
};

START_TEST(clipboard_copy_writes_base64)
{
    struct terminal terminal;
    struct error err = ERROR_INIT;

    terminal_begin(&terminal, STDOUT_FILENO, "TERM=screen");
    plexctl_status status = clipboard_copy(texts[_i].text, &err);
    ck_assert_str_eq(terminal_end(&terminal), texts[_i].sequence);
    ck_assert_int_eq(status, PLEXCTL_OK);
}
END_TEST

START_TEST(clipboard_copy_in_tmux_says_what_it_takes)
{
    struct terminal terminal;
    struct error err = ERROR_INIT;

    terminal_begin(&terminal, STDOUT_FILENO, "TERM=screen TMUX=/tmp/tmux-0/default,1,0");
    ck_assert_int_eq(clipboard_copy("foo", &err), PLEXCTL_OK);
    ck_assert_str_eq(terminal_end(&terminal), "\033]52;c;Zm9v\033\\Asked the terminal to copy foo; in tmux that takes "
                                              "\"set-clipboard on\".\n");
}
END_TEST

START_TEST(clipboard_copy_takes_standard_error_where_output_is_none)
{
    struct terminal terminal;
    struct capture capture;
    struct error err = ERROR_INIT;

    terminal_begin(&terminal, STDERR_FILENO, "TERM=xterm");
    capture_start(&capture, STDOUT_FILENO);
    plexctl_status status = clipboard_copy("foo", &err);
    const char *out = capture_end(&capture);
    ck_assert_str_eq(terminal_end(&terminal), "\033]52;c;Zm9v\033\\Asked the terminal to copy foo.\n");
    ck_assert_str_eq(out, "");
    ck_assert_int_eq(status, PLEXCTL_OK);
}
END_TEST

START_TEST(clipboard_copy_without_terminal_fails_silently)
{
    struct capture out, other;
    struct error err = ERROR_INIT;

    terminal_environment("TERM=xterm");
    capture_start(&out, STDOUT_FILENO);
    capture_start(&other, STDERR_FILENO);
    plexctl_status status = clipboard_copy("foo", &err);
    ck_assert_str_eq(capture_end(&other), "");
    ck_assert_str_eq(capture_end(&out), "");
    ck_assert_int_eq(status, PLEXCTL_FAILED);
    ck_assert_str_eq(err.text,
                     "the clipboard is out of reach: neither standard output nor standard error is a terminal");
}
END_TEST

START_TEST(clipboard_copy_says_what_the_terminal_lacks)
{
    struct terminal terminal;
    struct capture capture;
    struct error err = ERROR_INIT;

    terminal_begin(&terminal, STDOUT_FILENO, "TERM=linux");
    capture_start(&capture, STDERR_FILENO);
    plexctl_status status = clipboard_copy("foo", &err);
    ck_assert_str_eq(capture_end(&capture), "");
    ck_assert_str_eq(terminal_end(&terminal), "");
    ck_assert_int_eq(status, PLEXCTL_FAILED);
    ck_assert_msg(strstr(err.text, "out of reach: a terminal of this kind"), "%s", err.text);
}
END_TEST

START_TEST(clipboard_takes_short_lines)
{
    char text[CLIPBOARD_MAX_BYTES + 2];

    memset(text, 'x', sizeof text);
    text[CLIPBOARD_MAX_BYTES] = '\0';
    ck_assert(clipboard_takes(text));
    text[CLIPBOARD_MAX_BYTES] = 'x';
    text[CLIPBOARD_MAX_BYTES + 1] = '\0';
    ck_assert(!clipboard_takes(text));
    ck_assert(clipboard_takes("\xc3\xa9"));
    ck_assert(!clipboard_takes(""));
    ck_assert(!clipboard_takes(NULL));
    ck_assert(!clipboard_takes("rm -r .\n"));
    ck_assert(!clipboard_takes("a\x7f"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("clipboard");
    TCase *tcase = tcase_create("clipboard");

    tcase_add_loop_test(tcase, clipboard_copy_writes_base64, 0, (int)(sizeof texts / sizeof texts[0]));
    tcase_add_test(tcase, clipboard_copy_in_tmux_says_what_it_takes);
    tcase_add_test(tcase, clipboard_copy_takes_standard_error_where_output_is_none);
    tcase_add_test(tcase, clipboard_copy_without_terminal_fails_silently);
    tcase_add_test(tcase, clipboard_copy_says_what_the_terminal_lacks);
    tcase_add_test(tcase, clipboard_takes_short_lines);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
