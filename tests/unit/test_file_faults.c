/* SPDX-License-Identifier: Apache-2.0
 *
 * System calls that fail where a disk that works never makes them fail.
 */
#include "file_fixture.h"

#include <stdarg.h>
#include <sys/syscall.h>

#include "base/buf.h"
#include "heap.h"

/* Stand before the C library's own. */
int open_staged(const char *path, int flags, ...) __asm__("open");
int open_staged_fortified(const char *path, int flags) __asm__("__open_2");
int openat_staged(int dir_fd, const char *name, int flags, ...) __asm__("openat");
int fstat_staged(int fd, struct stat *ret_found) __asm__("fstat");
ssize_t read_staged(int fd, void *bytes, size_t count) __asm__("read");
ssize_t write_staged(int fd, const void *bytes, size_t count) __asm__("write");
int fstatat_staged(int dir_fd, const char *name, struct stat *ret_found, int flags) __asm__("fstatat");
int fchmodat_staged(int dir_fd, const char *name, mode_t mode, int flags) __asm__("fchmodat");

static struct {
    struct fault open, openat, fstat, fstatat, fchmodat;
    int opens_as;           /* 0: as the lowest free descriptor */
    unsigned interruptions; /* before each byte that is read or written */
    unsigned calls;
    unsigned entered; /* by name: "." is opened to be synced */
} stage;

int open_staged(const char *path, int flags, ...)
{
    va_list arguments;

    va_start(arguments, flags);
    unsigned mode = flags & O_CREAT ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    if (fault_hits(&stage.open))
        return -1;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (stage.opens_as == 0 || fd < 0)
        return fd;
    (void)dup2(fd, stage.opens_as);
    (void)close(fd);
    return stage.opens_as;
}

int open_staged_fortified(const char *path, int flags)
{
    return open_staged(path, flags);
}

int openat_staged(int dir_fd, const char *name, int flags, ...)
{
    va_list arguments;

    va_start(arguments, flags);
    unsigned mode = flags & O_CREAT ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    stage.entered += strcmp(name, ".") != 0;
    return fault_hits(&stage.openat) ? -1 : (int)syscall(SYS_openat, dir_fd, name, flags, mode);
}

int fstat_staged(int fd, struct stat *ret_found)
{
    return fault_hits(&stage.fstat) ? -1 : (int)syscall(SYS_fstat, fd, ret_found);
}

int fstatat_staged(int dir_fd, const char *name, struct stat *ret_found, int flags)
{
    return fault_hits(&stage.fstatat) ? -1 : (int)syscall(SYS_newfstatat, dir_fd, name, ret_found, flags);
}

int fchmodat_staged(int dir_fd, const char *name, mode_t mode, int flags)
{
    (void)flags; /* on a directory that we have just made */
    return fault_hits(&stage.fchmodat) ? -1 : (int)syscall(SYS_fchmodat, dir_fd, name, mode);
}

/* One byte at a time, after as many interruptions. */
static bool is_interrupted(void)
{
    if (stage.interruptions == 0 || stage.calls++ % (stage.interruptions + 1) == stage.interruptions)
        return false;
    errno = EINTR;
    return true;
}

ssize_t read_staged(int fd, void *bytes, size_t count)
{
    return is_interrupted() ? -1 : syscall(SYS_read, fd, bytes, stage.interruptions ? 1 : count);
}

ssize_t write_staged(int fd, const void *bytes, size_t count)
{
    return is_interrupted() ? -1 : syscall(SYS_write, fd, bytes, stage.interruptions ? 1 : count);
}

static void open_fresh(void)
{
    fixture_open();
    memset(&stage, 0, sizeof stage);
}

static void assert_said(const struct error *err, const char *part)
{
    ck_assert_msg(strstr(err->text, part) != NULL, "\"%s\" is not in \"%s\"", part, err->text);
}

/* file_open_standard with standard input closed. */
static plexctl_status open_input(struct error *err)
{
    int kept = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);

    (void)close(STDIN_FILENO);
    plexctl_status status = file_open_standard(err);
    (void)dup2(kept, STDIN_FILENO);
    (void)close(kept);
    return status;
}

START_TEST(file_open_standard_without_a_null_device_fails)
{
    struct error err = ERROR_INIT;

    stage.open = (struct fault){.number = EMFILE, .times = 1};
    ck_assert_int_eq(open_input(&err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "cannot open /dev/null: Too many open files");
    ck_assert_int_eq(err.number, EMFILE);
}
END_TEST

START_TEST(file_open_standard_elsewhere_fails_and_closes)
{
    struct error err = ERROR_INIT;

    stage.opens_as = 77;
    ck_assert_int_eq(open_input(&err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "cannot open /dev/null as descriptor 0");
    ck_assert_int_eq(fcntl(77, F_GETFD), -1);
}
END_TEST

static const char *new_directory(void)
{
    static char path[256];

    (void)snprintf(path, sizeof path, "%s/new", fixture_path);
    return path;
}

/* A directory of which is not known that it is private, or on the disk, does not stay. */
static const struct directory_case {
    struct fault *fault;
    struct fault is;
    const char *says;
} directories[] = {
    {&stage.fstatat, {.number = EIO, .times = 1}, "cannot look at the new directory "},
    {&stage.fchmodat, {.number = EPERM, .times = 1}, ": Operation not permitted"},
    /* the way there, the new one that is missing, then "." for the sync */
    {&stage.openat, {.number = EMFILE, .skip = 1, .times = 1}, "cannot sync the directory above "},
};

static unsigned components_above(void)
{
    unsigned count = 0;

    for (const char *at = fixture_path; *at; at++)
        count += *at == '/';
    return count;
}

START_TEST(file_make_directories_undoes_what_it_cannot_finish)
{
    const struct directory_case *row = &directories[_i];
    struct error err = ERROR_INIT;

    *row->fault = row->is;
    if (row->fault == &stage.openat)
        row->fault->skip += components_above();
    (void)umask(0777);
    plexctl_status status = file_make_directories(new_directory(), &err);
    (void)umask(022);
    ck_assert_int_eq(status, PLEXCTL_FAILED);
    assert_said(&err, row->says);
    assert_said(&err, fixture_path);
    ck_assert_uint_eq(row->fault->times, 0);
    ck_assert_uint_eq(fixture_count(), 0);
    ck_assert_int_eq(file_make_directories(new_directory(), &err), PLEXCTL_OK);
    ck_assert_uint_eq(fixture_mode("new"), 0700);
}
END_TEST

/* It may be entered, and the kernel will write it in its own time. */
START_TEST(file_make_directories_above_that_cannot_be_read_is_no_failure)
{
    struct error err = ERROR_INIT;

    stage.openat = (struct fault){.number = EACCES, .skip = components_above() + 1, .times = 1};
    ck_assert_int_eq(file_make_directories(new_directory(), &err), PLEXCTL_OK);
    ck_assert_uint_eq(stage.openat.times, 0);
    ck_assert_uint_eq(fixture_mode("new"), 0700);
}
END_TEST

START_TEST(file_make_directories_without_a_start_fails)
{
    struct error err = ERROR_INIT;

    stage.open = (struct fault){.number = ENFILE, .times = 1};
    ck_assert_int_eq(file_make_directories(new_directory(), &err), PLEXCTL_FAILED);
    assert_said(&err, "cannot open the directory above ");
    ck_assert_uint_eq(fixture_count(), 0);
    if (heap_is_ours()) {
        heap_fail(1, false);
        plexctl_status status = file_make_directories(new_directory(), &err);
        heap_fail(0, false);
        ck_assert_int_eq(status, PLEXCTL_NO_MEMORY);
        ck_assert_uint_eq(fixture_count(), 0);
    }
}
END_TEST

/* What is open already is gone into as it is, whatever an earlier call left in errno. */
START_TEST(file_make_directories_of_what_exists_opens_each_once)
{
    struct error err = ERROR_INIT;

    errno = ENOENT;
    ck_assert_int_eq(file_make_directories(fixture_path, &err), PLEXCTL_OK);
    ck_assert_uint_eq(stage.entered, components_above());
}
END_TEST

/* In a row, each byte anew. */
START_TEST(file_streams_bear_a_thousand_interruptions_and_no_more)
{
    struct error err = ERROR_INIT;
    auto_buf struct buf content = BUF_INIT(100);
    int ends[2];
    plexctl_status written[2], got[2];

    ck_assert_int_eq(pipe(ends), 0);
    for (unsigned more = 0; more < 2; more++) {
        stage.interruptions = 1000 + more;
        stage.calls = 0;
        written[more] = file_write_all(ends[1], "abc", 3, &err);
        stage.interruptions = 0;
    }
    (void)close(ends[1]);
    for (unsigned more = 2; more-- > 0;) {
        stage.interruptions = 1000 + more;
        stage.calls = 0;
        got[more] = file_read_all(ends[0], &content, &err);
        stage.interruptions = 0;
    }
    (void)close(ends[0]);
    ck_assert_int_eq(written[0], PLEXCTL_OK);
    ck_assert_int_eq(written[1], PLEXCTL_FAILED);
    ck_assert_int_eq(got[0], PLEXCTL_OK);
    ck_assert_int_eq(got[1], PLEXCTL_FAILED);
    ck_assert_str_eq(buf_text(&content), "abc");
    assert_said(&err, "cannot read: Interrupted system call");
}
END_TEST

/* As descriptor 0 too. */
START_TEST(file_read_stream_is_cancelled_by_any_descriptor)
{
    auto_buf struct buf content = BUF_INIT(100);
    struct error err = ERROR_INIT;
    int ends[2], cancel[2];
    int kept = dup(STDIN_FILENO);

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(pipe(cancel), 0);
    ck_assert_int_eq(write(cancel[1], "c", 1), 1);
    (void)dup2(cancel[0], STDIN_FILENO);
    plexctl_status status = file_read_stream(ends[0], STDIN_FILENO, &content, &err);
    (void)dup2(kept, STDIN_FILENO);
    (void)close(kept);
    ck_assert_int_eq(status, PLEXCTL_CANCELLED);
    for (int i = 0; i < 2; i++) {
        (void)close(ends[i]);
        (void)close(cancel[i]);
    }
}
END_TEST

START_TEST(file_stage_that_cannot_be_looked_at_leaves_nothing)
{
    struct file_replacement staged = FILE_REPLACEMENT_INIT;
    struct error err = ERROR_INIT;

    stage.fstat = (struct fault){.number = EIO, .times = 1};
    ck_assert_int_eq(file_stage(fixture_dir, "name", "x", 1, &staged, &err), PLEXCTL_FAILED);
    assert_said(&err, "cannot look at .name.");
    ck_assert_int_eq(staged.fd, -1);
    ck_assert_uint_eq(fixture_count(), 0);
}
END_TEST

START_TEST(file_stage_interrupted_open_is_tried_again)
{
    struct file_replacement staged = FILE_REPLACEMENT_INIT;
    struct error err = ERROR_INIT;

    stage.openat = (struct fault){.number = EINTR, .times = 15};
    ck_assert_int_eq(file_stage(fixture_dir, "name", "x", 1, &staged, &err), PLEXCTL_OK);
    ck_assert_uint_eq(stage.openat.calls, 16);
    const int fd = staged.fd;
    file_abandon(&staged);
    ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
    ck_assert_uint_eq(fixture_count(), 0);
    stage.openat = (struct fault){.number = EINTR, .times = 1000};
    ck_assert_int_eq(file_stage(fixture_dir, "name", "x", 1, &staged, &err), PLEXCTL_FAILED);
    ck_assert_uint_eq(stage.openat.calls, 16);
    assert_said(&err, "cannot make a temporary file beside name: ");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file_faults");
    TCase *tcase = tcase_create("faults");

    tcase_add_checked_fixture(tcase, open_fresh, fixture_close);
    tcase_add_test(tcase, file_open_standard_without_a_null_device_fails);
    tcase_add_test(tcase, file_open_standard_elsewhere_fails_and_closes);
    tcase_add_loop_test(tcase, file_make_directories_undoes_what_it_cannot_finish, 0,
                        (int)(sizeof directories / sizeof directories[0]));
    tcase_add_test(tcase, file_make_directories_above_that_cannot_be_read_is_no_failure);
    tcase_add_test(tcase, file_make_directories_without_a_start_fails);
    tcase_add_test(tcase, file_make_directories_of_what_exists_opens_each_once);
    tcase_add_test(tcase, file_streams_bear_a_thousand_interruptions_and_no_more);
    tcase_add_test(tcase, file_read_stream_is_cancelled_by_any_descriptor);
    tcase_add_test(tcase, file_stage_that_cannot_be_looked_at_leaves_nothing);
    tcase_add_test(tcase, file_stage_interrupted_open_is_tried_again);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
