/* SPDX-License-Identifier: Apache-2.0 */
#include "builtin_plugin.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "capture.h"
#include "fake_loader.h"
#include "output.h"

static plexctl_status run_nothing(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

static const struct plexctl_command record = {
    .size = sizeof record, .name = "x", .summary = "Do something", .run = run_nothing};
static const struct plexctl_command needy = {.size = sizeof needy,
                                             .needs = PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN,
                                             .name = "whoami",
                                             .summary = "Need something",
                                             .run = run_nothing};

static void crash(void)
{
    (void)signal(SIGSEGV, SIG_DFL);
    (void)raise(SIGSEGV);
}

static void chatter(void)
{
    (void)!write(STDOUT_FILENO, "CHATTER", 7);
}

static const struct fake_plugin every_kind[] = {
    {.word = "login", .command = &record, .constructor = chatter},
    {.word = "bad", .refusal = "/plugins/bad.so: mode is 0666; wanted is no write for others; fix: chmod go-w"},
    {.word = "", .path = "/tmp/open", .refusal = "/tmp/open: writable by others"},
    {.word = "login", .path = "/home/login.so", .command = &record, .shadowed_by = "/plugins/login.so"},
    {.word = "version", .path = "/home/version.so", .command = &record},
    {.word = "lying", .command = &record, .open_refusal = "/plugins/lying.so: size is 3"},
    {.word = "crash", .command = &record, .constructor = crash},
    {.word = "bad", .path = "/home/bad.so", .refusal = "/home/bad.so: not ELF", .shadowed_by = "/plugins/bad.so"},
};

static const struct fake_plugin well[] = {{.word = "login", .command = &record}, {.word = "whoami", .command = &needy}};

static const struct fake_plugin shadowed[] = {
    {.word = "login", .command = &record},
    {.word = "login", .path = "/home/login.so", .command = &record, .shadowed_by = "/plugins/login.so"},
};

struct run {
    struct capture printed;
    struct error err;
    plexctl_status status;
};

static void run(struct run *run, struct loader *loader, const struct plexctl_command *command, int32_t format)
{
    struct app app = {.loader = loader, .format = format, .command = command};

    run->err = (struct error)ERROR_INIT;
    capture_start(&run->printed, STDOUT_FILENO);
    run->status = command == &builtin_plugin_list ? builtin_plugin_run_list(&app, &run->err)
                                                  : builtin_plugin_run_doctor(&app, &run->err);
    (void)capture_end(&run->printed);
}

static struct plexctl_json *parse_printed(const struct run *run)
{
    struct plexctl_json *tree = NULL;
    struct error err = ERROR_INIT;

    ck_assert_msg(json_parse(run->printed.text, strlen(run->printed.text), &tree, &err) == PLEXCTL_OK, "%s: %s",
                  err.text, run->printed.text);
    return tree;
}

/* List */

static const struct list_row {
    const char *command, *version, *abi, *path, *verdict;
} list_rows[] = {
    {"login", "2.3.4", "1.0", "/plugins/login.so", "ok"},
    {"bad", NULL, NULL, "/plugins/bad.so", "refused"},
    {NULL, NULL, NULL, "/tmp/open", "refused"},
    {"login", "2.3.4", "1.0", "/home/login.so", "shadowed"},
    {"version", "2.3.4", "1.0", "/home/version.so", "shadowed"},
    {"lying", "2.3.4", "1.0", "/plugins/lying.so", "refused"},
    {"crash", "2.3.4", "1.0", "/plugins/crash.so", "refused"},
    {"bad", NULL, NULL, "/home/bad.so", "refused"},
};

static void assert_text(const struct plexctl_json *row, const char *key, const char *wanted)
{
    const struct plexctl_json *value = json_get(row, key);

    if (wanted)
        ck_assert_str_eq(json_string(value), wanted);
    else
        ck_assert_int_eq(json_type(value), PLEXCTL_JSON_NULL);
}

START_TEST(builtin_plugin_list_tells_of_every_candidate)
{
    static struct run result;
    struct loader loader = FAKE_LOADER(every_kind);

    run(&result, &loader, &builtin_plugin_list, PLEXCTL_OUTPUT_JSON);
    ck_assert_int_eq(result.status, PLEXCTL_OK);
    ck_assert_uint_eq(loader.opened, 0);
    struct plexctl_json *rows = parse_printed(&result);
    ck_assert_uint_eq(json_length(rows), sizeof list_rows / sizeof list_rows[0]);
    for (size_t i = 0; i < json_length(rows); i++) {
        const struct plexctl_json *row = json_at(rows, i);
        bool is_built_in = false;
        ck_assert_uint_eq(json_length(row), 8);
        ck_assert_int_eq(json_type(json_get(row, "needs")), i == 0 ? PLEXCTL_JSON_ARRAY : PLEXCTL_JSON_NULL);
        assert_text(row, "subcommands", NULL);
        assert_text(row, "command", list_rows[i].command);
        assert_text(row, "version", list_rows[i].version);
        assert_text(row, "abi", list_rows[i].abi);
        assert_text(row, "path", list_rows[i].path);
        assert_text(row, "verdict", list_rows[i].verdict);
        ck_assert(json_boolean(json_get(row, "built_in"), &is_built_in));
        ck_assert_int_eq(is_built_in, i == 0);
    }
    json_free(rows);
}
END_TEST

START_TEST(builtin_plugin_list_is_a_table)
{
    static struct run result;
    struct loader loader = FAKE_LOADER(well);

    run(&result, &loader, &builtin_plugin_list, PLEXCTL_OUTPUT_TABLE);
    ck_assert_int_eq(result.status, PLEXCTL_OK);
    ck_assert_str_eq(result.printed.text, "COMMAND  VERSION  ABI  VERDICT  NEEDS          PATH\n"
                                          "login    2.3.4    1.0  ok       nothing        /plugins/login.so\n"
                                          "whoami   2.3.4    1.0  ok       server, token  /plugins/whoami.so\n");
}
END_TEST

START_TEST(builtin_plugin_list_of_nothing_is_empty)
{
    static struct run result;
    struct loader loader = {.count = 0};

    run(&result, &loader, &builtin_plugin_list, PLEXCTL_OUTPUT_JSON);
    ck_assert_int_eq(result.status, PLEXCTL_OK);
    ck_assert_str_eq(result.printed.text, "[]\n");
}
END_TEST

START_TEST(builtin_plugin_passes_the_loaders_failure_on)
{
    static struct run result;
    struct loader loader = {.each_status = PLEXCTL_FAILED};

    run(&result, &loader, _i ? &builtin_plugin_doctor : &builtin_plugin_list, PLEXCTL_OUTPUT_JSON);
    ck_assert_int_eq(result.status, PLEXCTL_FAILED);
    ck_assert_str_eq(result.err.text, "the fake loader fails");
    ck_assert_str_eq(result.printed.text, "");
}
END_TEST

/* Doctor */

static const struct finding_row {
    const char *file, *verdict, *rule, *found, *shadowed_by;
} finding_rows[] = {
    {"/plugins/bad.so", "refused", NULL, "chmod go-w", NULL},
    {"/tmp/open", "refused", NULL, "writable by others", NULL},
    {"/home/login.so", "shadowed", "order", "an earlier directory", "/plugins/login.so"},
    {"/home/version.so", "shadowed", "order", "has that command itself", "plexctl's own command"},
    {"/plugins/lying.so", "refused", NULL, "size is 3", NULL},
    {"/plugins/crash.so", "refused", "conduct", "crashes when it is loaded (signal 11, SEGV)", NULL},
    {"/home/bad.so", "refused", NULL, "not ELF", "/plugins/bad.so"},
};

START_TEST(builtin_plugin_doctor_finds_every_problem)
{
    static struct run result;
    struct loader loader = FAKE_LOADER(every_kind);

    run(&result, &loader, &builtin_plugin_doctor, PLEXCTL_OUTPUT_JSON);
    ck_assert_int_eq(result.status, PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(result.err.text, "4 of 7 plugins and 1 directory are refused; "));
    struct plexctl_json *rows = parse_printed(&result);
    ck_assert_uint_eq(json_length(rows), sizeof finding_rows / sizeof finding_rows[0]);
    for (size_t i = 0; i < json_length(rows); i++) {
        const struct plexctl_json *row = json_at(rows, i);
        assert_text(row, "file", finding_rows[i].file);
        assert_text(row, "verdict", finding_rows[i].verdict);
        assert_text(row, "rule", finding_rows[i].rule);
        ck_assert_msg(strstr(json_string(json_get(row, "found")), finding_rows[i].found) != NULL, "%s",
                      json_string(json_get(row, "found")));
        assert_text(row, "shadowed_by", finding_rows[i].shadowed_by);
        ck_assert_int_eq(json_type(json_get(row, "missing_libraries")), PLEXCTL_JSON_ARRAY);
        ck_assert_uint_eq(json_length(row), 8);
    }
    json_free(rows);
    ck_assert_ptr_null(strstr(result.printed.text, "CHATTER"));
}
END_TEST

static const struct fake_plugin one_file[] = {{.word = "login", .command = &record}, {.word = "bad", .refusal = "no"}};
static const struct fake_plugin one_directory[] = {{.word = "", .path = "/tmp/open", .refusal = "no"}};
static const struct fake_plugin directories[] = {{.word = "login", .command = &record},
                                                 {.word = "", .path = "/tmp/one", .refusal = "no"},
                                                 {.word = "", .path = "/tmp/two", .refusal = "no"}};

START_TEST(builtin_plugin_doctor_counts_files_and_directories)
{
    static struct run result;
    struct loader loaders[] = {FAKE_LOADER(one_file), FAKE_LOADER(one_directory), FAKE_LOADER(directories)};
    static const char *const texts[] = {"1 of 2 plugins is refused; ", "1 directory is refused; ",
                                        "2 directories are refused; "};

    run(&result, &loaders[_i], &builtin_plugin_doctor, PLEXCTL_OUTPUT_JSON);
    ck_assert_msg(strncmp(result.err.text, texts[_i], strlen(texts[_i])) == 0, "%s", result.err.text);
}
END_TEST

START_TEST(builtin_plugin_doctor_of_the_well_says_so)
{
    static const char *const printed[] = {"all 2 plugins are well\n", "[]\n", "[]\n"};
    static struct run result;
    struct loader loader = FAKE_LOADER(well);

    run(&result, &loader, &builtin_plugin_doctor, _i);
    ck_assert_int_eq(result.status, PLEXCTL_OK);
    ck_assert_str_eq(result.printed.text, printed[_i]);
}
END_TEST

START_TEST(builtin_plugin_doctor_does_not_fail_on_shadows)
{
    static struct run result;
    struct loader loader = FAKE_LOADER(shadowed);

    run(&result, &loader, &builtin_plugin_doctor, PLEXCTL_OUTPUT_TABLE);
    ck_assert_int_eq(result.status, PLEXCTL_OK);
    ck_assert_str_eq(result.printed.text, "FILE         /home/login.so\n"
                                          "VERDICT      shadowed\n"
                                          "RULE         order\n"
                                          "FOUND        an earlier directory has a file of that name\n"
                                          "WANTED       one plugin for a command\n"
                                          "SHADOWED BY  /plugins/login.so\n"
                                          "FIX          remove or rename one of them\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("builtin_plugin");
    TCase *tests = tcase_create("builtin_plugin");

    tcase_add_test(tests, builtin_plugin_list_tells_of_every_candidate);
    tcase_add_test(tests, builtin_plugin_list_is_a_table);
    tcase_add_test(tests, builtin_plugin_list_of_nothing_is_empty);
    tcase_add_loop_test(tests, builtin_plugin_passes_the_loaders_failure_on, 0, 2);
    tcase_add_test(tests, builtin_plugin_doctor_finds_every_problem);
    tcase_add_loop_test(tests, builtin_plugin_doctor_counts_files_and_directories, 0, 3);
    tcase_add_loop_test(tests, builtin_plugin_doctor_of_the_well_says_so, 0, 3);
    tcase_add_test(tests, builtin_plugin_doctor_does_not_fail_on_shadows);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
