/* SPDX-License-Identifier: Apache-2.0 */
#include <yaml.h>

#include "base/text.h"
#include "yaml_fixture.h"

/* Strings come back as they went in */

static const char *const strings[] = {
    "",
    " ",
    "yes",
    "Yes",
    "YES",
    "no",
    "y",
    "N",
    "on",
    "Off",
    "true",
    "False",
    "null",
    "Null",
    "~",
    "<<",
    "=",
    ".inf",
    "-.INF",
    ".NaN",
    "0",
    "7",
    "-1",
    "+1",
    "007",
    "0o17",
    "0x1F",
    "0XaB",
    "0b101",
    "1_000",
    "1e3",
    "1E+3",
    ".5",
    "5.",
    "-.5",
    "1.5e-3",
    "6.02_3",
    "190:20:30",
    "-1:30",
    "1,000",
    "2001-12-14",
    "2001-1-1",
    "2001-12-14t21:59:43.10-05:00",
    "2026-11-24T12:00:00Z",
    "- a",
    "-",
    "--",
    "---",
    "...",
    "? a",
    "?",
    ": x",
    ":",
    "a: b",
    "a:",
    "a #b",
    "#a",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "%TAG",
    "@a",
    "`a",
    "[a",
    "]",
    "{a",
    "}",
    ",",
    "'a'",
    "\"a\"",
    "it's",
    "say \"hi\"",
    "back\\slash",
    "\\n",
    " lead",
    "trail ",
    "trail  ",
    "a\nb",
    "a\n",
    "\na",
    "a\n\n b",
    "a\tb",
    "\ttab",
    "tab\t",
    "a\rb",
    "\r\n",
    "Z\xc3\xbcrich",
    "\xe6\x97\xa5\xe6\x9c\xac",
    "\xf0\x9f\x94\x91 key",
    "e\xcc\x81",
    "\xc2\x85",
    "\xc2\xa0",
    "\xe2\x80\xa8",
    "\xe2\x80\xae"
    "evil",
    "\xe2\x80\x8b",
    "\xef\xbb\xbf"
    "bom",
    "\x01",
    "\x1b[2J",
    "\x7f",
    "\xc2\x9b"
    "31m",
    "\xef\xbf\xbd",
    "\xf4\x8f\xbf\xbf",
    "***",
    "plain words",
    "a,b",
    "a]b",
    "key: [1, 2]",
    "-1 apples",
    "1st",
    "0xZZ",
    "e3",
    ".",
    "..",
    "+",
    "-a",
};
#define STRING_COUNT (sizeof strings / sizeof strings[0])

/* Reads the one scalar of a document `- TEXT` or `TEXT: 1`, with libyaml's own parser. */
struct scalar {
    char text[512];
    size_t len;
    bool is_plain;
};

static void read_first_scalar(const char *yaml, size_t len, struct scalar *ret_scalar)
{
    yaml_parser_t parser;
    bool is_found = false, is_ended = false;

    ck_assert_int_eq(yaml_parser_initialize(&parser), 1);
    yaml_parser_set_input_string(&parser, (const unsigned char *)yaml, len);
    while (!is_ended) {
        yaml_event_t event;
        ck_assert_msg(yaml_parser_parse(&parser, &event), "%s in: %s", parser.problem, yaml);
        if (event.type == YAML_SCALAR_EVENT && !is_found) {
            is_found = true;
            ck_assert_uint_lt(event.data.scalar.length, sizeof ret_scalar->text);
            memcpy(ret_scalar->text, event.data.scalar.value, event.data.scalar.length);
            ret_scalar->len = event.data.scalar.length;
            ret_scalar->text[ret_scalar->len] = '\0';
            ret_scalar->is_plain = event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        }
        is_ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    ck_assert(is_found);
}

static void assert_safe_for_terminal(const struct buf *out)
{
    auto_buf struct buf lines = BUF_INIT(SIZE_MAX / 2);
    auto_buf struct buf safe = BUF_INIT(SIZE_MAX / 2);

    for (size_t i = 0; i < out->len; i++)
        buf_append_char(&lines, out->data[i] == '\n' ? ' ' : out->data[i]);
    text_sanitise(&safe, buf_text(&lines), lines.len, SIZE_MAX);
    ck_assert_str_eq(buf_text(&safe), buf_text(&lines));
}

START_TEST(render_yaml_of_string_reads_back)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct plexctl_json *tree = json_new_array();
    struct scalar scalar = {0};

    ck_assert_int_eq(json_append(tree, json_new_string(strings[_i])), PLEXCTL_OK);
    render(tree, false, &out);
    read_first_scalar(buf_text(&out), out.len, &scalar);
    ck_assert_str_eq(scalar.text, strings[_i]);
    ck_assert_uint_eq(scalar.len, strlen(strings[_i]));
    assert_safe_for_terminal(&out);
    json_free(tree);
}
END_TEST

START_TEST(render_yaml_of_key_reads_back)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct plexctl_json *tree = json_new_object();
    struct scalar scalar = {0};

    ck_assert_int_eq(json_set(tree, strings[_i], json_new_integer(1)), PLEXCTL_OK);
    render(tree, false, &out);
    read_first_scalar(buf_text(&out), out.len, &scalar);
    ck_assert_str_eq(scalar.text, strings[_i]);
    assert_safe_for_terminal(&out);
    json_free(tree);
}
END_TEST

/* By an independent rule: what begins like none of these may be plain, these may not. */
START_TEST(render_yaml_of_other_types_is_quoted)
{
    static const char *const others[] = {"yes",
                                         "Y",
                                         "NO",
                                         "on",
                                         "OFF",
                                         "true",
                                         "FALSE",
                                         "null",
                                         "NULL",
                                         "~",
                                         "",
                                         "<<",
                                         "=",
                                         ".inf",
                                         "+.Inf",
                                         ".nan",
                                         "0",
                                         "-1",
                                         "+12",
                                         "0777",
                                         "0o7",
                                         "0x1F",
                                         "0b1",
                                         "1_0",
                                         "1e3",
                                         "1.",
                                         ".1",
                                         "1:30",
                                         "12:30:45.5",
                                         "2001-12-14",
                                         "2001-12-14 21:59:43",
                                         "2026-11-24T12:00:00Z"};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
        struct plexctl_json *tree = json_new_array();
        struct scalar scalar = {0};
        ck_assert_int_eq(json_append(tree, json_new_string(others[i])), PLEXCTL_OK);
        render(tree, false, &out);
        read_first_scalar(buf_text(&out), out.len, &scalar);
        ck_assert_msg(!scalar.is_plain, "%s is plain", others[i]);
        json_free(tree);
    }
}
END_TEST

START_TEST(render_yaml_of_plain_words_is_not_quoted)
{
    static const char *const words[] = {"default",
                                        "https://localhost:8080/eu",
                                        "Bearer",
                                        "a b",
                                        "user@example.com",
                                        "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0",
                                        "1st",
                                        "v1.2",
                                        "/etc/x",
                                        "yesterday"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
        struct plexctl_json *tree = json_new_array();
        struct scalar scalar = {0};
        ck_assert_int_eq(json_append(tree, json_new_string(words[i])), PLEXCTL_OK);
        render(tree, false, &out);
        read_first_scalar(buf_text(&out), out.len, &scalar);
        ck_assert_msg(scalar.is_plain, "%s is quoted", words[i]);
        json_free(tree);
    }
}
END_TEST

START_TEST(render_yaml_of_invalid_bytes_is_sanitised)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct plexctl_json *tree = json_new_array();
    struct scalar scalar = {0};

    ck_assert_int_eq(json_append(tree, json_new_string("a\xff\xc3")), PLEXCTL_OK);
    render(tree, false, &out);
    read_first_scalar(buf_text(&out), out.len, &scalar);
    ck_assert_str_eq(scalar.text, "a\\xff\\xc3");
    json_free(tree);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("render_yaml_strings");
    TCase *tests = tcase_create("render_yaml_strings");

    tcase_add_loop_test(tests, render_yaml_of_string_reads_back, 0, (int)STRING_COUNT);
    tcase_add_loop_test(tests, render_yaml_of_key_reads_back, 0, (int)STRING_COUNT);
    tcase_add_test(tests, render_yaml_of_other_types_is_quoted);
    tcase_add_test(tests, render_yaml_of_plain_words_is_not_quoted);
    tcase_add_test(tests, render_yaml_of_invalid_bytes_is_sanitised);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
