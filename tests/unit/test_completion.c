/* SPDX-License-Identifier: Apache-2.0
 *
 * The bash script is run, with a plugin of bad will among the commands; of the others the text is looked at here, and
 * their shells read them in the end-to-end tests.
 */
#include "completion.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_loader.h"
#include "heap.h"

/* A choice or a text that a shell evaluates makes this file. */
#define EVIL "$(touch PWNED)`touch PWNED`'; touch PWNED; '\" ; touch PWNED; \""

static const struct plexctl_flag login_flags[] = {
    {.name = "domain-id", .help = "Domain", .type = PLEXCTL_UUID, .attributes = PLEXCTL_REQUIRED, .letter = 'd'},
    {.name = "file", .help = "A file", .type = PLEXCTL_PATH},
    {.name = "force", .help = "Force it", .type = PLEXCTL_BOOL, .letter = 'f'},
};
static const struct plexctl_command login = {
    .size = sizeof login, .name = "login", .summary = "Log in", .flags = PLEXCTL_ROWS(login_flags)};

static const struct plexctl_flag show_flags[] = {
    {.name = "kind", .help = "What kind", .choices = "one|two words|it's", .type = PLEXCTL_ENUM, .letter = 'k'}};
static const struct plexctl_command list = {.size = sizeof list, .name = "list", .summary = "List them"};
static const struct plexctl_command show = {
    .size = sizeof show, .name = "show", .summary = "Show one", .flags = PLEXCTL_ROWS(show_flags)};
static const struct plexctl_command *const subcommands[] = {&list, &show, NULL};
static const struct plexctl_command profile = {
    .size = sizeof profile, .name = "profile", .summary = "Profiles", .subcommands = subcommands};

static const struct plexctl_flag evil_flags[] = {
    {.name = "evil", .help = EVIL "\n" EVIL, .choices = EVIL "|a\nb|\x1b[2J|ok|\xe2\x80\xae", .type = PLEXCTL_ENUM}};
static const struct plexctl_command evil = {
    .size = sizeof evil, .name = "evil", .summary = EVIL, .flags = PLEXCTL_ROWS(evil_flags)};

static void abort_itself(void)
{
    const struct rlimit no_core = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &no_core);
    abort();
}

static void leave(void)
{
    _exit(0);
}

static const struct fake_plugin plugins[] = {
    {.word = "login", .command = &login},
    {.word = "profile", .command = &profile},
    {.word = "evil", .command = &evil},
    {.word = "broken", .command = &login, .open_refusal = "an undefined symbol"},
    {.word = "refused", .command = &login, .refusal = "writable by others"},
    {.word = "aborting", .command = &login, .constructor = abort_itself},
    {.word = "leaving", .command = &login, .constructor = leave},
};

static const char *const shells[] = {"bash", "zsh", "fish"};

static void print_script(const char *shell, struct buf *out)
{
    struct loader loader = FAKE_LOADER(plugins);
    struct error err = ERROR_INIT;

    ck_assert_msg(completion_script(&loader, shell, out, &err) == PLEXCTL_OK, "%s", err.text);
}

START_TEST(completion_script_of_unknown_shell_is_a_usage_fault)
{
    static const char *const unknown[] = {"tcsh", "", "BASH", "bash ", "\x1b[2J"};

    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        struct loader loader = FAKE_LOADER(plugins);
        auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
        struct error err = ERROR_INIT;
        ck_assert_int_eq(completion_script(&loader, unknown[i], &out, &err), PLEXCTL_USAGE);
        ck_assert_ptr_nonnull(strstr(err.text, "bash, zsh or fish"));
        ck_assert_ptr_null(strchr(err.text, '\x1b'));
        ck_assert_uint_eq(out.len, 0);
        ck_assert_uint_eq(loader.opened, 0);
    }
}
END_TEST

/* What each script must name. */
START_TEST(completion_script_names_everything)
{
    static const char *const names[] = {"login",  "profile", "show",      "list", "evil",           "broken", "plugin",
                                        "doctor", "help",    "domain-id", "kind", "two words",      "force",  "server",
                                        "yaml",   "version", "bash",      "zsh",  "reveal-secrets", "ok",     "debug"};
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    print_script(shells[_i], &out);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ck_assert_msg(strstr(buf_text(&out), names[i]) != NULL, "%s lacks %s", shells[_i], names[i]);
    ck_assert_ptr_null(strstr(buf_text(&out), "refused"));
    for (const char *c = buf_text(&out); *c; c++)
        ck_assert(*c == '\n' || ((unsigned char)*c >= ' ' && (unsigned char)*c < 0x7f));
}
END_TEST

START_TEST(completion_script_of_fish_quotes_choices_twice)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    print_script("fish", &out);
    ck_assert_ptr_nonnull(strstr(buf_text(&out),
                                 "complete -c plexctl -n '__plexctl_at \\'profile show\\'' -s k -l kind "
                                 "-x -a '\\'one\\' \\'two words\\' \\'it\\\\\\'s\\'' -d 'What kind'\n"));
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "-l file -r -F "));
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "-n '__plexctl_at \\'profile\\'' -a show -d 'Show one'\n"));
}
END_TEST

START_TEST(completion_script_of_zsh_describes)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    print_script("zsh", &out);
    ck_assert_int_eq(strncmp(buf_text(&out), "#compdef plexctl\n", 17), 0);
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "        'show:Show one'\n"));
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "        '--kind:What kind'\n        '-k:What kind'\n"));
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "'profile show --kind' | 'profile show -k') choices=( 'one' 'two "
                                                 "words' 'it'\\''s' ) ;;\n"));
}
END_TEST

/* bash */

static bool has_bash(void)
{
    return access("/bin/bash", X_OK) == 0;
}

/* Runs bash in the scratch directory, fed with `script`; `out` receives what it prints. */
static int run_bash(const char *script, struct buf *out)
{
    char piece[4096];
    int input[2], output[2], how = 0;
    ssize_t count;

    FILE *file = fopen("script", "we");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(script, file), 0);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(pipe2(output, O_CLOEXEC), 0);
    ck_assert_int_eq(pipe2(input, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(input[0], STDIN_FILENO);
        (void)dup2(output[1], STDOUT_FILENO);
        (void)dup2(output[1], STDERR_FILENO);
        (void)execl("/bin/bash", "bash", "--norc", "--noprofile", "script", (char *)NULL);
        _exit(127);
    }
    ck_assert_int_gt(child, 0);
    (void)close(input[0]);
    (void)close(input[1]);
    (void)close(output[1]);
    while ((count = read(output[0], piece, sizeof piece)) > 0)
        buf_append(out, piece, (size_t)count);
    (void)close(output[0]);
    ck_assert_int_eq(waitpid(child, &how, 0), child);
    return how;
}

/* The words as bash splits them, the last being completed; and what is offered, a line each. */
static const struct bash_case {
    const char *words, *offered;
} bash_cases[] = {
    {"plexctl ''", "aborting\nbroken\ncompletion\nevil\nhelp\nleaving\nlogin\nplugin\nprofile\nversion\n"},
    {"plexctl pro", "profile\n"},
    {"plexctl login --f", "--file\n--force\n"},
    {"plexctl login -f --d", "--debug\n--domain-id\n"},
    {"plexctl login -f --do", "--domain-id\n"},
    {"plexctl --deb", "--debug\n"},
    {"plexctl login -d ''", ""},
    {"plexctl --output ''", "table\njson\nyaml\n"},
    {"plexctl --output = j", "json\n"},
    {"plexctl --output =", "table\njson\nyaml\n"},
    {"plexctl --output=y", "--output=yaml\n"},
    {"plexctl -o json pro", "profile\n"},
    {"plexctl --output = json pro", "profile\n"},
    {"plexctl --yes = true pro", "profile\n"},
    {"plexctl profile ''", "list\nshow\n"},
    {"plexctl --server login profile s", "show\n"},
    {"plexctl profile show -k ''", "one\ntwo\\ words\nit\\'s\n"},
    {"plexctl profile show --kind t", "two\\ words\n"},
    {"plexctl profile list --kind t", ""},
    {"plexctl profile show --ki", "--kind\n"},
    {"plexctl profile list --ki", ""},
    {"plexctl help pl", "plugin\n"},
    {"plexctl help profile ''", "list\nshow\n"},
    {"plexctl completion z", "zsh\n"},
    {"plexctl unknown ''", ""},
    {"plexctl --ver", "--version\n"},
    {"plexctl login --ver", ""},
    {"plexctl login -- --f", ""},
    {"plexctl login --file scr", "script\n"},
    {"plexctl login --file=scr", "--file=script\n"},
    {"plexctl evil --evil o", "ok\n"},
    {"plexctl broken --ser", "--server\n"},
    {"plexctl aborting --ser", "--server\n"},
    {"plexctl aborting --f", ""},
    {"plexctl leaving --f", ""},
    {"plexctl refused --k", ""},
};

START_TEST(completion_script_of_bash_offers_what_fits)
{
    auto_buf struct buf script = BUF_INIT(SIZE_MAX / 2);
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    if (!has_bash())
        return;
    ck_assert_int_eq(chdir(unit_scratch()), 0);
    print_script("bash", &script);
    buf_appendf(&script,
                "\nCOMP_WORDS=(%s)\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_plexctl\n"
                "(( ${#COMPREPLY[@]} == 0 )) || printf '%%s\\n' \"${COMPREPLY[@]}\"\n",
                bash_cases[_i].words);
    ck_assert_int_eq(run_bash(buf_text(&script), &out), 0);
    ck_assert_str_eq(buf_text(&out), bash_cases[_i].offered);
}
END_TEST

START_TEST(completion_script_of_bash_evaluates_nothing_foreign)
{
    auto_buf struct buf script = BUF_INIT(SIZE_MAX / 2);
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    if (!has_bash())
        return;
    ck_assert_int_eq(chdir(unit_scratch()), 0);
    print_script("bash", &script);
    buf_append_text(&script, "\nCOMP_WORDS=(plexctl evil --evil '')\nCOMP_CWORD=3\n_plexctl\n"
                             "echo \"${#COMPREPLY[@]}\"\n"
                             "eval \"words=(${COMPREPLY[0]})\"\n"
                             "printf '%s' \"${words[0]}\"\n");
    (void)run_bash(buf_text(&script), &out);
    ck_assert_int_ne(access("PWNED", F_OK), 0);
    ck_assert_str_eq(buf_text(&out), "2\n" EVIL);
}
END_TEST

START_TEST(completion_script_of_bash_is_good_syntax)
{
    auto_buf struct buf script = BUF_INIT(SIZE_MAX / 2);
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    if (!has_bash())
        return;
    ck_assert_int_eq(chdir(unit_scratch()), 0);
    buf_append_text(&script, "set -n\n");
    print_script("bash", &script);
    ck_assert_int_eq(run_bash(buf_text(&script), &out), 0);
    ck_assert_str_eq(buf_text(&out), "");
}
END_TEST

START_TEST(completion_script_passes_the_loaders_failure_on)
{
    struct loader loader = {.each_status = PLEXCTL_FAILED};
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(completion_script(&loader, "zsh", &out, &err), PLEXCTL_FAILED);
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

START_TEST(completion_script_without_descriptors_says_so)
{
    struct loader loader = FAKE_LOADER(plugins);
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;
    struct rlimit previous, none;

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &previous), 0);
    none = previous;
    none.rlim_cur = 3;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    plexctl_status status = completion_script(&loader, "bash", &out, &err);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &previous), 0);
    ck_assert_int_eq(status, PLEXCTL_FAILED);
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

/* The fake's own allocations may fail without a word; ours never may. */
START_TEST(completion_script_without_memory_says_so)
{
    static const struct fake_plugin none[] = {{.word = "refused", .refusal = "x"}};
    auto_buf struct buf whole = BUF_INIT(SIZE_MAX / 2);
    struct loader loader = {.rows = none, .count = 0};
    struct error err = ERROR_INIT;
    plexctl_status status = PLEXCTL_NO_MEMORY;
    int shell = _i / 2;
    bool is_sticky = _i % 2 != 0;

    ck_assert_int_eq(completion_script(&loader, shells[shell], &whole, &err), PLEXCTL_OK);
    for (unsigned long n = 1; heap_is_ours() && status != PLEXCTL_OK; n++) {
        auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
        heap_fail(n, is_sticky);
        status = completion_script(&loader, shells[shell], &out, &err);
        heap_fail(0, false);
        ck_assert(status == PLEXCTL_NO_MEMORY || strcmp(buf_text(&out), buf_text(&whole)) == 0);
        ck_assert_uint_lt(n, 5000);
    }
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

int main(void)
{
    Suite *suite = suite_create("completion");
    TCase *tests = tcase_create("completion");

    tcase_add_test(tests, completion_script_of_unknown_shell_is_a_usage_fault);
    tcase_add_loop_test(tests, completion_script_names_everything, 0, COUNT(shells));
    tcase_add_test(tests, completion_script_of_fish_quotes_choices_twice);
    tcase_add_test(tests, completion_script_of_zsh_describes);
    tcase_add_loop_test(tests, completion_script_of_bash_offers_what_fits, 0, COUNT(bash_cases));
    tcase_add_test(tests, completion_script_of_bash_evaluates_nothing_foreign);
    tcase_add_test(tests, completion_script_of_bash_is_good_syntax);
    tcase_add_test(tests, completion_script_passes_the_loaders_failure_on);
    tcase_add_test(tests, completion_script_without_descriptors_says_so);
    tcase_add_loop_test(tests, completion_script_without_memory_says_so, 0, 2 * COUNT(shells));
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
