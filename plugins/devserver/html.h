/* SPDX-License-Identifier: Apache-2.0
 *
 * html - writes pages into memory; escaping is not the caller's choice.
 */
#ifndef DEVSERVER_HTML_H
#define DEVSERVER_HTML_H

#include <stddef.h>
#include <stdio.h>

struct html {
    FILE *out; /* NULL out of memory: every call is then harmless */
    char *text;
    size_t size;
};

void html_begin(struct html *html);

/* Writes the template; each %s (the only directive) is replaced by a text with & < > " ' escaped and control bytes
 * turned into U+FFFD, fit for element content and quoted attributes. No text is NULL. */
__attribute__((format(printf, 2, 3))) void html_write(struct html *html, const char *template, ...);

/* The page, malloc'd; NULL where memory was short. `html` is over. */
char *html_end(struct html *html);

#endif
