/* SPDX-License-Identifier: Apache-2.0 */
#include "option_required.h"

#include <string.h>

#include "base/text.h"
#include "option_value.h"

/* A default gives nothing, and false neither. */
static bool is_in_force(const struct plexctl_flag *flag, const struct option_values *values)
{
    const struct option_value *value = option_values_find(values, flag->name);
    return value && (flag->type == PLEXCTL_BOOL ? value->number != 0 : value->given);
}

static bool is_given(const struct option_values *values, const char *name)
{
    const struct option_value *value = option_values_find(values, name);
    return value && value->given;
}

struct missing {
    struct buf text;
    unsigned count;
};

static void add_missing(struct missing *missing, const char *dashes, const char *name, const char *placeholder)
{
    buf_appendf(&missing->text, "%s%s%s%s", missing->count++ ? ", " : "", dashes, name, placeholder ? " " : "");
    if (placeholder)
        text_sanitise(&missing->text, placeholder, strlen(placeholder), 80);
}

static bool is_waived(const struct plexctl_command *command, const struct option_values *values)
{
    for (uint32_t i = 0; i < command->flags.count; i++) {
        struct plexctl_flag flag = options_flag_at(&command->flags, i);
        if ((flag.attributes & PLEXCTL_WAIVES_REQUIRED) && is_in_force(&flag, values))
            return true;
    }
    return false;
}

/* "--again, --resume or --list-bindings" */
static void append_waiving(struct buf *out, const struct plexctl_command *command)
{
    const char *last = NULL;

    for (uint32_t i = 0; i < command->flags.count; i++) {
        struct plexctl_flag flag = options_flag_at(&command->flags, i);
        if (!(flag.attributes & PLEXCTL_WAIVES_REQUIRED))
            continue;
        if (last)
            buf_appendf(out, "%s--%s", out->len ? ", " : "", last);
        last = flag.name;
    }
    if (last)
        buf_appendf(out, "%s--%s", out->len ? " or " : "", last);
}

/* Who has given one id is about to give the other: what comes instead is said where all are missing. */
static plexctl_status say(const struct plexctl_command *command, const struct missing *missing, struct error *err)
{
    auto_buf struct buf waiving = BUF_FIXED(ERROR_TEXT_SIZE);

    if (missing->count > 1)
        append_waiving(&waiving, command);
    return error_set(err, PLEXCTL_USAGE, "%s: missing %s; give %s, or %s%s%s", command->name, buf_text(&missing->text),
                     missing->count > 1 ? "them" : "it", waiving.len ? "use " : "", buf_text(&waiving),
                     waiving.len ? "; see --help" : "see --help");
}

plexctl_status option_required_check(const struct plexctl_command *command, const struct option_values *values,
                                     struct error *err)
{
    struct missing missing = {.text = BUF_FIXED(ERROR_TEXT_SIZE)};

    if (is_waived(command, values))
        return PLEXCTL_OK;
    for (uint32_t i = 0; i < command->flags.count; i++) {
        struct plexctl_flag flag = options_flag_at(&command->flags, i);
        const char *placeholder = flag.type == PLEXCTL_BOOL ? NULL : option_value_placeholder(&flag);
        if ((flag.attributes & PLEXCTL_REQUIRED) && !is_given(values, flag.name))
            add_missing(&missing, "--", flag.name, placeholder);
    }
    for (uint32_t i = 0; i < command->arguments.count; i++) {
        struct plexctl_argument argument = options_argument_at(&command->arguments, i);
        if ((argument.attributes & PLEXCTL_REQUIRED) && !is_given(values, argument.name))
            add_missing(&missing, "", argument.name, NULL);
    }
    return missing.count ? say(command, &missing, err) : PLEXCTL_OK;
}
