/* SPDX-License-Identifier: Apache-2.0
 *
 * late_library - a library of the system that is opened when it is first needed. The dynamic linker would open it for
 * every command, and spend as much on json-c and libyaml as on an empty program.
 */
#ifndef CORE_BASE_LATE_LIBRARY_H
#define CORE_BASE_LATE_LIBRARY_H

#include <elf.h>
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
 * of its own type, and late_library, which fills it. The pointers lie in memory that may be written, where a linked
 * function's would not (-z relro, -z now). And since NEEDED does not name the library, a note does, for packagers'
 * tools (ELF dlopen metadata, uapi-group.org/specifications).
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
                                               .count = sizeof late_functions / sizeof late_functions[0]}; \
    LATE_NOTE("[{\"soname\":[\"" name_of_library "\"],\"priority\":\"required\"}]")
#define LATE_MEMBER(function) __typeof__(function) *function; /* NOLINT(bugprone-macro-parentheses): a declaration */
#define LATE_ROW(function) {#function, &late.function},
#define LATE_NOTE(json) \
    static const struct { \
        Elf64_Nhdr head; \
        char owner[4]; \
        _Alignas(4) char text[sizeof(json)]; \
    } late_note __attribute__((section(".note.dlopen"), used, aligned(4))) = { \
        {.n_namesz = 4, .n_descsz = sizeof(json), .n_type = 0x407c0c0a}, "FDO", json};

/* Fills the slots, at the first call; later ones cost nothing. PLEXCTL_FAILED where the library, or a function of it,
 * is not there, or the linker has no memory: the slots are not to be used then, and the next call tries again. It is
 * never closed. */
plexctl_status late_library_open(struct late_library *library, struct error *err);

/* Opens those of `sonames` (NULL at the end) that are there, since a later dlopen would open the same files; none where
 * LD_LIBRARY_PATH is set, be it empty, which may make them others. The linker looks for the functions that a library
 * takes from itself in all that was opened together with it, one after the other: alone, a large one is done sooner.
 * Nothing is asked of them, so what is missing is no fault. */
void late_library_open_ahead(const char *const *sonames);

#endif
