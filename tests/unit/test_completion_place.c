/* SPDX-License-Identifier: Apache-2.0 */
#include "completion_place.h"

#include <stdint.h>
#include <string.h>

#include "fake_loader.h"

static const struct plexctl_flag flags[] = {
    {.name = "kind", .help = "h", .letter = 'k'},
    {.name = "debug", .help = "h"}, /* its own, as if plexctl's had come later */
    {.name = "force", .help = "h", .type = PLEXCTL_BOOL, .letter = 'f'},
};
static const struct plexctl_argument arguments[] = {{.name = "NAME", .help = "h"}, {.name = "OTHER", .help = "h"}};
static const struct plexctl_command good = {.size = sizeof good,
                                            .name = "good",
                                            .summary = "s",
                                            .flags = PLEXCTL_ROWS(flags),
                                            .arguments = PLEXCTL_ROWS(arguments)};
static const struct plexctl_command list = {.size = sizeof list, .name = "list", .summary = "s"};
static const struct plexctl_command show = {
    .size = sizeof show, .name = "show", .summary = "s", .flags = PLEXCTL_ROWS(flags)};
static const struct plexctl_command *const subcommands[] = {&list, &show, NULL};
static const struct plexctl_command parted = {
    .size = sizeof parted, .name = "parted", .summary = "s", .subcommands = subcommands};

static const struct fake_plugin plugins[] = {
    {.word = "good", .command = &good},
    {.word = "parted", .command = &parted},
    {.word = "broken", .command = &good, .open_refusal = "an undefined symbol"},
    {.word = "refused", .command = &good, .refusal = "writable by others"},
};

static const struct place_case {
    const char *line;
    const char *command, *parent; /* NULL for none */
    const char *flag;             /* whose value is typed; NULL for none */
    size_t before, word_count;
    unsigned argument_count, opened;
    bool is_lost, flags_ended;
} places[] = {
    {"x ", NULL, NULL, NULL, 0, 0, 0, 0, false, false},
    {"x go", NULL, NULL, NULL, 0, 0, 0, 0, false, false},
    {"x good", NULL, NULL, NULL, 0, 0, 0, 0, false, false},
    {"x good ", "good", NULL, NULL, 0, 1, 0, 1, false, false},
    {"x good a ", "good", NULL, NULL, 0, 2, 1, 1, false, false},
    {"x good - b ", "good", NULL, NULL, 0, 3, 2, 1, false, false},
    {"x good --kind ", "good", NULL, "kind", 0, 1, 0, 1, false, false},
    {"x good --debug ", "good", NULL, "debug", 0, 1, 0, 1, false, false},
    {"x good --kind -f", "good", NULL, "kind", 0, 1, 0, 1, false, false},
    {"x good --kind a ", "good", NULL, NULL, 0, 3, 0, 1, false, false},
    {"x good --kind=a ", "good", NULL, NULL, 0, 2, 0, 1, false, false},
    {"x good --kind= ", "good", NULL, NULL, 0, 2, 0, 1, false, false},
    {"x good --kind", "good", NULL, NULL, 0, 1, 0, 1, false, false},
    {"x good --kind=", "good", NULL, "kind", 7, 1, 0, 1, false, false},
    {"x good --kind=a=b", "good", NULL, "kind", 7, 1, 0, 1, false, false},
    {"x good --kin", "good", NULL, NULL, 0, 1, 0, 1, false, false},
    {"x good --kin=a", "good", NULL, NULL, 0, 1, 0, 1, false, false},
    {"x good --force ", "good", NULL, NULL, 0, 2, 0, 1, false, false},
    {"x good --force=", "good", NULL, "force", 8, 1, 0, 1, false, false},
    {"x good -k", "good", NULL, NULL, 0, 1, 0, 1, false, false},
    {"x good -k ", "good", NULL, "kind", 0, 1, 0, 1, false, false},
    {"x good -ka", "good", NULL, "kind", 2, 1, 0, 1, false, false},
    {"x good -k=a", "good", NULL, "kind", 3, 1, 0, 1, false, false},
    {"x good -fk ", "good", NULL, "kind", 0, 1, 0, 1, false, false},
    {"x good -fka ", "good", NULL, NULL, 0, 2, 0, 1, false, false},
    {"x good -fka", "good", NULL, "kind", 3, 1, 0, 1, false, false},
    {"x good -f=", "good", NULL, "force", 3, 1, 0, 1, false, false},
    {"x good -f ", "good", NULL, NULL, 0, 2, 0, 1, false, false},
    {"x good -zk ", "good", NULL, NULL, 0, 2, 0, 1, false, false},
    {"x good -- --kind=", "good", NULL, NULL, 0, 2, 0, 1, false, true},
    {"x good -- --kind ", "good", NULL, NULL, 0, 3, 1, 1, false, true},
    {"x good --nosuch a ", "good", NULL, NULL, 0, 3, 1, 1, false, false},
    {"x --server u good --output ", "good", NULL, "output", 0, 3, 0, 1, false, false},
    {"x -oj good ", "good", NULL, NULL, 0, 2, 0, 1, false, false},
    {"x -o ", NULL, NULL, "output", 0, 0, 0, 0, false, false},
    {"x -yo ", NULL, NULL, "output", 0, 0, 0, 0, false, false},
    {"x --kind ", NULL, NULL, NULL, 0, 1, 0, 0, false, false},
    {"x --server good parted ", "parted", NULL, NULL, 0, 3, 0, 1, false, false},
    {"x -- good --kind=", "good", NULL, NULL, 0, 2, 0, 1, false, true},
    {"x parted ", "parted", NULL, NULL, 0, 1, 0, 1, false, false},
    {"x parted show ", "show", "parted", NULL, 0, 2, 0, 1, false, false},
    {"x parted show --kind ", "show", "parted", "kind", 0, 2, 0, 1, false, false},
    {"x parted list --kind ", "list", "parted", NULL, 0, 3, 0, 1, false, false},
    {"x parted -o json show a ", "show", "parted", NULL, 0, 5, 1, 1, false, false},
    {"x parted nosuch ", "parted", NULL, NULL, 0, 2, 0, 1, true, false},
    {"x parted nosuch list --output ", "parted", NULL, "output", 0, 3, 0, 1, true, false},
    {"x broken ", NULL, NULL, NULL, 0, 1, 0, 1, true, false},
    {"x refused --kind ", NULL, NULL, NULL, 0, 2, 0, 1, true, false},
    {"x nosuch good ", NULL, NULL, NULL, 0, 2, 0, 1, true, false},
    {"x ../good ", NULL, NULL, NULL, 0, 1, 0, 0, true, false},
    {"x '' ", NULL, NULL, NULL, 0, 1, 0, 0, true, false},
    {"x help ", "help", NULL, NULL, 0, 1, 0, 0, false, false},
    {"x help good ", "help", NULL, NULL, 0, 2, 1, 0, false, false},
    {"x plugin doctor ", "doctor", "plugin", NULL, 0, 2, 0, 0, false, false},
};

static void assert_named(const struct plexctl_command *command, const char *name)
{
    if (name) {
        ck_assert_ptr_nonnull(command);
        ck_assert_str_eq(command->name, name);
    } else {
        ck_assert_ptr_null(command);
    }
}

START_TEST(completion_place_is_found_by_the_words_before)
{
    const struct place_case *row = &places[_i];
    struct loader loader = FAKE_LOADER(plugins);
    auto_shell_words struct shell_words words = SHELL_WORDS_INIT;
    struct completion_place place;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(shell_words_split(row->line, " =", &words, &err), PLEXCTL_OK);
    ck_assert_int_eq(completion_place_find(&loader, &words, &place, &err), PLEXCTL_OK);
    assert_named(place.command, row->command);
    assert_named(place.parent, row->parent);
    ck_assert_int_eq(place.has_flag, row->flag != NULL);
    if (row->flag)
        ck_assert_str_eq(place.flag.name, row->flag);
    ck_assert_uint_eq(place.before, row->before);
    ck_assert_uint_eq(place.word_count, row->word_count);
    ck_assert_uint_eq(place.argument_count, row->argument_count);
    ck_assert_int_eq(place.is_lost, row->is_lost);
    ck_assert_int_eq(place.flags_ended, row->flags_ended);
    ck_assert_uint_eq(loader.opened, row->opened);
}
END_TEST

START_TEST(completion_place_keeps_the_last_argument)
{
    struct loader loader = FAKE_LOADER(plugins);
    auto_shell_words struct shell_words words = SHELL_WORDS_INIT;
    struct completion_place place;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(shell_words_split("x help good --yes ", " ", &words, &err), PLEXCTL_OK);
    ck_assert_int_eq(completion_place_find(&loader, &words, &place, &err), PLEXCTL_OK);
    ck_assert_str_eq(place.last_argument, "good");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("completion_place");
    TCase *tests = tcase_create("completion_place");

    tcase_add_loop_test(tests, completion_place_is_found_by_the_words_before, 0,
                        (int)(sizeof places / sizeof places[0]));
    tcase_add_test(tests, completion_place_keeps_the_last_argument);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
