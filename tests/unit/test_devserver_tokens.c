/* SPDX-License-Identifier: Apache-2.0 */
#include "../../plugins/devserver/tokens.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static struct tokens *tokens;

static void set_up(void)
{
    tokens = tokens_new();
    ck_assert_ptr_nonnull(tokens);
}

static void tear_down(void)
{
    tokens_free(tokens);
}

START_TEST(tokens_check_knows_valid_expired_unknown)
{
    const struct identity *identity = NULL;
    const char *token = tokens_add(tokens, "secret", &identities[1], 1000);

    ck_assert_str_eq(token, TOKEN_PREFIX "secret");
    ck_assert_int_eq(tokens_check(tokens, token, 999, &identity), TOKEN_VALID);
    ck_assert_ptr_eq(identity, &identities[1]);
    identity = NULL;
    ck_assert_int_eq(tokens_check(tokens, token, 1000, &identity), TOKEN_EXPIRED);
    ck_assert_int_eq(tokens_check(tokens, "secret", 1, &identity), TOKEN_UNKNOWN);
    ck_assert_int_eq(tokens_check(tokens, TOKEN_PREFIX "secre", 1, &identity), TOKEN_UNKNOWN);
    ck_assert_int_eq(tokens_check(tokens, "", 1, &identity), TOKEN_UNKNOWN);
    ck_assert_ptr_null(identity);
}
END_TEST

START_TEST(tokens_add_full_drops_oldest)
{
    const struct identity *identity = NULL;
    char text[32];

    for (int i = 0; i <= TOKENS_MAX; i++) {
        (void)snprintf(text, sizeof text, "t%d", i);
        (void)tokens_add(tokens, text, &identities[0], 1000);
    }
    ck_assert_int_eq(tokens_check(tokens, TOKEN_PREFIX "t0", 1, &identity), TOKEN_UNKNOWN);
    ck_assert_int_eq(tokens_check(tokens, TOKEN_PREFIX "t1", 1, &identity), TOKEN_VALID);
    (void)snprintf(text, sizeof text, TOKEN_PREFIX "t%d", TOKENS_MAX);
    ck_assert_int_eq(tokens_check(tokens, text, 1, &identity), TOKEN_VALID);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devserver tokens");
    TCase *tests = tcase_create("tokens");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, tokens_check_knows_valid_expired_unknown);
    tcase_add_test(tests, tokens_add_full_drops_oldest);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
