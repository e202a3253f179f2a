/* SPDX-License-Identifier: Apache-2.0 */
#include "file_fixture.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>

/* Stand before the C library's own. */
ssize_t read_faulty(int fd, void *bytes, size_t count) __asm__("read");
ssize_t write_faulty(int fd, const void *bytes, size_t count) __asm__("write");
int poll_faulty(struct pollfd *waits, nfds_t count, int timeout_ms) __asm__("poll");
void wipe_noted(void *memory, size_t size) __asm__("explicit_bzero");
void wipe_noted_fortified(void *memory, size_t size, size_t object_size) __asm__("__explicit_bzero_chk");

static struct {
    struct fault read, poll, write;
    size_t read_max;
    int write_takes_nothing;
    const void *read_into;
    int read_into_was_wiped;
} system_calls;

ssize_t read_faulty(int fd, void *bytes, size_t count)
{
    if (fault_hits(&system_calls.read))
        return -1;
    system_calls.read_into = bytes;
    if (system_calls.read_max > 0 && count > system_calls.read_max)
        count = system_calls.read_max;
    return syscall(SYS_read, fd, bytes, count);
}

ssize_t write_faulty(int fd, const void *bytes, size_t count)
{
    if (fault_hits(&system_calls.write))
        return -1;
    return system_calls.write_takes_nothing ? 0 : syscall(SYS_write, fd, bytes, count);
}

int poll_faulty(struct pollfd *waits, nfds_t count, int timeout_ms)
{
    return fault_hits(&system_calls.poll) ? -1 : (int)syscall(SYS_poll, waits, count, timeout_ms);
}

void wipe_noted(void *memory, size_t size)
{
    if (memory == system_calls.read_into && size > 0)
        system_calls.read_into_was_wiped++;
    for (volatile unsigned char *byte = memory; size > 0; size--)
        *byte++ = 0;
}

void wipe_noted_fortified(void *memory, size_t size, size_t object_size)
{
    (void)object_size;
    wipe_noted(memory, size);
}

static void open_fresh(void)
{
    fixture_open();
    memset(&system_calls, 0, sizeof system_calls);
}

struct streams {
    plexctl_status status;
    int null_device; /* as bits: which of 0, 1 and 2 are /dev/null */
    int read_number, write_number, next;
};

/* Calls file_open_standard with those of 0, 1 and 2 closed that `closed` names as bits, and puts them back. */
static void open_standard(int closed, struct streams *ret_seen, struct error *err)
{
    struct stat found, null;
    int kept[3];
    char byte = 0;

    ck_assert_int_eq(stat("/dev/null", &null), 0);
    for (int fd = 0; fd < 3; fd++) {
        kept[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 10);
        if (closed & 1 << fd)
            (void)close(fd);
    }
    ret_seen->status = file_open_standard(err);
    for (int fd = 0; fd < 3; fd++) {
        if (fstat(fd, &found) == 0 && S_ISCHR(found.st_mode) && found.st_rdev == null.st_rdev)
            ret_seen->null_device |= 1 << fd;
    }
    if (closed & 1 && read(0, &byte, 1) < 0)
        ret_seen->read_number = errno;
    if (closed & 2 && write(1, &byte, 1) < 0)
        ret_seen->write_number = errno;
    ret_seen->next = dup(kept[0]);
    (void)close(ret_seen->next);
    for (int fd = 0; fd < 3; fd++) {
        (void)dup2(kept[fd], fd);
        (void)close(kept[fd]);
    }
}

START_TEST(file_open_standard_opens_what_is_closed)
{
    struct streams seen = {0};
    struct error err = ERROR_INIT;

    open_standard(_i, &seen, &err);
    ck_assert_int_eq(seen.status, PLEXCTL_OK);
    ck_assert_int_eq(seen.null_device & _i, _i);
    ck_assert_int_eq(seen.read_number, _i & 1 ? EBADF : 0);
    ck_assert_int_eq(seen.write_number, _i & 2 ? EBADF : 0);
    ck_assert_int_gt(seen.next, 2);
}
END_TEST

START_TEST(file_read_all_appends_everything)
{
    static char big[100001];
    static const size_t sizes[] = {0, 1, 32767, 32768, 32769, 100000};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        auto_buf struct buf out = BUF_INIT(sizes[i] + 1);
        struct error err = ERROR_INIT;
        memset(big, 'b', sizeof big);
        big[sizes[i]] = '\0';
        fixture_write("f", big, 0600);
        int fd = openat(fixture_dir, "f", O_RDONLY);
        buf_append_char(&out, '>');
        ck_assert_int_eq(file_read_all(fd, &out, &err), PLEXCTL_OK);
        (void)close(fd);
        ck_assert_uint_eq(out.len, sizes[i] + 1);
        ck_assert_int_eq(out.data[0], '>');
        ck_assert_str_eq(out.data + 1, big);
        ck_assert_int_eq(system_calls.read_into_was_wiped > 0, i > 0);
    }
}
END_TEST

START_TEST(file_read_all_survives_short_reads_and_interruptions)
{
    auto_buf struct buf out = BUF_INIT(100);
    struct error err = ERROR_INIT;

    fixture_write("f", "0123456789", 0600);
    int fd = openat(fixture_dir, "f", O_RDONLY);
    system_calls.read_max = 1;
    system_calls.read = (struct fault){.number = EINTR, .skip = 4, .times = 900};
    ck_assert_int_eq(file_read_all(fd, &out, &err), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&out), "0123456789");
    (void)close(fd);
}
END_TEST

START_TEST(file_read_all_over_the_limit_stops_early)
{
    auto_buf struct buf out = BUF_INIT(10);
    auto_buf struct buf endless = BUF_INIT(1000000);
    struct error err = ERROR_INIT;

    fixture_write("f", "0123456789", 0600);
    int fd = openat(fixture_dir, "f", O_RDONLY);
    ck_assert_int_eq(file_read_all(fd, &out, &err), PLEXCTL_OK);
    ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
    buf_release(&out);
    out.max = 9;
    ck_assert_int_eq(file_read_all(fd, &out, &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "the content is longer than 9 bytes");
    (void)close(fd);

    fd = open("/dev/zero", O_RDONLY);
    ck_assert_int_eq(file_read_all(fd, &endless, &err), PLEXCTL_FAILED);
    (void)close(fd);
}
END_TEST

static const struct fault read_faults[] = {
    {.number = EIO, .times = 1},
    {.number = EIO, .skip = 2, .times = 1},
    {.number = EINTR, .times = 1000000},
};

START_TEST(file_read_all_failing_read_is_an_error_and_wipes)
{
    auto_buf struct buf out = BUF_INIT(100);
    struct error err = ERROR_INIT;

    fixture_write("f", "0123456789", 0600);
    int fd = openat(fixture_dir, "f", O_RDONLY);
    system_calls.read_max = 1;
    system_calls.read = read_faults[_i];
    ck_assert_int_eq(file_read_all(fd, &out, &err), PLEXCTL_FAILED);
    ck_assert_int_eq(strncmp(err.text, "cannot read: ", 13), 0);
    ck_assert_int_eq(system_calls.read_into_was_wiped, system_calls.read_into != NULL);
    (void)close(fd);
    ck_assert_int_eq(file_read_all(fixture_dir, &out, &err), PLEXCTL_FAILED);
}
END_TEST

START_TEST(file_read_stream_reads_a_pipe_to_its_end)
{
    auto_buf struct buf out = BUF_INIT(100);
    struct error err = ERROR_INIT;
    int ends[2];
    int cancel_fd = eventfd(0, EFD_CLOEXEC);

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "token", 5), 5);
    (void)close(ends[1]);
    system_calls.poll = (struct fault){.number = EINTR, .times = 2};
    ck_assert_int_eq(file_read_stream(ends[0], cancel_fd, &out, &err), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&out), "token");
    system_calls.poll = (struct fault){.number = ENOMEM, .times = 1};
    ck_assert_int_eq(file_read_stream(ends[0], cancel_fd, &out, &err), PLEXCTL_NO_MEMORY);
    (void)close(ends[0]);
    (void)close(cancel_fd);
}
END_TEST

START_TEST(file_read_stream_is_cancelled_while_nothing_comes)
{
    auto_buf struct buf out = BUF_INIT(100);
    struct error err = ERROR_INIT;
    int ends[2];
    int cancel_fd = eventfd(1, EFD_CLOEXEC);

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(file_read_stream(ends[0], cancel_fd, &out, &err), PLEXCTL_CANCELLED);
    ck_assert_uint_eq(out.len, 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
    (void)close(cancel_fd);
}
END_TEST

START_TEST(file_write_all_to_what_takes_nothing_fails)
{
    struct error err = ERROR_INIT;
    int fd = open("/dev/full", O_WRONLY);

    ck_assert_int_eq(file_write_all(fd, "x", 1, &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "cannot write: No space left on device");
    ck_assert_int_eq(file_write_all(fd, NULL, 0, &err), PLEXCTL_OK);
    (void)close(fd);
    ck_assert_int_eq(file_write_all(-1, "x", 1, &err), PLEXCTL_FAILED);
    system_calls.write_takes_nothing = 1;
    plexctl_status status = file_write_all(STDOUT_FILENO, "x", 1, &err);
    system_calls.write_takes_nothing = 0;
    ck_assert_int_eq(status, PLEXCTL_FAILED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file");
    TCase *tcase = tcase_create("file");

    tcase_add_checked_fixture(tcase, open_fresh, fixture_close);
    tcase_add_loop_test(tcase, file_open_standard_opens_what_is_closed, 0, 8);
    tcase_add_test(tcase, file_read_all_appends_everything);
    tcase_add_test(tcase, file_read_all_survives_short_reads_and_interruptions);
    tcase_add_test(tcase, file_read_all_over_the_limit_stops_early);
    tcase_add_loop_test(tcase, file_read_all_failing_read_is_an_error_and_wipes, 0,
                        (int)(sizeof read_faults / sizeof read_faults[0]));
    tcase_add_test(tcase, file_read_stream_reads_a_pipe_to_its_end);
    tcase_add_test(tcase, file_read_stream_is_cancelled_while_nothing_comes);
    tcase_add_test(tcase, file_write_all_to_what_takes_nothing_fails);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
