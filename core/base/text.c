/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PROFILE_NAME_MAX 64
#define COMMAND_WORD_MAX 31
#define DISTANCE_MAX_BYTES 63
#define LAST_SECOND INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

/* Not <ctype.h>: what is a letter must not depend on the locale. */
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_alphanumeric(char c)
{
    return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z');
}

static bool is_hex_digit(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

bool text_is_uuid(const char *text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    size_t i = 0;

    while (form[i] != '\0' && (form[i] == '-' ? text[i] == '-' : is_hex_digit(text[i])))
        i++;
    return form[i] == '\0' && text[i] == '\0';
}

bool text_is_profile_name(const char *text)
{
    size_t len = 0;

    if (is_one_of(text[0], ".-"))
        return false;
    while (len <= PROFILE_NAME_MAX && (is_alphanumeric(text[len]) || is_one_of(text[len], "._-")))
        len++;
    return len >= 1 && len <= PROFILE_NAME_MAX && text[len] == '\0';
}

bool text_is_command_word(const char *text)
{
    size_t len = 1;

    if (!is_lower(text[0]))
        return false;
    while (len <= COMMAND_WORD_MAX && (is_lower(text[len]) || is_digit(text[len]) || text[len] == '-'))
        len++;
    return len <= COMMAND_WORD_MAX && text[len] == '\0';
}

bool text_is_bearer(const char *text)
{
    size_t len = 0;

    while (len <= TEXT_BEARER_MAX_BYTES && (is_alphanumeric(text[len]) || is_one_of(text[len], "._~+/=-")))
        len++;
    return len >= 1 && len <= TEXT_BEARER_MAX_BYTES && text[len] == '\0';
}

/* Reads the digits at *text and moves it behind them. Counts downwards for `negative`, since -INT64_MIN has no place.
 */
static bool read_digits(const char **text, bool negative, int64_t *ret_number)
{
    int64_t number = 0;
    const char *digit = *text;

    for (; is_digit(*digit); digit++) {
        int64_t step = negative ? -(*digit - '0') : *digit - '0';
        if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, step, &number))
            return false;
    }
    if (digit == *text)
        return false;
    *text = digit;
    *ret_number = number;
    return true;
}

bool text_to_integer(const char *text, int64_t *ret_number)
{
    bool negative = text[0] == '-';
    const char *rest = negative ? text + 1 : text;
    int64_t number;

    if (!read_digits(&rest, negative, &number) || *rest != '\0')
        return false;
    *ret_number = number;
    return true;
}

bool text_to_seconds(const char *text, int64_t *ret_seconds)
{
    static const struct {
        const char *unit;
        int64_t seconds;
    } units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    int64_t number;

    if (!read_digits(&text, false, &number))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        int64_t seconds;
        if (strcmp(text, units[i].unit) != 0)
            continue;
        if (__builtin_mul_overflow(number, units[i].seconds, &seconds))
            return false;
        *ret_seconds = seconds;
        return true;
    }
    return false;
}

/* The well-formed byte sequences of RFC 3629 section 4: what the second byte may be decides over overlong forms,
 * surrogates and the upper limit. */
static const struct {
    unsigned char first_low, first_high, second_low, second_high;
    size_t length;
} utf8_rows[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

size_t text_utf8_length(const char *text, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;

    if (bytes[0] < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof utf8_rows / sizeof utf8_rows[0]; i++) {
        if (bytes[0] < utf8_rows[i].first_low || bytes[0] > utf8_rows[i].first_high)
            continue;
        size_t length = utf8_rows[i].length;
        if (len < length || bytes[1] < utf8_rows[i].second_low || bytes[1] > utf8_rows[i].second_high)
            return 0;
        for (size_t j = 2; j < length; j++) {
            if ((bytes[j] & 0xC0) != 0x80)
                return 0;
        }
        return length;
    }
    return 0;
}

size_t text_utf8_decode(const char *text, size_t len, uint32_t *ret_code_point)
{
    size_t length = text_utf8_length(text, len);

    if (length == 0)
        return 0;
    /* The lead byte of n > 1 bytes has n ones and a zero above its bits of the code point (RFC 3629 section 3). */
    uint32_t code_point = (unsigned char)text[0] & (length == 1 ? 0x7FU : 0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++)
        code_point = code_point << 6 | ((unsigned char)text[i] & 0x3F);
    *ret_code_point = code_point;
    return length;
}

bool text_is_control(uint32_t code_point)
{
    return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F);
}

/* Characters that move, hide or reorder what stands around them. */
static bool is_unsafe(uint32_t code_point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x061C, 0x061C}, {0x180E, 0x180E},   /* Arabic letter mark, Mongolian vowel separator */
        {0x200B, 0x200F}, {0x2028, 0x202E},   /* zero width, marks, separators, embeddings and overrides */
        {0x2060, 0x206F}, {0xFEFF, 0xFEFF},   /* word joiner, invisible operators, isolates, byte order mark */
        {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F}, /* interlinear annotation, tags */
    };

    if (text_is_control(code_point))
        return true;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (code_point >= ranges[i].first && code_point <= ranges[i].last)
            return true;
    }
    return false;
}

#define PIECE_SIZE 16

/* Writes the safe form of the character at `text` to `piece`; returns how many bytes of `text` it stands for. */
static size_t sanitise_character(const char *text, size_t len, char piece[static PIECE_SIZE])
{
    uint32_t code_point;
    size_t length = text_utf8_decode(text, len, &code_point);

    if (length == 0) {
        (void)snprintf(piece, PIECE_SIZE, "\\x%02x", (unsigned)(unsigned char)text[0]);
        return 1;
    }
    if (!is_unsafe(code_point)) {
        memcpy(piece, text, length);
        piece[length] = '\0';
    } else if (code_point < 0x80) {
        (void)snprintf(piece, PIECE_SIZE, "\\x%02x", (unsigned)code_point);
    } else {
        (void)snprintf(piece, PIECE_SIZE, "\\u{%04x}", (unsigned)code_point);
    }
    return length;
}

/* How many of the first bytes are safe as they are, each a character. */
static size_t plain_length(const char *text, size_t len)
{
    size_t length = 0;

    while (length < len && text[length] >= ' ' && text[length] <= '~')
        length++;
    return length;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

void text_sanitise(struct buf *out, const char *text, size_t len, size_t max_bytes)
{
    static const char ellipsis[] = "...";
    const size_t ellipsis_len = smaller(max_bytes, sizeof ellipsis - 1);
    const size_t start = out->len;
    const size_t cut_max = max_bytes - ellipsis_len;
    size_t cut = start; /* the last boundary behind which the ellipsis still fits */

    for (size_t i = 0; i < len && out->failed == PLEXCTL_OK;) {
        char piece[PIECE_SIZE];
        /* Nearly all is plain: as much of it at once as there is room for. */
        size_t room = smaller(max_bytes - (out->len - start), out->max - out->len);
        size_t plain = plain_length(text + i, smaller(len - i, room));
        buf_append(out, text + i, plain);
        if (out->len - plain - start <= cut_max)
            cut = start + smaller(out->len - start, cut_max);
        i += plain;
        if (i == len || out->failed != PLEXCTL_OK)
            return;
        i += sanitise_character(text + i, len - i, piece);
        size_t used = out->len - start;
        size_t piece_len = strlen(piece);
        if (piece_len > max_bytes - used) {
            out->len = cut;
            if (out->data)
                out->data[cut] = '\0';
            buf_append(out, ellipsis, ellipsis_len);
            return;
        }
        buf_append(out, piece, piece_len);
        if (out->len - start <= cut_max)
            cut = out->len;
    }
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: a row a character of `a`, of which only the last three are kept. */
unsigned text_distance(const char *a, const char *b)
{
    unsigned rows[3][DISTANCE_MAX_BYTES + 1];
    size_t a_len = strlen(a);
    size_t b_len = strlen(b);

    if (a_len > DISTANCE_MAX_BYTES || b_len > DISTANCE_MAX_BYTES) {
        size_t longer = a_len > b_len ? a_len : b_len;
        return longer < UINT_MAX ? (unsigned)longer : UINT_MAX;
    }
    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a_len; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *above = rows[(i - 1) % 3];
        const unsigned *above_that = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_len; j++) {
            row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], above_that[j - 2] + 1);
        }
    }
    return rows[a_len % 3][b_len];
}

bool text_is_nearer(const char *typed, const char *candidate, unsigned *best)
{
    size_t typed_len = strlen(typed);
    size_t candidate_len = strlen(candidate);
    size_t longer = typed_len > candidate_len ? typed_len : candidate_len;
    size_t allowed = longer < 6 ? 1 : longer / 3;
    unsigned distance = text_distance(typed, candidate);
    bool is_beginning = typed_len >= 3 && strncmp(typed, candidate, typed_len) == 0;

    if (!is_beginning && (distance > allowed || distance > 3 || distance >= longer))
        return false;
    if (distance >= *best)
        return false;
    *best = distance;
    return true;
}

bool text_format_utc(int64_t unix_s, char out[static 21])
{
    time_t seconds = (time_t)unix_s;
    struct tm utc;

    if (unix_s < 0 || unix_s > LAST_SECOND || !gmtime_r(&seconds, &utc))
        return false;
    return strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &utc) == 20;
}

bool text_parse_utc(const char *text, int64_t *ret_unix_s)
{
    struct tm utc = {0};
    char again[21];

    if (!strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc))
        return false;
    /* strptime takes spaces, signs, days that a month does not have, and what follows. */
    int64_t unix_s = (int64_t)timegm(&utc);
    if (!text_format_utc(unix_s, again) || strcmp(again, text) != 0)
        return false;
    *ret_unix_s = unix_s;
    return true;
}

void text_format_span(int64_t span_s, char out[static TEXT_SPAN_SIZE])
{
    static const struct {
        uint64_t unit_s;
        const char *words;
    } units[] = {{86400, "days"}, {3600, "hours"}, {60, "minutes"}, {1, "seconds"}};
    uint64_t length_s = span_s < 0 ? -(uint64_t)span_s : (uint64_t)span_s;
    size_t i = 0;

    while (units[i].unit_s > 1 && length_s < 2 * units[i].unit_s)
        i++;
    (void)snprintf(out, TEXT_SPAN_SIZE, "%" PRIu64 " %s", length_s / units[i].unit_s,
                   length_s == 1 ? "second" : units[i].words);
}
