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

static void append_missing(struct buf *missing, const char *dashes, const char *name, const char *placeholder)
{
    buf_appendf(missing, "%s%s%s%s", missing->len ? ", " : "", dashes, name, placeholder ? " " : "");
    if (placeholder)
        text_sanitise(missing, placeholder, strlen(placeholder), 80);
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

plexctl_status option_required_check(const struct plexctl_command *command, const struct option_values *values,
                                     struct error *err)
{
    auto_buf struct buf missing = BUF_FIXED(ERROR_TEXT_SIZE);

    if (is_waived(command, values))
        return PLEXCTL_OK;
    for (uint32_t i = 0; i < command->flags.count; i++) {
        struct plexctl_flag flag = options_flag_at(&command->flags, i);
        const char *placeholder = flag.type == PLEXCTL_BOOL ? NULL : option_value_placeholder(&flag);
        if ((flag.attributes & PLEXCTL_REQUIRED) && !is_given(values, flag.name))
            append_missing(&missing, "--", flag.name, placeholder);
    }
    for (uint32_t i = 0; i < command->arguments.count; i++) {
        struct plexctl_argument argument = options_argument_at(&command->arguments, i);
        if ((argument.attributes & PLEXCTL_REQUIRED) && !is_given(values, argument.name))
            append_missing(&missing, "", argument.name, NULL);
    }
    if (missing.len == 0)
        return PLEXCTL_OK;
    return error_set(err, PLEXCTL_USAGE, "%s: missing %s; give it, or see --help", command->name, buf_text(&missing));
}
