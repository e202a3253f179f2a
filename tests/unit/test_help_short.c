/* SPDX-License-Identifier: Apache-2.0
 *
 * Short help, and how both forms fit a terminal.
 */
#include "help.h"

#include <stdint.h>
#include <stdlib.h>

#include "builtins.h"
#include "fake_loader.h"
#include "help_fixture.h"
#include "pty_fixture.h"

static size_t lines_of(const char *text)
{
    size_t lines = 0;

    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static const struct short_case {
    const struct plexctl_command *command, *parent;
    const char *text;
} shorts[] = {
    {&login, NULL,
     "Log in with a browser\n\n"
     "Usage: plexctl login --domain-id UUID --idp-binding-id UUID\n"
     "           [--profile-name PROFILE] [flags]\n\n"
     "Examples:\n  plexctl login --domain-id A --idp-binding-id B\n\n"
     "Flags:\n"
     "      --domain-id UUID        Domain to log in to (required)\n"
     "      --idp-binding-id UUID   Binding within it (required)\n"
     "      --profile-name PROFILE  Name to save under (default: default)\n\n"
     "More: `plexctl help login` (--man: man page); --server, etc.: `plexctl help`\n"},
    {&profile, NULL,
     "Show profiles\n\nUsage: plexctl profile list [flags]\n\nSubcommands:\n  list  List them\n\n"
     "More: `plexctl help profile` (--man: man page); --server, etc.: `plexctl help`\n"},
    {&both, NULL,
     "Show both\n\nUsage: plexctl both [flags]\n       plexctl both list [flags]\n\nSubcommands:\n  list  List them\n\n"
     "More: `plexctl help both` (--man: man page); --server, etc.: `plexctl help`\n"},
    {&list, &profile,
     "List them\n\nUsage: plexctl profile list [flags]\n\n"
     "More: `plexctl help profile list` (--man: man page);\n  --server, etc.: `plexctl help`\n"},
    {&evil, NULL,
     "s\\x1b[2J\\u{202e}\n\nUsage: plexctl evil [--evil V\\x1b[2J] [flags]\n\n"
     "Examples:\n  plexctl evil\\x0d--x \\x1b\n\n"
     "Flags:\n      --evil V\\x1b[2J  h\\x0aFORGED\\x07 (default: d\\x1b)\n\n"
     "More: `plexctl help evil` (--man: man page); --server, etc.: `plexctl help`\n"},
};

START_TEST(help_command_short_is_what_is_looked_for)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(help_command_short(shorts[_i].command, shorts[_i].parent, &HELP_PAGE(&out), &err), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&out), shorts[_i].text);
}
END_TEST

/* The largest that has to fit: two examples of five lines, and thirteen flags. */
START_TEST(help_command_short_of_many_flags_gives_its_empty_lines)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"};
    struct plexctl_flag flags[13];
    struct plexctl_command many = login;
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    for (size_t i = 0; i < 13; i++)
        flags[i] = (struct plexctl_flag){.name = names[i], .help = "One of thirteen", .type = PLEXCTL_BOOL};
    many.flags = (struct plexctl_flags)PLEXCTL_ROWS(flags);
    many.examples = "plexctl login --domain-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0 "
                    "--idp-binding-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0\nplexctl login --again\nplexctl login --m";
    ck_assert_int_eq(help_command_short(&many, NULL, &HELP_PAGE(&out), &err), PLEXCTL_OK);
    ck_assert_uint_eq(lines_of(buf_text(&out)), HELP_SCREEN_LINES);
    assert_has(buf_text(&out), "browser\n\nUsage: plexctl login [flags]\n\nExamples:\n");
    assert_has(buf_text(&out), "  plexctl login --again\nFlags:\n");
    ck_assert_ptr_null(strstr(buf_text(&out), "login --m"));
}
END_TEST

static void assert_short(const struct plexctl_command *command, const struct plexctl_command *parent)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(help_command_short(command, parent, &HELP_PAGE(&out), &err), PLEXCTL_OK);
    assert_lines_fit(buf_text(&out));
    ck_assert_uint_le(lines_of(buf_text(&out)), HELP_SCREEN_LINES);
    ck_assert_ptr_null(strstr(buf_text(&out), "..."));
    const char *examples = strstr(buf_text(&out), "\nExamples:\n");
    ck_assert_msg(examples && lines_of(command->examples) >= 1, "two examples of %s are wanted", command->name);
}

START_TEST(help_command_short_of_built_ins_fits_a_screen)
{
    for (size_t i = 0; i < builtins_count; i++) {
        const struct plexctl_command *command = builtins[i].command;
        assert_short(command, NULL);
        for (size_t s = 0; command->subcommands && command->subcommands[s]; s++)
            assert_short(command->subcommands[s], command);
    }
}
END_TEST

/* Narrow pages */

static size_t widest_line(const char *text)
{
    size_t widest = 0;

    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        size_t len = strcspn(line, "\n");
        widest = len > widest ? len : widest;
    }
    return widest;
}

START_TEST(help_wraps_to_the_page)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct help_page page = {&out, 40, false};
    struct error err = ERROR_INIT;

    ck_assert_int_eq(_i ? help_command(&every, NULL, &page, &err) : help_command_short(&every, NULL, &page, &err),
                     PLEXCTL_OK);
    ck_assert_uint_le(widest_line(buf_text(&out)), 40);
    assert_has(buf_text(&out), _i ? "      --password SECRET\n" : "      --password SECRET  A secret\n");
}
END_TEST

/* Whole words stand there even so. */
START_TEST(help_of_one_column_ends)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct help_page page = {&out, 1, false};
    struct error err = ERROR_INIT;

    ck_assert_int_eq(help_command(&every, NULL, &page, &err), PLEXCTL_OK);
    assert_has(buf_text(&out), "Persistent");
}
END_TEST

START_TEST(help_headings_are_bold_where_it_is_asked_for)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct help_page page = {&out, 80, true};
    struct error err = ERROR_INIT;

    ck_assert_int_eq(help_command_short(&login, NULL, &page, &err), PLEXCTL_OK);
    assert_has(buf_text(&out), "\n\n\033[1mUsage:\033[0m plexctl login --domain-id UUID --idp-binding-id UUID\n");
    assert_has(buf_text(&out), "\n\033[1mFlags:\033[0m\n      --domain-id UUID ");
}
END_TEST

static const struct page_case {
    unsigned short columns;
    const char *variable;
    size_t wanted;
} pages[] = {{40, NULL, 40}, {80, NULL, 80}, {200, NULL, 80}, {40, "60", 60}, {0, NULL, 80}};

START_TEST(help_page_is_the_terminals_and_at_most_80_columns)
{
    struct pty pty;
    auto_buf struct buf out = BUF_INIT(8);

    ck_assert_int_eq(pages[_i].variable ? setenv("COLUMNS", pages[_i].variable, 1) : unsetenv("COLUMNS"), 0);
    ck_assert_int_eq(unsetenv("NO_COLOR") | unsetenv("CLICOLOR") | unsetenv("CLICOLOR_FORCE"), 0);
    ck_assert_int_eq(setenv("TERM", "xterm", 1), 0);
    pty_open(&pty, pages[_i].columns, 24);
    const struct help_page page = help_page_for(pty.slave, &out);
    ck_assert_uint_eq(page.columns, pages[_i].wanted);
    ck_assert(page.is_bold);
    (void)pty_close(&pty);
}
END_TEST

/* Program */

START_TEST(help_program_short_shows_every_part_in_order)
{
    static const char *const parts[] = {
        "Command line for operators of a plexsphere control plane\n\nUsage: plexctl [flags] <command> [flags]\n",
        "\nExamples:\n  plexctl ",
        "\nCommands:\n  completion  ",
        "  login       Log in with a browser\n",
        "\nFlags: --server, --profile,",
        "--help, --version\n",
        "More: `plexctl help`, `plexctl help <command>`, man plexctl\n",
    };
    static const struct fake_plugin plugins[] = {{.word = "login", .command = &login}};
    struct loader loader = FAKE_LOADER(plugins);
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(help_program_short(&loader, &HELP_PAGE(&out), &err), PLEXCTL_OK);
    assert_in_order(buf_text(&out), parts, sizeof parts / sizeof parts[0]);
    assert_lines_fit(buf_text(&out));
    ck_assert_uint_eq(loader.opened, 0);
}
END_TEST

START_TEST(help_program_short_passes_the_loaders_failure_on)
{
    struct loader loader = {.each_status = PLEXCTL_NO_MEMORY};
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(help_program_short(&loader, &HELP_PAGE(&out), &err), PLEXCTL_NO_MEMORY);
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

int main(void)
{
    Suite *suite = suite_create("help_short");
    TCase *tests = tcase_create("help_short");

    tcase_add_loop_test(tests, help_command_short_is_what_is_looked_for, 0, COUNT(shorts));
    tcase_add_test(tests, help_command_short_of_many_flags_gives_its_empty_lines);
    tcase_add_test(tests, help_command_short_of_built_ins_fits_a_screen);
    tcase_add_loop_test(tests, help_wraps_to_the_page, 0, 2);
    tcase_add_test(tests, help_of_one_column_ends);
    tcase_add_test(tests, help_headings_are_bold_where_it_is_asked_for);
    tcase_add_loop_test(tests, help_page_is_the_terminals_and_at_most_80_columns, 0, COUNT(pages));
    tcase_add_test(tests, help_program_short_shows_every_part_in_order);
    tcase_add_test(tests, help_program_short_passes_the_loaders_failure_on);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
