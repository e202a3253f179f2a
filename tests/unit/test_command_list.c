/* SPDX-License-Identifier: Apache-2.0 */
#include "command_list.h"

#include <string.h>

#include "builtins.h"
#include "fake_loader.h"
#include "heap.h"

static const struct plexctl_command record = {.size = sizeof record, .name = "x", .summary = "Do something"};

static const struct fake_plugin plugins[] = {
    {.word = "zeta", .command = &record},
    {.word = "alpha", .command = &record},
    {.word = "bad", .command = &record, .refusal = "/plugins/bad.so: writable by others"},
    {.word = "", .path = "/tmp/open", .refusal = "/tmp/open: writable by others"},
    {.word = "alpha", .path = "/home/alpha.so", .command = &record, .shadowed_by = "/plugins/alpha.so"},
    {.word = "version", .command = &record},
};

START_TEST(command_list_load_sorts_what_would_run)
{
    struct loader loader = FAKE_LOADER(plugins);
    auto_command_list struct command_list list = COMMAND_LIST_INIT;
    struct error err = ERROR_INIT;
    size_t plugin_rows = 0;

    ck_assert_int_eq(command_list_load(&loader, &list, &err), PLEXCTL_OK);
    ck_assert_uint_eq(list.count, builtins_count + 2);
    ck_assert_uint_eq(list.refused, 2);
    ck_assert_uint_eq(loader.opened, 0);
    for (size_t i = 0; i < list.count; i++) {
        ck_assert(i == 0 || strcmp(list.rows[i - 1].word, list.rows[i].word) < 0);
        plugin_rows += !list.rows[i].built_in;
    }
    ck_assert_uint_eq(plugin_rows, 2);
    ck_assert_str_eq(list.rows[0].word, "alpha");
    ck_assert_str_eq(list.rows[0].summary, "Do something");
    ck_assert_str_eq(list.rows[list.count - 1].word, "zeta");
    ck_assert_str_eq(list.rows[list.count - 2].word, "version");
    ck_assert_ptr_eq(list.rows[list.count - 2].built_in, builtin_find("version")->command);
}
END_TEST

START_TEST(command_list_load_of_many_plugins_keeps_all)
{
    enum { MANY = 300 };
    static struct fake_plugin many[MANY];
    static char words[MANY][16];
    struct loader loader = {.rows = many, .count = MANY};
    auto_command_list struct command_list list = COMMAND_LIST_INIT;
    struct error err = ERROR_INIT;

    for (int i = 0; i < MANY; i++) {
        (void)snprintf(words[i], sizeof words[i], "w%03d", MANY - i);
        many[i] = (struct fake_plugin){.word = words[i], .command = &record};
    }
    ck_assert_int_eq(command_list_load(&loader, &list, &err), PLEXCTL_OK);
    ck_assert_uint_eq(list.count, MANY + builtins_count);
    for (int i = 0; i < MANY; i++)
        ck_assert_str_eq(list.rows[list.count - 1 - (size_t)i].word, words[i]);
}
END_TEST

START_TEST(command_list_unknown_suggests_only_what_is_near)
{
    struct loader loader = FAKE_LOADER(plugins);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(command_list_unknown(&loader, "alhpa", &err), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "unknown command \"alhpa\"; did you mean \"alpha\"?");
    ck_assert_int_eq(command_list_unknown(&loader, "versoin", &err), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "unknown command \"versoin\"; did you mean \"version\"?");
    ck_assert_int_eq(command_list_unknown(&loader, "something-else", &err), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "unknown command \"something-else\"; see `plexctl help` for what is installed");
}
END_TEST

/* Behind "--" a flag is a word, and may hold a secret all the same. */
START_TEST(command_list_unknown_shows_no_flags_value)
{
    struct loader loader = FAKE_LOADER(plugins);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(command_list_unknown(&loader, "--password=hunter2", &err), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "unknown command \"--password=...\"; see `plexctl help` for what is installed");
}
END_TEST

START_TEST(command_list_open_gives_the_record_or_why_there_is_none)
{
    static const struct {
        const char *word;
        plexctl_status status;
        size_t opened;
    } cases[] = {{"version", PLEXCTL_OK, 0},        {"alpha", PLEXCTL_OK, 1},           {"bad", PLEXCTL_FAILED, 1},
                 {"nothing", PLEXCTL_NOT_FOUND, 1}, {"../alpha", PLEXCTL_NOT_FOUND, 0}, {"", PLEXCTL_NOT_FOUND, 0}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct loader loader = FAKE_LOADER(plugins);
        const struct plexctl_command *found = NULL, *wanted = NULL;
        struct error err = ERROR_INIT;
        if (cases[i].status == PLEXCTL_OK)
            wanted = cases[i].opened ? &record : builtin_find(cases[i].word)->command;
        ck_assert_int_eq(command_list_open(&loader, cases[i].word, &found, &err), cases[i].status);
        ck_assert_int_eq(err.status, cases[i].status);
        ck_assert_ptr_eq(found, wanted);
        ck_assert_uint_eq(loader.opened, cases[i].opened);
    }
}
END_TEST

START_TEST(command_list_load_passes_the_loaders_failure_on)
{
    struct loader loader = {.each_status = PLEXCTL_FAILED};
    struct command_list list = COMMAND_LIST_INIT;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(command_list_load(&loader, &list, &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "the fake loader fails");
    ck_assert_ptr_null(list.rows);
}
END_TEST

START_TEST(command_list_load_without_memory_says_so)
{
    struct loader loader = {.count = 0};
    struct command_list list = COMMAND_LIST_INIT;
    struct error err = ERROR_INIT;

    if (!heap_is_ours())
        return;
    heap_fail(1, false);
    plexctl_status status = command_list_load(&loader, &list, &err);
    bool has_failed = heap_failures() > 0;
    heap_fail(0, false);
    ck_assert_int_eq(status, has_failed ? PLEXCTL_NO_MEMORY : PLEXCTL_OK);
    ck_assert_int_eq(list.rows == NULL, has_failed);
    command_list_release(&list);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("command_list");
    TCase *tests = tcase_create("command_list");

    tcase_add_test(tests, command_list_load_sorts_what_would_run);
    tcase_add_test(tests, command_list_load_of_many_plugins_keeps_all);
    tcase_add_test(tests, command_list_unknown_suggests_only_what_is_near);
    tcase_add_test(tests, command_list_unknown_shows_no_flags_value);
    tcase_add_test(tests, command_list_open_gives_the_record_or_why_there_is_none);
    tcase_add_test(tests, command_list_load_passes_the_loaders_failure_on);
    tcase_add_test(tests, command_list_load_without_memory_says_so);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
