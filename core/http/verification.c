/* SPDX-License-Identifier: Apache-2.0 */
#include "verification.h"

#include <curl/curl.h>
#include <string.h>

#include "base/text.h"
#include "certificates.h"

/* The first row whose result or phrase fits. The phrases are those of libcurl's own check of the name, and GnuTLS's. */
static const struct verification_fault faults[] = {
    {2, NULL, "comes from an unknown issuer", VERIFICATION_TRUST},
    {18, NULL, "is self-signed and not trusted", VERIFICATION_TRUST},
    {19, NULL, "comes from an authority that is not trusted", VERIFICATION_TRUST},
    {20, NULL, "comes from an unknown issuer", VERIFICATION_TRUST},
    {21, NULL, "comes from an unknown issuer", VERIFICATION_TRUST},
    {27, NULL, "comes from an authority that is not trusted", VERIFICATION_TRUST},
    {9, NULL, "is not valid yet", VERIFICATION_TIME},
    {10, NULL, "has expired", VERIFICATION_TIME},
    {62, NULL, "is for another host name", VERIFICATION_NAME},
    {64, NULL, "is for another address", VERIFICATION_NAME},
    {23, NULL, "has been revoked", VERIFICATION_RENEWAL},
    {24, NULL, "comes from an issuer that is no authority", VERIFICATION_RENEWAL},
    {26, NULL, "is not meant for a server", VERIFICATION_RENEWAL},
    {28, NULL, "is not meant for a server", VERIFICATION_RENEWAL},
    {66, NULL, "has a key that is too weak", VERIFICATION_RENEWAL},
    {67, NULL, "comes from an authority whose key is too weak", VERIFICATION_RENEWAL},
    {68, NULL, "is signed in a way that is too weak", VERIFICATION_RENEWAL},
    {0, "does not match", "is for another host name", VERIFICATION_NAME},
    {0, "subject name matches", "is for another host name", VERIFICATION_NAME},
    {0, "obtain common name", "is for no host name at all", VERIFICATION_RENEWAL},
    {0, "has expired", "has expired", VERIFICATION_TIME},
    {0, "expired certificate", "has expired", VERIFICATION_TIME},
    {0, "not yet", "is not valid yet", VERIFICATION_TIME},
    {0, "revoked", "has been revoked", VERIFICATION_RENEWAL},
    {0, "issuer is unknown", "comes from an unknown issuer", VERIFICATION_TRUST},
};

const struct verification_fault *verification_find(long result, const char *detail)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const struct verification_fault *fault = &faults[i];
        if (fault->phrase ? result == 0 && strstr(detail, fault->phrase) : result == fault->result)
            return fault;
    }
    return NULL;
}

static void append_variable(struct buf *out, const char *name, const char *value)
{
    text_sanitise(out, value, strlen(value), TEXT_SERVER_MAX_BYTES);
    buf_appendf(out, " (%s)", name);
}

/* What the variables name; false where neither is set. */
static bool append_variables(struct buf *out, const char *lead)
{
    const char *file = certificates_file(), *directory = certificates_directory();

    if (!file && !directory)
        return false;
    buf_append_text(out, lead);
    if (file)
        append_variable(out, "SSL_CERT_FILE", file);
    if (file && directory)
        buf_append_text(out, ", ");
    if (directory)
        append_variable(out, "SSL_CERT_DIR", directory);
    return true;
}

static const struct advice {
    const char *text; /* where neither variable is set */
    const char *lead; /* to what they name; NULL where they have no part in it */
} advices[] = {
    [VERIFICATION_TRUST] = {"if a private authority issued it, name that authority's certificate in SSL_CERT_FILE",
                            "if you trust its issuer, add the issuer's certificate to "},
    [VERIFICATION_FILES] = {"check the system's certificates, or name a file of them in SSL_CERT_FILE",
                            "check what is there: "},
    [VERIFICATION_TIME] =
        {"it must be renewed, unless this machine's clock is wrong (SSL_CERT_FILE does not mend that)", NULL},
    [VERIFICATION_NAME] = {"give the name it is issued for in --server (SSL_CERT_FILE does not mend that)", NULL},
    [VERIFICATION_RENEWAL] = {"another must be installed there (SSL_CERT_FILE does not mend that)", NULL},
};

void verification_append_advice(struct buf *out, enum verification_remedy remedy)
{
    const struct advice *advice = &advices[remedy];

    if (!advice->lead || !append_variables(out, advice->lead))
        buf_append_text(out, advice->text);
}

bool verification_has_results(void)
{
    const char *backend = curl_version_info(CURLVERSION_NOW)->ssl_version;

    return backend && strstr(backend, "SSL");
}
