/* SPDX-License-Identifier: Apache-2.0 */
#include "html.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

void html_begin(struct html *html)
{
    *html = (struct html){0};
    html->out = open_memstream(&html->text, &html->size);
}

static void write_escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '&')
            (void)fputs("&amp;", out);
        else if (byte == '<')
            (void)fputs("&lt;", out);
        else if (byte == '>')
            (void)fputs("&gt;", out);
        else if (byte == '"')
            (void)fputs("&quot;", out);
        else if (byte == '\'')
            (void)fputs("&#39;", out);
        else if (byte < ' ' || byte == 0x7f)
            (void)fputs("\xEF\xBF\xBD", out);
        else
            (void)fputc(byte, out);
    }
}

void html_write(struct html *html, const char *template, ...)
{
    va_list arguments;

    if (!html->out)
        return;
    va_start(arguments, template);
    for (const char *at = template; *at; at++) {
        if (at[0] == '%' && at[1] == 's') {
            write_escaped(html->out, va_arg(arguments, const char *));
            at++;
        } else {
            (void)fputc(*at, html->out);
        }
    }
    va_end(arguments);
}

char *html_end(struct html *html)
{
    if (!html->out)
        return NULL;
    bool broken = ferror(html->out) != 0;
    broken = fclose(html->out) != 0 || broken;
    html->out = NULL;
    if (!broken)
        return html->text;
    free(html->text);
    return NULL;
}
