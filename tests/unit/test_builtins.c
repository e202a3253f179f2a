/* SPDX-License-Identifier: Apache-2.0 */
#include "builtins.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "capture.h"
#include "fake_loader.h"

static plexctl_status run_nothing(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

static const struct plexctl_command list = {
    .size = sizeof list, .name = "list", .summary = "List them", .run = run_nothing};
static const struct plexctl_command *const subcommands[] = {&list, NULL};
static const struct plexctl_command profile = {
    .size = sizeof profile, .name = "profile", .summary = "Show profiles", .subcommands = subcommands};
static const struct plexctl_command login = {
    .size = sizeof login, .name = "login", .summary = "Log in", .run = run_nothing};

static const struct fake_plugin plugins[] = {
    {.word = "login", .command = &login},
    {.word = "profile", .command = &profile},
    {.word = "bad", .command = &login, .refusal = "/plugins/bad.so: writable by others; chmod go-w"},
};

/* Runs a command line as dispatch does; what it printed is in `printed`. */
struct run {
    struct capture printed;
    struct error err;
    unsigned opened;
    plexctl_status status;
};

static void run_words(struct run *run, int32_t format, const char *const *words)
{
    struct loader loader = FAKE_LOADER(plugins);
    struct app app = {.loader = &loader, .format = format};
    const struct builtin *builtin = builtin_find(words[0]);
    char *argv[8] = {NULL};
    int argc = 0;

    ck_assert_ptr_nonnull(builtin);
    for (; words[argc]; argc++)
        argv[argc] = (char *)(uintptr_t)words[argc];
    run->err = (struct error)ERROR_INIT;
    struct option_line line = {argc, argv, 1, false, &app.persistent, &app.values};
    run->status = options_parse(&line, builtin->command, &app.command, &run->err);
    capture_start(&run->printed, STDOUT_FILENO);
    if (run->status == PLEXCTL_OK)
        run->status = builtin->run(&app, &run->err);
    (void)capture_end(&run->printed);
    run->opened = loader.opened;
    option_values_release(&app.values);
    option_values_release(&app.persistent);
}

/* What is printed begins with `starts` and holds `has`; a fault says `says`. */
static const struct run_case {
    const char *words[5];
    int32_t format;
    plexctl_status status;
    const char *starts, *has, *says;
} runs[] = {
    {{"version"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_OK, "plexctl " PACKAGE_VERSION "\n", "", ""},
    {{"version"},
     PLEXCTL_OUTPUT_JSON,
     PLEXCTL_OK,
     "{\n  \"version\": \"" PACKAGE_VERSION "\",\n  \"abi_major\": 1,\n  \"abi_minor\": 0\n}\n",
     "",
     ""},
    {{"version"},
     PLEXCTL_OUTPUT_YAML,
     PLEXCTL_OK,
     "version: '" PACKAGE_VERSION "'\nabi_major: 1\nabi_minor: 0\n",
     "",
     ""},
    {{"help"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_OK, "Usage: plexctl [flags] <command>", "\n  login ", ""},
    {{"help", "login"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_OK, "Log in\n", "plexctl login [flags]", ""},
    {{"help", "profile"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_OK, "Show profiles\n", "\nSubcommands:\n  list ", ""},
    {{"help", "profile", "list"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_OK, "List them\n", "plexctl profile list [flags]", ""},
    {{"help", "help"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_OK, "Explain", "plexctl help [--man] [COMMAND [SUBCOMMAND]]", ""},
    {{"help", "--man", "login"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_OK, ".Dd ", "\n.Dt PLEXCTL-LOGIN 1\n", ""},
    {{"help", "profile", "list", "--man"},
     PLEXCTL_OUTPUT_TABLE,
     PLEXCTL_OK,
     ".Dd ",
     "\n.Nm plexctl-profile-list\n",
     ""},
    {{"help", "--man"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_USAGE, "", "", "--man wants a command"},
    {{"help", "plugin", "doctor"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_OK, "Say which", "plexctl plugin doctor", ""},
    {{"help", "logni"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_USAGE, "", "", "did you mean \"login\""},
    {{"help", "no-such-word"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_USAGE, "", "", "plexctl help"},
    {{"help", "../etc"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_USAGE, "", "", "unknown command"},
    {{"help", "bad"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_FAILED, "", "", "chmod go-w"},
    {{"help", "profile", "lits"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_USAGE, "", "", "did you mean \"list\""},
    {{"help", "login", "x"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_USAGE, "", "", "unknown subcommand \"x\""},
    {{"completion"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_OK, "Print a shell's", "\n  zsh ", ""},
    {{"completion", "bash"},
     PLEXCTL_OUTPUT_TABLE,
     PLEXCTL_OK,
     "# bash completion",
     "complete -F _plexctl plexctl\n",
     ""},
    {{"completion", "zsh"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_OK, "#compdef plexctl\n", "compdef _plexctl plexctl\n", ""},
    {{"completion", "fish"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_OK, "# fish completion", "complete -c plexctl -n", ""},
    {{"completion", "fihs"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_USAGE, "", "", "fish"},
    {{"plugin"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_OK, "List plugins", "\n  new ", ""},
    {{"plugin", "list"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_OK, "COMMAND ", "/plugins/login.so\n", ""},
    {{"plugin", "doctor"}, PLEXCTL_OUTPUT_TABLE, PLEXCTL_FAILED, "FILE ", "chmod go-w", "1 of 3"},
};

START_TEST(builtins_run_as_asked)
{
    static struct run run;
    const struct run_case *c = &runs[_i];

    run_words(&run, c->format, c->words);
    ck_assert_msg(run.status == c->status, "%d: %s", run.status, run.err.text);
    ck_assert_msg(strncmp(run.printed.text, c->starts, strlen(c->starts)) == 0, "%s", run.printed.text);
    ck_assert_msg(strstr(run.printed.text, c->has) != NULL, "%s", run.printed.text);
    ck_assert_msg(strstr(run.err.text, c->says) != NULL, "%s", run.err.text);
    ck_assert_int_eq(run.err.text[0] == '\0', c->status == PLEXCTL_OK);
    ck_assert(c->starts[0] || run.printed.text[0] == '\0');
}
END_TEST

START_TEST(builtins_help_opens_only_the_plugin_asked_for)
{
    static const char *const program[] = {"help", NULL};
    static const char *const built_in[] = {"help", "version", NULL};
    static const char *const plugin[] = {"help", "login", NULL};
    static struct run run;

    run_words(&run, PLEXCTL_OUTPUT_TABLE, program);
    ck_assert_uint_eq(run.opened, 0);
    run_words(&run, PLEXCTL_OUTPUT_TABLE, built_in);
    ck_assert_uint_eq(run.opened, 0);
    run_words(&run, PLEXCTL_OUTPUT_TABLE, plugin);
    ck_assert_uint_eq(run.opened, 1);
}
END_TEST

START_TEST(builtins_report_a_full_disk)
{
    static const char *const lines[][4] = {
        {"help", NULL},       {"help", "login", NULL},  {"version", NULL},         {"completion", "zsh", NULL},
        {"completion", NULL}, {"plugin", "list", NULL}, {"plugin", "doctor", NULL}};
    const char *const *words = lines[_i];
    struct loader loader = FAKE_LOADER(plugins);
    struct app app = {.loader = &loader, .format = PLEXCTL_OUTPUT_TABLE};
    const struct builtin *builtin = builtin_find(words[0]);
    struct error err = ERROR_INIT;
    char *argv[4] = {NULL};
    int argc = 0, full = open("/dev/full", O_WRONLY | O_CLOEXEC);

    for (; words[argc]; argc++)
        argv[argc] = (char *)(uintptr_t)words[argc];
    struct option_line line = {argc, argv, 1, false, &app.persistent, &app.values};
    ck_assert_int_eq(options_parse(&line, builtin->command, &app.command, &err), PLEXCTL_OK);
    int saved = capture_replace(STDOUT_FILENO, full);
    plexctl_status status = builtin->run(&app, &err);
    capture_restore(STDOUT_FILENO, saved);
    (void)close(full);
    ck_assert_int_eq(status, PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot write to standard output"));
    option_values_release(&app.values);
    option_values_release(&app.persistent);
}
END_TEST

START_TEST(builtin_find_knows_the_words)
{
    static const char *const words[] = {"help", "version", "completion", "plugin", "env"};

    ck_assert_uint_eq(builtins_count, sizeof words / sizeof words[0]);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        ck_assert_str_eq(builtin_find(words[i])->command->name, words[i]);
    ck_assert_ptr_null(builtin_find("login"));
    ck_assert_ptr_null(builtin_find(""));
    ck_assert_ptr_null(builtin_find("hel"));
}
END_TEST

/* By the rules that a plugin's record must keep. */
static void assert_record(const struct plexctl_command *command)
{
    ck_assert_uint_eq(command->size, sizeof *command);
    ck_assert(text_is_command_word(command->name));
    ck_assert(command->summary[0] && command->summary[strlen(command->summary) - 1] != '.');
    ck_assert(command->needs == 0 || (command->needs & PLEXCTL_NEEDS_LATER)); /* its run sees to it */
    ck_assert(!command->subcommands || command->arguments.count == 0);
    ck_assert(command->run == NULL);
}

START_TEST(builtins_records_are_well_formed)
{
    for (size_t i = 0; i < builtins_count; i++) {
        const struct plexctl_command *command = builtins[i].command;
        assert_record(command);
        ck_assert(builtins[i].run != NULL);
        for (size_t s = 0; command->subcommands && command->subcommands[s]; s++) {
            assert_record(command->subcommands[s]);
            ck_assert_ptr_null(command->subcommands[s]->subcommands);
        }
    }
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

int main(void)
{
    Suite *suite = suite_create("builtins");
    TCase *tests = tcase_create("builtins");

    tcase_add_loop_test(tests, builtins_run_as_asked, 0, COUNT(runs));
    tcase_add_test(tests, builtins_help_opens_only_the_plugin_asked_for);
    tcase_add_loop_test(tests, builtins_report_a_full_disk, 0, 7);
    tcase_add_test(tests, builtin_find_knows_the_words);
    tcase_add_test(tests, builtins_records_are_well_formed);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
