/* SPDX-License-Identifier: Apache-2.0
 *
 * tls_files - the directory of --tls-dir: cert.pem, key.pem, ca.pem.
 *
 *     nothing there, or ours and stale   a new CA and leaf are made and written
 *     ours and good                      served
 *     cert.pem and key.pem of one's own  served as they are, ca.pem or not; never replaced
 *     part of a set of one's own         refused; never replaced
 *
 * A directory that others can write is refused: they could put a key of theirs in it.
 */
#ifndef DEVSERVER_TLS_FILES_H
#define DEVSERVER_TLS_FILES_H

#include <stdint.h>

#include "tls_certificate.h"

#define TLS_FILE_MAX_BYTES 65536

/* Loads or makes the files. The directory is created with mode 0700 (its parent must exist), key.pem with 0600.
 * *ret_pem is the caller's to release; its `ca` is NULL where the operator's own certificate came without one.
 * PLEXCTL_USAGE for files that cannot be used, PLEXCTL_FAILED for a failing call. */
plexctl_status tls_files_prepare(const char *dir, int64_t now_unix_s, struct tls_pem *ret_pem, struct reason *reason);

#endif
