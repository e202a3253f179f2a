/* SPDX-License-Identifier: Apache-2.0 */
#include "help.h"

#include <stdint.h>
#include <string.h>

#include "builtins.h"
#include "fake_loader.h"
#include "heap.h"
#include "help_fixture.h"

static const struct fake_plugin plugins[] = {
    {.word = "login", .command = &login},
    {.word = "profile", .command = &profile},
    {.word = "every", .command = &every},
};

/* Command */

START_TEST(help_command_shows_every_part_in_order)
{
    static const char *const parts[] = {
        "Log in with a browser\n\nUsage: plexctl login --domain-id UUID --idp-binding-id UUID",
        "\n\nFirst paragraph.\n\nSecond paragraph.\n",
        "\nExamples:\n  plexctl login --domain-id A --idp-binding-id B\n",
        "\nFlags:\n",
        "      --domain-id UUID        Domain to log in to (required)\n",
        "      --idp-binding-id UUID   Binding within it (required)\n",
        "      --profile-name PROFILE  Name to save under (default: default)\n",
        "\nPersistent flags (see `plexctl help`): --server, --profile, --output,",
        "--help\n",
        "Accepted without effect: --token-file\n",
        "Exit: 0 done, 1 failure, 2 usage, 3 no server/token, 4 denied, 64 unimplemented\n",
    };
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(help_command(&login, NULL, &HELP_PAGE(&out), &err), PLEXCTL_OK);
    assert_in_order(buf_text(&out), parts, sizeof parts / sizeof parts[0]);
    assert_lines_fit(buf_text(&out));
    ck_assert_int_eq(strncmp(buf_text(&out), "Log in", 6), 0);
}
END_TEST

START_TEST(help_command_lists_no_persistent_flag_that_yields)
{
    const struct plexctl_flag own = {.name = "debug", .help = "Its own"};
    const struct plexctl_command command = {.name = "x", .summary = "s", .flags = {&own, 1, sizeof own}, .run = run};
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;
    (void)help_command(&command, NULL, &HELP_PAGE(&out), &err);
    ck_assert_ptr_null(strstr(strstr(buf_text(&out), "Persistent flags"), "--debug"));
}
END_TEST

START_TEST(help_command_describes_each_type)
{
    static const char *const parts[] = {
        "  -t, --text TEXT        A text\n",
        "      --count NUMBER     A count (1 to 9)\n",
        "  -q, --quiet            A switch\n",
        "      --kind one|two     A kind (default: one)\n",
        "      --mode MODE        A mode (a|b)\n",
        "      --url URL          A URL\n",
        "      --wait DURATION    A wait (1 to 60 s, default: 30s)\n",
        "      --file PATH        A file\n",
        "      --password SECRET  A secret\n",
        "\nArguments:\n  FIRST   The first (required)\n  SECOND  The second\n  THIRD   The third\n",
    };
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(help_command(&every, NULL, &HELP_PAGE(&out), &err), PLEXCTL_OK);
    assert_in_order(buf_text(&out), parts, sizeof parts / sizeof parts[0]);
    assert_lines_fit(buf_text(&out));
    ck_assert_ptr_null(strstr(buf_text(&out), "canary"));
    ck_assert_ptr_null(strstr(buf_text(&out), "Accepted without effect"));
}
END_TEST

START_TEST(help_command_lists_subcommands)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    auto_buf struct buf sub = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(help_command(&profile, NULL, &HELP_PAGE(&out), &err), PLEXCTL_OK);
    assert_has(buf_text(&out), "\nSubcommands:\n  list  List them\n");
    ck_assert_ptr_null(strstr(buf_text(&out), "\nFlags:"));
    ck_assert_ptr_null(strstr(buf_text(&out), "\nArguments:"));
    ck_assert_ptr_null(strstr(buf_text(&out), "\nExamples:"));
    ck_assert_int_eq(help_command(&list, &profile, &HELP_PAGE(&sub), &err), PLEXCTL_OK);
    assert_has(buf_text(&sub), "List them\n\nUsage: plexctl profile list [flags]\n");
}
END_TEST

START_TEST(help_command_of_foreign_text_is_safe)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(help_command(&evil, NULL, &HELP_PAGE(&out), &err), PLEXCTL_OK);
    for (const char *c = buf_text(&out); *c; c++)
        ck_assert(*c == '\n' || ((unsigned char)*c >= ' ' && (unsigned char)*c < 0x7f));
    assert_has(buf_text(&out), "h\\x0aFORGED\\x07");
    assert_has(buf_text(&out), "s\\x1b[2J\\u{202e}\n");
}
END_TEST

/* Flags of a plugin whose header had shorter rows than ours, or longer ones. */
START_TEST(help_command_of_other_row_sizes_reads_them)
{
    static const struct {
        struct plexctl_flag flag;
        char later[24];
    } longer[] = {{{.name = "aa", .help = "First"}, ""}, {{.name = "bb", .help = "Second"}, ""}};
    const struct plexctl_command command = {
        .size = sizeof command, .name = "c", .summary = "s", .flags = {&longer[0].flag, 2, sizeof longer[0]}};
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(help_command(&command, NULL, &HELP_PAGE(&out), &err), PLEXCTL_OK);
    assert_has(buf_text(&out), "      --aa TEXT  First\n      --bb TEXT  Second\n");
}
END_TEST

START_TEST(help_command_of_built_ins_fits)
{
    for (size_t i = 0; i < builtins_count; i++) {
        const struct plexctl_command *command = builtins[i].command;
        auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
        struct error err = ERROR_INIT;
        ck_assert_int_eq(help_command(command, NULL, &HELP_PAGE(&out), &err), PLEXCTL_OK);
        assert_lines_fit(buf_text(&out));
        for (size_t s = 0; command->subcommands && command->subcommands[s]; s++) {
            auto_buf struct buf sub = BUF_INIT(SIZE_MAX / 2);
            ck_assert_int_eq(help_command(command->subcommands[s], command, &HELP_PAGE(&sub), &err), PLEXCTL_OK);
            assert_lines_fit(buf_text(&sub));
        }
    }
}
END_TEST

/* Program */

START_TEST(help_program_shows_every_part_in_order)
{
    static const char *const parts[] = {
        "Usage: plexctl [flags] <command> [flags]\n",
        "\nCommands (more: plexctl help <command>, man plexctl):\n  completion  ",
        "  every       Use everything\n",
        "  help        ",
        "  login       Log in with a browser\n",
        "  plugin      ",
        "  profile     Show profiles\n",
        "  version     ",
        "\nPersistent flags:\n      --server URL ",
        "\n      --token-file PATH ",
        "  -o, --output table|json|yaml  ",
        "  -y, --yes ",
        "      --debug ",
        "  -h, --help ",
        "      --version ",
        "\nEnvironment: PLEXSPHERE_URL, PLEXSPHERE_TOKEN,",
        "Exit: 0 done, 1 failure, 2 usage, 3 no server/token, 4 denied, 64 unimplemented\n",
    };
    struct loader loader = FAKE_LOADER(plugins);
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(help_program(&loader, &HELP_PAGE(&out), &err), PLEXCTL_OK);
    assert_in_order(buf_text(&out), parts, sizeof parts / sizeof parts[0]);
    assert_lines_fit(buf_text(&out));
    ck_assert_ptr_null(strstr(buf_text(&out), "refused"));
    ck_assert_uint_eq(loader.opened, 0);
}
END_TEST

/* The plugins that plexctl comes with. */
START_TEST(help_program_fits_a_terminal)
{
    static const struct fake_plugin rows[] = {{.word = "devserver", .command = &list},
                                              {.word = "login", .command = &list},
                                              {.word = "profile", .command = &list},
                                              {.word = "whoami", .command = &list}};
    struct loader loader = FAKE_LOADER(rows);
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;
    size_t lines = 0;

    ck_assert_int_eq(help_program(&loader, &HELP_PAGE(&out), &err), PLEXCTL_OK);
    assert_lines_fit(buf_text(&out));
    for (size_t i = 0; i < out.len; i++)
        lines += out.data[i] == '\n';
    ck_assert_msg(lines <= HELP_SCREEN_LINES, "%zu lines:\n%s", lines, buf_text(&out));
}
END_TEST

START_TEST(help_program_survives_refused_plugins)
{
    static const struct fake_plugin rows[] = {
        {.word = "bad", .command = &login, .refusal = "writable by others"},
        {.word = "login", .command = &login},
    };
    struct loader loader = FAKE_LOADER(rows);
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(help_program(&loader, &HELP_PAGE(&out), &err), PLEXCTL_OK);
    assert_has(buf_text(&out), "\n  login ");
    assert_has(buf_text(&out), "1 refused; see `plexctl plugin doctor`");
    ck_assert_ptr_null(strstr(buf_text(&out), "\n  bad "));
}
END_TEST

START_TEST(help_program_passes_the_loaders_failure_on)
{
    struct loader loader = {.each_status = PLEXCTL_NO_MEMORY};
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(help_program(&loader, &HELP_PAGE(&out), &err), PLEXCTL_NO_MEMORY);
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

enum form { COMMAND, COMMAND_SHORT, PROGRAM, FORMS };

static plexctl_status append_help(struct buf *out, enum form form)
{
    struct loader loader = FAKE_LOADER(plugins);
    struct error err = ERROR_INIT;

    if (form == PROGRAM)
        return help_program(&loader, &HELP_PAGE(out), &err);
    return form == COMMAND ? help_command(&every, NULL, &HELP_PAGE(out), &err)
                           : help_command_short(&every, NULL, &HELP_PAGE(out), &err);
}

/* Each allocation in turn: a failure, or the whole text. */
START_TEST(help_without_memory_says_so)
{
    auto_buf struct buf whole = BUF_INIT(SIZE_MAX / 2);
    plexctl_status status = PLEXCTL_NO_MEMORY;

    ck_assert_int_eq(append_help(&whole, (enum form)_i), PLEXCTL_OK);
    for (unsigned long n = 1; heap_is_ours() && status != PLEXCTL_OK; n++) {
        auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
        heap_fail(n, false);
        status = append_help(&out, (enum form)_i);
        heap_fail(0, false);
        ck_assert(status == PLEXCTL_NO_MEMORY || strcmp(buf_text(&out), buf_text(&whole)) == 0);
        ck_assert_uint_lt(n, 5000);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("help");
    TCase *tests = tcase_create("help");

    tcase_add_test(tests, help_command_shows_every_part_in_order);
    tcase_add_test(tests, help_command_lists_no_persistent_flag_that_yields);
    tcase_add_test(tests, help_command_describes_each_type);
    tcase_add_test(tests, help_command_lists_subcommands);
    tcase_add_test(tests, help_command_of_foreign_text_is_safe);
    tcase_add_test(tests, help_command_of_other_row_sizes_reads_them);
    tcase_add_test(tests, help_command_of_built_ins_fits);
    tcase_add_test(tests, help_program_shows_every_part_in_order);
    tcase_add_test(tests, help_program_fits_a_terminal);
    tcase_add_test(tests, help_program_survives_refused_plugins);
    tcase_add_test(tests, help_program_passes_the_loaders_failure_on);
    tcase_add_loop_test(tests, help_without_memory_says_so, 0, FORMS);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
