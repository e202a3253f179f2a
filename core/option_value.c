/* SPDX-License-Identifier: Apache-2.0 */
#include "option_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/suggestion.h"
#include "base/text.h"

#define SHOWN_MAX_BYTES 80

const char *option_value_placeholder(const struct plexctl_flag *flag)
{
    static const char *const names[] = {
        [PLEXCTL_STRING] = "TEXT",       [PLEXCTL_INT] = "N",     [PLEXCTL_BOOL] = "true|false",
        [PLEXCTL_ENUM] = "CHOICE",       [PLEXCTL_UUID] = "UUID", [PLEXCTL_URL] = "URL",
        [PLEXCTL_DURATION] = "DURATION", [PLEXCTL_PATH] = "PATH", [PLEXCTL_SECRET] = "SECRET",
        [PLEXCTL_PROFILE] = "PROFILE"};

    if (flag->value_name)
        return flag->value_name;
    if (flag->type == PLEXCTL_ENUM && flag->choices)
        return flag->choices;
    return flag->type >= 0 && flag->type <= PLEXCTL_PROFILE ? names[flag->type] : "VALUE";
}

/* A flag that lacks its value takes the next word; where that is a flag, what belongs to it may be a secret. */
static size_t shown_length(const char *text)
{
    if (text[0] != '-' || text[1] == '\0' || (text[1] >= '0' && text[1] <= '9'))
        return strlen(text);
    if (text[1] != '-')
        return strlen("-x");
    size_t name_length = strcspn(text, "=");
    return name_length + (text[name_length] == '=');
}

void option_value_quote(struct buf *out, const char *text)
{
    size_t length = shown_length(text);

    buf_append_char(out, '"');
    text_sanitise(out, text, length, SHOWN_MAX_BYTES);
    buf_append_text(out, text[length] ? "...\"" : "\"");
}

/* What stands before a URL's '@' may be a password. */
static bool may_hold_secret(const struct option_text *given)
{
    return given->flag->type == PLEXCTL_SECRET || (given->flag->type == PLEXCTL_URL && strchr(given->text, '@'));
}

/* `reason` follows the quoted value, or "the value": "is no UUID; give ...". */
static plexctl_status refuse(const struct option_text *given, const char *reason, struct error *err)
{
    auto_buf struct buf shown = BUF_FIXED(ERROR_TEXT_SIZE);

    if (may_hold_secret(given))
        buf_append_text(&shown, "the value");
    else
        option_value_quote(&shown, given->text);
    return error_set(err, PLEXCTL_USAGE, "%s: %s %s", given->subject, buf_text(&shown), reason);
}

static plexctl_status check_plain(const struct option_text *given, struct error *err)
{
    const char *text = given->text;
    size_t size = strlen(text);

    for (size_t at = 0; at < size;) {
        uint32_t code_point;
        size_t length = text_utf8_decode(text + at, size - at, &code_point);
        if (length == 0)
            return refuse(given, "is not UTF-8; give it in UTF-8", err);
        if (text_is_control(code_point))
            return refuse(given, "holds a control character; give it without", err);
        at += length;
    }
    return PLEXCTL_OK;
}

static plexctl_status check_number(const struct option_text *given, struct error *err)
{
    const struct plexctl_flag *flag = given->flag;
    char reason[160];
    int64_t number;
    bool is_duration = flag->type == PLEXCTL_DURATION;
    const char *unit = is_duration ? " seconds" : "";

    if (!(is_duration ? text_to_seconds(given->text, &number) : text_to_integer(given->text, &number)))
        return refuse(given,
                      is_duration ? "is no duration; give a number with s, m, h or d, like 90s or 30m"
                                  : "is no whole number; give one in decimal digits",
                      err);
    if ((flag->minimum == 0 && flag->maximum == 0) || (number >= flag->minimum && number <= flag->maximum))
        return PLEXCTL_OK;
    (void)snprintf(reason, sizeof reason, "is out of range; give %" PRId64 " to %" PRId64 "%s", flag->minimum,
                   flag->maximum, unit);
    return refuse(given, reason, err);
}

static bool next_choice(const char **at, const char **ret_choice, size_t *ret_length)
{
    if (!*at)
        return false;
    *ret_choice = *at;
    *ret_length = strcspn(*at, "|");
    *at = (*at)[*ret_length] ? *at + *ret_length + 1 : NULL;
    return true;
}

static plexctl_status check_choice(const struct option_text *given, struct error *err)
{
    auto_buf struct buf reason = BUF_FIXED(ERROR_TEXT_SIZE);
    const char *choices = given->flag->choices ? given->flag->choices : "";
    const char *text = given->text;
    const char *at = choices;
    const char *choice;
    size_t length;
    struct suggestion suggestion;

    suggestion_begin(&suggestion, text, strlen(text));
    while (next_choice(&at, &choice, &length)) {
        if (strlen(text) == length && strncmp(text, choice, length) == 0)
            return PLEXCTL_OK;
        suggestion_consider(&suggestion, choice, length);
    }
    buf_append_text(&reason, "is unknown; ");
    if (suggestion_ask(&suggestion, "", "", &reason))
        buf_append_char(&reason, ' ');
    buf_append_text(&reason, "give one of");
    at = choices;
    for (const char *separator = " "; next_choice(&at, &choice, &length); separator = ", ") {
        buf_append_text(&reason, separator);
        text_sanitise(&reason, choice, length, SHOWN_MAX_BYTES);
    }
    return refuse(given, buf_text(&reason), err);
}

static plexctl_status check_name(const struct option_text *given, struct error *err)
{
    if (!given->text[0])
        return refuse(given, "is empty; give a value or leave the flag out", err);
    return check_plain(given, err);
}

plexctl_status option_value_check(const struct option_text *given, struct error *err)
{
    const char *text = given->text;

    switch (given->flag->type) {
    case PLEXCTL_STRING:
    case PLEXCTL_SECRET:
        return check_plain(given, err);
    case PLEXCTL_URL:
    case PLEXCTL_PATH:
        return check_name(given, err);
    case PLEXCTL_INT:
    case PLEXCTL_DURATION:
        return check_number(given, err);
    case PLEXCTL_ENUM:
        return check_choice(given, err);
    case PLEXCTL_BOOL:
        if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
            return PLEXCTL_OK;
        return refuse(given, "is neither true nor false; give the flag alone, or with one of them", err);
    case PLEXCTL_UUID:
        if (text_is_uuid(text))
            return PLEXCTL_OK;
        return refuse(given, "is no UUID; give 8-4-4-4-12 hexadecimal digits", err);
    case PLEXCTL_PROFILE:
        if (text_is_profile_name(text))
            return PLEXCTL_OK;
        return refuse(given, "is no profile name; give 1 to 64 of A-Z a-z 0-9 . _ -, not starting with . or -", err);
    default:
        return error_set(err, PLEXCTL_INVALID, "%s: type %d is unknown", given->subject, (int)given->flag->type);
    }
}

static int64_t number_of(const struct plexctl_flag *flag, const char *text)
{
    int64_t number = 0;

    if (flag->type == PLEXCTL_BOOL)
        return strcmp(text, "true") == 0;
    if (flag->type == PLEXCTL_INT)
        (void)text_to_integer(text, &number);
    if (flag->type == PLEXCTL_DURATION)
        (void)text_to_seconds(text, &number);
    return number;
}

plexctl_status option_value_give(struct option_value *value, const struct option_text *given, struct error *err)
{
    const struct plexctl_flag *flag = given->flag;
    plexctl_status status = option_value_check(given, err);

    if (status != PLEXCTL_OK)
        return status;
    *value = (struct option_value){.name = flag->name,
                                   .text = given->text,
                                   .type = flag->type,
                                   .number = number_of(flag, given->text),
                                   .given = true};
    return PLEXCTL_OK;
}

struct option_value option_value_default(const struct plexctl_flag *flag)
{
    return (struct option_value){.name = flag->name,
                                 .text = flag->default_value,
                                 .type = flag->type,
                                 .number = flag->default_value ? number_of(flag, flag->default_value) : 0};
}
