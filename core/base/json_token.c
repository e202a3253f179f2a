/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_token.h"

#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* A double is decided by its first 768 significant digits and by whether anything but zeros follows them. */
#define SIGNIFICANT_DIGITS_MAX 800
#define EXPONENT_MAX INT64_C(1000000000000000)

static size_t refuse(struct json_token_fault *ret_fault, size_t offset, const char *why)
{
    ret_fault->offset = offset;
    ret_fault->why = why;
    return 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The value of the four digits at `text`, -1 for anything else. */
static int32_t hex4(const char *text, size_t len)
{
    int32_t value = 0;
    if (len < 4)
        return -1;
    for (size_t i = 0; i < 4; i++) {
        char c = text[i];
        int32_t digit = -1;
        if (is_digit(c))
            digit = c - '0';
        else if (c >= 'a' && c <= 'f')
            digit = c - 'a' + 10;
        else if (c >= 'A' && c <= 'F')
            digit = c - 'A' + 10;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static bool is_high_surrogate(int32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low_surrogate(int32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* The length of the \u escape, of both where they are a surrogate pair. */
static size_t unicode_escape_length(const char *escape, size_t len, const char **ret_why)
{
    int32_t unit = hex4(escape + 2, len - 2);
    *ret_why = NULL;
    if (unit < 0)
        *ret_why = "\\u needs four hexadecimal digits";
    else if (unit == 0)
        *ret_why = "\\u0000 is not allowed";
    else if (is_low_surrogate(unit))
        *ret_why = "a lone surrogate escape";
    else if (is_high_surrogate(unit))
        if (len < 12 || escape[6] != '\\' || escape[7] != 'u' || !is_low_surrogate(hex4(escape + 8, len - 8)))
            *ret_why = "a lone surrogate escape";
    if (*ret_why)
        return 0;
    return is_high_surrogate(unit) ? 12 : 6;
}

static size_t escape_length(const char *escape, size_t len, const char **ret_why)
{
    if (len >= 2 && escape[1] == 'u')
        return unicode_escape_length(escape, len, ret_why);
    if (len >= 2 && escape[1] && strchr("\"\\/bfnrt", escape[1]))
        return 2;
    *ret_why = "an unknown escape in a string";
    return 0;
}

/* The length of a character that is not plain ASCII. */
static size_t character_length(const char *text, size_t len, const char **ret_why)
{
    if (*text == '\\')
        return escape_length(text, len, ret_why);
    if ((unsigned char)*text < 0x20) {
        *ret_why = "a control character in a string must be escaped";
        return 0;
    }
    *ret_why = "the bytes are not UTF-8";
    return text_utf8_length(text, len);
}

static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 && c != '"' && c != '\\';
}

/* How many plain bytes `text` begins with; eight at a time, since a config file is mostly such text. */
static size_t plain_length(const char *text, size_t len)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    size_t at = 0;

    for (; len - at >= sizeof each; at += sizeof each) {
        uint64_t word;
        memcpy(&word, text + at, sizeof word);
        word = le64toh(word);
        /* The lowest bit that is set is that of the first byte that is not plain: a borrow only comes from one. */
        uint64_t stops = word | (word - each * 0x20) | ((word ^ each * '"') - each) | ((word ^ each * '\\') - each);
        stops &= each * 0x80;
        if (stops)
            return at + (size_t)__builtin_ctzll(stops) / 8;
    }
    while (at < len && is_plain(text[at]))
        at++;
    return at;
}

size_t json_token_string(const char *bytes, size_t size, struct json_token_fault *ret_fault)
{
    if (size == 0 || bytes[0] != '"')
        return refuse(ret_fault, 0, "a string in double quotes is expected");
    for (size_t at = 1 + plain_length(bytes + 1, size - 1); at < size; at += plain_length(bytes + at, size - at)) {
        if (bytes[at] == '"')
            return at + 1;
        const char *why = NULL;
        size_t length = character_length(bytes + at, size - at, &why);
        if (!length)
            return refuse(ret_fault, at, why);
        at += length;
    }
    return refuse(ret_fault, size, "the string has no closing quote");
}

static size_t digits_end(const char *bytes, size_t size, size_t at)
{
    while (at < size && is_digit(bytes[at]))
        at++;
    return at;
}

size_t json_token_number(const char *bytes, size_t size, struct json_token_fault *ret_fault)
{
    size_t at = size > 0 && bytes[0] == '-';
    if (at >= size || !is_digit(bytes[at]))
        return refuse(ret_fault, at, "a digit is expected");
    if (bytes[at] == '0' && at + 1 < size && is_digit(bytes[at + 1]))
        return refuse(ret_fault, at, "a number must not begin with 0");
    at = digits_end(bytes, size, at);
    if (at < size && bytes[at] == '.') {
        size_t start = at + 1;
        at = digits_end(bytes, size, start);
        if (at == start)
            return refuse(ret_fault, at, "a digit is expected after the decimal point");
    }
    bool has_exponent = at < size && (bytes[at] == 'e' || bytes[at] == 'E');
    if (has_exponent) {
        size_t start = at + 1;
        if (start < size && (bytes[start] == '+' || bytes[start] == '-'))
            start++;
        at = digits_end(bytes, size, start);
        if (at == start)
            return refuse(ret_fault, at, "a digit is expected in the exponent");
    }
    /* 10^308 has 309 digits and is the first power near the limit. */
    if ((has_exponent || at > 300) && isinf(json_token_double(bytes, at)))
        return refuse(ret_fault, 0, "the number is too large");
    return at;
}

size_t json_token_literal(const char *bytes, size_t size, struct json_token_fault *ret_fault)
{
    static const char *const words[] = {"null", "true", "false"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t len = strlen(words[i]);
        if (size >= len && memcmp(bytes, words[i], len) == 0)
            return len;
    }
    return refuse(ret_fault, 0, "a value is expected");
}

/* RFC 3629 section 3. */
static size_t utf8_encode(int32_t code_point, char *out)
{
    uint32_t c = (uint32_t)code_point;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = length - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)(leads[length] | c);
    return length;
}

/* Reads the accepted escape at `escape`, writes its character and its length; returns the escape's length. */
static size_t unescape_one(const char *escape, char *out, size_t *ret_length)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (escape[1] != 'u') {
        *out = meanings[strchr(letters, escape[1]) - letters];
        *ret_length = 1;
        return 2;
    }
    int32_t unit = hex4(escape + 2, 4);
    if (!is_high_surrogate(unit)) {
        *ret_length = utf8_encode(unit, out);
        return 6;
    }
    int32_t low = hex4(escape + 8, 4);
    *ret_length = utf8_encode(0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00), out);
    return 12;
}

size_t json_token_unescape(const char *token, size_t len, char *out)
{
    size_t used = 0;
    const char *at = token + 1, *end = token + len - 1;
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        size_t plain = (size_t)((escape ? escape : end) - at);
        memcpy(out + used, at, plain);
        used += plain;
        at += plain;
        if (escape) {
            size_t written;
            at += unescape_one(escape, out + used, &written);
            used += written;
        }
    }
    out[used] = '\0';
    return used;
}

char *json_token_text(const char *token, size_t len)
{
    char *text = malloc(len);

    if (text)
        (void)json_token_unescape(token, len, text);
    return text;
}

bool json_token_integer(const char *token, size_t len, int64_t *ret_number)
{
    bool negative = token[0] == '-';
    uint64_t limit = (uint64_t)INT64_MAX + negative, value = 0;
    for (size_t at = negative; at < len; at++) {
        if (!is_digit(token[at]))
            return false;
        uint64_t digit = (uint64_t)(token[at] - '0');
        if (value > (limit - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *ret_number = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

/* The exponent after `e`, limited to what no document can reach by its digits. */
static int64_t exponent_of(const char *text, size_t len)
{
    bool negative = text[0] == '-';
    int64_t value = 0;
    for (size_t at = text[0] == '-' || text[0] == '+'; at < len && value < EXPONENT_MAX; at++)
        value = value * 10 + (text[at] - '0');
    return negative ? -value : value;
}

/* Significant digits without the point, and the power of ten that they are to be multiplied by. */
struct decimal {
    char text[SIGNIFICANT_DIGITS_MAX + 32];
    size_t digits;
    int64_t exponent;
    bool cut; /* digits other than zero were left out */
};

static void decimal_add(struct decimal *decimal, char digit, bool is_fraction)
{
    if (is_fraction)
        decimal->exponent--;
    if (decimal->digits == 0 && digit == '0')
        return;
    if (decimal->digits < SIGNIFICANT_DIGITS_MAX) {
        decimal->text[decimal->digits++] = digit;
        return;
    }
    decimal->exponent++;
    decimal->cut |= digit != '0';
}

double json_token_double(const char *token, size_t len)
{
    struct decimal decimal = {.digits = 0};
    bool negative = token[0] == '-', is_fraction = false;
    for (size_t at = negative; at < len; at++) {
        if (token[at] == 'e' || token[at] == 'E') {
            decimal.exponent += exponent_of(token + at + 1, len - at - 1);
            break;
        }
        if (token[at] == '.')
            is_fraction = true;
        else
            decimal_add(&decimal, token[at], is_fraction);
    }
    if (decimal.digits == 0)
        return negative ? -0.0 : 0.0;
    if (decimal.cut) {
        decimal.text[decimal.digits++] = '1';
        decimal.exponent--;
    }
    if (decimal.exponent > 99999)
        decimal.exponent = 99999;
    if (decimal.exponent < -99999)
        decimal.exponent = -99999;
    (void)snprintf(decimal.text + decimal.digits, sizeof decimal.text - decimal.digits, "e%d", (int)decimal.exponent);
    /* Without a decimal point strtod reads the same in every locale. */
    double value = strtod(decimal.text, NULL);
    return negative ? -value : value;
}
