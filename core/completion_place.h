/* SPDX-License-Identifier: Apache-2.0
 *
 * completion_place - what kind of word is being typed, by the words before it. Reads them as options does, but goes on
 * behind what is wrong: the line is not finished yet.
 */
#ifndef CORE_COMPLETION_PLACE_H
#define CORE_COMPLETION_PLACE_H

#include "loader.h"
#include "shell_words.h"

struct completion_place {
    const struct plexctl_command *command; /* NULL before its word; the subcommand behind that */
    const struct plexctl_command *parent;  /* above a subcommand, else NULL */
    bool is_lost;                          /* a word serves no command, or no subcommand: nothing is known */
    bool flags_ended;
    bool has_flag; /* the value of `flag` is being typed */
    struct plexctl_flag flag;
    size_t before;             /* bytes of the typed word that stand before that value: "--output=" */
    size_t word_count;         /* words that are whole: the flag whose value is due is none of them */
    uint32_t argument_count;   /* of them, the command's arguments */
    const char *last_argument; /* NULL for none; borrowed from the words */
};

/* Opens the plugin whose command word stands there whole, and no other; one that is refused, or that there is not,
 * makes the place lost. Only NO_MEMORY is a failure. */
plexctl_status completion_place_find(struct loader *loader, const struct shell_words *words,
                                     struct completion_place *ret_place, struct error *err);

/* The record of a command, built-in or a plugin's, for as long as the process lives; NULL where there is none that
 * would run. */
plexctl_status completion_place_record(struct loader *loader, const char *word,
                                       const struct plexctl_command **ret_record, struct error *err);

#endif
