/* SPDX-License-Identifier: Apache-2.0
 *
 * The scripts themselves run in their shells, in the end-to-end tests.
 */
#include "completion.h"

#include <string.h>

#include "base/buf.h"
#include "unit.h"

static const char *const shells[] = {"bash", "zsh", "fish"};

START_TEST(completion_script_of_unknown_shell_is_a_usage_fault)
{
    static const char *const unknown[] = {"tcsh", "", "BASH", "bash ", "\x1b[2J"};

    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        const char *script = NULL;
        struct error err = ERROR_INIT;
        ck_assert_int_eq(completion_script(unknown[i], &script, &err), PLEXCTL_USAGE);
        ck_assert_ptr_nonnull(strstr(err.text, "bash, zsh or fish"));
        ck_assert_ptr_null(strchr(err.text, '\x1b'));
        ck_assert_ptr_null(script);
    }
}
END_TEST

START_TEST(completion_script_asks_plexctl_and_evaluates_nothing)
{
    const char *script = NULL;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(completion_script(shells[_i], &script, &err), PLEXCTL_OK);
    ck_assert_ptr_nonnull(strstr(script, "command plexctl __complete "));
    ck_assert_ptr_nonnull(strstr(script, "2>/dev/null"));
    ck_assert_ptr_null(strstr(script, "eval"));
    ck_assert_ptr_null(strstr(script, "compgen"));
    for (const char *c = script; *c; c++)
        ck_assert(*c == '\n' || ((unsigned char)*c >= ' ' && (unsigned char)*c < 0x7f));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("completion");
    TCase *tests = tcase_create("completion");

    tcase_add_test(tests, completion_script_of_unknown_shell_is_a_usage_fault);
    tcase_add_loop_test(tests, completion_script_asks_plexctl_and_evaluates_nothing, 0,
                        (int)(sizeof shells / sizeof shells[0]));
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
