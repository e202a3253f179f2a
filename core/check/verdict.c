/* SPDX-License-Identifier: Apache-2.0 */
#include "check/verdict.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "output.h"

__attribute__((format(printf, 2, 0))) static void say(struct verdict *verdict, const char *format, va_list arguments)
{
    char *text = NULL;

    if (vasprintf(&text, format, arguments) < 0) {
        verdict->found.failed = PLEXCTL_NO_MEMORY;
        return;
    }
    buf_append_text(&verdict->found, text);
    free(text);
}

void verdict_fail(struct verdict *verdict, const char *wanted, const char *fix, const char *format, ...)
{
    va_list arguments;

    if (verdict->kind != VERDICT_PASS)
        return;
    verdict->kind = VERDICT_FAIL;
    verdict->wanted = wanted;
    verdict->fix = fix;
    buf_release(&verdict->found);
    va_start(arguments, format);
    say(verdict, format, arguments);
    va_end(arguments);
}

void verdict_skip(struct verdict *verdict, const char *format, ...)
{
    va_list arguments;

    if (verdict->kind != VERDICT_PASS)
        return;
    verdict->kind = VERDICT_SKIP;
    buf_release(&verdict->found);
    va_start(arguments, format);
    say(verdict, format, arguments);
    va_end(arguments);
}

void verdict_note(struct verdict *verdict, const char *format, ...)
{
    va_list arguments;

    if (verdict->kind != VERDICT_PASS)
        return;
    if (verdict->found.len)
        buf_append_char(&verdict->found, '\n');
    va_start(arguments, format);
    say(verdict, format, arguments);
    va_end(arguments);
}

void verdict_release(struct verdict *verdict)
{
    buf_release(&verdict->found);
}

static void add_row(struct buf *lines, const char *key, const char *value)
{
    buf_appendf(lines, "  %s: ", key);
    json_write_string(lines, value); /* a JSON string is a YAML one */
    buf_append_char(lines, '\n');
}

static plexctl_status print_lines(const char *text, const char *before, struct error *err)
{
    plexctl_status status = PLEXCTL_OK;

    while (status == PLEXCTL_OK && *text) {
        size_t length = strcspn(text, "\n");
        auto_free char *line = NULL;
        if (asprintf(&line, "%s%.*s", before, (int)length, text) < 0) {
            line = NULL;
            return error_no_memory(err);
        }
        status = output_line(line, err);
        text += length + (text[length] == '\n');
    }
    return status;
}

static plexctl_status print_details(const char *rule, const struct verdict *verdict, struct error *err)
{
    auto_buf struct buf lines = BUF_INIT(SIZE_MAX / 2);

    if (verdict->kind == VERDICT_PASS)
        return print_lines(buf_text(&verdict->found), "# ", err);
    if (verdict->kind == VERDICT_SKIP)
        return PLEXCTL_OK;
    buf_append_text(&lines, "  ---\n");
    add_row(&lines, "rule", rule);
    add_row(&lines, "found", buf_text(&verdict->found));
    add_row(&lines, "wanted", verdict->wanted);
    add_row(&lines, "fix", verdict->fix);
    buf_append_text(&lines, "  ...\n");
    plexctl_status status = buf_check(&lines, "the diagnostic", err);
    return status == PLEXCTL_OK ? print_lines(buf_text(&lines), "", err) : status;
}

plexctl_status tally_tell(struct tally *tally, const char *name, const char *command, const char *rule,
                          const struct verdict *verdict, struct error *err)
{
    auto_buf struct buf line = BUF_INIT(SIZE_MAX / 2);
    bool is_failed = verdict->kind == VERDICT_FAIL, is_skipped = verdict->kind == VERDICT_SKIP;

    if (verdict->found.failed == PLEXCTL_NO_MEMORY)
        return error_no_memory(err);
    tally->told++;
    tally->failed += is_failed;
    tally->skipped += is_skipped;
    buf_appendf(&line, "%s %u - %s%s%s%s%s", is_failed ? "not ok" : "ok", tally->told, name, command[0] ? ": " : "",
                command, is_skipped ? " # SKIP " : "", is_skipped ? buf_text(&verdict->found) : "");
    plexctl_status status = buf_check(&line, "the line", err);
    if (status == PLEXCTL_OK)
        status = output_line(buf_text(&line), err);
    return status == PLEXCTL_OK ? print_details(rule, verdict, err) : status;
}

plexctl_status tally_end(const struct tally *tally, struct error *err)
{
    auto_buf struct buf line = BUF_FIXED(128);

    buf_appendf(&line, "1..%u\n# %u passed, %u failed, %u skipped", tally->told,
                tally->told - tally->failed - tally->skipped, tally->failed, tally->skipped);
    return print_lines(buf_text(&line), "", err);
}
