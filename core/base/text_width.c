/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text_width.h"

#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <wchar.h>

#include "base/text.h"

struct measure {
    size_t bytes, columns;
};

static locale_t utf8_locale(void)
{
    static locale_t locale;
    static bool was_tried;

    if (!was_tried)
        locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    was_tried = true;
    return locale;
}

static bool is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] >= 0x80)
            return false;
    }
    return true;
}

static wchar_t decode(const char *text, size_t length)
{
    static const unsigned char first_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = (unsigned char)text[0] & first_mask[length];

    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3f);
    return (wchar_t)code;
}

static size_t columns_of(const char *text, size_t length)
{
    int columns = length > 1 ? wcwidth(decode(text, length)) : 1;
    return columns < 0 ? 1 : (size_t)columns;
}

static struct measure walk(const char *text, size_t len, size_t max_columns)
{
    struct measure measure = {0, 0};

    while (measure.bytes < len) {
        size_t length = text_utf8_length(text + measure.bytes, len - measure.bytes);
        size_t columns = columns_of(text + measure.bytes, length);
        if (columns > max_columns - measure.columns)
            break;
        measure.bytes += length ? length : 1;
        measure.columns += columns;
    }
    return measure;
}

static struct measure measure_text(const char *text, size_t len, size_t max_columns)
{
    if (is_ascii(text, len)) {
        size_t bytes = len < max_columns ? len : max_columns;
        return (struct measure){bytes, bytes};
    }
    locale_t locale = utf8_locale();
    locale_t previous = locale ? uselocale(locale) : (locale_t)0;
    struct measure measure = walk(text, len, max_columns);
    if (previous)
        (void)uselocale(previous);
    return measure;
}

size_t text_width(const char *text, size_t len)
{
    return measure_text(text, len, SIZE_MAX).columns;
}

size_t text_fit(const char *text, size_t len, size_t columns)
{
    return measure_text(text, len, columns).bytes;
}
