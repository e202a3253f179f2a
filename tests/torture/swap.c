/* SPDX-License-Identifier: Apache-2.0
 *
 *   swap MARK.so SCRATCH ROUNDS
 *
 * Opens a plugin ROUNDS times in all while another process exchanges what its path leads to, as fast as it can, for a
 * plugin of the attacker's own. MARK.so is tests/plugins/mark.c: whichever is loaded leaves a mark, the attacker's
 * another one. Prints TAP. The attacker's must never run; a loader that judges the path and then opens the path must be
 * caught by the same attack.
 *
 * The attacker is another user, who may write to a directory on the way: sticky like /tmp, his own, or open to his
 * group. In the last scenario he is the user himself, who exchanges a file of his for one that others can write: he
 * needs no race to run what he likes, and yet what is loaded must be what was judged.
 *
 * Needs root, to be two users.
 */
#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "loader.h"

#define VICTIM 65534
#define ATTACKER 12345
#define WORD "mark-aaa"
#define FILE_NAME WORD ".so"
#define OUR_MARK "marks/ours"
#define FOREIGN_MARK "marks/foreign"
#define FILE_MAX_BYTES ((size_t)1024 * 1024)
#define CONTROL_ROUNDS_MAX 20000
#define PAUSE_MAX 8192

/* Everything lies below the current directory, whose absolute name this is. */
static char here[512];

struct scenario {
    const char *name;
    void (*make)(void);
    const char *directory; /* in which "way" and "spare" are exchanged */
    const char *searched;  /* PLEXCTL_PLUGIN_PATH */
    const char *way, *spare;
    uid_t attacker;
    bool by_rename;        /* a new link over the old one, in place of an exchange */
    bool is_never_trusted; /* whatever lies there */
};

enum outcome { OPENED, REFUSED, ABSENT, OUTCOMES };

/* What the scenarios are made of */

static void own(const char *path, uid_t user, mode_t mode)
{
    if (lchown(path, user, user) != 0 || chmod(path, mode) != 0)
        err(1, "%s", path);
}

static void make_directory(const char *path, uid_t user, mode_t mode)
{
    if (mkdir(path, mode) != 0)
        err(1, "mkdir %s", path);
    own(path, user, mode);
}

static void make_link(const char *target, const char *path, uid_t user)
{
    if (symlink(target, path) != 0 || lchown(path, user, user) != 0)
        err(1, "symlink %s", path);
}

static char plugin_bytes[FILE_MAX_BYTES];
static size_t plugin_size;

static void make_plugin(const char *path, bool is_foreign, uid_t user, mode_t mode)
{
    static const char ours[] = "PLEXCTL_TEST_MARK", foreign[] = "PLEXCTL_EVIL_MARK";
    static char bytes[FILE_MAX_BYTES];

    memcpy(bytes, plugin_bytes, plugin_size);
    char *name = memmem(bytes, plugin_size, ours, sizeof ours);
    if (!name)
        errx(1, "no %s in the plugin", ours);
    if (is_foreign)
        memcpy(name, foreign, sizeof foreign);
    auto_fd int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0 || write(fd, bytes, plugin_size) != (ssize_t)plugin_size)
        err(1, "%s", path);
    own(path, user, mode);
}

static void read_plugin(const char *path)
{
    auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? -1 : read(fd, plugin_bytes, sizeof plugin_bytes);

    if (size <= 0 || size == (ssize_t)sizeof plugin_bytes)
        err(1, "%s", path);
    plugin_size = (size_t)size;
}

static void make_common(void)
{
    make_directory("lib", 0, 0755);
    make_directory("marks", 0, 0777);
    make_directory("good", VICTIM, 0755);
    make_plugin("good/" FILE_NAME, false, VICTIM, 0644);
    make_directory("evil", ATTACKER, 0755);
    make_plugin("evil/" FILE_NAME, true, ATTACKER, 0644);
}

static void make_links(void)
{
    make_directory("links", 0, 01777);
    make_link("../good", "links/way", ATTACKER);
    make_link("../evil", "links/spare", ATTACKER);
}

static void make_renamed(void)
{
    make_directory("renamed", 0, 01777);
    make_link("../good", "renamed/way", ATTACKER);
}

static void make_sticky(void)
{
    make_directory("sticky", 0, 01777);
    make_directory("sticky/spare", ATTACKER, 0755);
    make_plugin("sticky/spare/" FILE_NAME, true, ATTACKER, 0644);
    make_link("../good", "sticky/way", ATTACKER);
}

static void make_parent(void)
{
    make_directory("parent", ATTACKER, 0755);
    make_directory("parent/way", VICTIM, 0755);
    make_plugin("parent/way/" FILE_NAME, false, VICTIM, 0644);
    make_directory("parent/spare", ATTACKER, 0755);
    make_plugin("parent/spare/" FILE_NAME, true, ATTACKER, 0644);
}

static void make_group(void)
{
    make_directory("group", VICTIM, 0775);
    if (chown("group", VICTIM, ATTACKER) != 0)
        err(1, "chown");
    make_plugin("group/" FILE_NAME, false, VICTIM, 0644);
    make_plugin("group/spare", true, ATTACKER, 0644);
}

static void make_same_user(void)
{
    make_directory("same", VICTIM, 0755);
    make_plugin("same/" FILE_NAME, false, VICTIM, 0644);
    make_plugin("same/spare", true, VICTIM, 0666);
}

static const struct scenario scenarios[] = {
    {"a link in a sticky directory", make_links, "links", "links/way", "way", "spare", ATTACKER, false, false},
    {"a link in a sticky directory, made anew", make_renamed, "renamed", "renamed/way", "way", "new", ATTACKER, true,
     false},
    {"a link and a directory in a sticky one", make_sticky, "sticky", "sticky/way", "way", "spare", ATTACKER, false,
     false},
    {"two directories in the attacker's", make_parent, "parent", "parent/way", "way", "spare", ATTACKER, false, true},
    {"two files in a directory of his group's", make_group, "group", "group", FILE_NAME, "spare", ATTACKER, false,
     true},
    {"two files of the user himself", make_same_user, "same", "same", FILE_NAME, "spare", VICTIM, false, false},
};

/* The attacker */

static void become(uid_t user)
{
    if (setresgid(user, user, user) != 0 || setresuid(user, user, user) != 0)
        err(1, "setresuid");
}

static void pause_at_random(unsigned *state)
{
    *state = *state * 1103515245u + 12345u;
    for (volatile unsigned left = (*state >> 8) % PAUSE_MAX; left > 0; left--)
        continue;
}

static _Noreturn void swap_for_ever(const struct scenario *scenario)
{
    unsigned state = (unsigned)getpid();
    auto_fd int dir_fd = open(scenario->directory, O_PATH | O_DIRECTORY | O_CLOEXEC);

    become(scenario->attacker);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* becoming another user takes it away: so after */
    for (bool is_evil = true;; is_evil = !is_evil) {
        int failed = scenario->by_rename
                         ? symlinkat(is_evil ? "../evil" : "../good", dir_fd, scenario->spare) != 0 ||
                               renameat(dir_fd, scenario->spare, dir_fd, scenario->way) != 0
                         : renameat2(dir_fd, scenario->way, dir_fd, scenario->spare, RENAME_EXCHANGE) != 0;
        if (failed)
            err(1, "cannot exchange %s/%s", scenario->directory, scenario->way);
        pause_at_random(&state);
    }
}

/* The victim */

static enum outcome open_well(const char *searched)
{
    struct loader *loader = NULL;
    struct loaded_plugin plugin = {0};
    struct error failure = ERROR_INIT;
    char library[600];

    (void)snprintf(library, sizeof library, "%s/lib", here);
    (void)setenv("PLEXCTL_PLUGIN_PATH", searched, 1);
    plexctl_status status = loader_new_at(library, false, &loader, &failure);
    if (status == PLEXCTL_OK)
        status = loader_open(loader, WORD, &plugin, &failure);
    if (status == PLEXCTL_OK)
        return OPENED;
    return status == PLEXCTL_FAILED ? REFUSED : ABSENT;
}

static enum outcome open_naively(const char *searched)
{
    char path[1200];
    struct stat found;

    (void)snprintf(path, sizeof path, "%s/" FILE_NAME, searched);
    if (stat(path, &found) != 0)
        return ABSENT;
    if (found.st_uid != VICTIM || (found.st_mode & (S_IWGRP | S_IWOTH)))
        return REFUSED;
    return dlopen(path, RTLD_NOW | RTLD_LOCAL) ? OPENED : ABSENT;
}

static enum outcome run_round(const struct scenario *scenario, enum outcome (*open_plugin)(const char *))
{
    char searched[600];
    int how = 0;
    pid_t victim = fork();

    if (victim < 0)
        err(1, "fork");
    if (victim == 0) {
        become(VICTIM);
        (void)snprintf(searched, sizeof searched, "%s/%s", here, scenario->searched);
        _exit((int)open_plugin(searched));
    }
    if (waitpid(victim, &how, 0) != victim || !WIFEXITED(how) || WEXITSTATUS(how) >= OUTCOMES)
        errx(1, "%s: the victim ended oddly (%d)", scenario->name, how);
    return (enum outcome)WEXITSTATUS(how);
}

static bool take(const char *mark)
{
    return unlink(mark) == 0;
}

struct tally {
    unsigned rounds, by_outcome[OUTCOMES], foreign, strange;
};

static void count_round(const struct scenario *scenario, struct tally *tally)
{
    enum outcome outcome = run_round(scenario, open_well);
    bool is_ours = take(OUR_MARK);

    tally->rounds++;
    tally->by_outcome[outcome]++;
    tally->foreign += take(FOREIGN_MARK);
    tally->strange += is_ours && outcome == ABSENT;
}

/* Both ways it can end were seen, or the only one. */
static bool is_as_expected(const struct scenario *scenario, const struct tally *tally)
{
    if (scenario->is_never_trusted)
        return tally->by_outcome[REFUSED] == tally->rounds;
    return tally->by_outcome[OPENED] > 0 && tally->by_outcome[REFUSED] > 0;
}

/* The round in which foreign code ran; 0 for never. */
static unsigned catch_naive(const struct scenario *scenario)
{
    for (unsigned round = 1; round <= CONTROL_ROUNDS_MAX; round++) {
        (void)run_round(scenario, open_naively);
        (void)take(OUR_MARK);
        if (take(FOREIGN_MARK))
            return round;
    }
    return 0;
}

static bool attack(unsigned number, const struct scenario *scenario, unsigned rounds)
{
    struct tally tally = {0};

    scenario->make();
    pid_t attacker = fork();
    if (attacker < 0)
        err(1, "fork");
    if (attacker == 0)
        swap_for_ever(scenario);
    while (tally.rounds < rounds || (tally.rounds < CONTROL_ROUNDS_MAX && !is_as_expected(scenario, &tally)))
        count_round(scenario, &tally);
    unsigned caught = catch_naive(scenario);
    bool is_raced = waitpid(attacker, NULL, WNOHANG) == 0;
    (void)kill(attacker, SIGKILL);
    (void)waitpid(attacker, NULL, 0);

    bool is_good =
        is_raced && tally.strange == 0 && caught > 0 && tally.foreign == 0 && is_as_expected(scenario, &tally);
    printf("%sok %u - %s, exchanged under way: %u rounds, %u ran ours, %u refused, %u absent, foreign code ran %u "
           "times; the naive loader is caught in round %u\n",
           is_good ? "" : "not ", number, scenario->name, tally.rounds, tally.by_outcome[OPENED],
           tally.by_outcome[REFUSED], tally.by_outcome[ABSENT], tally.foreign, caught);
    (void)fflush(stdout);
    return is_good;
}

int main(int argc, char *argv[])
{
    const unsigned count = sizeof scenarios / sizeof scenarios[0];
    bool is_good = true;

    if (argc != 4)
        errx(2, "usage: swap MARK.so SCRATCH ROUNDS");
    unsigned rounds = (unsigned)strtoul(argv[3], NULL, 10) / count + 1;
    if (geteuid() != 0) {
        printf("1..0 # SKIP what is exchanged under way: only root can be two users\n");
        return 0;
    }
    read_plugin(argv[1]);
    if (chdir(argv[2]) != 0 || !getcwd(here, sizeof here))
        err(1, "%s", argv[2]);
    (void)umask(022);
    make_common();
    (void)setenv("PLEXCTL_TEST_MARK", OUR_MARK, 1);
    (void)setenv("PLEXCTL_EVIL_MARK", FOREIGN_MARK, 1);
    (void)setenv("HOME", "", 1);
    printf("1..%u\n", count);
    (void)fflush(stdout);
    for (unsigned i = 0; i < count; i++)
        is_good = attack(i + 1, &scenarios[i], rounds) && is_good;
    return is_good ? 0 : 1;
}
