/* SPDX-License-Identifier: Apache-2.0
 *
 * tls_certificate - makes and judges the certificate for loopback. A fresh CA signs one leaf and its private key is
 * gone with the call: whoever trusts ca.pem trusts that one leaf and nothing else, ever. Pure: PEM texts and the time
 * come from the caller.
 */
#ifndef DEVSERVER_TLS_CERTIFICATE_H
#define DEVSERVER_TLS_CERTIFICATE_H

#include <stdint.h>

#include "reason.h"

#define TLS_LIFETIME_S (INT64_C(90) * 24 * 3600)
#define TLS_RENEW_BEFORE_S (INT64_C(24) * 3600)

struct tls_pem {
    char *ca;          /* the CA's certificate */
    char *certificate; /* the leaf: ECDSA P-256 for localhost, 127.0.0.1 and ::1 */
    char *key;         /* the leaf's private key: a secret */
};

/* All three members, from malloc. PLEXCTL_FAILED with GnuTLS's reason. */
plexctl_status tls_certificate_make(int64_t now_unix_s, struct tls_pem *ret_pem, struct reason *reason);

/* Wipes the key, frees all, leaves NULLs. */
void tls_pem_release(struct tls_pem *pem);

enum tls_verdict {
    TLS_USABLE,      /* serve it */
    TLS_STALE,       /* one that tls_certificate_make made, which is over, almost over, or does not fit together */
    TLS_FOREIGN_BAD, /* somebody else's, and unusable: it is not ours to replace */
    TLS_UNREADABLE,  /* no PEM certificate and key */
};

/* Judges what was read from files, each NULL where it is absent. Without `ca` a pair may be the operator's own; without
 * the pair, a CA of ours is TLS_STALE: the rest of a run that was killed. */
enum tls_verdict tls_certificate_judge(const struct tls_pem *pem, int64_t now_unix_s);

#endif
