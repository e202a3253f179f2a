/* SPDX-License-Identifier: Apache-2.0
 *
 * A config file that the system does not let us look at, read or name.
 */
#include "config_file.h"

#include <errno.h>
#include <sys/syscall.h>

#include "config_fixture.h"
#include "credential_store.h"

/* Stand before the C library's own; 0 is no failure. */
int fstat_failing(int fd, struct stat *ret_found) __asm__("fstat");
ssize_t read_failing(int fd, void *bytes, size_t count) __asm__("read");

static struct {
    int fstat, read;
} numbers;

int fstat_failing(int fd, struct stat *ret_found)
{
    errno = numbers.fstat;
    return numbers.fstat ? -1 : (int)syscall(SYS_fstat, fd, ret_found);
}

ssize_t read_failing(int fd, void *bytes, size_t count)
{
    errno = numbers.read;
    return numbers.read ? -1 : syscall(SYS_read, fd, bytes, count);
}

static void assert_refused(const char *path, plexctl_status expected, const char *part)
{
    auto_config_file struct config_file file = CONFIG_FILE_INIT(path);
    struct error err = ERROR_INIT;

    plexctl_status status = config_file_read(&file, AT_FDCWD, path, &err);
    numbers.fstat = numbers.read = 0;
    ck_assert_int_eq(status, expected);
    ck_assert_msg(strstr(err.text, part) != NULL, "no \"%s\" in: %s", part, err.text);
    ck_assert(!file.exists);
}

START_TEST(config_file_that_cannot_be_looked_at_is_refused)
{
    struct config_fixture fixture = config_fixture_new();
    char said[256];

    config_fixture_write_text(fixture.path, "{}");
    numbers.fstat = EIO;
    (void)snprintf(said, sizeof said, "cannot look at %s: Input/output error", fixture.path);
    assert_refused(fixture.path, PLEXCTL_FAILED, said);
}
END_TEST

START_TEST(config_file_that_cannot_be_read_is_refused)
{
    struct config_fixture fixture = config_fixture_new();
    char said[256];

    config_fixture_write_text(fixture.path, "{}");
    numbers.read = EIO;
    (void)snprintf(said, sizeof said, "cannot read %s: ", fixture.path);
    assert_refused(fixture.path, PLEXCTL_FAILED, said);
}
END_TEST

/* Whoever starts us with standard input closed has a profile none the less. */
START_TEST(config_file_may_be_descriptor_0)
{
    struct config_fixture fixture = config_fixture_new();
    auto_config_file struct config_file file = CONFIG_FILE_INIT(fixture.path);
    struct error err = ERROR_INIT;

    config_fixture_write_text(fixture.path, "{}");
    int kept = dup(STDIN_FILENO);
    (void)close(STDIN_FILENO);
    errno = ENOENT; /* of some earlier call */
    plexctl_status status = config_file_read(&file, AT_FDCWD, fixture.path, &err);
    (void)dup2(kept, STDIN_FILENO);
    (void)close(kept);
    ck_assert_msg(status == PLEXCTL_OK, "%s", err.text);
    ck_assert(file.exists);
    ck_assert_str_eq(buf_text(&file.text), "{}");
}
END_TEST

START_TEST(config_file_of_too_long_a_name_is_refused)
{
    char path[600] = "/";

    memset(path + 1, 'n', sizeof path - 2);
    assert_refused(path, PLEXCTL_USAGE, "has a name that is too long");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config_file_faults");
    TCase *tcase = tcase_create("faults");

    tcase_add_test(tcase, config_file_that_cannot_be_looked_at_is_refused);
    tcase_add_test(tcase, config_file_that_cannot_be_read_is_refused);
    tcase_add_test(tcase, config_file_may_be_descriptor_0);
    tcase_add_test(tcase, config_file_of_too_long_a_name_is_refused);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
