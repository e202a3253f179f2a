/* SPDX-License-Identifier: Apache-2.0 */
#include "binding.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define UUID_LENGTH 36

bool uuid_is_valid(const char *text)
{
    if (!text || strlen(text) != UUID_LENGTH)
        return false;
    for (int i = 0; i < UUID_LENGTH; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    return true;
}

enum selector_verdict selector_judge(const struct binding *binding, const struct selector *selector)
{
    if ((selector->domain_id && !uuid_is_valid(selector->domain_id)) ||
        (selector->binding_id && !uuid_is_valid(selector->binding_id)))
        return SELECTOR_MALFORMED;
    if (selector->binding_id && selector->alias)
        return SELECTOR_CONFLICT;
    if (!selector->domain_id && !selector->binding_id)
        return SELECTOR_MISSING;

    bool domain_known = selector->domain_id && strcasecmp(selector->domain_id, binding->domain_id) == 0;
    bool binding_known = selector->binding_id && strcasecmp(selector->binding_id, binding->binding_id) == 0;
    if (selector->domain_id && selector->binding_id) {
        if (domain_known && binding_known)
            return SELECTOR_OK;
        return domain_known || binding_known ? SELECTOR_MISMATCH : SELECTOR_UNKNOWN;
    }
    if (selector->binding_id)
        return binding_known ? SELECTOR_OK : SELECTOR_UNKNOWN;
    if (!domain_known || (selector->alias && strcmp(selector->alias, BINDING_ALIAS) != 0))
        return SELECTOR_UNKNOWN;
    return SELECTOR_OK;
}
