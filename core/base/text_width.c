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

/* A wchar_t is the code point here, whatever the locale (__STDC_ISO_10646__). */
static size_t columns_of(uint32_t code_point, size_t length)
{
    int columns = length > 1 ? wcwidth((wchar_t)code_point) : 1;
    return columns < 0 ? 1 : (size_t)columns;
}

static struct measure walk(const char *text, size_t len, size_t max_columns)
{
    struct measure measure = {0, 0};

    while (measure.bytes < len) {
        uint32_t code_point = 0;
        size_t length = text_utf8_decode(text + measure.bytes, len - measure.bytes, &code_point);
        size_t columns = columns_of(code_point, length);
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
