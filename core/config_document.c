/* SPDX-License-Identifier: Apache-2.0 */
#include "config_document.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_token.h"

plexctl_status config_document_refuse(const char *bytes, size_t offset, struct error *err, const char *format, ...)
{
    size_t line = 1, column = 1;
    char why[256];
    va_list arguments;

    for (size_t i = 0; i < offset; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte == '\n') {
            line++;
            column = 1;
        } else if ((byte & 0xC0) != 0x80) {
            column++;
        }
    }
    va_start(arguments, format);
    (void)vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    return error_set(err, PLEXCTL_USAGE, "line %zu, column %zu: %s", line, column, why);
}

struct reading {
    struct config_document document;
    const char *wanted;
};

static void note_member(struct config_object *object, const struct json_member *member, size_t offset)
{
    object->count++;
    object->last_key = (struct json_span){offset + member->key.offset, member->key.len};
    object->last_value = (struct json_span){offset + member->value.offset, member->value.len};
}

static plexctl_status read_default(struct config_document *document, const struct json_member *member,
                                   struct error *err)
{
    if (member->kind != JSON_KIND_STRING)
        return config_document_refuse(document->bytes, member->value.offset, err, "\"default\" must be a string");
    /* A second one is refused by the scan, but only where the object ends. */
    free(document->default_name);
    document->default_value = member->value;
    document->default_name = json_token_text(document->bytes + member->value.offset, member->value.len);
    return document->default_name ? PLEXCTL_OK : error_no_memory(err);
}

static plexctl_status read_profile(struct reading *reading, const struct json_member *member, struct error *err)
{
    struct config_document *document = &reading->document;

    if (member->kind != JSON_KIND_OBJECT)
        return config_document_refuse(document->bytes, member->value.offset, err, "a profile must be an object");
    note_member(&document->profiles, member, 0);
    if (reading->wanted && strcmp(member->path[1], reading->wanted) == 0)
        document->wanted_profile = member->value;
    if (document->default_name && strcmp(member->path[1], document->default_name) == 0)
        document->default_profile = member->value;
    return PLEXCTL_OK;
}

static plexctl_status read_member(void *context, const struct json_member *member, struct error *err)
{
    struct reading *reading = context;
    struct config_document *document = &reading->document;
    bool of_profiles = strcmp(member->path[0], "profiles") == 0;

    if (member->depth == 2)
        return of_profiles ? read_profile(reading, member, err) : PLEXCTL_OK;
    if (of_profiles && member->kind != JSON_KIND_OBJECT)
        return config_document_refuse(document->bytes, member->value.offset, err, "\"profiles\" must be an object");
    note_member(&document->root, member, 0);
    if (of_profiles)
        document->profiles.span = member->value;
    if (strcmp(member->path[0], "default") == 0)
        return read_default(document, member, err);
    return PLEXCTL_OK;
}

static plexctl_status find_default(void *context, const char *name, struct json_span object, struct error *err)
{
    struct config_document *document = context;

    (void)err;
    if (strcmp(name, document->default_name) == 0)
        document->default_profile = object;
    return PLEXCTL_OK;
}

plexctl_status config_document_read(const char *bytes, size_t size, const char *wanted,
                                    struct config_document *ret_document, struct error *err)
{
    struct reading reading = {.document = {.bytes = bytes, .size = size}, .wanted = wanted};
    struct config_document *document = &reading.document;
    const struct json_visitor visitor = {.max_depth = 2, .member = read_member, .context = &reading};
    enum json_kind kind = JSON_KIND_NULL;

    plexctl_status status = json_scan(bytes, size, &visitor, &document->root.span, &kind, err);
    if (status == PLEXCTL_FAILED)
        status = err->status = PLEXCTL_USAGE;
    if (status == PLEXCTL_OK && kind != JSON_KIND_OBJECT)
        status = config_document_refuse(bytes, document->root.span.offset, err, "the document must be an object");
    /* Where "default" stands after the profiles, its name was not known yet when they went by. */
    if (status == PLEXCTL_OK && document->default_name &&
        document->default_value.offset > document->profiles.span.offset)
        status = config_document_each(document, find_default, document, err);
    if (status == PLEXCTL_OK)
        *ret_document = *document;
    else
        config_document_release(document);
    return status;
}

void config_document_release(struct config_document *document)
{
    free(document->default_name);
    *document = (struct config_document)CONFIG_DOCUMENT_INIT;
}

struct walk {
    size_t offset;
    plexctl_status (*profile)(void *context, const char *name, struct json_span object, struct error *err);
    void *context;
};

static plexctl_status walk_member(void *context, const struct json_member *member, struct error *err)
{
    struct walk *walk = context;
    struct json_span object = {walk->offset + member->value.offset, member->value.len};

    return walk->profile(walk->context, member->path[0], object, err);
}

plexctl_status config_document_each(const struct config_document *document,
                                    plexctl_status (*profile)(void *context, const char *name, struct json_span object,
                                                              struct error *err),
                                    void *context, struct error *err)
{
    struct walk walk = {.offset = document->profiles.span.offset, .profile = profile, .context = context};
    const struct json_visitor visitor = {.max_depth = 1, .member = walk_member, .context = &walk};

    if (document->profiles.span.len == 0)
        return PLEXCTL_OK;
    return json_scan(document->bytes + document->profiles.span.offset, document->profiles.span.len, &visitor, NULL,
                     NULL, err);
}

static plexctl_status note_object_member(void *context, const struct json_member *member, struct error *err)
{
    struct config_object *object = context;

    (void)err;
    note_member(object, member, object->span.offset);
    return PLEXCTL_OK;
}

plexctl_status config_object_read(const char *bytes, struct json_span span, struct config_object *ret_object,
                                  struct error *err)
{
    struct config_object object = {.span = span};
    const struct json_visitor visitor = {.max_depth = 1, .member = note_object_member, .context = &object};

    plexctl_status status = json_scan(bytes + span.offset, span.len, &visitor, NULL, NULL, err);
    if (status == PLEXCTL_OK)
        *ret_object = object;
    return status;
}
