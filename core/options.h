/* SPDX-License-Identifier: Apache-2.0
 *
 * options - one parser for persistent flags and commands' flags and arguments, driven by plugin.h's tables.
 *
 *     --flag value   --flag=value   -x value   -xvalue   --   (ends flags)
 *
 * Long flags are matched whole; the last of a repeated flag wins; persistent flags stand anywhere. A fault is
 * PLEXCTL_USAGE and names the flag and the fix, with the nearest flag for an unknown one. The value of a SECRET is
 * never in a message.
 */
#ifndef CORE_OPTIONS_H
#define CORE_OPTIONS_H

#include <stdbool.h>

#include "option_values.h"

/* The rows of a plugin's tables as this core knows them, whatever their row_size: a shorter row reads as zero behind
 * its end. */
struct plexctl_flag options_flag_at(const struct plexctl_flags *flags, uint32_t index);
struct plexctl_argument options_argument_at(const struct plexctl_arguments *arguments, uint32_t index);

/* The persistent flags, as a table like any command's: server, profile, token-file, output (-o), yes (-y),
 * reveal-secrets, debug, help (-h). Names and letters of these, the first of ABI 1.0, are reserved: no command may have
 * them (record.h). What a later minor appends to the table yields to a command's own flag of that name or letter. */
extern const struct plexctl_flags options_persistent;
#define OPTIONS_RESERVED_COUNT 8

/* The index of the flag of that whole name (`length` bytes of it), or of that letter, among `own` and the persistent
 * ones, which are counted on behind them; OPTIONS_NO_FLAG for none, and *ret_flag is then of no use. */
#define OPTIONS_NO_FLAG UINT32_MAX
uint32_t options_flag_by_name(const struct plexctl_flags *own, const char *name, size_t length,
                              struct plexctl_flag *ret_flag);
uint32_t options_flag_by_letter(const struct plexctl_flags *own, char letter, struct plexctl_flag *ret_flag);

/* A command line and where its values go, for two steps, because the second needs the command's record. Before the
 * first, `next` is 0; without the first, it is behind the command word. */
struct option_line {
    int argc;
    char *const *argv;
    int next;         /* index of the word to take */
    bool flags_ended; /* by "--" */
    struct option_values *persistent, *values;
};

/* Step 1, options_split: takes persistent flags that stand before the command word into line->persistent and finds that
 * word. An unknown flag before the word is a fault. ret_word NULL where there is none. */
plexctl_status options_split(struct option_line *line, const char **ret_word, struct error *err);

/* Step 2, options_parse: the rest, persistent flags into line->persistent, the command's own into line->values. Where
 * the command has subcommands the first plain word picks one (*ret_command is then the subcommand; an unknown word is a
 * fault with the nearest name; none: the command itself). Missing required flags and arguments are not judged here but
 * by option_required_check, so that --help works without. */
plexctl_status options_parse(struct option_line *line, const struct plexctl_command *command,
                             const struct plexctl_command **ret_command, struct error *err);

#endif
