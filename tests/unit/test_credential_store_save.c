/* SPDX-License-Identifier: Apache-2.0
 *
 * credential_store: saving.
 */
#include <errno.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file_replacement.h"
#include "credential_store.h"
#include "store_fixture.h"

START_TEST(save_makes_private_file_and_directory_under_any_umask)
{
    static const mode_t masks[] = {0, 022, 077, 0777};
    struct config_fixture fixture = config_fixture_new();

    (void)umask(masks[_i]);
    assert_saved("work");
    (void)umask(022);
    ck_assert_uint_eq(config_fixture_stat(fixture.path).st_mode & 07777, 0600);
    ck_assert_uint_eq(config_fixture_stat(fixture.directory).st_mode & 07777, 0700);
    config_fixture_assert_only(fixture.directory, "config.json", LOCK);
    assert_default("work");
}
END_TEST

START_TEST(save_keeps_every_byte_that_is_not_its_own)
{
    const char *head = "{\t\"\\u0064efault\" :\"ot\\u0068er\", \"big\":123456789012345678901234567890,\r\n"
                       " \"nest\":{\"profiles\":{\"work\":{\"token\":\"decoy\"}}},\n"
                       "\"profiles\":{ \"other\":{\"token\":\"theirs\",\"f\":1.10E+02,\"z\":-0.0},\n  \"work\": "
                       "{\"x\":[1e-7,18446744073709551616], \"token\" : ";
    const char *tail = ", \"y\":{\"token\":null},\"server\":\"https://cp.example.com\",\"token_type\":\"Bearer\","
                       "\"expires_at\":\"2026-11-24T12:00:00Z\",\"domain_id\":\"D\",\"idp_binding_id\":\"I\"}, "
                       "\"last\":{} }\n,\"after\":[true ,false]}\n\n";
    struct config_fixture fixture = config_fixture_new();
    char before[2048], after[2048];

    (void)snprintf(before, sizeof before, "%s\"old\"%s", head, tail);
    (void)snprintf(after, sizeof after, "%s\"%s\"%s", head, CANARY, tail);
    config_fixture_write_text(fixture.path, before);
    assert_saved("work");
    config_fixture_assert_text(fixture.path, after);
    assert_default("other");
}
END_TEST

START_TEST(save_sets_the_default_only_where_it_names_none)
{
    struct config_fixture fixture = config_fixture_new();

    assert_saved("first");
    assert_saved("second");
    assert_default("first");
    assert_saved("second");
    assert_default("first");
    config_fixture_write_text(fixture.path, "{\"default\":\"gone\",\"profiles\":{\"a\":{}}}");
    assert_saved("third");
    assert_default("third");
    config_fixture_write_text(fixture.path, "{\"profiles\":{\"a\":{}}}");
    assert_saved("fourth");
    assert_default("fourth");
}
END_TEST

START_TEST(save_follows_a_symlink_and_keeps_it)
{
    struct config_fixture fixture = config_fixture_new();
    char real[256], link[256];
    struct stat found;

    (void)snprintf(real, sizeof real, "%s/dotfiles/real.json", fixture.home);
    ck_assert_int_eq(mkdir(fixture.directory, 0700), 0);
    ck_assert_int_eq(symlink("../dotfiles/real.json", fixture.path), 0);
    assert_saved("dangling");
    assert_saved("work");
    ck_assert_int_eq(lstat(fixture.path, &found), 0);
    ck_assert(S_ISLNK(found.st_mode));
    ck_assert_int_eq(readlink(fixture.path, link, sizeof link), (ssize_t)strlen("../dotfiles/real.json"));
    ck_assert_int_eq(lstat(real, &found), 0);
    ck_assert(S_ISREG(found.st_mode));
    assert_default("dangling");
    config_fixture_assert_only(fixture.directory, "config.json", NULL);
    *strrchr(real, '/') = '\0';
    config_fixture_assert_only(real, "real.json", "real.json.lock");
}
END_TEST

START_TEST(save_removes_what_a_killed_process_left)
{
    struct config_fixture fixture = config_fixture_new();
    struct file_replacement staged = FILE_REPLACEMENT_INIT;
    struct error err = ERROR_INIT;

    assert_saved("work");
    auto_fd int dir_fd = open(fixture.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_eq(file_stage(dir_fd, "config.json", CANARY, strlen(CANARY), &staged, &err), PLEXCTL_OK);
    (void)close(staged.fd);
    assert_saved("work");
    config_fixture_assert_only(fixture.directory, "config.json", LOCK);
}
END_TEST

static const struct refused_case {
    const char *text;
    mode_t mode;
    const char *part;
} refused[] = {
    {"{\"default\": \"a\",\n \"profiles\": {\"a\": {}}", 0600, "line 2, column "},
    {"{\"profiles\": 5}", 0600, "line 1, column 14: \"profiles\" must be an object"},
    {"{\"profiles\": {\"a\": {}, \"a\": {}}}", 0600, "line 1, column "},
    {"", 0600, "is empty"},
    {"{}", 0660, "chmod 600"},
    {"{}", 0602, "chmod 600"},
};

START_TEST(save_and_preflight_refuse_and_touch_nothing)
{
    struct config_fixture fixture = config_fixture_new();
    struct error err = ERROR_INIT;

    config_fixture_write(fixture.path, refused[_i].text, strlen(refused[_i].text), refused[_i].mode);
    struct stat before = config_fixture_stat(fixture.path);
    ck_assert_int_eq(preflight(&err), PLEXCTL_USAGE);
    config_fixture_assert_error(&err, fixture.path, refused[_i].part);
    error_clear(&err);
    ck_assert_int_eq(save("work", &err), PLEXCTL_USAGE);
    config_fixture_assert_error(&err, fixture.path, refused[_i].part);
    ck_assert_ptr_null(strstr(err.text, "canary"));
    struct stat after = config_fixture_stat(fixture.path);
    ck_assert_uint_eq(before.st_ino, after.st_ino);
    ck_assert_uint_eq(before.st_mode, after.st_mode);
    config_fixture_assert_text(fixture.path, refused[_i].text);
    config_fixture_assert_only(fixture.directory, "config.json", LOCK);
}
END_TEST

START_TEST(save_and_preflight_refuse_what_is_no_file)
{
    struct config_fixture fixture = config_fixture_new();
    struct error err = ERROR_INIT;

    ck_assert_int_eq(mkdir(fixture.directory, 0700), 0);
    ck_assert_int_eq(mkfifo(fixture.path, 0600), 0);
    ck_assert_int_eq(save("work", &err), PLEXCTL_USAGE);
    ck_assert_int_eq(preflight(&err), PLEXCTL_USAGE);
    config_fixture_assert_error(&err, fixture.path, "FIFO");
    ck_assert(S_ISFIFO(config_fixture_stat(fixture.path).st_mode));
    ck_assert_int_eq(unlink(fixture.path), 0);
    ck_assert_int_eq(mkdir(fixture.path, 0700), 0);
    ck_assert_int_eq(save("work", &err), PLEXCTL_USAGE);
    ck_assert_int_eq(preflight(&err), PLEXCTL_USAGE);
    ck_assert_int_eq(rmdir(fixture.path), 0);
    config_fixture_write_text(fixture.path, "{}");
    ck_assert_int_eq(truncate(fixture.path, (off_t)1 << 30), 0);
    ck_assert_int_eq(save("work", &err), PLEXCTL_USAGE);
    ck_assert_int_eq(preflight(&err), PLEXCTL_USAGE);
    config_fixture_assert_error(&err, fixture.path, "too large");
    ck_assert_int_eq(config_fixture_stat(fixture.path).st_size, (off_t)1 << 30);
}
END_TEST

START_TEST(save_that_cannot_stage_leaves_bytes_and_inode)
{
    struct config_fixture fixture = config_fixture_new();
    struct error err = ERROR_INIT;

    assert_saved("first");
    char *before = config_fixture_read(fixture.path);
    ino_t inode = config_fixture_stat(fixture.path).st_ino;
    ck_assert_int_eq(chmod(fixture.directory, 0500), 0);
    ck_assert_int_eq(save("second", &err), PLEXCTL_FAILED);
    config_fixture_assert_error(&err, fixture.path, strerror(EACCES));
    error_clear(&err);
    ck_assert_int_eq(preflight(&err), PLEXCTL_FAILED);
    config_fixture_assert_error(&err, fixture.path, strerror(EACCES));
    ck_assert_int_eq(chmod(fixture.directory, 0700), 0);
    ck_assert_uint_eq(config_fixture_stat(fixture.path).st_ino, inode);
    config_fixture_assert_text(fixture.path, before);
    config_fixture_assert_only(fixture.directory, "config.json", LOCK);
    free(before);
}
END_TEST

static const char *const bad_names[] = {NULL, "", ".x", "-x", "a b", "a/b", "a\n"};

START_TEST(save_under_an_unfit_name_is_a_fault_of_the_caller)
{
    struct config_fixture fixture = config_fixture_new();
    struct error err = ERROR_INIT;

    ck_assert_int_eq(save(bad_names[_i], &err), PLEXCTL_INVALID);
    config_fixture_assert_only(fixture.home, NULL, NULL);
}
END_TEST

START_TEST(save_without_text_takes_members_out)
{
    struct config_fixture fixture = config_fixture_new();
    struct credential_store *store = store_new();
    struct credential credential = {.name = "work", .server = "S"};
    struct error err = ERROR_INIT;

    config_fixture_write_text(fixture.path,
                              "{\"default\":\"work\",\"profiles\":{\"work\":{\"token\":\"t\",\"server\":\"s\",\"x\":1,"
                              "\"domain_id\":\"d\"}}}");
    ck_assert_int_eq(credential_store_save(store, &credential, -1, &err), PLEXCTL_OK);
    config_fixture_assert_text(fixture.path,
                               "{\"default\":\"work\",\"profiles\":{\"work\":{\"server\":\"S\",\"x\":1}}}");
    credential_store_free(store);
}
END_TEST

/* Many profiles, many savers */

START_TEST(save_among_ten_thousand_profiles_changes_one)
{
    struct config_fixture fixture = config_fixture_new();
    auto_buf struct buf text = BUF_INIT(CREDENTIAL_STORE_MAX_BYTES), expected = BUF_INIT(CREDENTIAL_STORE_MAX_BYTES);
    auto_credential struct credential credential = CREDENTIAL_INIT;
    struct error err = ERROR_INIT;
    size_t cut = 0;

    buf_append_text(&text, "{\n  \"default\": \"p9999\",\n  \"profiles\": {");
    for (int i = 0; i < 10000; i++) {
        buf_appendf(&text, "%s\n    \"p%d\": { \"server\": \"https://cp%d.example.com\", \"token\": \"", i ? "," : "",
                    i, i);
        if (i == 5000)
            cut = text.len;
        for (int j = 0; j < 20; j++)
            buf_appendf(&text, "%016x", (unsigned)(i * 31 + j));
        buf_append_text(&text, "\", \"n\": 12345678901234567890 }");
    }
    buf_append_text(&text, "\n  }\n}\n");
    ck_assert_int_eq(buf_check(&text, "text", &err), PLEXCTL_OK);
    config_fixture_write(fixture.path, text.data, text.len, 0600);
    struct credential_store *store = store_new();
    struct credential changed = {
        .name = "p5000", .server = "https://cp5000.example.com", .token = {CANARY, strlen(CANARY)}};
    ck_assert_int_eq(credential_store_save(store, &changed, -1, &err), PLEXCTL_OK);
    buf_append(&expected, text.data, cut);
    buf_append_text(&expected, CANARY);
    buf_append_text(&expected, text.data + cut + 320);
    char *saved = config_fixture_read(fixture.path);
    ck_assert_uint_eq(strlen(saved), expected.len);
    ck_assert_int_eq(memcmp(saved, expected.data, expected.len), 0);
    free(saved);
    ck_assert_int_eq(credential_store_read(store, NULL, &credential, &err), PLEXCTL_OK);
    ck_assert_str_eq(credential.server, "https://cp9999.example.com");
    credential_store_free(store);
}
END_TEST

#define SAVERS ((size_t)8)
#define SAVES ((size_t)20)

static bool is_clock_stopped;

/* No slow machine makes a wait for the turn too long: how long a save waits is the preflight's test. */
int clock_maybe_stopped(clockid_t clock, struct timespec *ret_now) __asm__("clock_gettime");

int clock_maybe_stopped(clockid_t clock, struct timespec *ret_now)
{
    if (!is_clock_stopped)
        return (int)syscall(SYS_clock_gettime, clock, ret_now);
    *ret_now = (struct timespec){.tv_sec = 1};
    return 0;
}

static void save_many(size_t saver)
{
    is_clock_stopped = true;
    for (size_t i = 0; i < SAVES; i++) {
        char name[32];
        struct error err = ERROR_INIT;
        (void)snprintf(name, sizeof name, "p%zu", saver * SAVES + i);
        if (save(name, &err) != PLEXCTL_OK) {
            (void)fprintf(stderr, "%s: %s\n", name, err.text);
            _exit(1);
        }
    }
    _exit(0);
}

static plexctl_status count(void *context, const struct credential *credential, struct error *err)
{
    int *counts = context;
    char *end = NULL;
    unsigned long number = strtoul(credential->name + 1, &end, 10);

    if (*end || number >= SAVERS * SAVES || strcmp(credential->token.text, CANARY) != 0)
        return error_set(err, PLEXCTL_FAILED, "%s", credential->name);
    counts[number]++;
    counts[SAVERS * SAVES] += credential->is_default;
    return PLEXCTL_OK;
}

START_TEST(save_by_many_processes_loses_no_profile)
{
    struct config_fixture fixture = config_fixture_new();
    int counts[SAVERS * SAVES + 1] = {0};
    struct error err = ERROR_INIT;
    pid_t savers[SAVERS];

    for (size_t i = 0; i < SAVERS; i++) {
        savers[i] = fork();
        ck_assert_int_ge(savers[i], 0);
        if (savers[i] == 0)
            save_many(i);
    }
    for (size_t i = 0; i < SAVERS; i++) {
        int status = -1;
        ck_assert_int_eq(waitpid(savers[i], &status, 0), savers[i]);
        ck_assert_int_eq(status, 0);
    }
    struct credential_store *store = store_new();
    ck_assert_int_eq(credential_store_each(store, count, counts, &err), PLEXCTL_OK);
    for (size_t i = 0; i <= SAVERS * SAVES; i++)
        ck_assert_int_eq(counts[i], 1);
    config_fixture_assert_only(fixture.directory, "config.json", LOCK);
    credential_store_free(store);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("credential_store_save");
    TCase *tcase = tcase_create("saving");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, save_makes_private_file_and_directory_under_any_umask, 0, 4);
    tcase_add_test(tcase, save_keeps_every_byte_that_is_not_its_own);
    tcase_add_test(tcase, save_sets_the_default_only_where_it_names_none);
    tcase_add_test(tcase, save_follows_a_symlink_and_keeps_it);
    tcase_add_test(tcase, save_removes_what_a_killed_process_left);
    ADD_TABLE(tcase, save_and_preflight_refuse_and_touch_nothing, refused);
    tcase_add_test(tcase, save_and_preflight_refuse_what_is_no_file);
    tcase_add_test(tcase, save_that_cannot_stage_leaves_bytes_and_inode);
    ADD_TABLE(tcase, save_under_an_unfit_name_is_a_fault_of_the_caller, bad_names);
    tcase_add_test(tcase, save_without_text_takes_members_out);
    tcase_add_test(tcase, save_among_ten_thousand_profiles_changes_one);
    tcase_add_test(tcase, save_by_many_processes_loses_no_profile);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
