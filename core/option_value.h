/* SPDX-License-Identifier: Apache-2.0
 *
 * option_value - one text of the command line judged by its type, and kept.
 */
#ifndef CORE_OPTION_VALUE_H
#define CORE_OPTION_VALUE_H

#include "base/buf.h"
#include "options.h"

/* What messages call a value: the flag's value_name, its choices, or a word for its type. */
const char *option_value_placeholder(const struct plexctl_flag *flag);

/* Appends `text` in quotes, sanitised and cut, as a message shows it; of a flag no more than its name. */
void option_value_quote(struct buf *out, const char *text);

struct option_text {
    const struct plexctl_flag *flag; /* an argument's name and type make one */
    const char *subject;             /* of messages: "--domain-id" or "NAME" */
    const char *text;
};

/* Checks a text against its flag's type (choices and bounds included). URL is only checked for plain text here: the
 * http module judges it. */
plexctl_status option_value_check(const struct option_text *given, struct error *err);

/* Checks it and keeps it as given in `value`, which is as it was on failure. */
plexctl_status option_value_give(struct option_value *value, const struct option_text *given, struct error *err);

/* A value not given: the flag's default (checked before, by record_check) or nothing. */
struct option_value option_value_default(const struct plexctl_flag *flag);

#endif
