/* SPDX-License-Identifier: Apache-2.0 */
#include "refusal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define WANTED "; wanted is "
#define FIX "; fix: "

const char *refusal_word(const struct error *err)
{
    static const char *const words[REFUSAL_RULES] = {
        [REFUSAL_NO_RULE] = "",      [REFUSAL_ACCESS] = "access",  [REFUSAL_KIND] = "kind",
        [REFUSAL_OWNER] = "owner",   [REFUSAL_MODE] = "mode",      [REFUSAL_UNCHANGED] = "unchanged",
        [REFUSAL_ELF] = "elf",       [REFUSAL_NOTE] = "note",      [REFUSAL_ABI] = "abi",
        [REFUSAL_NAME] = "name",     [REFUSAL_LOAD] = "load",      [REFUSAL_ENTRY] = "entry",
        [REFUSAL_RECORD] = "record", [REFUSAL_CONDUCT] = "conduct"};
    int32_t rule = err->refusal.rule;

    return rule > 0 && rule < REFUSAL_RULES ? words[rule] : "";
}

/* Appends "<before><tail>"; answers how much of the tail there was room for. */
static uint32_t append_part(struct error *err, enum refusal_rule rule, const char *before, const char *tail)
{
    const struct error reason = *err;
    size_t start = strlen(reason.text) + strlen(before);

    (void)error_set(err, reason.status, "%s%s%s", reason.text, before, tail);
    err->number = reason.number;
    err->refusal = reason.refusal;
    if (err->refusal.rule == REFUSAL_NO_RULE)
        err->refusal.rule = (int32_t)rule;
    size_t end = strlen(err->text);
    return end > start ? (uint32_t)(end - start) : 0;
}

plexctl_status refusal_want(struct error *err, enum refusal_rule rule, const char *format, ...)
{
    char wanted[ERROR_TEXT_SIZE];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(wanted, sizeof wanted, format, arguments);
    va_end(arguments);
    err->refusal.wanted_len = append_part(err, rule, WANTED, wanted);
    return err->status;
}

plexctl_status refusal_add_fix(struct error *err, enum refusal_rule rule, const char *format, ...)
{
    char fix[ERROR_TEXT_SIZE];
    va_list arguments;

    if (err->status == PLEXCTL_NO_MEMORY)
        return err->status;
    va_start(arguments, format);
    (void)vsnprintf(fix, sizeof fix, format, arguments);
    va_end(arguments);
    err->refusal.fix_len = append_part(err, rule, FIX, fix);
    return err->status;
}

plexctl_status refusal_name_file(struct error *err, const char *path)
{
    auto_buf struct buf shown = BUF_FIXED(ERROR_TEXT_SIZE);

    text_sanitise(&shown, path, strlen(path), ERROR_TEXT_SIZE / 3);
    err->refusal.reason_len = (uint32_t)strlen(err->text);
    return error_prefix(err, "%s", buf_text(&shown));
}

/* Appends what lies between `from` and `to` bytes before the end that the text had before it was cut. */
static void append_range(const struct error *err, size_t from, size_t to, struct buf *out)
{
    size_t length = strnlen(err->text, sizeof err->text - 1);
    size_t end = length + err->refusal.lost_len;
    size_t start = end > from ? end - from : 0;
    size_t stop = end > to ? end - to : 0;

    stop = stop < length ? stop : length;
    if (start < stop)
        buf_append(out, err->text + start, stop - start);
}

static size_t with(const char *before, size_t length)
{
    return length ? strlen(before) + length : 0;
}

void refusal_found(const struct error *err, struct buf *out)
{
    const struct error_refusal *refusal = &err->refusal;

    append_range(err, refusal->reason_len ? refusal->reason_len : SIZE_MAX,
                 with(WANTED, refusal->wanted_len) + with(FIX, refusal->fix_len), out);
}

void refusal_wanted(const struct error *err, struct buf *out)
{
    size_t after = with(FIX, err->refusal.fix_len);

    append_range(err, after + err->refusal.wanted_len, after, out);
}

void refusal_fix(const struct error *err, struct buf *out)
{
    append_range(err, err->refusal.fix_len, 0, out);
}
