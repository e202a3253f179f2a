/* SPDX-License-Identifier: Apache-2.0
 *
 * credential_store: many processes that do nothing but save, all to one file.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "credential_store.h"
#include "store_fixture.h"

#define WRITERS ((size_t)16)
/* Fewer under valgrind, which looks for leaks and not for time. */
#define SAVES (getenv("CK_FORK") ? (size_t)4 : (size_t)60)
/* Saves by others from when a writer has come to the queue. The kernel wakes all that wait, and the first to run has
 * the turn: a lottery, in which one of sixteen waits this long once in ten million times. Where those who have just
 * saved take part as well, and need not be woken, it is no lottery. */
#define OVERTAKEN_MAX (16 * WRITERS)

static struct tally {
    atomic_size_t saved, overtaken_most, waits;
    atomic_size_t
        saved_before[WRITERS]; /* when it came to the queue for its present save, and 1; 0: it has not waited */
} * tally;                     /* shared by all writers, and by the processes that wait for them */
static size_t writer;

/* Stands before the C library's own: a slow disk is not what this is about. */
int fsync_skipped(int fd) __asm__("fsync");

int fsync_skipped(int fd)
{
    return fd >= 0 ? 0 : -1;
}

/* Time stands still: a wait is measured in others' saves, and no slow machine, or valgrind, makes one too long. */
int clock_standing(clockid_t clock, struct timespec *ret_now) __asm__("clock_gettime");

int clock_standing(clockid_t clock, struct timespec *ret_now)
{
    (void)clock;
    *ret_now = (struct timespec){.tv_sec = 1};
    return 0;
}

/* The first call of a save that blocks: from here on nobody may come in between. */
static void come_to_the_queue(void)
{
    size_t none = 0;

    (void)atomic_compare_exchange_strong(&tally->saved_before[writer], &none, atomic_load(&tally->saved) + 1);
}

int fcntl_noted(int fd, int command, void *argument) __asm__("fcntl");

int fcntl_noted(int fd, int command, void *argument)
{
    if (tally && command == F_OFD_SETLKW)
        come_to_the_queue();
    return (int)syscall(SYS_fcntl, fd, command, argument);
}

int flock_noted(int fd, int operation) __asm__("flock");

int flock_noted(int fd, int operation)
{
    if (tally && !(operation & (LOCK_NB | LOCK_UN)))
        come_to_the_queue();
    return (int)syscall(SYS_flock, fd, operation);
}

static void name_profile(char name[static 32], size_t of_writer, size_t i)
{
    (void)snprintf(name, 32, "p%zu", of_writer * SAVES + i);
}

static void note_save(void)
{
    const size_t saved = atomic_fetch_add(&tally->saved, 1), before = atomic_load(&tally->saved_before[writer]);
    size_t most = atomic_load(&tally->overtaken_most);

    if (before == 0)
        return;
    (void)atomic_fetch_add(&tally->waits, 1);
    while (saved + 1 - before > most &&
           !atomic_compare_exchange_weak(&tally->overtaken_most, &most, saved + 1 - before))
        continue;
}

static void save_all(void)
{
    for (size_t i = 0; i < SAVES; i++) {
        char name[32];
        struct error err = ERROR_INIT;
        name_profile(name, writer, i);
        atomic_store(&tally->saved_before[writer], 0);
        if (save(name, &err) != PLEXCTL_OK) {
            (void)fprintf(stderr, "%s: %s\n", name, err.text);
            _exit(1);
        }
        note_save();
    }
    _exit(0);
}

static plexctl_status count_profile(void *context, const struct credential *credential, struct error *err)
{
    size_t *count = context;

    (void)err;
    if (strcmp(credential->token.text, CANARY) == 0)
        ++*count;
    return PLEXCTL_OK;
}

START_TEST(writers_in_a_tight_loop_all_have_their_turn)
{
    struct config_fixture fixture = config_fixture_new();
    struct error err = ERROR_INIT;
    size_t failed = 0, count = 0;

    tally = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert(tally != MAP_FAILED);
    for (size_t i = 0; i < WRITERS; i++) {
        pid_t child = fork();
        ck_assert_int_ge(child, 0);
        writer = i;
        if (child == 0)
            save_all();
    }
    for (size_t i = 0; i < WRITERS; i++) {
        int wait_status = 0;
        ck_assert_int_gt(wait(&wait_status), 0);
        failed += wait_status != 0;
    }
    ck_assert_uint_eq(failed, 0);
    const size_t overtaken_most = atomic_load(&tally->overtaken_most), waits = atomic_load(&tally->waits);
    ck_assert_uint_gt(waits, WRITERS);
    ck_assert_uint_le(overtaken_most, OVERTAKEN_MAX);
    struct credential_store *store = store_new();
    ck_assert_int_eq(credential_store_each(store, count_profile, &count, &err), PLEXCTL_OK);
    ck_assert_uint_eq(count, WRITERS * SAVES);
    for (size_t i = 0; i < WRITERS * SAVES; i++) {
        auto_credential struct credential credential = CREDENTIAL_INIT;
        char name[32];
        name_profile(name, i / SAVES, i % SAVES);
        ck_assert_int_eq(credential_store_read(store, name, &credential, &err), PLEXCTL_OK);
        ck_assert_str_eq(credential.token.text, CANARY);
    }
    config_fixture_assert_only(fixture.directory, "config.json", LOCK);
    credential_store_free(store);
    ck_assert_int_eq(munmap(tally, sizeof *tally), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("credential_store_writers");
    TCase *tcase = tcase_create("writers");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, writers_in_a_tight_loop_all_have_their_turn);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
