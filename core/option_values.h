/* SPDX-License-Identifier: Apache-2.0
 *
 * option_values - what the command line gave for each flag and argument, by name; texts point into argv or the tables.
 */
#ifndef CORE_OPTION_VALUES_H
#define CORE_OPTION_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct option_value {
    const char *name;
    const char *text; /* NULL where not given and without a default */
    int32_t type;
    int64_t number; /* INT, DURATION; BOOL as 0 or 1 */
    bool given;
};

struct option_values {
    struct option_value *rows; /* malloc'd */
    size_t count;
};

#define OPTION_VALUES_INIT \
    { \
        0 \
    }
#define auto_option_values __attribute__((cleanup(option_values_release)))

/* `count` rows, all zero, in the place of what was there. */
plexctl_status option_values_allocate(struct option_values *values, size_t count, struct error *err);
void option_values_release(struct option_values *values);

/* NULL if there is none of that name. */
const struct option_value *option_values_find(const struct option_values *values, const char *name);

/* As the command line has it, else the default; NULL where there is neither, or none of that name. It lives as long as
 * argv and the tables. */
const char *option_values_text(const struct option_values *values, const char *name);

/* Whether the BOOL of that name is true. */
bool option_values_is_set(const struct option_values *values, const char *name);

#endif
