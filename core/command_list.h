/* SPDX-License-Identifier: Apache-2.0
 *
 * command_list - every command word that `plexctl <word>` would run, with its summary: the built-in ones and the
 * plugins, by their notes. Only command_list_open opens a plugin.
 */
#ifndef CORE_COMMAND_LIST_H
#define CORE_COMMAND_LIST_H

#include "loader.h"

struct command_row {
    const char *word, *summary;             /* in the row's memory or constant */
    const struct plexctl_command *built_in; /* NULL for a plugin's */
    struct plexctl_note note;               /* of a plugin */
};

struct command_list {
    struct command_row *rows; /* malloc'd, sorted by word */
    size_t count;
    size_t refused; /* plugins and directories that were refused */
};

#define COMMAND_LIST_INIT \
    { \
        0 \
    }
#define auto_command_list __attribute__((cleanup(command_list_release)))

/* A plugin that carries a built-in command's word is left out: it never runs. */
plexctl_status command_list_load(struct loader *loader, struct command_list *ret_list, struct error *err);
void command_list_release(struct command_list *list);

/* The record of the command that `word` names, for as long as the process lives: a built-in one's or a plugin's, which
 * is opened. PLEXCTL_NOT_FOUND where there is none; any other failure is a refusal of loader_open. */
plexctl_status command_list_open(struct loader *loader, const char *word, const struct plexctl_command **ret_record,
                                 struct error *err);

/* PLEXCTL_USAGE for a word that no command has, with those that may be meant. */
plexctl_status command_list_unknown(struct loader *loader, const char *word, struct error *err);

#endif
