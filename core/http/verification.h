/* SPDX-License-Identifier: Apache-2.0
 *
 * verification - why a certificate was not believed, in words, and who can mend it.
 */
#ifndef CORE_HTTP_VERIFICATION_H
#define CORE_HTTP_VERIFICATION_H

#include <stdbool.h>

#include "base/buf.h"

enum verification_remedy {
    VERIFICATION_TRUST, /* SSL_CERT_FILE or SSL_CERT_DIR may name its issuer */
    VERIFICATION_FILES, /* what those name cannot be read */
    VERIFICATION_TIME,
    VERIFICATION_NAME,
    VERIFICATION_RENEWAL, /* it must be replaced */
};

struct verification_fault {
    long result;        /* OpenSSL's verify result (x509_vfy.h), the same in each of its releases; 0 for none */
    const char *phrase; /* stands in libcurl's detail where `result` does not tell */
    const char *reason; /* behind "the certificate" */
    enum verification_remedy remedy;
};

/* `result` is CURLINFO_SSL_VERIFYRESULT of a libcurl with OpenSSL, else 0. NULL where neither says anything known. */
const struct verification_fault *verification_find(long result, const char *detail);

/* Appends what to do, with what SSL_CERT_FILE and SSL_CERT_DIR say. */
void verification_append_advice(struct buf *out, enum verification_remedy remedy);

/* True where libcurl's verify results are OpenSSL's. */
bool verification_has_results(void);

#endif
