/* SPDX-License-Identifier: Apache-2.0 */
#include "framing.h"

#include <string.h>

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The length of `word`, which is lower case, if the text begins with it in any case; 0 if not. */
static size_t match(const char *text, size_t len, const char *word)
{
    size_t i = 0;

    while (i < len && word[i] && lower(text[i]) == word[i])
        i++;
    return word[i] ? 0 : i;
}

/* The value of the line's field if that is `name`, without the white space around it; NULL if it is not. */
static const char *value_of(const char *line, size_t len, const char *name, size_t *ret_len)
{
    size_t name_len = match(line, len, name);

    if (name_len == 0)
        return NULL;
    const char *value = line + name_len, *end = line + len;
    while (value < end && is_space(*value))
        value++;
    while (end > value && is_space(end[-1]))
        end--;
    *ret_len = (size_t)(end - value);
    return value;
}

static bool read_length(const char *value, size_t len, int64_t *ret_length)
{
    int64_t length = 0;

    for (size_t i = 0; i < len; i++) {
        if (value[i] < '0' || value[i] > '9' || __builtin_mul_overflow(length, 10, &length) ||
            __builtin_add_overflow(length, value[i] - '0', &length))
            return false;
    }
    *ret_length = length;
    return len > 0;
}

static const char *take_length(struct framing *framing, const char *value, size_t len)
{
    int64_t length = 0;

    if (!read_length(value, len, &length))
        return "its Content-Length is not a length";
    if (framing->has_length && framing->length != length)
        return "it gives two different Content-Lengths";
    framing->has_length = true;
    framing->length = length;
    return NULL;
}

static const char *take_coding(struct framing *framing, const char *value, size_t len)
{
    bool is_again = framing->is_chunked;

    framing->is_chunked = true;
    if (is_again || len == 0 || match(value, len, "chunked") != len)
        return "its Transfer-Encoding is not just chunked";
    return NULL;
}

static bool is_status_line(const char *line, size_t len)
{
    return len >= 5 && memcmp(line, "HTTP/", 5) == 0;
}

static bool is_http_1(const char *line, size_t len)
{
    return len >= 9 && (memcmp(line, "HTTP/1.1 ", 9) == 0 || memcmp(line, "HTTP/1.0 ", 9) == 0);
}

void framing_take(struct framing *framing, const char *line, size_t len)
{
    const char *fault = NULL, *value;
    size_t value_len = 0;

    if (is_status_line(line, len)) {
        fault = framing->place == FRAMING_HEADERS ? "a status line stands among its headers" : NULL;
        *framing = (struct framing){.place = FRAMING_HEADERS,
                                    .fault = fault                  ? fault
                                             : is_http_1(line, len) ? NULL
                                                                    : "it is not HTTP/1.1"};
        return;
    }
    if (len > 0 && (line[0] == '\r' || line[0] == '\n'))
        framing->place = FRAMING_PAST;
    if (framing->place == FRAMING_PAST || framing->fault)
        return;
    if ((value = value_of(line, len, "content-length:", &value_len)) != NULL)
        fault = take_length(framing, value, value_len);
    else if ((value = value_of(line, len, "transfer-encoding:", &value_len)) != NULL)
        fault = take_coding(framing, value, value_len);
    /* RFC 9112 section 6.1: an attempt to split the reply */
    if (!fault && framing->is_chunked && framing->has_length)
        fault = "it gives both Content-Length and Transfer-Encoding";
    framing->fault = fault;
}
