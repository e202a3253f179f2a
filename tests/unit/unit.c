/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NOBODY 65534

static char scratch[96];
static pid_t scratch_owner;

/* What a test opens would take their numbers. */
static void open_standard_streams(void)
{
    int fd = 0;

    while (fd >= 0 && fd <= STDERR_FILENO)
        fd = open("/dev/null", O_RDWR); /* NOLINT(android-cloexec-open): theirs are inherited */
    if (fd > STDERR_FILENO)
        (void)close(fd);
}

static void clear_environment(void)
{
    static const char *const unset[] = {"COLUMNS", "LINES", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"};

    for (size_t i = 0; i < sizeof unset / sizeof unset[0]; i++)
        (void)unsetenv(unset[i]);
    (void)setenv("PATH", "/usr/bin:/bin", 0);
}

int unit_run(Suite *suite)
{
    open_standard_streams();
    clear_environment();
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *position)
{
    (void)status;
    (void)kind;
    (void)position;
    return remove(path);
}

static void remove_scratch(void)
{
    if (scratch[0] && getpid() == scratch_owner)
        (void)nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

const char *unit_scratch(void)
{
    const char *above = getenv("PLEXCTL_TEST_SCRATCH");

    if (scratch[0] && getpid() == scratch_owner)
        return scratch;
    (void)snprintf(scratch, sizeof scratch, "%s/plexctl-unit.XXXXXX", above ? above : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(scratch));
    scratch_owner = getpid();
    ck_assert_int_eq(atexit(remove_scratch), 0);
    return scratch;
}

unsigned unit_count(const char *directory)
{
    DIR *dir = opendir(directory);
    unsigned count = 0;

    ck_assert_ptr_nonnull(dir);
    while (readdir(dir))
        count++;
    (void)closedir(dir);
    return count - 2;
}

void unit_become_unprivileged(void)
{
    if (geteuid() == 0) {
        /* Without forks a case as root may have been before: what it made is root's, and so is the directory. */
        remove_scratch();
        scratch[0] = '\0';
        ck_assert_int_eq(setgroups(0, NULL), 0);
        ck_assert_int_eq(setresgid(NOBODY, NOBODY, NOBODY), 0);
        ck_assert_int_eq(setresuid(NOBODY, NOBODY, NOBODY), 0);
    }
    ck_assert_uint_ne(geteuid(), 0);
    ck_assert_uint_ne(getuid(), 0);
}

bool unit_skips_under_valgrind(const char *what_and_why)
{
    bool is_under = getenv("CK_FORK"); /* set by tests/valgrind.sh */

    if (is_under)
        unit_skip(what_and_why);
    return is_under;
}

void unit_skip(const char *what_and_why)
{
    (void)printf("ok 0 - # SKIP %s\n", what_and_why);
    (void)fflush(stdout);
}
