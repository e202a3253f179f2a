/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin_probe.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cancel.h"
#include "fake_loader.h"
#include "refusal.h"

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
    const char *says, *rule;
} probes[] = {
    {"good", LONG_MS, PLEXCTL_OK, "", ""},
    {"odd", LONG_MS, PLEXCTL_FAILED, "its record is odd", ""},
    {"crash", LONG_MS, PLEXCTL_FAILED, "signal 11, SEGV", "conduct"},
    {"abort", LONG_MS, PLEXCTL_FAILED, "signal 6, ABRT", "conduct"},
    {"leave", LONG_MS, PLEXCTL_FAILED, "exit code 7", "conduct"},
    {"hang", 1, PLEXCTL_FAILED, "takes too long", "conduct"},
    {"none", LONG_MS, PLEXCTL_NOT_FOUND, "no plugin serves", ""},
};

START_TEST(plugin_probe_finds_what_opening_does)
{
    struct loader loader = FAKE_LOADER(plugins);
    struct error err = ERROR_INIT;
    auto_plugin_probe struct plugin_probe probe = {.word = probes[_i].word, .limit_ms = probes[_i].limit_ms};

    ck_assert_int_eq(plugin_probe_run(&loader, &probe, &err), PLEXCTL_OK);
    ck_assert_int_eq(probe.finding.status, probes[_i].status);
    ck_assert_msg(strstr(probe.finding.text, probes[_i].says) != NULL, "%s", probe.finding.text);
    ck_assert_str_eq(refusal_word(&probe.finding), probes[_i].rule);
    ck_assert_int_eq(probe.facts != NULL, probes[_i].status == PLEXCTL_OK);
    ck_assert_uint_eq(loader.opened, 0);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

static const struct plexctl_command showing = {
    .size = sizeof showing, .needs = PLEXCTL_NEEDS_TOKEN, .name = "show", .summary = "Show it"};
static const struct plexctl_command forgetting = {.size = sizeof forgetting, .name = "forget", .summary = "Forget it"};
static const struct plexctl_command *const parts[] = {&showing, &forgetting, NULL};
static plexctl_status run_nothing(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}
static const struct plexctl_command saving = {.size = sizeof saving,
                                              .needs = PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_CREDENTIALS,
                                              .name = "saving",
                                              .summary = "Save it",
                                              .run = run_nothing};
static const struct plexctl_command folder = {.size = sizeof folder,
                                              .needs = PLEXCTL_NEEDS_CREDENTIALS, /* it has no run to need it */
                                              .name = "folder",
                                              .summary = "Hold others",
                                              .subcommands = parts};
static const struct fake_plugin needy[] = {{.word = "good", .command = &record},
                                           {.word = "saving", .command = &saving},
                                           {.word = "folder", .command = &folder}};

static const struct {
    const char *word, *facts;
} sheets[] = {{"good", "{\"needs\":[],\"subcommands\":null}"},
              {"saving", "{\"needs\":[\"server\",\"saves profiles (denied)\"],\"subcommands\":null}"},
              {"folder", "{\"needs\":[\"server\",\"token\"],\"subcommands\":[{\"command\":\"show\",\"needs\":["
                         "\"server\",\"token\"]},{\"command\":\"forget\",\"needs\":[]}]}"}};

START_TEST(plugin_probe_tells_what_it_needs)
{
    struct loader loader = FAKE_LOADER(needy);
    struct error err = ERROR_INIT;
    auto_plugin_probe struct plugin_probe probe = {.word = sheets[_i].word, .limit_ms = LONG_MS};
    auto_buf struct buf text = BUF_INIT(4096);

    ck_assert_int_eq(plugin_probe_run(&loader, &probe, &err), PLEXCTL_OK);
    json_write(&text, probe.facts, 0, 0);
    ck_assert_str_eq(buf_text(&text), sheets[_i].facts);
}
END_TEST

/* In a child, since a caught signal is for good. */
static _Noreturn void probe_cancelled(void)
{
    struct loader loader = FAKE_LOADER(plugins);
    struct error err = ERROR_INIT;
    struct plugin_probe probe = {.word = "hang", .limit_ms = LONG_MS};

    if (cancel_install(&err) != PLEXCTL_OK)
        _exit(2);
    (void)raise(SIGINT);
    if (plugin_probe_run(&loader, &probe, &err) != PLEXCTL_CANCELLED)
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
    struct error err = ERROR_INIT;
    struct plugin_probe probe = {.word = "good", .limit_ms = LONG_MS};
    struct rlimit previous, none;

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &previous), 0);
    none = previous;
    none.rlim_cur = 3;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    plexctl_status status = plugin_probe_run(&loader, &probe, &err);
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
    tcase_add_loop_test(tests, plugin_probe_tells_what_it_needs, 0, (int)(sizeof sheets / sizeof sheets[0]));
    tcase_add_test(tests, plugin_probe_ends_by_signal_and_leaves_no_process);
    tcase_add_test(tests, plugin_probe_without_descriptors_says_so);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
