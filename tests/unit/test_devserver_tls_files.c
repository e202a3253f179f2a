/* SPDX-License-Identifier: Apache-2.0 */
#include "../../plugins/devserver/tls_files.h"

#include <fcntl.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#define NOW INT64_C(1790000000)
#define DAY INT64_C(86400)

static char dir[128];
static int directories;
static struct tls_pem first;
static struct reason reason;

static void set_up(void)
{
    unit_become_unprivileged();
    (void)umask(0);
    /* One each: without forks the tests share the scratch directory. */
    (void)snprintf(dir, sizeof dir, "%s/tls-%d", unit_scratch(), ++directories);
    ck_assert_int_eq(tls_files_prepare(dir, NOW, &first, &reason), PLEXCTL_OK);
}

static void tear_down(void)
{
    tls_pem_release(&first);
}

static const char *path_of(const char *file)
{
    static char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", dir, file);
    return path;
}

static void write_file(const char *file, const char *text)
{
    FILE *out = fopen(path_of(file), "w");

    ck_assert_ptr_nonnull(out);
    ck_assert_int_ge(fputs(text, out), 0);
    ck_assert_int_eq(fclose(out), 0);
    ck_assert_int_eq(chmod(path_of(file), 0600), 0);
}

static unsigned mode_of(const char *path)
{
    struct stat status;

    ck_assert_int_eq(stat(path, &status), 0);
    return (unsigned)(status.st_mode & 07777);
}

static void expect_usage(int64_t now, const char *says)
{
    struct tls_pem pem = {0};

    ck_assert_int_eq(tls_files_prepare(dir, now, &pem, &reason), PLEXCTL_USAGE);
    ck_assert_ptr_null(pem.key);
    ck_assert_msg(strstr(reason.text, says) != NULL, "%s", reason.text);
}

static void expect_ok(int64_t now, bool same)
{
    struct tls_pem pem = {0};

    ck_assert_msg(tls_files_prepare(dir, now, &pem, &reason) == PLEXCTL_OK, "%s", reason.text);
    ck_assert_int_eq(strcmp(pem.certificate, first.certificate) == 0, same);
    ck_assert_int_eq(strcmp(pem.key, first.key) == 0, same);
    ck_assert_int_eq(tls_certificate_judge(&pem, now), TLS_USABLE);
    tls_pem_release(&pem);
}

START_TEST(tls_files_make_private_key_private)
{
    ck_assert_uint_eq(mode_of(dir), 0700);
    ck_assert_uint_eq(mode_of(path_of("key.pem")), 0600);
    ck_assert_uint_eq(mode_of(path_of("cert.pem")), 0644);
    ck_assert_uint_eq(mode_of(path_of("ca.pem")), 0644);
    ck_assert_int_eq(access(path_of(".plexctl-new.pem"), F_OK), -1);
    ck_assert_ptr_null(strstr(first.ca, "PRIVATE"));
    ck_assert_ptr_nonnull(strstr(first.key, "PRIVATE KEY"));
}
END_TEST

START_TEST(tls_files_are_kept_while_good)
{
    expect_ok(NOW, true);
    expect_ok(NOW + TLS_LIFETIME_S - TLS_RENEW_BEFORE_S - 1, true);
}
END_TEST

START_TEST(tls_files_are_renewed_when_almost_over)
{
    expect_ok(NOW + TLS_LIFETIME_S - TLS_RENEW_BEFORE_S, false);
}
END_TEST

START_TEST(tls_files_are_renewed_when_over_or_not_yet)
{
    expect_ok(NOW + 10 * TLS_LIFETIME_S, false);
    expect_ok(NOW - 30 * DAY, false);
}
END_TEST

START_TEST(tls_files_are_renewed_after_a_killed_run)
{
    struct tls_pem other;

    /* A new CA and key beside an old certificate: what a run killed before its last rename leaves. */
    ck_assert_int_eq(tls_certificate_make(NOW, &other, &reason), PLEXCTL_OK);
    write_file("ca.pem", other.ca);
    write_file("key.pem", other.key);
    write_file(".plexctl-new.pem", "rest");
    expect_ok(NOW, false);
    ck_assert_int_eq(access(path_of(".plexctl-new.pem"), F_OK), -1);
    tls_pem_release(&other);
}
END_TEST

START_TEST(tls_files_are_renewed_without_certificate)
{
    ck_assert_int_eq(unlink(path_of("cert.pem")), 0);
    expect_ok(NOW, false);
}
END_TEST

START_TEST(tls_files_half_a_pair_is_refused)
{
    ck_assert_int_eq(unlink(path_of("key.pem")), 0);
    expect_usage(NOW, "not both cert.pem and key.pem");
    ck_assert_int_eq(access(path_of("cert.pem"), F_OK), 0);
}
END_TEST

START_TEST(tls_files_own_ca_and_key_are_never_replaced)
{
    static const char *const files[] = {"ca.pem", "key.pem"};
    char text[32] = "";

    /* The operator's own authority: nothing that was made here. */
    ck_assert_int_eq(unlink(path_of("cert.pem")), 0);
    for (int i = 0; i < 2; i++)
        write_file(files[i], "my own\n");
    expect_usage(NOW, "add what is missing");
    for (int i = 0; i < 2; i++) {
        FILE *in = fopen(path_of(files[i]), "r");
        ck_assert_ptr_nonnull(in);
        ck_assert_ptr_nonnull(fgets(text, sizeof text, in));
        ck_assert_int_eq(fclose(in), 0);
        ck_assert_str_eq(text, "my own\n");
    }
}
END_TEST

START_TEST(tls_files_directory_that_others_can_write_is_refused)
{
    static const mode_t modes[] = {0777, 0770, 0702, 01777};

    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ck_assert_int_eq(chmod(dir, modes[i]), 0);
        expect_usage(NOW, "chmod go-w");
    }
    ck_assert_int_eq(chmod(dir, 0755), 0);
    expect_ok(NOW, true);
}
END_TEST

START_TEST(tls_files_unreadable_is_refused)
{
    write_file("cert.pem", "no certificate\n");
    expect_usage(NOW, "no PEM certificate");
}
END_TEST

START_TEST(tls_files_open_key_is_refused)
{
    ck_assert_int_eq(chmod(path_of("key.pem"), 0640), 0);
    expect_usage(NOW, "chmod 600");
}
END_TEST

START_TEST(tls_files_odd_file_is_refused)
{
    ck_assert_int_eq(unlink(path_of("cert.pem")), 0);
    ck_assert_int_eq(mkfifo(path_of("cert.pem"), 0600), 0);
    expect_usage(NOW, "no regular file");
}
END_TEST

START_TEST(tls_files_missing_parent_is_refused)
{
    (void)snprintf(dir, sizeof dir, "%s/missing/tls", unit_scratch());
    expect_usage(NOW, "create its parent");
}
END_TEST

START_TEST(tls_files_not_a_directory_is_refused)
{
    (void)snprintf(dir + strlen(dir), sizeof dir - strlen(dir), "/cert.pem");
    expect_usage(NOW, "name a directory");
}
END_TEST

/* A certificate of the operator's own, without a CA: valid from NOW to NOW + one day. */
static void write_own_pair(void)
{
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t certificate;
    gnutls_datum_t text;

    ck_assert_int_eq(unlink(path_of("ca.pem")), 0);
    ck_assert_int_eq(gnutls_x509_privkey_init(&key), 0);
    ck_assert_int_eq(gnutls_x509_privkey_generate(key, GNUTLS_PK_EC, 256, 0), 0);
    ck_assert_int_eq(gnutls_x509_crt_init(&certificate), 0);
    ck_assert_int_eq(gnutls_x509_crt_set_version(certificate, 3), 0);
    ck_assert_int_eq(gnutls_x509_crt_set_serial(certificate, "\x01", 1), 0);
    ck_assert_int_eq(gnutls_x509_crt_set_dn(certificate, "CN=my own", NULL), 0);
    ck_assert_int_eq(gnutls_x509_crt_set_activation_time(certificate, NOW), 0);
    ck_assert_int_eq(gnutls_x509_crt_set_expiration_time(certificate, NOW + DAY), 0);
    ck_assert_int_eq(gnutls_x509_crt_set_key(certificate, key), 0);
    ck_assert_int_eq(gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0), 0);
    ck_assert_int_eq(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &text), 0);
    write_file("cert.pem", (const char *)text.data);
    gnutls_free(text.data);
    ck_assert_int_eq(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &text), 0);
    write_file("key.pem", (const char *)text.data);
    gnutls_free(text.data);
    gnutls_x509_crt_deinit(certificate);
    gnutls_x509_privkey_deinit(key);
}

START_TEST(tls_files_own_pair_is_served_and_never_replaced)
{
    struct tls_pem pem = {0};

    write_own_pair();
    ck_assert_msg(tls_files_prepare(dir, NOW + DAY - 1, &pem, &reason) == PLEXCTL_OK, "%s", reason.text);
    ck_assert_ptr_null(pem.ca);
    ck_assert_str_ne(pem.certificate, first.certificate);
    tls_pem_release(&pem);
    expect_usage(NOW + DAY, "plexctl did not make it");
    write_file("key.pem", first.key);
    expect_usage(NOW, "does not fit its key");
    ck_assert_int_eq(access(path_of("ca.pem"), F_OK), -1);
}
END_TEST

START_TEST(tls_files_unwritable_directory_fails)
{
    struct tls_pem pem = {0};

    ck_assert_int_eq(unlink(path_of("cert.pem")), 0);
    ck_assert_int_eq(chmod(dir, 0500), 0);
    ck_assert_int_eq(tls_files_prepare(dir, NOW, &pem, &reason), PLEXCTL_FAILED);
    ck_assert_ptr_null(pem.key);
    ck_assert_msg(strstr(reason.text, "Permission denied") != NULL, "%s", reason.text);
    ck_assert_int_eq(chmod(dir, 0700), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devserver tls_files");
    TCase *tests = tcase_create("tls_files");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, tls_files_make_private_key_private);
    tcase_add_test(tests, tls_files_are_kept_while_good);
    tcase_add_test(tests, tls_files_are_renewed_when_almost_over);
    tcase_add_test(tests, tls_files_are_renewed_when_over_or_not_yet);
    tcase_add_test(tests, tls_files_are_renewed_after_a_killed_run);
    tcase_add_test(tests, tls_files_are_renewed_without_certificate);
    tcase_add_test(tests, tls_files_half_a_pair_is_refused);
    tcase_add_test(tests, tls_files_own_ca_and_key_are_never_replaced);
    tcase_add_test(tests, tls_files_directory_that_others_can_write_is_refused);
    tcase_add_test(tests, tls_files_unreadable_is_refused);
    tcase_add_test(tests, tls_files_open_key_is_refused);
    tcase_add_test(tests, tls_files_odd_file_is_refused);
    tcase_add_test(tests, tls_files_missing_parent_is_refused);
    tcase_add_test(tests, tls_files_not_a_directory_is_refused);
    tcase_add_test(tests, tls_files_own_pair_is_served_and_never_replaced);
    tcase_add_test(tests, tls_files_unwritable_directory_fails);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
