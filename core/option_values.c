/* SPDX-License-Identifier: Apache-2.0 */
#include "option_values.h"

#include <stdlib.h>
#include <string.h>

plexctl_status option_values_allocate(struct option_values *values, size_t count, struct error *err)
{
    option_values_release(values);
    if (count == 0)
        return PLEXCTL_OK;
    values->rows = calloc(count, sizeof *values->rows);
    if (!values->rows)
        return error_no_memory(err);
    values->count = count;
    return PLEXCTL_OK;
}

void option_values_release(struct option_values *values)
{
    free(values->rows);
    *values = (struct option_values)OPTION_VALUES_INIT;
}

const struct option_value *option_values_find(const struct option_values *values, const char *name)
{
    for (size_t i = 0; i < values->count; i++) {
        if (strcmp(values->rows[i].name, name) == 0)
            return &values->rows[i];
    }
    return NULL;
}

const char *option_values_text(const struct option_values *values, const char *name)
{
    const struct option_value *value = option_values_find(values, name);

    return value ? value->text : NULL;
}

bool option_values_is_set(const struct option_values *values, const char *name)
{
    const struct option_value *value = option_values_find(values, name);

    return value && value->number != 0;
}
