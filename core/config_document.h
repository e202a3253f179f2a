/* SPDX-License-Identifier: Apache-2.0
 *
 * config_document - where things lie in the text of the config file. Pure: bytes in, offsets out; no tree is built.
 *
 *     { "default": "NAME", "profiles": { "NAME": { ... } } }
 *
 * The whole document is checked by json_scan, then for its shape: an object; "default", if there, a string; "profiles",
 * if there, an object; each profile an object. Anything else is PLEXCTL_USAGE with line and column. What the members
 * of a profile must be is credential.h's matter.
 */
#ifndef CORE_CONFIG_DOCUMENT_H
#define CORE_CONFIG_DOCUMENT_H

#include <stdbool.h>

#include "base/json_scan.h"

/* An object and its last member: what is needed to add another one behind it. */
struct config_object {
    struct json_span span; /* from '{' to '}' */
    size_t count;          /* of its members */
    struct json_span last_key, last_value;
};

/* Spans are offsets into `bytes`; len 0 says that the thing is absent. */
struct config_document {
    const char *bytes; /* borrowed */
    size_t size;
    struct config_object root;
    struct config_object profiles;    /* the value of "profiles" */
    struct json_span default_value;   /* the value of "default", with its quotes */
    char *default_name;               /* the same unescaped; NULL where absent */
    struct json_span default_profile; /* the object of the profile that "default" names */
    struct json_span wanted_profile;  /* the object of the profile that was asked for */
};

#define CONFIG_DOCUMENT_INIT \
    { \
        0 \
    }
#define auto_config_document __attribute__((cleanup(config_document_release)))

/* Checks the whole document and looks for the profile `wanted` (NULL for none). The caller releases it. */
plexctl_status config_document_read(const char *bytes, size_t size, const char *wanted,
                                    struct config_document *ret_document, struct error *err);
void config_document_release(struct config_document *document);

/* The same of the object at `span` in `bytes`, which was found to be good JSON. */
plexctl_status config_object_read(const char *bytes, struct json_span span, struct config_object *ret_object,
                                  struct error *err);

/* Calls `profile` for each profile in the document's order; `object` is the span of its value. A status other than
 * PLEXCTL_OK ends the walk and is returned. */
plexctl_status config_document_each(const struct config_document *document,
                                    plexctl_status (*profile)(void *context, const char *name, struct json_span object,
                                                              struct error *err),
                                    void *context, struct error *err);

/* Sets "line L, column C: <formatted>" for the byte at `offset`, columns in characters, and returns PLEXCTL_USAGE. */
plexctl_status config_document_refuse(const char *bytes, size_t offset, struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
