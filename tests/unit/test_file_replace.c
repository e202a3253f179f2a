/* SPDX-License-Identifier: Apache-2.0 */
#include "file_fixture.h"

#include <sys/random.h>
#include <sys/syscall.h>

#define NEW "{\"new\": true}"
#define OLD "{\"old\": true}"

/* Stand before the C library's own. */
int fsync_faulty(int fd) __asm__("fsync");
int close_faulty(int fd) __asm__("close");
int fchmod_faulty(int fd, mode_t mode) __asm__("fchmod");
int renameat_faulty(int old_dir, const char *old_name, int new_dir, const char *new_name) __asm__("renameat");
int renameat2_faulty(int old_dir, const char *old_name, int new_dir, const char *new_name,
                     unsigned flags) __asm__("renameat2");
ssize_t write_faulty(int fd, const void *bytes, size_t count) __asm__("write");
ssize_t getrandom_staged(void *bytes, size_t count, unsigned flags) __asm__("getrandom");

static struct {
    struct fault fsync, close, fchmod, rename, exchange, write, random;
    size_t write_max; /* bytes that one write takes; 0 for no limit */
    int constant_random;
    mode_t chmod_lie; /* the mode that fchmod sets, whatever it is asked; 0 for an honest one */
    mode_t first_write_mode;
    const char *made_before_rename; /* by somebody else */
} system_calls;

int fsync_faulty(int fd)
{
    return fault_hits(&system_calls.fsync) ? -1 : (int)syscall(SYS_fsync, fd);
}

int close_faulty(int fd)
{
    int hit = fault_hits(&system_calls.close);
    int number = errno;

    if (syscall(SYS_close, fd) != 0)
        return -1;
    errno = number;
    return hit ? -1 : 0;
}

int fchmod_faulty(int fd, mode_t mode)
{
    if (fault_hits(&system_calls.fchmod))
        return -1;
    return (int)syscall(SYS_fchmod, fd, system_calls.chmod_lie ? system_calls.chmod_lie : mode);
}

int renameat_faulty(int old_dir, const char *old_name, int new_dir, const char *new_name)
{
    return fault_hits(&system_calls.rename) ? -1 : (int)syscall(SYS_renameat2, old_dir, old_name, new_dir, new_name, 0);
}

int renameat2_faulty(int old_dir, const char *old_name, int new_dir, const char *new_name, unsigned flags)
{
    if (system_calls.made_before_rename)
        fixture_write(system_calls.made_before_rename, OLD, 0600);
    return fault_hits(&system_calls.exchange)
               ? -1
               : (int)syscall(SYS_renameat2, old_dir, old_name, new_dir, new_name, flags);
}

ssize_t write_faulty(int fd, const void *bytes, size_t count)
{
    struct stat found;

    if (system_calls.write.calls == 0 && fstat(fd, &found) == 0)
        system_calls.first_write_mode = found.st_mode & 07777;
    if (fault_hits(&system_calls.write))
        return -1;
    if (system_calls.write_max > 0 && count > system_calls.write_max)
        count = system_calls.write_max;
    return syscall(SYS_write, fd, bytes, count);
}

ssize_t getrandom_staged(void *bytes, size_t count, unsigned flags)
{
    unsigned call = system_calls.random.calls;

    if (fault_hits(&system_calls.random))
        return -1;
    if (!system_calls.constant_random)
        return syscall(SYS_getrandom, bytes, count, flags);
    memset(bytes, call < (unsigned)system_calls.constant_random ? 0 : 1, count);
    return (ssize_t)count;
}

static void open_fresh(void)
{
    memset(&system_calls, 0, sizeof system_calls);
    fixture_open();
}

static plexctl_status replace(struct error *err)
{
    struct file_replacement staged = FILE_REPLACEMENT_INIT;

    plexctl_status status = file_stage(fixture_dir, "config.json", NEW, strlen(NEW), &staged, err);
    if (status == PLEXCTL_OK)
        status = file_commit(&staged, "config.json", err);
    ck_assert_int_eq(staged.fd, -1);
    ck_assert_str_eq(staged.name, "");
    return status;
}

START_TEST(file_stage_makes_a_hidden_private_file)
{
    struct error err = ERROR_INIT;
    struct file_replacement staged = FILE_REPLACEMENT_INIT, other = FILE_REPLACEMENT_INIT;
    static const mode_t masks[] = {0, 022, 077, 0177, 0277, 0777};

    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        (void)umask(masks[i]);
        ck_assert_int_eq(file_stage(fixture_dir, "config.json", NEW, strlen(NEW), &staged, &err), PLEXCTL_OK);
        ck_assert_int_eq(file_stage(fixture_dir, "config.json", "", 0, &other, &err), PLEXCTL_OK);
        (void)umask(022);
        ck_assert_int_eq(strncmp(staged.name, ".config.json.", 13), 0);
        ck_assert_str_ne(staged.name, other.name);
        ck_assert_uint_eq(fixture_mode(staged.name), 0600);
        ck_assert_uint_eq(system_calls.first_write_mode, 0600);
        ck_assert_int_eq(fcntl(staged.fd, F_GETFD), FD_CLOEXEC);
        assert_content(staged.name, NEW);
        file_abandon(&staged);
        file_abandon(&other);
        ck_assert_uint_eq(fixture_count(), 0);
        ck_assert_int_eq(staged.fd, -1);
        file_abandon(&staged);
    }
}
END_TEST

START_TEST(file_commit_replaces_whole_and_syncs_twice)
{
    struct error err = ERROR_INIT;

    fixture_write("config.json", OLD, 0644);
    ck_assert_int_eq(replace(&err), PLEXCTL_OK);
    assert_content("config.json", NEW);
    ck_assert_uint_eq(fixture_mode("config.json"), 0600);
    ck_assert_uint_eq(fixture_count(), 1);
    ck_assert_uint_eq(system_calls.fsync.calls, 2);
}
END_TEST

START_TEST(file_commit_makes_a_new_file)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(replace(&err), PLEXCTL_OK);
    assert_content("config.json", NEW);
    ck_assert_uint_eq(fixture_count(), 1);
}
END_TEST

static const struct {
    struct fault *fault;
    int number;
    unsigned skip, times;
    const char *says;
    unsigned fsyncs;
} faults[] = {
    {&system_calls.random, ENOSYS, 0, 1, "random", 0},
    {&system_calls.fchmod, EPERM, 0, 1, "mode 0600", 0},
    {&system_calls.write, ENOSPC, 0, 1, "No space left", 0},
    {&system_calls.write, EDQUOT, 0, 1, "quota", 0},
    {&system_calls.write, EIO, 2, 1, "Input/output", 0},
    {&system_calls.write, EFBIG, 1, 9, "File too large", 0},
    {&system_calls.write, EINTR, 0, 1000000, "Interrupted", 0},
    {&system_calls.fsync, EIO, 0, 1, "cannot sync .config.json.", 1},
    {&system_calls.fsync, ENOSPC, 0, 1, "cannot sync .config.json.", 1},
    {&system_calls.fsync, EINTR, 0, 1, "cannot sync .config.json.", 1},
    {&system_calls.close, EIO, 0, 1, "cannot close", 1},
    {&system_calls.exchange, EBUSY, 0, 1, "cannot replace config.json: Device or resource busy", 1},
    {&system_calls.exchange, EXDEV, 0, 1, "cannot replace config.json", 1},
    {&system_calls.exchange, EIO, 0, 1, "cannot replace config.json", 1},
    {&system_calls.fsync, EIO, 1, 1, "config.json stays as it was: cannot sync its directory: Input/output error", 2},
    {&system_calls.fsync, ENOSPC, 1, 9, "config.json stays as it was", 2},
};

START_TEST(file_replace_failing_keeps_the_old_file)
{
    struct error err = ERROR_INIT;

    fixture_write("config.json", OLD, 0640);
    const ino_t old = fixture_inode("config.json");
    memset(&system_calls, 0, sizeof system_calls);
    system_calls.write_max = 4;
    faults[_i].fault->number = faults[_i].number;
    faults[_i].fault->skip = faults[_i].skip;
    faults[_i].fault->times = faults[_i].times;
    ck_assert_int_eq(replace(&err), PLEXCTL_FAILED);
    ck_assert_msg(strstr(err.text, faults[_i].says) != NULL, "%s", err.text);
    ck_assert_uint_eq(system_calls.fsync.calls, faults[_i].fsyncs);
    faults[_i].fault->times = 0;
    assert_content("config.json", OLD);
    ck_assert_uint_eq(fixture_inode("config.json"), old);
    ck_assert_uint_eq(fixture_mode("config.json"), 0640);
    ck_assert_uint_eq(fixture_count(), 1);
}
END_TEST

START_TEST(file_commit_directory_sync_failing_leaves_no_new_file)
{
    struct error err = ERROR_INIT;

    system_calls.fsync = (struct fault){.number = EIO, .skip = 1, .times = 1};
    ck_assert_int_eq(replace(&err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "config.json stays as it was"));
    ck_assert_uint_eq(fixture_count(), 0);
    ck_assert_uint_eq(system_calls.fsync.calls, 2);
}
END_TEST

static const struct {
    int number;
    unsigned skip, times;
} no_exchanges[] = {
    {EINVAL, 0, 9}, /* a file system without */
    {ENOSYS, 0, 9}, /* a kernel without */
    {EIO, 1, 9},    /* once, but not back */
};

START_TEST(file_commit_that_cannot_put_back_says_it_was_replaced)
{
    struct error err = ERROR_INIT;

    fixture_write("config.json", OLD, 0600);
    system_calls.exchange = (struct fault){
        .number = no_exchanges[_i].number, .skip = no_exchanges[_i].skip, .times = no_exchanges[_i].times};
    system_calls.fsync = (struct fault){.number = EIO, .skip = 1, .times = 1};
    ck_assert_int_eq(replace(&err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "config.json was replaced"));
    ck_assert_ptr_nonnull(strstr(err.text, "unknown"));
    assert_content("config.json", NEW);
    ck_assert_uint_eq(fixture_count(), 1);
    ck_assert_uint_eq(system_calls.fsync.calls, 2);
}
END_TEST

START_TEST(file_commit_without_exchange_renames)
{
    struct error err = ERROR_INIT;

    for (unsigned i = 0; i < 2; i++) { /* no file, and the one that this makes */
        system_calls.exchange = (struct fault){.number = i == 0 ? ENOSYS : EINVAL, .times = 9};
        ck_assert_int_eq(replace(&err), PLEXCTL_OK);
        ck_assert_uint_eq(system_calls.rename.calls, i + 1);
        assert_content("config.json", NEW);
        ck_assert_uint_eq(fixture_count(), 1);
    }
}
END_TEST

/* Of somebody who takes no lock. */
START_TEST(file_commit_of_a_new_file_replaces_none_that_came_between)
{
    struct error err = ERROR_INIT;

    system_calls.made_before_rename = "config.json";
    ck_assert_int_eq(replace(&err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "cannot replace config.json: File exists");
    assert_content("config.json", OLD);
    ck_assert_uint_eq(fixture_count(), 1);
}
END_TEST

START_TEST(file_replace_survives_short_writes_and_interruptions)
{
    struct error err = ERROR_INIT;

    system_calls.write_max = 1;
    system_calls.write = (struct fault){.number = EINTR, .skip = 3, .times = 900};
    system_calls.close = (struct fault){.number = EINTR, .times = 1};
    ck_assert_int_eq(replace(&err), PLEXCTL_OK);
    assert_content("config.json", NEW);
}
END_TEST

START_TEST(file_stage_mode_that_does_not_stick_fails)
{
    struct error err = ERROR_INIT;
    struct file_replacement staged = FILE_REPLACEMENT_INIT;

    system_calls.chmod_lie = 0644;
    ck_assert_int_eq(file_stage(fixture_dir, "config.json", NEW, strlen(NEW), &staged, &err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "mode 0644 in place of 0600"));
    ck_assert_uint_eq(system_calls.write.calls, 0);
    ck_assert_uint_eq(fixture_count(), 0);
    ck_assert_int_eq(staged.fd, -1);
}
END_TEST

START_TEST(file_stage_taken_name_is_left_alone)
{
    struct error err = ERROR_INIT;
    struct file_replacement staged = FILE_REPLACEMENT_INIT;

    ck_assert_int_eq(symlinkat("elsewhere", fixture_dir, ".config.json.aaaaaaaaaa.tmp"), 0);
    system_calls.constant_random = 3;
    ck_assert_int_eq(file_stage(fixture_dir, "config.json", NEW, strlen(NEW), &staged, &err), PLEXCTL_OK);
    ck_assert_str_eq(staged.name, ".config.json.bbbbbbbbbb.tmp");
    ck_assert_uint_eq(system_calls.random.calls, 4);
    file_abandon(&staged);

    system_calls.constant_random = 1000;
    system_calls.random.calls = 0;
    ck_assert_int_eq(file_stage(fixture_dir, "config.json", NEW, strlen(NEW), &staged, &err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "File exists"));
    ck_assert_uint_eq(fixture_count(), 1);
}
END_TEST

START_TEST(file_stage_long_name_still_fits)
{
    struct error err = ERROR_INIT;
    struct file_replacement staged = FILE_REPLACEMENT_INIT;
    char name[256];

    memset(name, 'n', sizeof name);
    name[255] = '\0';
    ck_assert_int_eq(file_stage(fixture_dir, name, NEW, strlen(NEW), &staged, &err), PLEXCTL_OK);
    ck_assert_int_eq(file_commit(&staged, name, &err), PLEXCTL_OK);
    assert_content(name, NEW);
    ck_assert_uint_eq(fixture_count(), 1);
}
END_TEST

START_TEST(file_stage_in_a_directory_without_write_permission_fails)
{
    struct error err = ERROR_INIT;
    struct file_replacement staged = FILE_REPLACEMENT_INIT;

    ck_assert_int_eq(fchmod(fixture_dir, 0555), 0);
    if (geteuid() == 0)
        ck_assert_int_eq(fchown(fixture_dir, 65534, 65534), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        unit_become_unprivileged();
        _exit(file_stage(fixture_dir, "config.json", NEW, strlen(NEW), &staged, &err) == PLEXCTL_FAILED &&
                      strstr(err.text, "Permission denied")
                  ? 0
                  : 1);
    }
    fixture_join(child);
    ck_assert_int_eq(fchmod(fixture_dir, 0700), 0);
    ck_assert_uint_eq(fixture_count(), 0);
}
END_TEST

START_TEST(file_commit_to_what_can_be_no_file_fails)
{
    struct error err = ERROR_INIT;
    struct file_replacement staged = FILE_REPLACEMENT_INIT;
    char name[300] = "";

    memset(name, 'n', sizeof name - 1);
    ck_assert_int_eq(file_stage(fixture_dir, name, NEW, strlen(NEW), &staged, &err), PLEXCTL_OK);
    ck_assert_int_eq(file_commit(&staged, name, &err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "File name too long"));
    ck_assert_uint_eq(fixture_count(), 0);

    ck_assert_int_eq(mkdirat(fixture_dir, "config.json", 0700), 0);
    ck_assert_int_eq(replace(&err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "Is a directory"));
    ck_assert_uint_eq(fixture_count(), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file_replace");
    TCase *tcase = tcase_create("file_replace");

    tcase_add_checked_fixture(tcase, open_fresh, fixture_close);
    tcase_add_test(tcase, file_stage_makes_a_hidden_private_file);
    tcase_add_test(tcase, file_commit_replaces_whole_and_syncs_twice);
    tcase_add_test(tcase, file_commit_makes_a_new_file);
    tcase_add_loop_test(tcase, file_replace_failing_keeps_the_old_file, 0, (int)(sizeof faults / sizeof faults[0]));
    tcase_add_test(tcase, file_commit_directory_sync_failing_leaves_no_new_file);
    tcase_add_loop_test(tcase, file_commit_that_cannot_put_back_says_it_was_replaced, 0,
                        (int)(sizeof no_exchanges / sizeof no_exchanges[0]));
    tcase_add_test(tcase, file_commit_without_exchange_renames);
    tcase_add_test(tcase, file_commit_of_a_new_file_replaces_none_that_came_between);
    tcase_add_test(tcase, file_replace_survives_short_writes_and_interruptions);
    tcase_add_test(tcase, file_stage_mode_that_does_not_stick_fails);
    tcase_add_test(tcase, file_stage_taken_name_is_left_alone);
    tcase_add_test(tcase, file_stage_long_name_still_fits);
    tcase_add_test(tcase, file_stage_in_a_directory_without_write_permission_fails);
    tcase_add_test(tcase, file_commit_to_what_can_be_no_file_fails);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
