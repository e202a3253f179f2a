/* SPDX-License-Identifier: Apache-2.0 */
#include "../../plugins/devserver/pages.h"

#include <stdlib.h>
#include <string.h>

#include "../../plugins/devserver/html.h"
#include "unit.h"

#define NASTY "<script>alert('x')</script>\"&\x1b[31m"

static char *make_sign_in(void)
{
    return page_sign_in(&(struct page_sign_in){.csrf = NASTY, .user_code = NASTY, .fault = NASTY});
}

static char *make_code_entry(void)
{
    return page_code_entry(
        &(struct page_code_entry){.csrf = NASTY, .email = NASTY, .user_code = NASTY, .fault = NASTY});
}

static char *make_approval(void)
{
    static struct grant grant = {.client = NASTY, .peer = NASTY, .user_code = "A<B>-C&\"", .asked_unix_s = 0};
    return page_approval(&(struct page_approval){.csrf = NASTY,
                                                 .email = NASTY,
                                                 .grant = &grant,
                                                 .domain_id = NASTY,
                                                 .binding_id = NASTY,
                                                 .binding_label = NASTY,
                                                 .expires_in_s = 61});
}

static char *make_result(void)
{
    return page_result(&(struct page_result){.mood = PAGE_BAD, .title = NASTY, .text = NASTY, .next = NASTY});
}

static char *(*const makers[])(void) = {make_sign_in, make_code_entry, make_approval, make_result};

static size_t count(const char *text, const char *what)
{
    size_t found = 0;

    for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
        found++;
    return found;
}

START_TEST(pages_escape_every_foreign_text)
{
    char *page = makers[_i]();

    ck_assert_ptr_nonnull(page);
    ck_assert_ptr_null(strstr(page, "<script"));
    ck_assert_ptr_null(strstr(page, "alert('x')"));
    ck_assert_ptr_null(strchr(page, '\x1b'));
    ck_assert_ptr_nonnull(strstr(page, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;\xEF\xBF\xBD[31m"));
    free(page);
}
END_TEST

START_TEST(pages_are_accessible_documents)
{
    char *page = makers[_i]();
    static const char *const once[] = {"<!DOCTYPE html>\n<html lang=\"en\">",
                                       "<meta name=\"viewport\"",
                                       "<meta charset=\"utf-8\">",
                                       "<title>",
                                       "<main>",
                                       "<h1>",
                                       "</html>\n"};

    ck_assert_ptr_nonnull(page);
    for (size_t i = 0; i < sizeof once / sizeof once[0]; i++)
        ck_assert_msg(count(page, once[i]) == 1, "%s", once[i]);
    ck_assert_uint_eq(count(page, "<form"), count(page, "</form>"));
    ck_assert_ptr_null(strstr(page, " style=")); /* the policy would drop them */
    ck_assert_ptr_null(strstr(page, " on"
                                    "click="));
    free(page);
}
END_TEST

START_TEST(pages_style_stands_verbatim)
{
    char *page = make_result();
    const char *style = strstr(page, "<style>");

    ck_assert_ptr_nonnull(style);
    ck_assert_int_eq(strncmp(style + 7, pages_style(), strlen(pages_style())), 0);
    ck_assert_int_eq(strncmp(style + 7 + strlen(pages_style()), "</style>", 8), 0);
    free(page);
}
END_TEST

START_TEST(page_sign_in_offers_every_identity)
{
    char *page = page_sign_in(&(struct page_sign_in){.csrf = "c"});

    for (size_t i = 0; i < IDENTITIES_COUNT; i++)
        ck_assert_ptr_nonnull(strstr(page, identities[i].email));
    ck_assert_uint_eq(count(page, "type=\"radio\""), IDENTITIES_COUNT);
    ck_assert_uint_eq(count(page, " checked"), 1);
    ck_assert_ptr_null(strstr(page, "name=\"user_code\""));
    ck_assert_ptr_null(strstr(page, "role=\"alert\""));
    free(page);
}
END_TEST

START_TEST(page_approval_shows_who_asks_for_what)
{
    struct grant grant = {.client = "plexctl", .peer = "127.0.0.1", .user_code = "ABCD-2345", .asked_unix_s = 86399};
    char *page = page_approval(&(struct page_approval){.csrf = "csrf-value",
                                                       .email = "alice@example.test",
                                                       .grant = &grant,
                                                       .domain_id = "the-domain",
                                                       .binding_id = "the-binding",
                                                       .binding_label = "the-label",
                                                       .expires_in_s = 60});
    static const char *const shown[] = {"<strong class=\"code\">ABCD-2345</strong>",
                                        "plexctl",
                                        "127.0.0.1",
                                        "1970-01-01 23:59:59 UTC",
                                        "1 more minute<",
                                        "the-domain",
                                        "the-label",
                                        "the-binding",
                                        "alice@example.test",
                                        "value=\"csrf-value\"",
                                        "value=\"approve\"",
                                        "value=\"deny\""};

    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        ck_assert_msg(strstr(page, shown[i]) != NULL, "%s", shown[i]);
    free(page);
}
END_TEST

START_TEST(html_write_escapes_arguments_only)
{
    struct html html;

    html_begin(&html);
    html_write(&html, "<b title=\"%s\">%s</b>50 per cent", "a\"b", "<");
    char *text = html_end(&html);
    ck_assert_str_eq(text, "<b title=\"a&quot;b\">&lt;</b>50 per cent");
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devserver pages");
    TCase *tests = tcase_create("pages");

    tcase_add_loop_test(tests, pages_escape_every_foreign_text, 0, sizeof makers / sizeof makers[0]);
    tcase_add_loop_test(tests, pages_are_accessible_documents, 0, sizeof makers / sizeof makers[0]);
    tcase_add_test(tests, pages_style_stands_verbatim);
    tcase_add_test(tests, page_sign_in_offers_every_identity);
    tcase_add_test(tests, page_approval_shows_who_asks_for_what);
    tcase_add_test(tests, html_write_escapes_arguments_only);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
