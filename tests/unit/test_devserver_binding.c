/* SPDX-License-Identifier: Apache-2.0 */
#include "../../plugins/devserver/binding.h"

#include <stddef.h>

#include "unit.h"

#define DOMAIN "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0"
#define BINDING "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0"
#define OTHER "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0c0"

static const struct binding binding = {DOMAIN, BINDING};

static const struct {
    struct selector selector;
    enum selector_verdict expected;
} selectors[] = {
    {{DOMAIN, BINDING, NULL}, SELECTOR_OK},
    {{"0190A8B8-A0C0-7A0A-8A0A-A0A0A0A0A0A0", BINDING, NULL}, SELECTOR_OK},
    {{DOMAIN, NULL, NULL}, SELECTOR_OK},
    {{NULL, BINDING, NULL}, SELECTOR_OK},
    {{DOMAIN, NULL, BINDING_ALIAS}, SELECTOR_OK},
    {{NULL, NULL, NULL}, SELECTOR_MISSING},
    {{NULL, NULL, BINDING_ALIAS}, SELECTOR_MISSING},
    {{DOMAIN, BINDING, BINDING_ALIAS}, SELECTOR_CONFLICT},
    {{DOMAIN, OTHER, NULL}, SELECTOR_MISMATCH},
    {{OTHER, BINDING, NULL}, SELECTOR_MISMATCH},
    {{OTHER, OTHER, NULL}, SELECTOR_UNKNOWN},
    {{OTHER, NULL, NULL}, SELECTOR_UNKNOWN},
    {{NULL, OTHER, NULL}, SELECTOR_UNKNOWN},
    {{DOMAIN, NULL, "other"}, SELECTOR_UNKNOWN},
    {{OTHER, NULL, BINDING_ALIAS}, SELECTOR_UNKNOWN},
    {{"", BINDING, NULL}, SELECTOR_MALFORMED},
    {{DOMAIN, "0190a8b8a0c07a0a8a0aa0a0a0a0a0b0", NULL}, SELECTOR_MALFORMED},
    {{DOMAIN, "g190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0", NULL}, SELECTOR_MALFORMED},
    {{DOMAIN, BINDING "0", NULL}, SELECTOR_MALFORMED},
    {{"0190a8b8-a0c0-7a0a-8a0a0a0a0a0a0a0a-", BINDING, NULL}, SELECTOR_MALFORMED},
};

START_TEST(selector_judge_tells_verdict)
{
    ck_assert_int_eq(selector_judge(&binding, &selectors[_i].selector), selectors[_i].expected);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devserver binding");
    TCase *tests = tcase_create("binding");

    tcase_add_loop_test(tests, selector_judge_tells_verdict, 0, sizeof selectors / sizeof selectors[0]);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
