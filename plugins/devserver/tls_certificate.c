/* SPDX-License-Identifier: Apache-2.0 */
#include "tls_certificate.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "random_text.h"

#define CA_NAME "plexctl devserver throw-away CA"
#define LEAF_NAME "localhost"
#define SERIAL_BYTES 16
#define KEY_ID_BYTES 20
#define CLOCK_SKEW_S 3600

/* A certificate and its private key; zeroed is released. */
struct pair {
    gnutls_x509_crt_t certificate;
    gnutls_x509_privkey_t key;
};

static void pair_release(struct pair *pair)
{
    if (pair->certificate)
        gnutls_x509_crt_deinit(pair->certificate);
    if (pair->key)
        gnutls_x509_privkey_deinit(pair->key);
    *pair = (struct pair){0};
}

/* The first failing call's code, as GnuTLS has it: 0 is success. */
#define TRY(call) \
    do { \
        int code_ = (call); \
        if (code_ < 0) \
            return code_; \
    } while (0)

static int pair_begin(struct pair *pair, const char *name, int64_t now_unix_s)
{
    unsigned char serial[SERIAL_BYTES];
    unsigned char key_id[KEY_ID_BYTES];
    size_t key_id_size = sizeof key_id;

    if (!random_bytes(serial, sizeof serial))
        return GNUTLS_E_RANDOM_FAILED;
    /* RFC 5280 section 4.1.2.2: a positive number of at most 20 octets. */
    serial[0] = (unsigned char)((serial[0] & 0x7f) | 0x40);
    TRY(gnutls_x509_privkey_init(&pair->key));
    TRY(gnutls_x509_privkey_generate(pair->key, GNUTLS_PK_EC, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
    TRY(gnutls_x509_crt_init(&pair->certificate));
    TRY(gnutls_x509_crt_set_version(pair->certificate, 3));
    TRY(gnutls_x509_crt_set_serial(pair->certificate, serial, sizeof serial));
    TRY(gnutls_x509_crt_set_dn_by_oid(pair->certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name)));
    TRY(gnutls_x509_crt_set_activation_time(pair->certificate, (time_t)(now_unix_s - CLOCK_SKEW_S)));
    TRY(gnutls_x509_crt_set_expiration_time(pair->certificate, (time_t)(now_unix_s + TLS_LIFETIME_S)));
    TRY(gnutls_x509_crt_set_key(pair->certificate, pair->key));
    TRY(gnutls_x509_crt_get_key_id(pair->certificate, 0, key_id, &key_id_size));
    return gnutls_x509_crt_set_subject_key_id(pair->certificate, key_id, key_id_size);
}

static int sign(struct pair *subject, const struct pair *issuer)
{
    unsigned char key_id[KEY_ID_BYTES];
    size_t key_id_size = sizeof key_id;

    TRY(gnutls_x509_crt_get_key_id(issuer->certificate, 0, key_id, &key_id_size));
    TRY(gnutls_x509_crt_set_authority_key_id(subject->certificate, key_id, key_id_size));
    return gnutls_x509_crt_sign2(subject->certificate, issuer->certificate, issuer->key, GNUTLS_DIG_SHA256, 0);
}

static int make_ca(struct pair *ca, int64_t now_unix_s)
{
    TRY(pair_begin(ca, CA_NAME, now_unix_s));
    TRY(gnutls_x509_crt_set_basic_constraints(ca->certificate, 1, 0));
    TRY(gnutls_x509_crt_set_key_usage(ca->certificate, GNUTLS_KEY_KEY_CERT_SIGN));
    return sign(ca, ca);
}

static int add_names(gnutls_x509_crt_t leaf)
{
    struct in_addr ipv4 = {.s_addr = htonl(INADDR_LOOPBACK)};
    struct in6_addr ipv6 = IN6ADDR_LOOPBACK_INIT;

    TRY(gnutls_x509_crt_set_subject_alt_name(leaf, GNUTLS_SAN_DNSNAME, LEAF_NAME, (unsigned)strlen(LEAF_NAME),
                                             GNUTLS_FSAN_SET));
    TRY(gnutls_x509_crt_set_subject_alt_name(leaf, GNUTLS_SAN_IPADDRESS, &ipv4, sizeof ipv4, GNUTLS_FSAN_APPEND));
    return gnutls_x509_crt_set_subject_alt_name(leaf, GNUTLS_SAN_IPADDRESS, &ipv6, sizeof ipv6, GNUTLS_FSAN_APPEND);
}

static int make_leaf(struct pair *leaf, const struct pair *ca, int64_t now_unix_s)
{
    TRY(pair_begin(leaf, LEAF_NAME, now_unix_s));
    TRY(gnutls_x509_crt_set_basic_constraints(leaf->certificate, 0, -1));
    TRY(gnutls_x509_crt_set_key_usage(leaf->certificate, GNUTLS_KEY_DIGITAL_SIGNATURE));
    TRY(gnutls_x509_crt_set_key_purpose_oid(leaf->certificate, GNUTLS_KP_TLS_WWW_SERVER, 0));
    TRY(add_names(leaf->certificate));
    return sign(leaf, ca);
}

/* Moves GnuTLS's memory into ours, so that callers free with free(). */
static int take_text(gnutls_datum_t *datum, char **ret_text)
{
    *ret_text = strndup((const char *)datum->data, datum->size);
    explicit_bzero(datum->data, datum->size);
    gnutls_free(datum->data);
    return *ret_text ? 0 : GNUTLS_E_MEMORY_ERROR;
}

static int export_all(const struct pair *ca, const struct pair *leaf, struct tls_pem *pem)
{
    gnutls_datum_t text;

    TRY(gnutls_x509_crt_export2(ca->certificate, GNUTLS_X509_FMT_PEM, &text));
    TRY(take_text(&text, &pem->ca));
    TRY(gnutls_x509_crt_export2(leaf->certificate, GNUTLS_X509_FMT_PEM, &text));
    TRY(take_text(&text, &pem->certificate));
    TRY(gnutls_x509_privkey_export2_pkcs8(leaf->key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &text));
    return take_text(&text, &pem->key);
}

plexctl_status tls_certificate_make(int64_t now_unix_s, struct tls_pem *ret_pem, struct reason *reason)
{
    struct pair ca = {0};
    struct pair leaf = {0};
    struct tls_pem pem = {0};

    int code = make_ca(&ca, now_unix_s);
    if (code >= 0)
        code = make_leaf(&leaf, &ca, now_unix_s);
    if (code >= 0)
        code = export_all(&ca, &leaf, &pem);
    pair_release(&ca);
    pair_release(&leaf);
    if (code < 0) {
        tls_pem_release(&pem);
        return reason_set(reason, code == GNUTLS_E_MEMORY_ERROR ? PLEXCTL_NO_MEMORY : PLEXCTL_FAILED,
                          "cannot make a TLS certificate: %s", gnutls_strerror(code));
    }
    *ret_pem = pem;
    return PLEXCTL_OK;
}

void tls_pem_release(struct tls_pem *pem)
{
    if (pem->key)
        explicit_bzero(pem->key, strlen(pem->key));
    free(pem->ca);
    free(pem->certificate);
    free(pem->key);
    *pem = (struct tls_pem){0};
}

static gnutls_datum_t datum_of(char *text)
{
    return (gnutls_datum_t){.data = (unsigned char *)text, .size = (unsigned)strlen(text)};
}

static bool read_certificate(char *pem, gnutls_x509_crt_t *ret_certificate)
{
    gnutls_datum_t text = datum_of(pem);

    return gnutls_x509_crt_init(ret_certificate) >= 0 &&
           gnutls_x509_crt_import(*ret_certificate, &text, GNUTLS_X509_FMT_PEM) >= 0;
}

static bool read_pair(const struct tls_pem *pem, struct pair *pair)
{
    if (!pem->certificate || !pem->key)
        return false;
    gnutls_datum_t text = datum_of(pem->key);
    return read_certificate(pem->certificate, &pair->certificate) && gnutls_x509_privkey_init(&pair->key) >= 0 &&
           gnutls_x509_privkey_import2(pair->key, &text, GNUTLS_X509_FMT_PEM, NULL, 0) >= 0;
}

static bool key_fits(const struct pair *pair)
{
    unsigned char ours[KEY_ID_BYTES];
    unsigned char theirs[KEY_ID_BYTES];
    size_t ours_size = sizeof ours;
    size_t theirs_size = sizeof theirs;

    return gnutls_x509_crt_get_key_id(pair->certificate, 0, ours, &ours_size) >= 0 &&
           gnutls_x509_privkey_get_key_id(pair->key, 0, theirs, &theirs_size) >= 0 && ours_size == theirs_size &&
           memcmp(ours, theirs, ours_size) == 0;
}

/* A leaf or the CA itself, which is its own issuer */
static bool is_made_here(gnutls_x509_crt_t certificate)
{
    char issuer[128];
    size_t size = sizeof issuer;

    return gnutls_x509_crt_get_issuer_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, issuer, &size) >= 0 &&
           strcmp(issuer, CA_NAME) == 0;
}

static bool in_time(gnutls_x509_crt_t leaf, int64_t now_unix_s, int64_t spare_s)
{
    return gnutls_x509_crt_get_activation_time(leaf) <= now_unix_s &&
           now_unix_s + spare_s < gnutls_x509_crt_get_expiration_time(leaf);
}

static bool is_issued_by(gnutls_x509_crt_t leaf, char *ca_pem)
{
    struct pair ca = {0};
    unsigned faults = 0;
    unsigned flags = GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_VERIFY_DISABLE_TRUSTED_TIME_CHECKS;

    bool issued = read_certificate(ca_pem, &ca.certificate) &&
                  gnutls_x509_crt_verify(leaf, &ca.certificate, 1, flags, &faults) >= 0 && faults == 0;
    pair_release(&ca);
    return issued;
}

static bool is_ca_made_here(char *ca_pem)
{
    struct pair ca = {0};

    bool ours = ca_pem && read_certificate(ca_pem, &ca.certificate) && is_made_here(ca.certificate);
    pair_release(&ca);
    return ours;
}

enum tls_verdict tls_certificate_judge(const struct tls_pem *pem, int64_t now_unix_s)
{
    struct pair pair = {0};
    enum tls_verdict verdict = TLS_UNREADABLE;

    if (read_pair(pem, &pair)) {
        bool ours = is_made_here(pair.certificate);
        bool good = key_fits(&pair) && in_time(pair.certificate, now_unix_s, ours ? TLS_RENEW_BEFORE_S : 0) &&
                    (!ours || (pem->ca && is_issued_by(pair.certificate, pem->ca)));
        verdict = good ? TLS_USABLE : ours ? TLS_STALE : TLS_FOREIGN_BAD;
    } else if (!pem->certificate && is_ca_made_here(pem->ca)) {
        verdict = TLS_STALE;
    }
    pair_release(&pair);
    return verdict;
}
