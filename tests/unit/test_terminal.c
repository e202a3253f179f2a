/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "terminal_fixture.h"

static int open_null(void)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    return fd;
}

static const struct size_case {
    unsigned short columns, lines; /* the driver's */
    const char *environment;
    size_t wanted_columns, wanted_lines;
    struct terminal_room room;
} sizes[] = {
    {80, 24, "", 80, 24, {80, 24}},
    {40, 12, "", 40, 12, {40, 12}},
    {0, 0, "", 80, 24, {80, 24}},
    {40, 0, "", 40, 24, {40, 24}},
    {0, 0, "COLUMNS=100 LINES=30", 100, 30, {100, 30}},
    {40, 12, "COLUMNS=100", 100, 12, {40, 12}},
    {40, 12, "LINES=50", 40, 50, {40, 12}},
    {40, 12, "COLUMNS=1 LINES=65535", 1, 65535, {1, 12}},
    {40, 12, "COLUMNS= LINES=", 40, 12, {40, 12}},
    {40, 12, "COLUMNS=0 LINES=-1", 40, 12, {40, 12}},
    {40, 12, "COLUMNS=80x LINES=wide", 40, 12, {40, 12}},
    {40, 12, "COLUMNS=65536 LINES=99999999999999999999", 40, 12, {40, 12}},
};

START_TEST(terminal_size_is_the_environments_or_the_drivers)
{
    struct pty pty;

    terminal_environment(sizes[_i].environment);
    pty_open(&pty, sizes[_i].columns, sizes[_i].lines);
    ck_assert_uint_eq(terminal_columns(pty.slave), sizes[_i].wanted_columns);
    ck_assert_uint_eq(terminal_lines(pty.slave), sizes[_i].wanted_lines);
    ck_assert_uint_eq(terminal_room(pty.slave).columns, sizes[_i].room.columns);
    ck_assert_uint_eq(terminal_room(pty.slave).lines, sizes[_i].room.lines);
    (void)pty_close(&pty);
}
END_TEST

START_TEST(terminal_size_of_none_is_usual)
{
    int null = open_null();

    terminal_environment("");
    ck_assert_uint_eq(terminal_columns(null), TERMINAL_COLUMNS);
    ck_assert_uint_eq(terminal_lines(null), TERMINAL_LINES);
    terminal_environment("COLUMNS=132 LINES=43");
    ck_assert_uint_eq(terminal_columns(-1), 132);
    ck_assert_uint_eq(terminal_lines(-1), 43);
    (void)close(null);
}
END_TEST

START_TEST(terminal_is_what_the_driver_says)
{
    struct pty pty;
    int null = open_null();

    pty_open(&pty, 80, 24);
    ck_assert(terminal_is(pty.slave));
    ck_assert(!terminal_is(null));
    ck_assert(!terminal_is(-1));
    (void)pty_close(&pty);
    (void)close(null);
}
END_TEST

static const struct colour_case {
    const char *environment;
    bool on_terminal, elsewhere; /* coloured? */
    bool takes_escapes;          /* the terminal */
} colours[] = {
    {"TERM=xterm", true, false, true},
    {"TERM=xterm-256color CLICOLOR=1", true, false, true},
    {"TERM=xterm CLICOLOR=0", false, false, true},
    {"TERM=xterm CLICOLOR=", true, false, true},
    {"TERM=dumb", false, false, false},
    {"TERM=", false, false, false},
    {"", false, false, false},
    {"TERM=xterm NO_COLOR=1", false, false, true},
    {"TERM=xterm NO_COLOR=0", false, false, true},
    {"TERM=xterm NO_COLOR=", true, false, true},
    {"TERM=xterm CLICOLOR_FORCE=1", true, true, true},
    {"TERM=xterm CLICOLOR_FORCE=yes CLICOLOR=0", true, true, true},
    {"TERM=dumb CLICOLOR_FORCE=1", true, true, false},
    {"CLICOLOR_FORCE=1", true, true, false},
    {"TERM=xterm CLICOLOR_FORCE=0", true, false, true},
    {"TERM=xterm CLICOLOR_FORCE=0 CLICOLOR=0", false, false, true},
    {"TERM=xterm CLICOLOR_FORCE=", true, false, true},
    {"TERM=xterm CLICOLOR_FORCE=1 NO_COLOR=1", false, false, true},
};

START_TEST(terminal_colour_is_the_environments_decision)
{
    struct pty pty;
    int null = open_null();

    terminal_environment(colours[_i].environment);
    pty_open(&pty, 80, 24);
    ck_assert_int_eq(terminal_has_colour(pty.slave), colours[_i].on_terminal);
    ck_assert_int_eq(terminal_has_colour(null), colours[_i].elsewhere);
    ck_assert_int_eq(terminal_takes_escapes(pty.slave), colours[_i].takes_escapes);
    ck_assert(!terminal_takes_escapes(null));
    (void)pty_close(&pty);
    (void)close(null);
}
END_TEST

static const struct locale_case {
    const char *environment;
    bool is_utf8;
} locales[] = {
    {"", false},
    {"LANG=C", false},
    {"LANG=de_DE", false},
    {"LANG=C.UTF-8", true},
    {"LANG=en_US.utf8", true},
    {"LANG=de_DE.UTF-8@euro", true},
    {"LANG=de_DE.ISO-8859-15@euro", false},
    {"LANG=de_DE.UTF-16", false},
    {"LANG=de_DE@UTF-8", false},
    {"LANG=de_DE.UTF-8 LC_CTYPE=C", false},
    {"LANG=C LC_CTYPE=en_US.UTF-8", true},
    {"LANG=C.UTF-8 LC_CTYPE=C.UTF-8 LC_ALL=C", false},
    {"LANG=C LC_CTYPE=C LC_ALL=C.utf-8", true},
    {"LC_ALL= LC_CTYPE= LANG=C.UTF-8", true},
};

START_TEST(terminal_utf8_is_the_first_locales_codeset)
{
    terminal_environment(locales[_i].environment);
    ck_assert_int_eq(terminal_is_utf8(), locales[_i].is_utf8);
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

int main(void)
{
    Suite *suite = suite_create("terminal");
    TCase *tests = tcase_create("terminal");

    tcase_add_loop_test(tests, terminal_size_is_the_environments_or_the_drivers, 0, COUNT(sizes));
    tcase_add_test(tests, terminal_size_of_none_is_usual);
    tcase_add_test(tests, terminal_is_what_the_driver_says);
    tcase_add_loop_test(tests, terminal_colour_is_the_environments_decision, 0, COUNT(colours));
    tcase_add_loop_test(tests, terminal_utf8_is_the_first_locales_codeset, 0, COUNT(locales));
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
