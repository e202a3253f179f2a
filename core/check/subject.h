/* SPDX-License-Identifier: Apache-2.0
 *
 * subject - the plugin that is checked: its file, what is known of it, and the place where it is tried: a directory
 * below $TMPDIR or /tmp with a copy that nobody else can exchange, an empty home and an empty directory to work in.
 */
#ifndef CORE_CHECK_SUBJECT_H
#define CORE_CHECK_SUBJECT_H

#include "check/elf_object.h"
#include "loader.h"

struct subject {
    const char *path; /* as the author gave it */
    int fd;
    struct plexctl_note note;
    struct error note_fault;   /* PLEXCTL_OK: `note` was read */
    struct elf_object *object; /* NULL where it could not be read: object_fault */
    struct error object_fault;
    bool is_own;       /* one of plexctl's own commands, which alone may save credentials */
    char *library_dir; /* of this plexctl */
    char *scratch;     /* malloc'd paths; "" before they are there */
    char *plugin_dir, *home, *config_home, *work;
};

#define SUBJECT_INIT \
    { \
        .fd = -1 \
    }

/* PLEXCTL_USAGE where the file cannot be opened or is no regular file. What is wrong inside is for the checks. */
plexctl_status subject_open(struct subject *subject, const char *path, struct error *err);
/* Removes the directory with everything in it. */
void subject_release(struct subject *subject);

/* Opens the copy, in a child. */
plexctl_status subject_load(const struct subject *subject, struct loader **ret_loader, struct loaded_plugin *ret_plugin,
                            struct error *err);

#endif
