/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

void fuzz_require(bool holds, const char *rule)
{
    if (holds)
        return;
    (void)fprintf(stderr, "%s: broken: %s\n", fuzz_name, rule);
    abort();
}

/* The character at `text` by arithmetic alone, its length in *ret_length; UINT32_MAX where there is none. */
static uint32_t decode(const unsigned char *text, size_t len, size_t *ret_length)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = text[0] < 0x80 ? 1 : text[0] >> 5 == 6 ? 2 : text[0] >> 4 == 14 ? 3 : text[0] >> 3 == 30 ? 4 : 0;
    uint32_t scalar = length == 1 ? text[0] : text[0] & (0x7fU >> length);

    *ret_length = length;
    if (length == 0 || length > len)
        return UINT32_MAX;
    for (size_t i = 1; i < length; i++) {
        if (text[i] >> 6 != 2)
            return UINT32_MAX;
        scalar = scalar * 64 + text[i] % 64;
    }
    return scalar < least[length] || scalar > 0x10ffff || scalar / 0x800 == 0xd800 / 0x800 ? UINT32_MAX : scalar;
}

static bool is_harmless(uint32_t c)
{
    bool is_control = c < 0x20 || (c >= 0x7f && c < 0xa0);
    bool is_bidi =
        c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    bool is_separator = c == 0x2028 || c == 0x2029;
    bool is_without_width = (c >= 0x200b && c <= 0x200d) || c == 0x2060 || c == 0xfeff;

    return c != UINT32_MAX && !is_control && !is_bidi && !is_separator && !is_without_width;
}

bool fuzz_is_safe(const char *text, size_t len)
{
    size_t length = 0;

    for (size_t at = 0; at < len; at += length) {
        if (!is_harmless(decode((const unsigned char *)text + at, len - at, &length)))
            return false;
    }
    return true;
}
