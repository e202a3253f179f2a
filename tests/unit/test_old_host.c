/* SPDX-License-Identifier: Apache-2.0
 *
 * Today's plugins, as they were built, on the tables of every older minor.
 */
#include "old_host.h"

#include <dlfcn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

static struct fake_host fake;
static struct old_host old;

static void set_up(void)
{
    fake_host_init(&fake);
    old = (struct old_host){0};
}

static void tear_down(void)
{
    fake_host_release(&fake);
    old_host_release(&old);
}

/* Today's plugins */

#define WHOAMI "{\"principal_type\":\"user\",\"subject\":\"s\"}"
#define CODE \
    "{\"device_code\":\"d\",\"user_code\":\"ABCD-2345\",\"verification_uri\":\"https://cp.example.com/device\"," \
    "\"expires_in\":600,\"interval\":5}"
#define TOKEN "{\"access_token\":\"an-access-token\",\"token_type\":\"bearer\",\"expires_in\":3600}"
#define ID "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0"

static const struct {
    const char *file, *subcommand;
    struct fake_reply replies[2];
    const char *profiles;
    plexctl_status status;
    const char *out, *err; /* parts of standard output and of the failure */
} runs[] = {
    {"plugins/whoami/.libs/whoami.so",
     NULL,
     {{.http = 200, .body = WHOAMI}},
     NULL,
     PLEXCTL_OK,
     "\"subject\":\"s\"",
     ""},
    {"plugins/whoami/.libs/whoami.so", NULL, {{.http = 403, .body = "{}"}}, NULL, PLEXCTL_DENIED, "", "HTTP 403"},
    {"plugins/whoami/.libs/whoami.so", NULL, {{.http = 200, .body = "["}}, NULL, PLEXCTL_FAILED, "", "malformed"},
    {"plugins/login/.libs/login.so",
     NULL,
     {{.http = 200, .body = CODE}, {.http = 200, .body = TOKEN}},
     NULL,
     PLEXCTL_OK,
     "Saved profile \"staging\"",
     ""},
    {"plugins/login/.libs/login.so", NULL, {{.http = 500, .body = "{}"}}, NULL, PLEXCTL_FAILED, "", "HTTP 500"},
    {"plugins/profile/.libs/profile.so", "list", {{0}}, "[{\"name\":\"n\"}]", PLEXCTL_OK, "\"n\"", ""},
    {"plugins/profile/.libs/profile.so", "show", {{0}}, "{\"name\":\"n\"}", PLEXCTL_OK, "\"n\"", ""},
    {"plugins/profile/.libs/profile.so",
     "doctor",
     {{0}},
     "[{\"verdict\":\"fault\"}]",
     PLEXCTL_FAILED,
     "fault",
     "1 fault was"},
    {"tests/plugins/.libs/asker.so", NULL, {{.http = 404, .body = "{}"}}, NULL, PLEXCTL_FAILED, "", "HTTP 404"},
    {"tests/plugins/.libs/echo_args.so", NULL, {{0}}, NULL, PLEXCTL_OK, "\"count\":42", ""},
    {"tests/plugins/.libs/grabber.so", NULL, {{0}}, NULL, PLEXCTL_OK, "", ""},
    {"tests/plugins/.libs/hello.so", NULL, {{0}}, NULL, PLEXCTL_OK, "hello", ""},
    {"tests/plugins/.libs/odd_status.so", NULL, {{0}}, NULL, 4711, "", ""},
    {"tests/plugins/.libs/placeholder.so", NULL, {{0}}, NULL, PLEXCTL_NOT_IMPLEMENTED, "", ""},
    {"tests/plugins/.libs/sleeper.so", NULL, {{0}}, NULL, PLEXCTL_CANCELLED, "sleeping", "interrupted"},
    {"tests/plugins/.libs/subcommands.so", "show", {{0}}, NULL, PLEXCTL_OK, "show", ""},
};
#define RUNS ((int)(sizeof runs / sizeof runs[0]))

static const struct fake_value values[] = {
    {"domain-id", ID}, {"idp-binding-id", ID}, {"profile-name", "staging"}, {"count", "42"}, {NULL, NULL}};

static const struct plexctl_plugin *load(const char *file, void **ret_handle)
{
    const struct plexctl_plugin *(*function)(void);
    char path[512];

    (void)snprintf(path, sizeof path, BUILD_DIR "/%s", file);
    *ret_handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    ck_assert_msg(*ret_handle != NULL, "%s", dlerror());
    void *symbol = dlsym(*ret_handle, "plexctl_plugin_v1");
    ck_assert_ptr_nonnull(symbol);
    memcpy(&function, &symbol, sizeof function);
    return function();
}

static const struct plexctl_command *command_of(const struct plexctl_plugin *plugin, const char *subcommand)
{
    const struct plexctl_command *const *row = plugin->command->subcommands;

    if (!subcommand)
        return plugin->command;
    while (*row && strcmp((*row)->name, subcommand) != 0)
        row++;
    ck_assert_ptr_nonnull(*row);
    return *row;
}

static void assert_run(int index, uint32_t minor)
{
    void *handle;
    const struct plexctl_plugin *plugin = load(runs[index].file, &handle);

    old_host_cut(&old, &fake, &abi_minors[minor], minor);
    fake.values = values;
    fake.replies = runs[index].replies;
    fake.reply_count = runs[index].replies[1].http ? 2 : 1;
    fake.profiles = runs[index].profiles;
    fake.cancel_at_ms = fake.now_ms + INT64_C(60) * 1000;
    ck_assert_int_eq(fake_host_run(&fake, command_of(plugin, runs[index].subcommand)), runs[index].status);
    ck_assert_msg(strstr(buf_text(&fake.out), runs[index].out), "%s", buf_text(&fake.out));
    ck_assert_msg(strstr(fake.failure.text, runs[index].err), "%s", fake.failure.text);
    ck_assert_int_eq(dlclose(handle), 0);
}

START_TEST(old_host_of_every_minor_runs_todays_plugins)
{
    void *handle;
    uint32_t needed = load(runs[_i].file, &handle)->abi_minor;

    ck_assert_int_eq(dlclose(handle), 0);
    ck_assert_uint_le(needed, PLEXCTL_ABI_MINOR);
    for (uint32_t minor = needed; minor < ABI_MINORS; minor++) {
        if (minor > needed) {
            tear_down();
            set_up();
        }
        assert_run(_i, minor);
    }
}
END_TEST

/* The mechanism, on a host that ends before what 1.0 has: as if guard() had come with a later minor, and log. */

static void cut_before_guard_and_log(void)
{
    struct abi_minor ends = abi_minors[0];

    ends.tables.output = offsetof(struct plexctl_host_output, guard);
    ends.tables.host = offsetof(struct plexctl_host, log);
    old_host_cut(&old, &fake, &ends, 0);
}

static plexctl_status careful_run(const struct plexctl_host *host)
{
    if (PLEXCTL_HAS(host, log) && PLEXCTL_HAS(host->log, debug))
        host->log->debug(host, "there is a log");
    return PLEXCTL_HAS(host->output, guard) ? host->output->guard(host, "a-secret-of-some-length")
                                            : host->output->line(host, "does without");
}

static plexctl_status careless_guard_run(const struct plexctl_host *host)
{
    return host->output->guard(host, "a-secret-of-some-length");
}

static plexctl_status careless_log_run(const struct plexctl_host *host)
{
    host->log->debug(host, "there is no log");
    return PLEXCTL_OK;
}

START_TEST(old_host_careful_plugin_does_without)
{
    const struct plexctl_command careful = {.size = sizeof careful, .run = careful_run};

    ck_assert_int_eq(fake_host_run(&fake, &careful), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.out), "");
    ck_assert_str_eq(buf_text(&fake.trace), "there is a log\n");
    cut_before_guard_and_log();
    ck_assert(PLEXCTL_HAS(&fake.table, clock) && !PLEXCTL_HAS(&fake.table, log));
    ck_assert(PLEXCTL_HAS(fake.table.output, line) && !PLEXCTL_HAS(fake.table.output, guard));
    ck_assert_int_eq(fake_host_run(&fake, &careful), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.out), "does without\n");
    ck_assert_str_eq(buf_text(&fake.trace), "there is a log\n");
}
END_TEST

static const struct plexctl_command careless[] = {{.size = sizeof careless[0], .run = careless_guard_run},
                                                  {.size = sizeof careless[0], .run = careless_log_run}};

/* The control: a plugin that does not ask dies here, as those above would. */
START_TEST(old_host_careless_plugin_dies)
{
    const struct rlimit no_core = {0, 0};

    ck_assert_int_eq(fake_host_run(&fake, &careless[_i]), PLEXCTL_OK);
    cut_before_guard_and_log();
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        (void)setrlimit(RLIMIT_CORE, &no_core);
        (void)fake_host_run(&fake, &careless[_i]);
        _exit(0);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(!WIFEXITED(status) || WEXITSTATUS(status) != 0, "it lives"); /* a sanitizer makes an exit of it */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("old_host");
    TCase *tests = tcase_create("old_host");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, old_host_of_every_minor_runs_todays_plugins, 0, RUNS);
    tcase_add_test(tests, old_host_careful_plugin_does_without);
    tcase_add_loop_test(tests, old_host_careless_plugin_dies, 0, 2);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
