/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs that break the contract: what comes back is a fault of the plugin.
 */
#include "host.h"

#include <fcntl.h>
#include <string.h>

#include "capture.h"

#undef fail /* Check has a macro of that name; the service is host->error->fail */

static plexctl_status emit(const struct plexctl_host *host, const char *text)
{
    struct plexctl_json *result = host->json->object(host);

    ck_assert_int_eq(host->json->set_string(result, "result", text), PLEXCTL_OK);
    return host->output->emit(host, result);
}

static plexctl_status print_two_results(const struct plexctl_host *host)
{
    static struct capture capture;

    capture_start(&capture, STDOUT_FILENO);
    plexctl_status first = emit(host, "first"), second = emit(host, "second");
    ck_assert_str_eq(capture_end(&capture), "RESULT  first\n");
    ck_assert_int_eq(second, PLEXCTL_INVALID);
    return first;
}

static plexctl_status deny_two_results(const struct plexctl_host *host)
{
    (void)print_two_results(host);
    return host->error->fail(host, PLEXCTL_DENIED, "of no interest then");
}

/* What was refused was no result. */
static plexctl_status print_one_after_a_refused_one(const struct plexctl_host *host)
{
    static struct capture capture;

    ck_assert_int_eq(host->output->emit(host, NULL), PLEXCTL_INVALID);
    capture_start(&capture, STDOUT_FILENO);
    plexctl_status status = emit(host, "first");
    ck_assert_str_eq(capture_end(&capture), "RESULT  first\n");
    return status;
}

static plexctl_status return_an_unknown_status(const struct plexctl_host *host)
{
    (void)host;
    return -4711;
}

static plexctl_status say_nothing(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_UNREACHABLE;
}

static plexctl_status call_wrongly(const struct plexctl_host *host)
{
    return host->output->guard(host, NULL);
}

static plexctl_status close_standard_input(const struct plexctl_host *host)
{
    (void)close(STDIN_FILENO);
    return host->error->fail(host, PLEXCTL_DENIED, "of no interest then");
}

static plexctl_status exchange_standard_input(const struct plexctl_host *host)
{
    (void)close(STDIN_FILENO);
    ck_assert_int_eq(open("/dev/zero", O_RDONLY), STDIN_FILENO);
    return host->error->fail(host, PLEXCTL_DENIED, "of no interest then");
}

#define BEGIN "the plugin "
#define END " while running `plexctl test sub`"
#define ADVICE "; report this fault of the plugin to its author"

static const struct row {
    plexctl_status (*body)(const struct plexctl_host *host);
    plexctl_status status;
    const char *text;
} rows[] = {
    {print_two_results, PLEXCTL_INVALID,
     BEGIN "called a service against its contract" END
           ": output->emit was called a second time; the first result stands" ADVICE},
    {deny_two_results, PLEXCTL_INVALID,
     BEGIN "called a service against its contract" END
           ": output->emit was called a second time; the first result stands" ADVICE},
    {print_one_after_a_refused_one, PLEXCTL_OK, ""},
    {return_an_unknown_status, PLEXCTL_FAILED, BEGIN "returned the unknown status -4711" END ADVICE},
    {say_nothing, PLEXCTL_UNREACHABLE, BEGIN "failed with status 2, without saying why," END ADVICE},
    {call_wrongly, PLEXCTL_INVALID,
     BEGIN "called a service against its contract" END ": output->guard was called without a secret" ADVICE},
    {close_standard_input, PLEXCTL_INVALID, BEGIN "closed standard input, output or error" END ADVICE},
    {exchange_standard_input, PLEXCTL_INVALID, BEGIN "closed standard input, output or error" END ADVICE},
};

START_TEST(run_against_the_contract_is_the_plugins_fault)
{
    const struct plexctl_command parent = {.size = sizeof parent, .name = "test", .summary = "s"};
    const struct plexctl_command command = {
        .size = sizeof command, .name = "sub", .summary = "s", .run = rows[_i].body};
    struct app app = {.command = &command, .parent = &parent};
    struct error err = ERROR_INIT;
    int input = dup(STDIN_FILENO);

    plexctl_status status = host_run(&app, &err);
    capture_restore(STDIN_FILENO, input);
    ck_assert_str_eq(err.text, rows[_i].text);
    ck_assert_int_eq(status, rows[_i].status);
    ck_assert_int_eq(err.status, rows[_i].status);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host_faults");
    TCase *tests = tcase_create("host_faults");

    tcase_add_loop_test(tests, run_against_the_contract_is_the_plugins_fault, 0, (int)(sizeof rows / sizeof rows[0]));
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
