/* SPDX-License-Identifier: Apache-2.0
 *
 * json_write - the text of a tree, by the readers of json.h alone.
 */
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

#define INDENT_SPACES 2

struct writer {
    struct buf *out;
    unsigned flags, indent;
    bool is_first;
};

static void begin_line(const struct writer *w, unsigned indent)
{
    if (!(w->flags & JSON_WRITE_PRETTY))
        return;
    buf_append_char(w->out, '\n');
    for (unsigned i = 0; i < indent * INDENT_SPACES; i++)
        buf_append_char(w->out, ' ');
}

static void begin_element(struct writer *w)
{
    if (!w->is_first)
        buf_append_char(w->out, ',');
    w->is_first = false;
    begin_line(w, w->indent + 1);
}

static bool write_member(void *context, const char *key, struct plexctl_json *value)
{
    struct writer *w = context;
    begin_element(w);
    json_write_string(w->out, key);
    buf_append_text(w->out, w->flags & JSON_WRITE_PRETTY ? ": " : ":");
    json_write(w->out, value, w->flags, w->indent + 1);
    return w->out->failed == PLEXCTL_OK;
}

static void write_container(struct writer *w, const struct plexctl_json *value)
{
    bool is_object = json_type(value) == PLEXCTL_JSON_OBJECT;
    buf_append_char(w->out, is_object ? '{' : '[');
    if (is_object)
        (void)json_each(value, write_member, w);
    else
        for (size_t i = 0; i < json_length(value) && w->out->failed == PLEXCTL_OK; i++) {
            begin_element(w);
            json_write(w->out, json_at(value, i), w->flags, w->indent + 1);
        }
    if (!w->is_first)
        begin_line(w, w->indent);
    buf_append_char(w->out, is_object ? '}' : ']');
}

static void write_scalar(struct buf *out, const struct plexctl_json *value, bool is_revealed)
{
    int64_t integer;
    bool truth;
    if (json_integer(value, &integer))
        buf_appendf(out, "%" PRId64, integer);
    else if (json_boolean(value, &truth))
        buf_append_text(out, truth ? "true" : "false");
    else if (json_number_text(value))
        buf_append_text(out, json_number_text(value));
    else if (json_string(value))
        json_write_string(out, json_is_secret(value) && !is_revealed ? "***" : json_string(value));
    else
        buf_append_text(out, "null");
}

void json_write(struct buf *out, const struct plexctl_json *value, unsigned flags, unsigned indent)
{
    int32_t type = json_type(value);
    if (type == PLEXCTL_JSON_ABSENT) {
        if (out->failed == PLEXCTL_OK)
            out->failed = PLEXCTL_NO_MEMORY;
    } else if (type == PLEXCTL_JSON_OBJECT || type == PLEXCTL_JSON_ARRAY) {
        struct writer w = {.out = out, .flags = flags, .indent = indent, .is_first = true};
        write_container(&w, value);
    } else {
        write_scalar(out, value, flags & JSON_WRITE_REVEAL);
    }
}

static bool is_escaped(uint32_t c)
{
    return text_is_control(c) || c == '"' || c == '\\' || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static void write_escape(struct buf *out, uint32_t c)
{
    static const char characters[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *at = c && c < 0x80 ? strchr(characters, (int)c) : NULL;
    if (at)
        buf_appendf(out, "\\%c", letters[at - characters]);
    else
        buf_appendf(out, "\\u%04" PRIx32, c);
}

void json_write_string(struct buf *out, const char *text)
{
    size_t len = strlen(text), plain = 0;
    buf_append_char(out, '"');
    for (size_t at = 0; at < len;) {
        uint32_t c = 0xFFFD;
        size_t length = text_utf8_decode(text + at, len - at, &c);
        if (length && !is_escaped(c)) {
            at += length;
            continue;
        }
        buf_append(out, text + plain, at - plain);
        write_escape(out, c);
        at += length ? length : 1;
        plain = at;
    }
    buf_append(out, text + plain, len - plain);
    buf_append_char(out, '"');
}
