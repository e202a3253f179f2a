/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static const struct {
    const char *text;
    size_t len, length;
} characters[] = {
    {"a", 1, 1},
    {"\0", 1, 1},
    {"\x7F", 1, 1},
    {"\x80", 1, 0},
    {"\xBF", 1, 0},
    {"\xC0\x80", 2, 0},
    {"\xC1\xBF", 2, 0},
    {"\xC2\x80", 2, 2},
    {"\xDF\xBF", 2, 2},
    {"\xC2", 1, 0},
    {"\xC2\x80", 1, 0},
    {"\xC2\x7F", 2, 0},
    {"\xC2\xC0", 2, 0},
    {"\xE0\x9F\xBF", 3, 0},
    {"\xE0\xA0\x80", 3, 3},
    {"\xE0\xA0\x80", 2, 0},
    {"\xE1\x80\x80", 3, 3},
    {"\xED\x9F\xBF", 3, 3},
    {"\xED\xA0\x80", 3, 0},
    {"\xED\xBF\xBF", 3, 0},
    {"\xEE\x80\x80", 3, 3},
    {"\xEF\xBF\xBF", 3, 3},
    {"\xE1\x80\x7F", 3, 0},
    {"\xE1\x80\xC0", 3, 0},
    {"\xF0\x8F\xBF\xBF", 4, 0},
    {"\xF0\x90\x80\x80", 4, 4},
    {"\xF0\x90\x80\x80", 3, 0},
    {"\xF3\xBF\xBF\xBF", 4, 4},
    {"\xF4\x8F\xBF\xBF", 4, 4},
    {"\xF4\x90\x80\x80", 4, 0},
    {"\xF5\x80\x80\x80", 4, 0},
    {"\xF0\x90\x80\x41", 4, 0},
    {"\xF0\x90\x41\x80", 4, 0},
    {"\xF8\x88\x80\x80\x80", 5, 0},
    {"\xFE", 1, 0},
    {"\xFF", 1, 0},
};

START_TEST(text_utf8_length_is_of_the_shortest_form_or_zero)
{
    /* A copy of exactly `len` bytes, so that a sanitizer sees a read past them. */
    char *exact = malloc(characters[_i].len);

    ck_assert_ptr_nonnull(exact);
    memcpy(exact, characters[_i].text, characters[_i].len);
    ck_assert_uint_eq(text_utf8_length(exact, characters[_i].len), characters[_i].length);
    ck_assert_uint_eq(text_utf8_length(characters[_i].text, characters[_i].len), characters[_i].length);
    free(exact);
}
END_TEST

/* How many bytes a code point has at least; 0 where there is none of that number. */
static size_t shortest(uint32_t code_point)
{
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        return 0;
    return 1u + (code_point > 0x7F) + (code_point > 0x7FF) + (code_point > 0xFFFF);
}

/* By arithmetic, where the module has a table. */
START_TEST(text_utf8_length_of_every_first_and_second_byte)
{
    static const struct {
        unsigned char mask, lead;
    } leads[] = {{0x80, 0}, {0xE0, 0xC0}, {0xF0, 0xE0}, {0xF8, 0xF0}};

    for (unsigned pair = 0; pair < 0x10000; pair++) {
        const unsigned char bytes[] = {(unsigned char)(pair >> 8), (unsigned char)pair, 0xBF, 0x80};
        size_t expected = 0;
        for (size_t length = 1; length <= 4; length++) {
            if ((bytes[0] & leads[length - 1].mask) != leads[length - 1].lead)
                continue;
            uint32_t code_point = bytes[0] & (unsigned char)~leads[length - 1].mask;
            for (size_t i = 1; i < length; i++)
                code_point = code_point << 6 | (bytes[i] & 0x3F);
            if (shortest(code_point) == length && (length == 1 || (bytes[1] & 0xC0) == 0x80))
                expected = length;
        }
        ck_assert_msg(text_utf8_length((const char *)bytes, 4) == expected, "%04X: %zu", pair, expected);
    }
}
END_TEST

START_TEST(text_utf8_decode_gives_length_and_code_point)
{
    static const struct {
        const char *text;
        uint32_t code_point;
        size_t length;
    } cases[] = {
        {"a", 'a', 1},
        {"\x7f", 0x7F, 1},
        {"\xc2\x80", 0x80, 2},
        {"\xdf\xbf", 0x7FF, 2},
        {"\xe0\xa0\x80", 0x800, 3},
        {"\xef\xbf\xbf", 0xFFFF, 3},
        {"\xf0\x90\x80\x80", 0x10000, 4},
        {"\xf4\x8f\xbf\xbf", 0x10FFFF, 4},
        {"\xed\xa0\x80", 77, 0},
        {"\xc0\x80", 77, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t code_point = 77;
        ck_assert_uint_eq(text_utf8_decode(cases[i].text, strlen(cases[i].text), &code_point), cases[i].length);
        ck_assert_uint_eq(code_point, cases[i].code_point);
    }
}
END_TEST

START_TEST(text_is_control_at_its_bounds)
{
    static const struct {
        uint32_t code_point;
        bool is_control;
    } cases[] = {{0, true},    {0x1F, true}, {0x20, false}, {0x7E, false},
                 {0x7F, true}, {0x9F, true}, {0xA0, false}, {0x200B, false}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_int_eq(text_is_control(cases[i].code_point), cases[i].is_control);
}
END_TEST

static const struct {
    const char *text, *safe;
} unsafe[] = {
    {"", ""},
    {"plain text, 100%", "plain text, 100%"},
    {"gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x98\x80", "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x98\x80"},
    {"back\\slash \\x1b", "back\\slash \\x1b"},
    {"\x1B[2J", "\\x1b[2J"},
    {"a\tb\nc\rd\be", "a\\x09b\\x0ac\\x0dd\\x08e"},
    {"\x7F", "\\x7f"},
    {"\xC2\x80\xC2\x9B\xC2\x9F", "\\u{0080}\\u{009b}\\u{009f}"},
    {"\xC2\xA0", "\xC2\xA0"},
    {"\x9B"
     "31m",
     "\\x9b31m"},
    {"\xFF\xFE", "\\xff\\xfe"},
    {"\xC0\x80", "\\xc0\\x80"},
    {"\xED\xA0\x80", "\\xed\\xa0\\x80"},
    {"\xF4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
    {"a\xE2\x82", "a\\xe2\\x82"},
    {"\xE2\x82z", "\\xe2\\x82z"},
    {"\xD8\x9C", "\\u{061c}"},
    {"\xE1\xA0\x8E", "\\u{180e}"},
    {"\xE2\x80\x8A", "\xE2\x80\x8A"},
    {"\xE2\x80\x8B\xE2\x80\x8C\xE2\x80\x8D", "\\u{200b}\\u{200c}\\u{200d}"},
    {"\xE2\x80\x8E\xE2\x80\x8F", "\\u{200e}\\u{200f}"},
    {"\xE2\x80\x90", "\xE2\x80\x90"},
    {"\xE2\x80\xA7", "\xE2\x80\xA7"},
    {"\xE2\x80\xA8\xE2\x80\xA9", "\\u{2028}\\u{2029}"},
    {"\xE2\x80\xAA\xE2\x80\xAB\xE2\x80\xAC\xE2\x80\xAD\xE2\x80\xAE", "\\u{202a}\\u{202b}\\u{202c}\\u{202d}\\u{202e}"},
    {"\xE2\x80\xAF", "\xE2\x80\xAF"},
    {"\xE2\x81\xA0", "\\u{2060}"},
    {"\xE2\x81\xA6\xE2\x81\xA7\xE2\x81\xA8\xE2\x81\xA9", "\\u{2066}\\u{2067}\\u{2068}\\u{2069}"},
    {"\xE2\x81\xB0", "\xE2\x81\xB0"},
    {"\xEF\xBB\xBF"
     "bom",
     "\\u{feff}bom"},
    {"\xF3\xA0\x81\x81", "\\u{e0041}"},
};

START_TEST(text_sanitise_escapes_what_a_terminal_acts_on)
{
    auto_buf struct buf out = BUF_INIT(1000);

    buf_append_text(&out, "> ");
    text_sanitise(&out, unsafe[_i].text, strlen(unsafe[_i].text), SIZE_MAX);
    ck_assert_int_eq(memcmp(buf_text(&out), "> ", 2), 0);
    ck_assert_str_eq(buf_text(&out) + 2, unsafe[_i].safe);
}
END_TEST

START_TEST(text_sanitise_leaves_no_control_of_any_byte)
{
    auto_buf struct buf out = BUF_INIT(4096);
    char all[256];

    for (unsigned i = 0; i < sizeof all; i++)
        all[i] = (char)i;
    text_sanitise(&out, all, sizeof all, SIZE_MAX);
    ck_assert_int_eq(memcmp(buf_text(&out), "\\x00\\x01", 8), 0);
    for (size_t i = 0; i < out.len; i++)
        ck_assert(out.data[i] >= 0x20 && out.data[i] < 0x7F);
    ck_assert_uint_eq(out.len, (0x20 + 1 + 0x80) * 4 + 0x5F);
}
END_TEST

static const struct {
    const char *text;
    size_t max;
    const char *safe;
} cuts[] = {
    {"abcdef", 6, "abcdef"},
    {"abcdefg", 6, "abc..."},
    {"abcdefg", 3, "..."},
    {"abcdefg", 2, ".."},
    {"abcdefg", 0, ""},
    {"", 0, ""},
    {"ab", 2, "ab"},
    {"a", 1, "a"},
    {"ab\xC3\xA9xyz", 6, "ab..."},
    {"ab\xC3\xA9xyz", 7, "ab\xC3\xA9xyz"},
    {"ab\xC3\xA9wxyz", 7, "ab\xC3\xA9..."},
    {"a\x1B\x1B\x1B", 8, "a\\x1b..."},
    {"a\x1B\x1B\x1B", 9, "a\\x1b..."},
    {"a\x1B\x1B\x1B", 13, "a\\x1b\\x1b\\x1b"},
    {"a\x1B\x1B\x1B", 12, "a\\x1b\\x1b..."},
    {"\xE2\x80\xAE"
     "abc",
     8, "..."},
    {"\xE2\x80\xAE"
     "abc",
     10, "..."},
    {"\xE2\x80\xAE"
     "abcd",
     11, "\\u{202e}..."},
    {"\xE2\x80\xAE"
     "abc",
     11, "\\u{202e}abc"},
};

START_TEST(text_sanitise_cuts_at_a_character)
{
    auto_buf struct buf out = BUF_INIT(1000);

    buf_append_text(&out, "before ");
    text_sanitise(&out, cuts[_i].text, strlen(cuts[_i].text), cuts[_i].max);
    ck_assert_str_eq(buf_text(&out) + strlen("before "), cuts[_i].safe);
    ck_assert_uint_eq(out.len, strlen(buf_text(&out)));
}
END_TEST

START_TEST(text_sanitise_into_a_full_buffer_fails)
{
    auto_buf struct buf out = BUF_INIT(8);
    struct error err = ERROR_INIT;

    text_sanitise(&out, "abcd\x1B\x1B", 6, 11);
    ck_assert_int_eq(buf_check(&out, "it", &err), PLEXCTL_FAILED);
    ck_assert_uint_eq(out.len, strlen(buf_text(&out)));
    text_sanitise(&out, "x", 1, SIZE_MAX);
    ck_assert_int_eq(out.failed, PLEXCTL_FAILED);
}
END_TEST

START_TEST(text_sanitise_ellipsis_that_has_no_room_fails)
{
    auto_buf struct buf out = BUF_INIT(8);

    text_sanitise(&out, "abcdefgh\x1B", 9, 10);
    ck_assert_int_eq(out.failed, PLEXCTL_FAILED);
    ck_assert_str_eq(buf_text(&out), "abcdefg");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text_sanitise");
    TCase *tcase = tcase_create("text_sanitise");

    tcase_add_test(tcase, text_utf8_length_of_every_first_and_second_byte);
    tcase_add_test(tcase, text_utf8_decode_gives_length_and_code_point);
    tcase_add_test(tcase, text_is_control_at_its_bounds);
    tcase_add_loop_test(tcase, text_utf8_length_is_of_the_shortest_form_or_zero, 0, COUNT(characters));
    tcase_add_loop_test(tcase, text_sanitise_escapes_what_a_terminal_acts_on, 0, COUNT(unsafe));
    tcase_add_test(tcase, text_sanitise_leaves_no_control_of_any_byte);
    tcase_add_loop_test(tcase, text_sanitise_cuts_at_a_character, 0, COUNT(cuts));
    tcase_add_test(tcase, text_sanitise_into_a_full_buffer_fails);
    tcase_add_test(tcase, text_sanitise_ellipsis_that_has_no_room_fails);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
