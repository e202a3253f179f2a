/* SPDX-License-Identifier: Apache-2.0
 *
 * plugin_directory - one directory that plugins are looked for in: whether it is trusted, what lies in it, and what can
 * be known of a file in it while nothing of that file runs.
 */
#ifndef CORE_PLUGIN_DIRECTORY_H
#define CORE_PLUGIN_DIRECTORY_H

#include <stdbool.h>

#include "trust.h"

#define PLUGIN_SUFFIX ".so"
/* Of a buffer that holds a file's name, with the NUL. */
#define PLUGIN_NAME_SIZE (sizeof((struct plexctl_note *)0)->command + sizeof PLUGIN_SUFFIX)

struct plugin_directory {
    const char *path; /* borrowed; absolute */
    bool is_built_in;
    bool is_judged;
    int fd;               /* O_PATH; -1 before it is opened and where it is refused */
    struct error refusal; /* what the first opening came to */
};

struct plugin_directory plugin_directory_at(const char *path, bool is_built_in);

/* Trusts it or not, once; results as trust_open_directory's. */
plexctl_status plugin_directory_open(struct plugin_directory *directory, struct error *err);
void plugin_directory_close(struct plugin_directory *directory);

/* Whether there is anything by that name, in a directory that is not trusted too. */
bool plugin_directory_holds(const struct plugin_directory *directory, const char *name);

/* "<directory>/<word>.so", malloc'd. */
plexctl_status plugin_directory_join(const struct plugin_directory *directory, const char *word, char **ret_path,
                                     struct error *err);

/* The command words that files in it stand for, sorted, each ended by NUL. The caller frees the rows. */
struct plugin_words {
    char (*rows)[PLUGIN_NAME_SIZE];
    size_t count;
};
plexctl_status plugin_directory_list(const struct plugin_directory *directory, struct plugin_words *ret_words,
                                     struct error *err);

struct plugin_file {
    struct trust_file file;
    struct plexctl_note note;
};

/* Opens the file at `path` (from plugin_directory_join), trusts it, reads its note, checks the note's ABI version and
 * that it serves the word that the file is named for. PLEXCTL_NOT_FOUND where there is none, PLEXCTL_FAILED with the
 * whole refusal. The caller closes ret_file->file.fd. */
plexctl_status plugin_directory_examine(const struct plugin_directory *directory, const char *path,
                                        struct plugin_file *ret_file, struct error *err);

#endif
