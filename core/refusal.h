/* SPDX-License-Identifier: Apache-2.0
 *
 * refusal - why a file is not used, as one line and in its parts: "<file>: <found>; wanted is <wanted>; fix: <fix>". It
 * is a failure like others, set by error_set() with what was found; then its rule, what is wanted and the fix are
 * added, and last the file. Each part can be had again as it was given, for `plugin doctor` to show in columns; where
 * nobody asks for parts, error_advise() says what to do.
 */
#ifndef CORE_REFUSAL_H
#define CORE_REFUSAL_H

#include "base/buf.h"
#include "base/error.h"

enum refusal_rule {
    REFUSAL_NO_RULE,
    REFUSAL_ACCESS,    /* it can be read */
    REFUSAL_KIND,      /* it is a regular file */
    REFUSAL_OWNER,     /* it is root's or ours */
    REFUSAL_MODE,      /* nobody else may write to it */
    REFUSAL_UNCHANGED, /* it stayed as it was judged */
    REFUSAL_ELF,       /* a whole shared object for this machine */
    REFUSAL_NOTE,      /* it has one sound note */
    REFUSAL_ABI,       /* of an ABI that we have */
    REFUSAL_NAME,      /* it is named for its command */
    REFUSAL_LOAD,      /* its libraries and symbols are there */
    REFUSAL_ENTRY,     /* it exports the one function */
    REFUSAL_RECORD,    /* which returns a sound record */
    REFUSAL_CONDUCT,   /* and does not crash, exit or hang when it is loaded */
    REFUSAL_RULES,
};

/* "owner"; "" for none and for a number that is no rule. */
const char *refusal_word(const struct error *err);

/* Puts "; wanted is <formatted>" behind what was found. */
plexctl_status refusal_want(struct error *err, enum refusal_rule rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "; fix: <formatted>" behind the text, whose rule is `rule` unless it has one; "out of memory" stays as it is. */
plexctl_status refusal_add_fix(struct error *err, enum refusal_rule rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "<path>: " before the text, the path safe for a terminal. These three return the status that was set. */
plexctl_status refusal_name_file(struct error *err, const char *path);

/* Append a part, as much of it as there was room for; nothing where there is none. Any failure's text is found as a
 * whole. A refusal that came from elsewhere, its lengths wrong, is read within its text. */
void refusal_found(const struct error *err, struct buf *out);
void refusal_wanted(const struct error *err, struct buf *out);
void refusal_fix(const struct error *err, struct buf *out);

#endif
