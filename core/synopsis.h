/* SPDX-License-Identifier: Apache-2.0
 *
 * synopsis - how a command is called, from its record: the one source of the usage lines of short and long help and of
 * the SYNOPSIS of a man page.
 *
 *     plexctl login --domain-id UUID --idp-binding-id UUID [--profile-name NAME] [flags]
 *
 * A line for the command, unless it runs nothing itself, and one for each of its subcommands. Required flags come
 * first, then optional ones where they are few, arguments, and "[flags]": the persistent flags, and all optional ones
 * where they are more than SYNOPSIS_OPTIONAL_MAX.
 */
#ifndef CORE_SYNOPSIS_H
#define CORE_SYNOPSIS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define SYNOPSIS_OPTIONAL_MAX 3

enum synopsis_kind {
    SYNOPSIS_BEGIN, /* of a line */
    SYNOPSIS_FLAG,
    SYNOPSIS_ARGUMENT,
    SYNOPSIS_END, /* "[flags]", and the end of the line */
};

struct synopsis_item {
    enum synopsis_kind kind;
    const struct plexctl_command *command, *parent; /* whose line it is; parent NULL for none */
    const struct plexctl_flag *flag;                /* FLAG; borrowed during the call */
    const char *name;                               /* ARGUMENT; foreign text */
    bool is_optional;                               /* FLAG, ARGUMENT */
    /* ARGUMENT: an optional one can be given only behind those before it, "[A [B]]": how many are open before it, and
     * how many end with it. */
    uint32_t open, closes;
};

typedef void synopsis_visitor(void *context, const struct synopsis_item *item);

/* Calls `visit` for each item in order. `parent` is the command above a subcommand, NULL otherwise. */
void synopsis_each(const struct plexctl_command *command, const struct plexctl_command *parent, synopsis_visitor *visit,
                   void *context);

/* Appends the lines, each ended by '\n'; '\t' stands between what must not be broken. Sanitised. */
void synopsis_lines(const struct plexctl_command *command, const struct plexctl_command *parent, struct buf *out);

#endif
