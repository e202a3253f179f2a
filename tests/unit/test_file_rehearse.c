/* SPDX-License-Identifier: Apache-2.0
 *
 * What a directory lets one do and what it does not: found out by a rehearsal, and no content left where a removal
 * fails.
 */
#include "file_fixture.h"

#include <sys/syscall.h>

#define TEXT "canary"

/* Stand before the C library's own. */
int unlinkat_faulty(int dir_fd, const char *name, int flags) __asm__("unlinkat");
int renameat_faulty(int old_dir, const char *old_name, int new_dir, const char *new_name) __asm__("renameat");
int fsync_faulty(int fd) __asm__("fsync");
int openat_faulty(int dir_fd, const char *name, int flags, unsigned mode) __asm__("openat");

static struct {
    struct fault unlink, rename, fsync, open;
} system_calls;

int unlinkat_faulty(int dir_fd, const char *name, int flags)
{
    return fault_hits(&system_calls.unlink) ? -1 : (int)syscall(SYS_unlinkat, dir_fd, name, flags);
}

int renameat_faulty(int old_dir, const char *old_name, int new_dir, const char *new_name)
{
    return fault_hits(&system_calls.rename) ? -1 : (int)syscall(SYS_renameat2, old_dir, old_name, new_dir, new_name, 0);
}

int fsync_faulty(int fd)
{
    return fault_hits(&system_calls.fsync) ? -1 : (int)syscall(SYS_fsync, fd);
}

int openat_faulty(int dir_fd, const char *name, int flags, unsigned mode)
{
    return fault_hits(&system_calls.open) ? -1 : (int)syscall(SYS_openat, dir_fd, name, flags, mode);
}

static void open_fresh(void)
{
    memset(&system_calls, 0, sizeof system_calls);
    fixture_open();
}

static plexctl_status rehearse(struct error *err)
{
    return file_rehearse(fixture_dir, "config.json", TEXT, strlen(TEXT), err);
}

START_TEST(file_rehearse_leaves_nothing)
{
    struct error err = ERROR_INIT;

    fixture_write("config.json", "{}", 0600);
    ck_assert_int_eq(rehearse(&err), PLEXCTL_OK);
    ck_assert_uint_eq(system_calls.rename.calls, 1);
    ck_assert_uint_eq(system_calls.fsync.calls, 2);
    ck_assert_uint_eq(fixture_count(), 1);
    assert_content("config.json", "{}");
}
END_TEST

static const struct row {
    struct fault *fault, is;
    const char *says;
    unsigned left;
} rows[] = {
    {&system_calls.rename, {.number = EPERM, .times = 1}, "cannot rename .config.json.", 0},
    {&system_calls.unlink, {.number = EPERM, .times = 9}, "cannot remove a temporary file beside config.json: ", 1},
    {&system_calls.fsync, {.number = EIO, .skip = 1, .times = 1}, "cannot sync the directory of config.json: ", 0},
    {&system_calls.open, {.number = ENOSPC, .times = 1}, "cannot make a temporary file beside config.json: ", 0},
};

START_TEST(file_rehearse_finds_out_what_a_replacement_would_fail_by)
{
    struct error err = ERROR_INIT;

    *rows[_i].fault = rows[_i].is;
    ck_assert_int_eq(rehearse(&err), PLEXCTL_FAILED);
    ck_assert_int_eq(strncmp(err.text, rows[_i].says, strlen(rows[_i].says)), 0);
    ck_assert_int_eq(err.number, rows[_i].is.number);
    ck_assert_uint_eq(fixture_count(), rows[_i].left);
}
END_TEST

/* By the descriptor that is still open, or after a failed commit by the name. */
START_TEST(file_abandon_empties_what_it_cannot_remove)
{
    struct file_replacement staged = FILE_REPLACEMENT_INIT;
    struct error err = ERROR_INIT;
    char name[256];

    ck_assert_int_eq(file_stage(fixture_dir, "config.json", TEXT, strlen(TEXT), &staged, &err), PLEXCTL_OK);
    memcpy(name, staged.name, sizeof name);
    assert_content(name, TEXT);
    system_calls.unlink = (struct fault){.number = EPERM, .times = 9};
    if (_i == 0) {
        system_calls.open = (struct fault){.number = EMFILE, .times = 9};
        file_abandon(&staged);
        system_calls.open.times = 0;
    } else {
        ck_assert_int_eq(mkdirat(fixture_dir, "config.json", 0700), 0);
        ck_assert_int_eq(file_commit(&staged, "config.json", &err), PLEXCTL_FAILED);
    }
    ck_assert_int_eq(staged.fd, -1);
    assert_content(name, "");
}
END_TEST

/* The old file after an exchange: a name that somebody gave it goes on holding what it held. */
START_TEST(file_abandon_leaves_what_has_another_name)
{
    struct file_replacement staged = FILE_REPLACEMENT_INIT;
    struct error err = ERROR_INIT;

    fixture_write("config.json", "{}", 0600);
    ck_assert_int_eq(linkat(fixture_dir, "config.json", fixture_dir, "backup", 0), 0);
    ck_assert_int_eq(file_stage(fixture_dir, "config.json", TEXT, strlen(TEXT), &staged, &err), PLEXCTL_OK);
    system_calls.unlink = (struct fault){.number = EPERM, .times = 9};
    ck_assert_int_eq(file_commit(&staged, "config.json", &err), PLEXCTL_OK);
    assert_content("config.json", TEXT);
    assert_content("backup", "{}");
}
END_TEST

START_TEST(file_remove_stale_empties_what_it_cannot_remove)
{
    fixture_write(".config.json.abcdefg234.tmp", TEXT, 0600);
    system_calls.unlink = (struct fault){.number = EPERM, .times = 9};
    file_remove_stale(fixture_dir, "config.json");
    assert_content(".config.json.abcdefg234.tmp", "");
    ck_assert_int_eq(symlinkat("victim", fixture_dir, ".config.json.abcdefg235.tmp"), 0);
    fixture_write("victim", TEXT, 0600);
    file_remove_stale(fixture_dir, "config.json");
    assert_content("victim", TEXT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file_rehearse");
    TCase *tcase = tcase_create("file_rehearse");

    tcase_add_checked_fixture(tcase, open_fresh, fixture_close);
    tcase_add_test(tcase, file_rehearse_leaves_nothing);
    tcase_add_loop_test(tcase, file_rehearse_finds_out_what_a_replacement_would_fail_by, 0,
                        (int)(sizeof rows / sizeof rows[0]));
    tcase_add_loop_test(tcase, file_abandon_empties_what_it_cannot_remove, 0, 2);
    tcase_add_test(tcase, file_abandon_leaves_what_has_another_name);
    tcase_add_test(tcase, file_remove_stale_empties_what_it_cannot_remove);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
