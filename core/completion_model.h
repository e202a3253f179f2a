/* SPDX-License-Identifier: Apache-2.0
 *
 * completion_model - what can follow what on a command line, for the printers of completion scripts.
 *
 * Safety of those scripts: command, flag and argument names were checked by the loader ([a-z0-9-]) and may stand bare;
 * choices, summaries and help are foreign text, are quoted, and never reach a word that a shell evaluates.
 */
#ifndef CORE_COMPLETION_MODEL_H
#define CORE_COMPLETION_MODEL_H

#include "command_list.h"

/* One place on the command line: the command words so far. */
struct completion_row {
    char path[80]; /* "", "login", "profile list", "help profile" */
    bool takes_any_command;
    const struct plexctl_command *names_of; /* its subcommands may follow; NULL for none */
    const struct plexctl_command *flags_of; /* its flags may follow beside the persistent ones; NULL for none */
};

struct completion_model {
    struct command_list commands;
    struct completion_row *rows; /* malloc'd */
    size_t count, capacity;
    bool has_failed;
};

#define COMPLETION_MODEL_INIT \
    { \
        .commands = COMMAND_LIST_INIT \
    }
#define auto_completion_model __attribute__((cleanup(completion_model_release)))

/* Opens every plugin for its record, first in a process of its own; of one that cannot be opened, only the
 * word is known. */
plexctl_status completion_model_load(struct loader *loader, struct completion_model *ret_model, struct error *err);
void completion_model_release(struct completion_model *model);

/* What may follow, as calls of a printer. */
typedef void completion_name(struct buf *out, const char *word, const char *summary);
void completion_names(const struct completion_model *model, const struct completion_row *row, completion_name *print,
                      struct buf *out);
bool completion_has_names(const struct completion_row *row);

/* `path` NULL for a persistent flag. */
typedef void completion_flag(struct buf *out, const char *path, const struct plexctl_flag *flag);
void completion_flags(const struct plexctl_flags *flags, const char *path, completion_flag *print, struct buf *out);

/* A flag's choices, one call each; one that would not look on a terminal as what it is, is left out. */
typedef void completion_choice(struct buf *out, const char *choice);
void completion_choices(const struct plexctl_flag *flag, completion_choice *print, struct buf *out);

/* Appends foreign text sanitised, for a description. */
void completion_safe(struct buf *out, const char *text);

/* Appends `text` in single quotes for bash and zsh. */
void completion_quote(struct buf *out, const char *text);

/* In completion_functions.c: what bash and zsh have in common.
 *
 * Appends the function _plexctl_value PATH FLAG for bash and zsh: sets choices and files, false for a flag without a
 * value. */
void completion_value_function(const struct completion_model *model, struct buf *out);

/* Append the functions _plexctl_names PATH and _plexctl_flags PATH for bash and zsh, which set names and flags; `print`
 * writes one element of such an array. */
void completion_name_function(const struct completion_model *model, completion_name *print, struct buf *out);
void completion_flag_function(const struct completion_model *model, completion_flag *print, struct buf *out);

/* The printers. */
void completion_bash(const struct completion_model *model, struct buf *out);
void completion_zsh(const struct completion_model *model, struct buf *out);
void completion_fish(const struct completion_model *model, struct buf *out);

#endif
