/* SPDX-License-Identifier: Apache-2.0
 *
 * output - one result tree as table, json or yaml (libyaml), secrets masked; and the lines a person sees. The choke
 * point for what may reach a terminal.
 */
#ifndef CORE_OUTPUT_H
#define CORE_OUTPUT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/json.h"

/* "table", "json", "yaml" to PLEXCTL_OUTPUT_...; PLEXCTL_USAGE for anything else. */
plexctl_status output_format_parse(const char *text, int32_t *ret_format, struct error *err);

struct output_style {
    int32_t format; /* PLEXCTL_OUTPUT_... */
    bool reveal_secrets;
    bool is_bold;                          /* a table's titles stand out */
    const struct plexctl_columns *columns; /* NULL or without rows: by the tree's members */
    size_t max_columns;                    /* of a table on a terminal; 0: none */
};

/* For standard output: titles are bold where it has colours. `columns` may be NULL. */
struct output_style output_style_for_stdout(int32_t format, bool reveal_secrets, const struct plexctl_columns *columns);

/* Appends the whole document with its final newline. Not cut, unlike the server's words in a message: it is what was
 * asked for. An object as a table is one "TITLE  value" line a member, an array
 * of objects one row each under a header; arrays of scalars are joined by ", "; absent and null show as "-". Rows of
 * which one passes max_columns are shown as objects are, an empty line between two; a value that does not fit beside
 * its title goes on below, broken between words, and stands on lines of its own where one of its words does not fit. */
plexctl_status output_render(const struct plexctl_json *result, const struct output_style *style, struct buf *out,
                             struct error *err);

/* Writes to stdout and flushes; PLEXCTL_FAILED "cannot write to standard output: ..." on any error. */
plexctl_status output_write(const char *text, size_t len, struct error *err);

/* The same to stderr, for what has to reach a terminal that stands there only. */
plexctl_status output_write_error(const char *text, size_t len, struct error *err);

/* `text` sanitised and a newline, on stdout, flushed. On a terminal that is narrower it is broken between words. */
plexctl_status output_line(const char *text, struct error *err);

/* On stderr, sanitised, one line, which a terminal that is narrower shows broken between words: "plexctl: " and for a
 * warning "warning: " before it, in colour where the terminal has colours. A progress line is removed first. They take
 * no memory and no lock, so that a signal handler may call them with a text that needs no escaping. */
void output_error(const char *text);
void output_warning(const char *text);
void output_debug(const char *text);

/* "question [y/N] " on the controlling terminal, waits for a line; see plugin.h's confirm. */
plexctl_status output_confirm(const char *question, bool yes, int cancel_fd, struct error *err);

#endif
