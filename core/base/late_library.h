/* SPDX-License-Identifier: Apache-2.0
 *
 * late_library - a library of the system that is opened when it is first needed. The dynamic linker would open it for
 * every command, and spend as much on json-c and libyaml as on an empty program.
 */
#ifndef CORE_BASE_LATE_LIBRARY_H
#define CORE_BASE_LATE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct late_function {
    const char *name;
    void *slot; /* of a pointer to that function */
};

struct late_library {
    const char *soname; /* of the library whose headers plexctl was built with: configure asks the linker */
    const struct late_function *functions;
    size_t count;
    bool is_open; /* all slots are filled */
};

/* Declares, for the one file that uses a library: `late`, a struct of pointers to the functions that `list` names, each
 * of its own type, and late_library, which fills it.
 *
 *     #define FUNCTIONS(X) X(json_object_new_object) X(json_object_put)
 *     LATE_LIBRARY(JSON_C_SONAME, FUNCTIONS)
 *     ...
 *     if (late_library_open(&late_library, err) == PLEXCTL_OK)
 *         late.json_object_put(late.json_object_new_object());
 */
#define LATE_LIBRARY(name_of_library, list) \
    static struct { \
        list(LATE_MEMBER) \
    } late; \
    static const struct late_function late_functions[] = {list(LATE_ROW)}; \
    static struct late_library late_library = {.soname = (name_of_library), \
                                               .functions = late_functions, \
                                               .count = sizeof late_functions / sizeof late_functions[0]};
#define LATE_MEMBER(function) __typeof__(function) *function; /* NOLINT(bugprone-macro-parentheses): a declaration */
#define LATE_ROW(function) {#function, &late.function},

/* Fills the slots, at the first call; later ones cost nothing. PLEXCTL_FAILED where the library, or a function of it,
 * is not there, or the linker has no memory: the slots are not to be used then, and the next call tries again. It is
 * never closed. */
plexctl_status late_library_open(struct late_library *library, struct error *err);

/* Opens those of `sonames`, separated by spaces, that are there, since a later dlopen will open the same files in any
 * case; none where LD_LIBRARY_PATH is set, which may make them others. The linker looks for the functions that a
 * library takes from itself in all that was opened together with it, one after the other: alone, a large one is done
 * sooner. Nothing is asked of them, so what is missing is no fault. */
void late_library_open_ahead(const char *sonames);

#endif
