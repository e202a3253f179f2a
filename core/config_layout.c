/* SPDX-License-Identifier: Apache-2.0 */
#include "config_layout.h"

#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Leaves `text` as it is where the span would not fit. */
static void take(char *text, size_t size, const char *bytes, struct json_span span)
{
    if (span.len >= size)
        return;
    memcpy(text, bytes + span.offset, span.len);
    text[span.len] = '\0';
}

static void indent(char *text, size_t size, const char *newline, unsigned levels, const char *unit)
{
    size_t newline_len = strlen(newline), unit_len = strlen(unit), len = newline_len;

    memcpy(text, newline, newline_len);
    for (unsigned i = 0; i < levels && len + unit_len < size; i++) {
        memcpy(text + len, unit, unit_len);
        len += unit_len;
    }
    text[len] = '\0';
}

struct config_layout config_layout_of(const char *bytes, const struct config_object *object, unsigned depth)
{
    struct config_layout layout = {.colon = ": "};
    size_t key = object->last_key.offset, key_end = key + object->last_key.len;
    size_t value_end = object->last_value.offset + object->last_value.len;
    size_t lead = key;

    indent(layout.lead, sizeof layout.lead, "\n", depth, "  ");
    indent(layout.close, sizeof layout.close, "\n", depth - 1, "  ");
    if (object->count == 0)
        return layout;
    while (lead > 0 && is_space(bytes[lead - 1]))
        lead--;
    take(layout.lead, sizeof layout.lead, bytes, (struct json_span){lead, key - lead});
    take(layout.colon, sizeof layout.colon, bytes, (struct json_span){key_end, object->last_value.offset - key_end});
    take(layout.close, sizeof layout.close, bytes,
         (struct json_span){value_end, object->span.offset + object->span.len - 1 - value_end});
    return layout;
}

struct config_layout config_layout_at_depth(const struct config_layout *root, unsigned depth)
{
    struct config_layout layout = *root;
    const char *last_newline = strrchr(root->lead, '\n');

    if (!last_newline)
        return layout;
    const char *newline = last_newline > root->lead && last_newline[-1] == '\r' ? "\r\n" : "\n";
    indent(layout.lead, sizeof layout.lead, newline, depth, last_newline + 1);
    indent(layout.close, sizeof layout.close, newline, depth - 1, last_newline + 1);
    return layout;
}
