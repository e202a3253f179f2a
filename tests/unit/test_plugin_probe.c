/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin_probe.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cancel.h"
#include "fake_loader.h"

#define LONG_MS 60000

static const struct plexctl_command record = {.size = sizeof record, .name = "x", .summary = "Do something"};

static void raise_default(int number)
{
    const struct rlimit no_core = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static void crash(void)
{
    raise_default(SIGSEGV);
}

static void abort_itself(void)
{
    raise_default(SIGABRT);
}

static void leave(void)
{
    _exit(7);
}

static void hang(void)
{
    for (;;)
        (void)pause();
}

static const struct fake_plugin plugins[] = {
    {.word = "good", .command = &record},
    {.word = "odd", .command = &record, .open_refusal = "its record is odd"},
    {.word = "crash", .command = &record, .constructor = crash},
    {.word = "abort", .command = &record, .constructor = abort_itself},
    {.word = "leave", .command = &record, .constructor = leave},
    {.word = "hang", .command = &record, .constructor = hang},
};

static const struct probe_case {
    const char *word;
    int limit_ms;
    plexctl_status status;
    const char *says;
} probes[] = {
    {"good", LONG_MS, PLEXCTL_OK, ""},
    {"odd", LONG_MS, PLEXCTL_FAILED, "its record is odd"},
    {"crash", LONG_MS, PLEXCTL_FAILED, "signal 11, SEGV"},
    {"abort", LONG_MS, PLEXCTL_FAILED, "signal 6, ABRT"},
    {"leave", LONG_MS, PLEXCTL_FAILED, "exit code 7"},
    {"hang", 1, PLEXCTL_FAILED, "takes too long"},
    {"none", LONG_MS, PLEXCTL_NOT_FOUND, "no plugin serves"},
};

START_TEST(plugin_probe_finds_what_opening_does)
{
    struct loader loader = FAKE_LOADER(plugins);
    struct error finding = ERROR_INIT, err = ERROR_INIT;

    ck_assert_int_eq(plugin_probe(&loader, probes[_i].word, probes[_i].limit_ms, &finding, &err), PLEXCTL_OK);
    ck_assert_int_eq(finding.status, probes[_i].status);
    ck_assert_msg(strstr(finding.text, probes[_i].says) != NULL, "%s", finding.text);
    ck_assert_uint_eq(loader.opened, 0);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

/* In a child, since a caught signal is for good. */
static _Noreturn void probe_cancelled(void)
{
    struct loader loader = FAKE_LOADER(plugins);
    struct error finding = ERROR_INIT, err = ERROR_INIT;

    if (cancel_install(&err) != PLEXCTL_OK)
        _exit(2);
    (void)raise(SIGINT);
    if (plugin_probe(&loader, "hang", LONG_MS, &finding, &err) != PLEXCTL_CANCELLED)
        _exit(1);
    _exit(waitpid(-1, NULL, WNOHANG) == -1 ? 0 : 3);
}

START_TEST(plugin_probe_ends_by_signal_and_leaves_no_process)
{
    int how = 0;
    pid_t child = fork();

    if (child == 0)
        probe_cancelled();
    ck_assert_int_gt(child, 0);
    ck_assert_int_eq(waitpid(child, &how, 0), child);
    ck_assert_int_eq(how, 0);
}
END_TEST

START_TEST(plugin_probe_without_descriptors_says_so)
{
    struct loader loader = FAKE_LOADER(plugins);
    struct error finding = ERROR_INIT, err = ERROR_INIT;
    struct rlimit previous, none;

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &previous), 0);
    none = previous;
    none.rlim_cur = 3;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    plexctl_status status = plugin_probe(&loader, "good", LONG_MS, &finding, &err);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &previous), 0);
    ck_assert_int_eq(status, PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "pipe"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plugin_probe");
    TCase *tests = tcase_create("plugin_probe");

    tcase_add_loop_test(tests, plugin_probe_finds_what_opening_does, 0, (int)(sizeof probes / sizeof probes[0]));
    tcase_add_test(tests, plugin_probe_ends_by_signal_and_leaves_no_process);
    tcase_add_test(tests, plugin_probe_without_descriptors_says_so);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
