/* SPDX-License-Identifier: Apache-2.0 */
#include "bitmap.h"

#include "terminal_fixture.h"

/* dark light light / dark dark light / light light dark */
static const uint8_t modules[] = {1, 0, 0, 7, 1, 0, 0, 0, 255};
static const struct bitmap bitmap = {.modules = modules, .width = 3};

#define ON_256 "\033[0;38;5;16;48;5;231m"
#define ON_8 "\033[0;30;47m"
#define HALF_BLOCKS(begin) \
    begin "           \033[0m\n" begin "           \033[0m\n" begin "    \xe2\x96\x88\xe2\x96\x84     \033[0m\n" begin \
          "      \xe2\x96\x80    \033[0m\n" begin "           \033[0m\n" begin "           \033[0m\n"
#define LIGHT "\033[0;37;47m"
#define DARK "\033[0;30;40m"
#define ROW_LIGHT LIGHT "                      \033[0m\n"
#define ROWS_LIGHT ROW_LIGHT ROW_LIGHT ROW_LIGHT ROW_LIGHT

static const struct kind_case {
    const char *settings, *drawn;
} kinds[] = {
    {"TERM=xterm-256color LANG=C.UTF-8", HALF_BLOCKS(ON_256)},
    {"TERM=xterm-256color LANG=C.UTF-8 NO_COLOR=1", HALF_BLOCKS(ON_256)},
    {"TERM=alacritty COLORTERM=truecolor LANG=C.UTF-8", HALF_BLOCKS(ON_256)},
    {"TERM=foot COLORTERM=24bit LANG=C.UTF-8", HALF_BLOCKS(ON_256)},
    {"TERM=linux LANG=de_DE.UTF-8", HALF_BLOCKS(ON_8)},
    {"TERM=xterm LANG=C",
     ROWS_LIGHT LIGHT "        " DARK "##" LIGHT "            \033[0m\n" LIGHT "        " DARK "####" LIGHT
                      "          \033[0m\n" LIGHT "            " DARK "##" LIGHT "        \033[0m\n" ROWS_LIGHT},
};

START_TEST(bitmap_write_by_kind_of_terminal)
{
    struct terminal terminal;
    struct error err = ERROR_INIT;

    terminal_begin(&terminal, STDOUT_FILENO, kinds[_i].settings);
    plexctl_status status = bitmap_write(&bitmap, &err);
    ck_assert_str_eq(terminal_end(&terminal), kinds[_i].drawn);
    ck_assert_int_eq(status, PLEXCTL_OK);
}
END_TEST

/* With two lines to spare. */
static const struct size_case {
    const char *locale;
    unsigned short columns, lines;
    int lines_drawn;
    const char *refusal; /* NULL: it fits */
} sizes[] = {
    {"LANG=C.UTF-8", 11, 8, 6, NULL},
    {"LANG=C.UTF-8", 10, 8, 4, NULL},
    {"LANG=C.UTF-8", 11, 7, 4, NULL},
    {"LANG=C.UTF-8", 7, 6, 4, NULL},
    {"LANG=C.UTF-8", 6, 6, 0, "7 columns and 6 lines are needed, and the terminal has 6 and 6"},
    {"LANG=C.UTF-8", 7, 5, 0, "7 columns and 6 lines are needed, and the terminal has 7 and 5"},
    {"LANG=C", 22, 13, 11, NULL},
    {"LANG=C", 21, 13, 7, NULL},
    {"LANG=C", 14, 9, 7, NULL},
    {"LANG=C", 13, 9, 0, "14 columns and 9 lines are needed, and the terminal has 13 and 9"},
    {"LANG=C", 14, 8, 0, "14 columns and 9 lines are needed, and the terminal has 14 and 8"},
};

static int count_lines(const char *text)
{
    int lines = 0;

    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

START_TEST(bitmap_write_needs_room)
{
    struct terminal terminal;
    struct error err = ERROR_INIT;

    terminal_environment("TERM=xterm");
    ck_assert_int_eq(setenv("LANG", strchr(sizes[_i].locale, '=') + 1, 1), 0);
    ck_assert_int_eq(setenv("COLUMNS", "100", 1), 0); /* stale ones */
    ck_assert_int_eq(setenv("LINES", "100", 1), 0);
    terminal_begin_sized(&terminal, STDOUT_FILENO, sizes[_i].columns, sizes[_i].lines);
    plexctl_status status = bitmap_write(&bitmap, &err);
    const char *drawn = terminal_end(&terminal);
    ck_assert_int_eq(status, sizes[_i].refusal ? PLEXCTL_FAILED : PLEXCTL_OK);
    ck_assert_str_eq(err.text, sizes[_i].refusal ? sizes[_i].refusal : "");
    ck_assert_int_eq(count_lines(drawn), sizes[_i].lines_drawn);
}
END_TEST

START_TEST(bitmap_write_on_dumb_terminal_fails)
{
    struct terminal terminal;
    struct error err = ERROR_INIT;

    terminal_begin(&terminal, STDOUT_FILENO, "TERM=dumb");
    plexctl_status status = bitmap_write(&bitmap, &err);
    ck_assert_str_eq(terminal_end(&terminal), "");
    ck_assert_int_eq(status, PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "TERM says that the terminal takes no colours");
}
END_TEST

START_TEST(bitmap_write_off_a_terminal_fails)
{
    struct capture capture;
    struct error err = ERROR_INIT;

    terminal_environment("TERM=xterm");
    capture_start(&capture, STDOUT_FILENO);
    plexctl_status status = bitmap_write(&bitmap, &err);
    ck_assert_str_eq(capture_end(&capture), "");
    ck_assert_int_eq(status, PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "standard output is no terminal");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bitmap");
    TCase *tcase = tcase_create("bitmap");

    tcase_add_loop_test(tcase, bitmap_write_by_kind_of_terminal, 0, (int)(sizeof kinds / sizeof kinds[0]));
    tcase_add_loop_test(tcase, bitmap_write_needs_room, 0, (int)(sizeof sizes / sizeof sizes[0]));
    tcase_add_test(tcase, bitmap_write_on_dumb_terminal_fails);
    tcase_add_test(tcase, bitmap_write_off_a_terminal_fails);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
