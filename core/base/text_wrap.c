/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text_wrap.h"

#include <stdint.h>

#include "base/text.h"

#define FIRST_WIDE 0x1100 /* Hangul; everything before takes one column or none */

static size_t take_word(const char *text, size_t len, size_t *ret_columns)
{
    size_t at = 0, columns = 0;

    while (at < len && text[at] != ' ' && text[at] != '\n') {
        uint32_t code_point = 0;
        size_t length = text_utf8_decode(text + at, len - at, &code_point);
        columns += length && code_point >= FIRST_WIDE ? 2 : 1;
        at += length ? length : 1;
    }
    *ret_columns = columns;
    return at;
}

void text_wrap(char *text, size_t len, size_t columns, size_t column)
{
    for (size_t at = 0; at < len;) {
        size_t spaces = 0, width = 0;
        while (at + spaces < len && text[at + spaces] == ' ')
            spaces++;
        at += spaces;
        size_t word = take_word(text + at, len - at, &width);
        if (spaces && column && word && column + spaces + width > columns) {
            text[at - 1] = '\n';
            column = spaces = 0;
        }
        column += spaces + width;
        at += word;
        if (at < len && text[at] == '\n') {
            column = 0;
            at++;
        }
    }
}
