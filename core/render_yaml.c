/* SPDX-License-Identifier: Apache-2.0 */
#include "render_yaml.h"

#include <limits.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

#include "base/late_library.h"
#include "base/text.h"

/* What is called of libyaml. */
#define YAML_FUNCTIONS(X) \
    X(yaml_document_end_event_initialize) \
    X(yaml_document_start_event_initialize) \
    X(yaml_emitter_delete) \
    X(yaml_emitter_emit) \
    X(yaml_emitter_initialize) \
    X(yaml_emitter_set_output) \
    X(yaml_emitter_set_unicode) \
    X(yaml_emitter_set_width) \
    X(yaml_mapping_end_event_initialize) \
    X(yaml_mapping_start_event_initialize) \
    X(yaml_scalar_event_initialize) \
    X(yaml_sequence_end_event_initialize) \
    X(yaml_sequence_start_event_initialize) \
    X(yaml_stream_end_event_initialize) \
    X(yaml_stream_start_event_initialize)

LATE_LIBRARY(YAML_SONAME, YAML_FUNCTIONS)

/* Where a secret is revealed, libyaml frees its copies of it unwiped and takes no allocator of ours. It is known and
 * bounded: the same bytes go to standard output, on the operator's word. Masked secrets do not come here. */
struct writer {
    yaml_emitter_t emitter;
    bool reveal_secrets;
};

/* Strings that read as something else */

/* YAML 1.1 types (yaml.org/type): bool, null, float, merge, value; the 1.2 core schema is a part of them. */
static bool is_reserved_word(const char *text)
{
    static const char *const words[] = {"y",  "n", "yes",  "no",    "on",    "off",  "true", "false", "null", "~",  "",
                                        "<<", "=", ".inf", "+.inf", "-.inf", ".nan", "inf",  "+inf",  "-inf", "nan"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcasecmp(text, words[i]) == 0)
            return true;
    }
    return false;
}

/* Wider than the grammars of int and float, base 60 included: quotes too many do no harm. */
static bool is_like_number(const char *text)
{
    const char *digits = text + (*text == '+' || *text == '-');

    if (!*digits || !strchr("0123456789.", *digits))
        return false;
    if (digits[0] == '0' && digits[1] && strchr("xXoObB", digits[1]))
        return true;
    return text[strspn(text, "0123456789_.,:eE+-")] == '\0';
}

static size_t span_digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* A date, with or without a time behind it. */
static bool is_like_timestamp(const char *text)
{
    if (span_digits(text) != 4 || text[4] != '-')
        return false;
    text += 5;
    size_t month = span_digits(text);
    if (month < 1 || month > 2 || text[month] != '-')
        return false;
    text += month + 1;
    size_t day = span_digits(text);
    return day >= 1 && day <= 2 && (text[day] == '\0' || strchr("Tt \t", text[day]));
}

static bool is_changed_by_sanitising(const char *text, struct buf *scratch)
{
    buf_release(scratch);
    text_sanitise(scratch, text, strlen(text), SIZE_MAX);
    return strcmp(buf_text(scratch), text) != 0;
}

static bool is_utf8(const char *text)
{
    size_t len = strlen(text);

    for (size_t i = 0; i < len;) {
        size_t length = text_utf8_length(text + i, len - i);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

/* Bidi and zero-width characters: libyaml takes them for printable, and escapes them only with all that is not ASCII.
 */
struct search {
    bool is_found, has_failed;
};

static bool look_at_text(struct search *search, const char *text)
{
    size_t len = strlen(text);

    for (size_t i = 0; i < len && !search->is_found;) {
        auto_buf struct buf safe = BUF_FIXED(ERROR_TEXT_SIZE);
        size_t length = text_utf8_length(text + i, len - i);
        if (length > 1) {
            text_sanitise(&safe, text + i, length, SIZE_MAX);
            search->is_found = safe.len != length || memcmp(buf_text(&safe), text + i, length) != 0;
            search->has_failed |= safe.failed != PLEXCTL_OK;
        }
        i += length ? length : 1;
    }
    return !search->is_found;
}

static void look_for_hidden(struct search *search, const struct plexctl_json *value);

static bool look_at_member(void *context, const char *key, struct plexctl_json *value)
{
    struct search *search = context;

    if (look_at_text(search, key))
        look_for_hidden(search, value);
    return !search->is_found;
}

static void look_for_hidden(struct search *search, const struct plexctl_json *value)
{
    int32_t type = json_type(value);

    if (type == PLEXCTL_JSON_STRING)
        (void)look_at_text(search, json_string(value));
    if (type == PLEXCTL_JSON_OBJECT)
        (void)json_each(value, look_at_member, search);
    for (size_t i = 0; type == PLEXCTL_JSON_ARRAY && !search->is_found && i < json_length(value); i++)
        look_for_hidden(search, json_at(value, i));
}

/* Events */

/* libyaml takes the event over, also when it fails. */
static bool emit(struct writer *writer, yaml_event_t *event, int was_made)
{
    if (!was_made) {
        writer->emitter.error = YAML_MEMORY_ERROR;
        return false;
    }
    return late.yaml_emitter_emit(&writer->emitter, event) == 1;
}

static bool emit_scalar(struct writer *writer, const char *text, yaml_scalar_style_t style)
{
    size_t len = strlen(text);
    yaml_event_t event;

    if (len > INT_MAX) {
        writer->emitter.error = YAML_EMITTER_ERROR;
        return false;
    }
    yaml_char_t *bytes = (yaml_char_t *)(uintptr_t)text;
    return emit(writer, &event, late.yaml_scalar_event_initialize(&event, NULL, NULL, bytes, (int)len, 1, 1, style));
}

static bool emit_string(struct writer *writer, const char *text)
{
    auto_buf struct buf safe = BUF_INIT(SIZE_MAX / 2);
    bool is_hidden = is_changed_by_sanitising(text, &safe);

    if (safe.failed != PLEXCTL_OK) {
        writer->emitter.error = YAML_MEMORY_ERROR;
        return false;
    }
    if (!is_utf8(text))
        return emit_scalar(writer, buf_text(&safe), YAML_DOUBLE_QUOTED_SCALAR_STYLE);
    if (is_hidden)
        return emit_scalar(writer, text, YAML_DOUBLE_QUOTED_SCALAR_STYLE);
    if (is_reserved_word(text) || is_like_number(text) || is_like_timestamp(text))
        return emit_scalar(writer, text, YAML_SINGLE_QUOTED_SCALAR_STYLE);
    return emit_scalar(writer, text, YAML_PLAIN_SCALAR_STYLE);
}

static bool emit_literal(struct writer *writer, const struct plexctl_json *value)
{
    auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);

    json_write(&text, value, 0, 0);
    if (text.failed != PLEXCTL_OK) {
        writer->emitter.error = YAML_MEMORY_ERROR;
        return false;
    }
    return emit_scalar(writer, buf_text(&text), YAML_PLAIN_SCALAR_STYLE);
}

static bool emit_value(struct writer *writer, const struct plexctl_json *value);

static bool emit_member(void *context, const char *key, struct plexctl_json *value)
{
    struct writer *writer = context;
    return emit_string(writer, key) && emit_value(writer, value);
}

static bool emit_object(struct writer *writer, const struct plexctl_json *object)
{
    yaml_event_t event;
    int was_made = late.yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE);

    if (!emit(writer, &event, was_made))
        return false;
    (void)json_each(object, emit_member, writer);
    if (writer->emitter.error != YAML_NO_ERROR)
        return false;
    return emit(writer, &event, late.yaml_mapping_end_event_initialize(&event));
}

static bool emit_array(struct writer *writer, const struct plexctl_json *array)
{
    yaml_event_t event;
    int was_made = late.yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE);
    size_t length = json_length(array);

    if (!emit(writer, &event, was_made))
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!emit_value(writer, json_at(array, i)))
            return false;
    }
    return emit(writer, &event, late.yaml_sequence_end_event_initialize(&event));
}

static bool emit_value(struct writer *writer, const struct plexctl_json *value)
{
    int32_t type = json_type(value);

    if (type == PLEXCTL_JSON_OBJECT)
        return emit_object(writer, value);
    if (type == PLEXCTL_JSON_ARRAY)
        return emit_array(writer, value);
    if (type == PLEXCTL_JSON_ABSENT)
        return emit_scalar(writer, "null", YAML_PLAIN_SCALAR_STYLE);
    if (type != PLEXCTL_JSON_STRING)
        return emit_literal(writer, value);
    if (json_is_secret(value) && !writer->reveal_secrets)
        return emit_string(writer, "***");
    return emit_string(writer, json_string(value));
}

/* The document */

static int append_output(void *context, unsigned char *bytes, size_t size)
{
    struct buf *out = context;

    buf_append(out, bytes, size);
    return out->failed == PLEXCTL_OK;
}

static bool emit_document(struct writer *writer, const struct plexctl_json *result)
{
    yaml_event_t event;

    return emit(writer, &event, late.yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)) &&
           emit(writer, &event, late.yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1)) &&
           emit_value(writer, result) && emit(writer, &event, late.yaml_document_end_event_initialize(&event, 1)) &&
           emit(writer, &event, late.yaml_stream_end_event_initialize(&event));
}

plexctl_status render_yaml_open(struct error *err)
{
    return late_library_open(&late_library, err);
}

plexctl_status render_yaml(const struct plexctl_json *result, const struct output_style *style, struct buf *out,
                           struct error *err)
{
    struct writer writer = {.reveal_secrets = style->reveal_secrets};
    struct search search = {0};
    plexctl_status status = render_yaml_open(err);

    if (status != PLEXCTL_OK)
        return status;
    look_for_hidden(&search, result);
    if (search.has_failed || !late.yaml_emitter_initialize(&writer.emitter))
        return error_no_memory(err);
    late.yaml_emitter_set_output(&writer.emitter, append_output, out);
    late.yaml_emitter_set_unicode(&writer.emitter, !search.is_found);
    late.yaml_emitter_set_width(&writer.emitter, -1);
    if (!emit_document(&writer, result)) {
        status = buf_check(out, "the YAML document", err);
        if (status == PLEXCTL_OK && writer.emitter.error == YAML_MEMORY_ERROR)
            status = error_no_memory(err);
        if (status == PLEXCTL_OK)
            status = error_set(err, PLEXCTL_FAILED, "cannot write the YAML document: %s",
                               writer.emitter.problem ? writer.emitter.problem : "a string is too long");
    }
    late.yaml_emitter_delete(&writer.emitter);
    return status;
}
