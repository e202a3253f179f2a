/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define CONTINUATION_MAX 3 /* of a UTF-8 character (RFC 3629 section 3) */

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static size_t announced_length(char lead)
{
    unsigned char byte = (unsigned char)lead;

    if (byte >= 0xF0)
        return 4;
    if (byte >= 0xE0)
        return 3;
    return byte >= 0xC0 ? 2 : 1;
}

/* Where to cut `text` so that at most `limit` bytes remain and no character is halved. */
static size_t character_boundary(const char *text, size_t limit)
{
    size_t len = strnlen(text, limit);
    size_t lead = len;

    while (lead > 0 && len - lead < CONTINUATION_MAX && is_continuation(text[lead - 1]))
        lead--;
    if (lead == 0)
        return len;
    lead--;
    return announced_length(text[lead]) > len - lead ? lead : len;
}

/* Formats apart from err->text, which may be one of the arguments. */
static __attribute__((format(printf, 2, 0))) void format_text(char text[static ERROR_TEXT_SIZE], const char *format,
                                                              va_list arguments)
{
    int length = vsnprintf(text, ERROR_TEXT_SIZE, format, arguments);

    if (length < 0)
        (void)snprintf(text, ERROR_TEXT_SIZE, "%s", format);
    text[character_boundary(text, ERROR_TEXT_SIZE - 1)] = '\0';
}

/* Appends `tail` to the `len` bytes in `text`, as much as fits. */
static void append_tail(char text[static ERROR_TEXT_SIZE], size_t len, const char *tail)
{
    size_t count = character_boundary(tail, ERROR_TEXT_SIZE - 1 - len);

    memcpy(text + len, tail, count);
    text[len + count] = '\0';
}

plexctl_status error_set(struct error *err, plexctl_status status, const char *format, ...)
{
    char text[ERROR_TEXT_SIZE];
    va_list arguments;

    va_start(arguments, format);
    format_text(text, format, arguments);
    va_end(arguments);
    err->status = status;
    err->number = 0;
    err->advice_len = 0;
    err->refusal = (struct error_refusal){0};
    memcpy(err->text, text, sizeof text);
    return status;
}

plexctl_status error_set_errno(struct error *err, plexctl_status status, int number, const char *format, ...)
{
    char text[ERROR_TEXT_SIZE];
    char scratch[128];
    char reason[160];
    va_list arguments;

    va_start(arguments, format);
    format_text(text, format, arguments);
    va_end(arguments);
    (void)snprintf(reason, sizeof reason, ": %s", strerror_r(number, scratch, sizeof scratch));
    append_tail(text, character_boundary(text, ERROR_TEXT_SIZE - 1 - strlen(reason)), reason);
    err->status = number == ENOMEM ? PLEXCTL_NO_MEMORY : status;
    err->number = number;
    err->advice_len = 0;
    err->refusal = (struct error_refusal){0};
    memcpy(err->text, text, sizeof text);
    return err->status;
}

plexctl_status error_no_memory(struct error *err)
{
    return error_set(err, PLEXCTL_NO_MEMORY, "out of memory");
}

plexctl_status error_prefix(struct error *err, const char *format, ...)
{
    char text[ERROR_TEXT_SIZE];
    va_list arguments;

    if (err->status == PLEXCTL_OK)
        return PLEXCTL_OK;
    va_start(arguments, format);
    format_text(text, format, arguments);
    va_end(arguments);
    append_tail(text, strlen(text), ": ");
    size_t whole = strlen(text) + strlen(err->text);
    append_tail(text, strlen(text), err->text);
    size_t cut = whole - strlen(text);
    err->advice_len = err->advice_len > cut ? err->advice_len - cut : 0;
    err->refusal.lost_len += (uint32_t)cut;
    memcpy(err->text, text, sizeof text);
    return err->status;
}

plexctl_status error_advise(struct error *err, const char *advice)
{
    size_t len = strlen(err->text) - err->advice_len;

    err->text[len] = '\0';
    err->advice_len = 0;
    if (err->status == PLEXCTL_OK || !advice)
        return err->status;
    append_tail(err->text, len, "; ");
    append_tail(err->text, strlen(err->text), advice);
    err->advice_len = strlen(err->text) - len;
    return err->status;
}

const char *error_advice(const struct error *err)
{
    return err->advice_len > strlen("; ") ? err->text + strlen(err->text) - err->advice_len + strlen("; ") : "";
}

void error_clear(struct error *err)
{
    err->status = PLEXCTL_OK;
    err->number = 0;
    err->advice_len = 0;
    err->refusal = (struct error_refusal){0};
    err->text[0] = '\0';
}
