/* SPDX-License-Identifier: Apache-2.0 */
#include "help_flag.h"

#include <stdint.h>

#include "unit.h"

static const struct line_case {
    const char *help;
    struct help_notes notes;
    size_t columns;
    const char *line;
} lines[] = {
    {"A port", {" (default: 1)", "", ""}, 20, "A port (default: 1)"},
    {"A port", {" (default: 1)", "", ""}, 19, "A port (default: 1)"},
    {"A port", {" (default: 1)", "", ""}, 18, "A port"},
    {"A port; 0 takes any", {" (default: 1)", "", ""}, 32, "A port; 0 takes any (default: 1)"},
    {"A port; 0 takes any", {" (default: 1)", "", ""}, 31, "A port (default: 1)"},
    {"A port; 0 takes any", {" (default: 1)", "", ""}, 7, "A port"},
    {"A port, of yours; 0 takes any", {" (default: 1)", "", ""}, 20, "A port (default: 1)"},
    {"A port, of yours; 0 takes any", {"", "", ""}, 18, "A port, of yours"},
    {"A list a,b;c of words", {"", "", ""}, 21, "A list a,b;c of words"},
    {"A list a,b;c of words", {"", "", ""}, 20, "A list a,b;c of..."},
    {"A list a,b;c of words", {"", "", ""}, 12, "A list..."},
    {"Overlong", {"", "", ""}, 7, "Over..."},
    {"Overlong", {"", "", ""}, 3, "..."},
    {"Overlong", {"", "", ""}, 0, "..."},
    {"", {" (required)", "", ""}, 11, " (required)"},
    {"", {" (required)", "", ""}, 5, ""},
    {"A port, of yours", {" (1 to 9, default: 1)", " (default: 1)", ""}, 27, "A port (1 to 9, default: 1)"},
    {"A port, of yours", {" (1 to 9, default: 1)", " (default: 1)", ""}, 26, "A port (default: 1)"},
    {"A port of yours", {" (required, 1 to 9)", " (required)", " (required)"}, 26, "A port of yours (required)"},
    {"A port of yours", {" (required, 1 to 9)", " (required)", " (required)"}, 25, "A port of... (required)"},
    {"A port of yours", {" (required)", " (required)", " (required)"}, 4, "... (required)"},
    {"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f xyz", {"", "", ""}, 7, "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f..."},
};

START_TEST(help_flag_one_line_is_cut_where_a_clause_ends)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    help_flag_one_line(&out, lines[_i].help, &lines[_i].notes, lines[_i].columns);
    ck_assert_str_eq(buf_text(&out), lines[_i].line);
}
END_TEST

START_TEST(help_flag_rows_short_take_a_line_each)
{
    static const struct plexctl_flag flags[] = {
        {.name = "interval",
         .value_name = "SECONDS",
         .help = "Least time between two polls of a device code, which is long"},
        {.name = "expires-after-a-long-while",
         .value_name = "DURATION",
         .default_value = "600",
         .help = "Lifetime, for those who need to know it"},
        {.name = "a-name-that-is-so-long-that-nothing-beside-it-fits",
         .value_name = "THAT-IS-LONG",
         .help = "Lifetime"},
        {.name = "id", .help = "What the server calls the one that is meant by it", .attributes = PLEXCTL_REQUIRED},
        {.name = "q", .help = "Quiet", .type = PLEXCTL_BOOL, .letter = 'q'},
    };
    const struct plexctl_flags table = PLEXCTL_ROWS(flags);
    auto_help_rows struct help_rows rows = HELP_ROWS_INIT;
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    help_flag_rows_short(&rows, &table);
    help_rows_print(&rows, &HELP_PAGE(&out));
    ck_assert_str_eq(buf_text(&out),
                     "      --interval SECONDS  Least time between two polls of a device code\n"
                     "      --expires-after-a-long-while DURATION  Lifetime (default: 600)\n"
                     "      --a-name-that-is-so-long-that-nothing-beside-it-fits THAT-IS-LONG  Life...\n"
                     "      --id TEXT           What the server calls the one that is... (required)\n"
                     "  -q, --q                 Quiet\n");
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

int main(void)
{
    Suite *suite = suite_create("help_flag");
    TCase *tests = tcase_create("help_flag");

    tcase_add_loop_test(tests, help_flag_one_line_is_cut_where_a_clause_ends, 0, COUNT(lines));
    tcase_add_test(tests, help_flag_rows_short_take_a_line_each);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
