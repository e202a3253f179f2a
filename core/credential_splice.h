/* SPDX-License-Identifier: Apache-2.0
 *
 * credential_splice - the config file's next text: the present one with one profile set, every other byte as it was.
 * Pure: no file is touched.
 *
 * In a profile that is there, the values of the members that the credential names are replaced where they stand,
 * missing ones are added at the end, those whose text is NULL are taken out, unknown ones stay. A new profile is added
 * at the end of "profiles", set out like the one before it. "profiles" and "default" are made where they are missing.
 * "default" is set where it is missing or names no profile that exists, and where the credential is_default; else it
 * is left alone. A subject that the credential does not name becomes "previous_subject", which stays where there was
 * one already; neither where the server is another one.
 */
#ifndef CORE_CREDENTIAL_SPLICE_H
#define CORE_CREDENTIAL_SPLICE_H

#include "base/buf.h"
#include "credential.h"

/* Appends the next text to `out`, which is checked afterwards to hold a good document with that profile. An empty
 * `document` is that of a file that does not exist yet. PLEXCTL_USAGE with line and column where the document is
 * damaged or of another shape; PLEXCTL_FAILED where the result is none that could be read again. */
plexctl_status credential_splice(const struct buf *document, const struct credential *credential, struct buf *out,
                                 struct error *err);

/* The same, but that only "subject" is set in a profile that is there, and "previous_subject" taken out.
 * PLEXCTL_NOT_FOUND where it does not hold the credential's token. */
plexctl_status credential_splice_subject(const struct buf *document, const struct credential *credential,
                                         struct buf *out, struct error *err);

#endif
