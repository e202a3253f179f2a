/* SPDX-License-Identifier: Apache-2.0
 *
 * static_checks - what can be said of a plugin's file while nothing of it runs.
 */
#ifndef CORE_CHECK_STATIC_CHECKS_H
#define CORE_CHECK_STATIC_CHECKS_H

#include "check/subject.h"
#include "check/verdict.h"

struct static_check {
    const char *name;
    const char *rule; /* of plugin.h, or why it matters */
    void (*judge)(const struct static_check *check, struct subject *subject, struct verdict *verdict);
    const char *const *imports; /* of a check on what a plugin must not call: names, ended by NULL */
    const char *fix;
};

extern const struct static_check static_checks[];
extern const size_t static_check_count;

#endif
