/* SPDX-License-Identifier: Apache-2.0
 *
 * What a person keeps: file_create_directory, file_create.
 */
#include <sys/syscall.h>

#include "file_fixture.h"

/* Stand before the C library's own. */
ssize_t write_faulty(int fd, const void *bytes, size_t count) __asm__("write");
int close_faulty(int fd) __asm__("close");

static struct {
    struct fault write, close;
} system_calls;

ssize_t write_faulty(int fd, const void *bytes, size_t count)
{
    return fault_hits(&system_calls.write) ? -1 : syscall(SYS_write, fd, bytes, count);
}

int close_faulty(int fd)
{
    int result = (int)syscall(SYS_close, fd);
    return fault_hits(&system_calls.close) ? -1 : result;
}

static struct error err;

static void setup(void)
{
    fixture_open();
    memset(&system_calls, 0, sizeof system_calls);
    error_clear(&err);
}

static plexctl_status create(const char *name, const char *text)
{
    auto_buf struct buf content = BUF_INIT(4096);

    buf_append_text(&content, text);
    return file_create(fixture_dir, name, &content, &err);
}

static plexctl_status create_directory(const char *name)
{
    char path[256];
    int fd = -1;

    (void)snprintf(path, sizeof path, "%s/%s", fixture_path, name);
    plexctl_status status = file_create_directory(path, &fd, &err);
    ck_assert_int_eq(fd >= 0, status == PLEXCTL_OK);
    if (fd >= 0)
        ck_assert_int_eq(close(fd), 0);
    return status;
}

/* Of the umask, then what a directory and a file come to: never more than their owner may write. */
static const mode_t modes[][3] = {{0, 0755, 0644}, {002, 0755, 0644}, {022, 0755, 0644}, {077, 0700, 0600}};

START_TEST(file_create_takes_only_the_umask_off_its_mode)
{
    (void)umask(modes[_i][0]);
    ck_assert_int_eq(create_directory("dir"), PLEXCTL_OK);
    ck_assert_int_eq(create("file", "text\n"), PLEXCTL_OK);
    ck_assert_uint_eq(fixture_mode("dir"), modes[_i][1]);
    ck_assert_uint_eq(fixture_mode("file"), modes[_i][2]);
    assert_content("file", "text\n");
}
END_TEST

START_TEST(file_create_makes_an_empty_file)
{
    ck_assert_int_eq(create("file", ""), PLEXCTL_OK);
    assert_content("file", "");
}
END_TEST

START_TEST(file_create_leaves_alone_what_is_there)
{
    fixture_write("file", "old", 0600);
    ck_assert_int_eq(symlinkat("nowhere", fixture_dir, "link"), 0);
    ck_assert_int_eq(create("file", "new"), PLEXCTL_FAILED);
    ck_assert_int_eq(err.number, EEXIST);
    ck_assert_int_eq(create("link", "new"), PLEXCTL_FAILED);
    ck_assert_int_eq(create_directory("file"), PLEXCTL_FAILED);
    ck_assert_int_eq(err.number, EEXIST);
    ck_assert_int_eq(create_directory("link"), PLEXCTL_FAILED);
    ck_assert_int_eq(err.number, EEXIST);
    ck_assert_ptr_nonnull(strstr(err.text, fixture_path));
    assert_content("file", "old");
    ck_assert_uint_eq(fixture_count(), 2);
}
END_TEST

START_TEST(file_create_makes_no_parents)
{
    ck_assert_int_eq(create_directory("a/b"), PLEXCTL_FAILED);
    ck_assert_int_eq(err.number, ENOENT);
    ck_assert_uint_eq(fixture_count(), 0);
}
END_TEST

START_TEST(file_create_says_which_file_failed)
{
    system_calls.write = (struct fault){.number = ENOSPC, .times = 1};
    ck_assert_int_eq(create("first", "text"), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "first: cannot write: No space left on device");
    system_calls.close = (struct fault){.number = EIO, .times = 1};
    ck_assert_int_eq(create("second", "text"), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "cannot close second: Input/output error");
    system_calls.close = (struct fault){.number = EINTR, .times = 1};
    ck_assert_int_eq(create("third", "text"), PLEXCTL_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file_create");
    TCase *tests = tcase_create("file_create");

    tcase_add_checked_fixture(tests, setup, fixture_close);
    tcase_add_loop_test(tests, file_create_takes_only_the_umask_off_its_mode, 0, 4);
    tcase_add_test(tests, file_create_makes_an_empty_file);
    tcase_add_test(tests, file_create_leaves_alone_what_is_there);
    tcase_add_test(tests, file_create_makes_no_parents);
    tcase_add_test(tests, file_create_says_which_file_failed);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
