/* SPDX-License-Identifier: Apache-2.0
 *
 *   signals PLEXCTL SCRATCH RUNS SEED
 *
 * Sends RUNS logins of the installed PLEXCTL one signal each, in every phase of a login, many logins at a time, and
 * prints TAP. A login has to die by that signal within 200 ms and leave nothing but the side lock, the config file old
 * or new, and the terminal as it was. Exit 0 is for a signal that came after the save.
 *
 * The machine may be busy: a login that was late is repeated alone, with the same seed, and has to be in time then. How
 * many were is printed.
 */
#include <err.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "signal_login.h"

#define AT_ONCE 12
#define REPEATS_MAX 5
#define SHOWN_FAULTS 5
#define CONFIG_MAX_BYTES 8192

static const char config_before[] =
    "{ \"default\": \"old\", \"note\": {\"kept\": [1, 2.50]},\n  \"profiles\": {\n    \"old\": "
    "{\"server\": \"https://old.example.com\", \"token\": \"old-token\"}\n  }\n}\n";

struct job {
    enum signal_phase phase;
    uint64_t seed;
    const char *control;
    pid_t pid;
    bool is_broken; /* no verdict */
    struct signal_verdict verdict;
};

struct tally {
    int runs, certain, ended_before, by_terminal, saved, repeated, faults;
    int64_t longest_us;
    int counts[32]; /* by signal */
};

static const char *plexctl, *scratch;
static const char *config_after;
static int reports, failures;

static void report(bool is_good, const char *title)
{
    failures += !is_good;
    printf("%sok %d - %s\n", is_good ? "" : "not ", ++reports, title);
}

/* Running */

static int remove_entry(const char *path, const struct stat *found, int kind, struct FTW *where)
{
    (void)found;
    (void)kind;
    (void)where;
    return remove(path);
}

static void home_of(const struct job *job, char home[static 256])
{
    (void)snprintf(home, 256, "%s/home-%" PRIx64, scratch, job->seed);
}

static void run_job(struct job *job)
{
    char home[256];
    const struct signal_login login = {.phase = job->phase,
                                       .seed = job->seed,
                                       .plexctl = plexctl,
                                       .control = job->control,
                                       .number = job->control ? SIGTERM : 0,
                                       .home = home,
                                       .config_before = config_before,
                                       .config_after = config_after};

    home_of(job, home);
    signal_login_run(&login, &job->verdict);
}

static void start_job(struct job *job)
{
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid < 0)
        err(2, "cannot start a run");
    if (pid == 0) {
        run_job(job);
        _exit(0);
    }
    job->pid = pid;
}

static void finish_job(struct job *job, int status)
{
    char home[256];

    job->is_broken = status != 0;
    home_of(job, home);
    if (job->phase != PHASE_UNDISTURBED)
        (void)nftw(home, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void run_alone(struct job *job)
{
    int status = 0;

    start_job(job);
    if (waitpid(job->pid, &status, 0) != job->pid)
        err(2, "cannot wait for a run");
    finish_job(job, status);
}

static void run_all(struct job *jobs, int count)
{
    int started = 0, running = 0;

    while (started < count || running > 0) {
        if (started < count && running < AT_ONCE) {
            start_job(&jobs[started++]);
            running++;
            continue;
        }
        int status = 0;
        pid_t pid = wait(&status);
        running--;
        for (int i = 0; i < started; i++) {
            if (jobs[i].pid == pid)
                finish_job(&jobs[i], status);
        }
    }
}

static struct job *make_jobs(int count)
{
    void *jobs =
        mmap(NULL, (size_t)count * sizeof(struct job), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (jobs == MAP_FAILED)
        err(2, "out of memory");
    return jobs;
}

/* What a login that nothing disturbs makes of the config file. */
static const char *learn(uint64_t seed)
{
    struct job *job = make_jobs(1);
    static char text[CONFIG_MAX_BYTES];
    char path[512], home[256], bytes[CONFIG_MAX_BYTES], port[8];

    *job = (struct job){.phase = PHASE_UNDISTURBED, .seed = seed};
    run_alone(job);
    if (job->is_broken || job->verdict.fault[0] != '\0')
        errx(2, "a login that nothing disturbs failed: %s", job->verdict.fault);
    home_of(job, home);
    (void)snprintf(path, sizeof path, "%s/plexctl/config.json", home);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, bytes, sizeof bytes - 1);
    if (got < 0)
        err(2, "cannot read %s", path);
    bytes[got] = '\0';
    (void)close(fd);
    (void)snprintf(port, sizeof port, ":%d", job->verdict.port);
    char *at = strstr(bytes, port);
    if (!at || !strstr(bytes, "9999-12-31T23:59:59Z"))
        errx(2, "a login that nothing disturbs saved something else:\n%s", bytes);
    (void)snprintf(text, sizeof text, "%.*s:" SIGNAL_PORT "%s", (int)(at - bytes), bytes, at + strlen(port));
    (void)nftw(home, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    return text;
}

/* Judging */

static bool is_late(const struct job *job)
{
    const struct signal_verdict *verdict = &job->verdict;

    return !job->is_broken && verdict->number != 0 &&
           (verdict->may_be_late || (verdict->fault[0] == '\0' && verdict->took_us > SIGNAL_LATE_US));
}

/* A run without a verdict is made again; one whose login had ended before its signal was due with another seed. */
static void settle(struct job *job, struct tally *tally)
{
    for (int i = 0; i < REPEATS_MAX && job->is_broken; i++)
        run_alone(job);
    for (int i = 0; i < REPEATS_MAX && !job->is_broken && job->verdict.number == 0 && job->verdict.fault[0] == '\0';
         i++) {
        tally->ended_before++;
        (void)signal_random(&job->seed, 2);
        run_alone(job);
    }
    if (is_late(job))
        tally->repeated++;
    for (int i = 0; i < REPEATS_MAX && is_late(job); i++)
        run_alone(job);
}

static void complain(const struct job *job, struct tally *tally)
{
    const struct signal_verdict *verdict = &job->verdict;

    if (tally->faults++ >= SHOWN_FAULTS)
        return;
    printf("# seed %" PRIu64 ", signal %d%s, %" PRId64 " ms: %s\n", job->seed, verdict->number,
           verdict->by_terminal ? " by key" : "", verdict->took_us / 1000,
           job->is_broken              ? "no verdict"
           : verdict->fault[0] != '\0' ? verdict->fault
           : verdict->number == 0      ? "always ended before the signal was due"
                                       : "late, and late again when it was repeated alone");
}

static void count(struct job *job, struct tally *tally)
{
    const struct signal_verdict *verdict = &job->verdict;

    settle(job, tally);
    if (job->is_broken || verdict->number == 0 || verdict->fault[0] != '\0' || is_late(job)) {
        complain(job, tally);
        return;
    }
    tally->runs++;
    tally->certain += verdict->is_certain;
    tally->by_terminal += verdict->by_terminal;
    tally->saved += verdict->is_saved;
    tally->counts[verdict->number]++;
    if (verdict->took_us > tally->longest_us)
        tally->longest_us = verdict->took_us;
}

static int least_certain(enum signal_phase phase, int runs)
{
    return (runs * signal_phase_least_certain(phase) + 99) / 100;
}

static void report_phase(enum signal_phase phase, const struct tally *tally, int wanted)
{
    char title[512];
    int least = least_certain(phase, wanted);
    bool is_good = tally->faults == 0 && tally->runs >= wanted && tally->certain >= least;

    if (tally->certain < least)
        printf("# met for certain in %d runs, %d wanted\n", tally->certain, least);
    (void)snprintf(title, sizeof title,
                   "signals, %s: %d runs (INT %d, TERM %d, HUP %d, QUIT %d; %d by key), %d met for certain, %d saved, "
                   "%d faults; %d ended before, %d late ones repeated alone; longest %" PRId64 " ms",
                   signal_phase_name(phase), tally->runs, tally->counts[2], tally->counts[15], tally->counts[1],
                   tally->counts[3], tally->by_terminal, tally->certain, tally->saved, tally->faults,
                   tally->ended_before, tally->repeated, tally->longest_us / 1000);
    report(is_good, title);
}

/* More runs, as many again at most, where too few met the phase for certain. `spare` is written over. */
static void make_certain(enum signal_phase phase, struct job *spare, int wanted, struct tally *tally)
{
    for (int i = 0; i < wanted && tally->certain < least_certain(phase, wanted); i++) {
        uint64_t seed = spare[phase].seed;
        spare[phase] = (struct job){.phase = phase, .seed = signal_random(&seed, UINT64_MAX)};
        run_alone(&spare[phase]);
        count(&spare[phase], tally);
    }
}

static void run_phases(int per_phase, uint64_t seed)
{
    const int total = per_phase * PHASE_COUNT;
    struct job *jobs = make_jobs(total);

    /* In turns, so that those that wait and those that do not are under way together. */
    for (int i = 0; i < total; i++)
        jobs[i] = (struct job){.phase = (enum signal_phase)(i % PHASE_COUNT), .seed = seed + (uint64_t)i * 1000003};
    run_all(jobs, total);
    for (int phase = 0; phase < PHASE_COUNT; phase++) {
        struct tally tally = {0};
        for (int i = phase; i < total; i += PHASE_COUNT)
            count(&jobs[i], &tally);
        make_certain((enum signal_phase)phase, jobs, per_phase, &tally);
        report_phase((enum signal_phase)phase, &tally, per_phase);
    }
}

/* Controls */

#define LOGIN_IN_BACKGROUND "\"$@\" & login=$!; wait; wait"
#define DIE "kill -KILL $login 2>/dev/null; trap - TERM; kill -TERM $$"
#define DIRECTORY "$XDG_CONFIG_HOME/plexctl"
#define LOCK DIRECTORY "/config.json.lock"

/* Logins that do what must not be. `seen` is what the fault has to say; NULL: that it was late. */
static const struct control {
    const char *what, *script, *seen;
    enum signal_phase phase;
} controls[] = {
    {"does not heed the signal", "trap '' TERM; exec \"$@\"", "alive three seconds", PHASE_WAIT},
    {"takes 400 ms to die", "trap 'sleep 0.4; " DIE "' TERM; " LOGIN_IN_BACKGROUND, NULL, PHASE_WAIT},
    {"exits in place of dying", "trap 'kill -KILL $login; exit 143' TERM; " LOGIN_IN_BACKGROUND, "exit 143",
     PHASE_WAIT},
    {"says that it is done", "trap 'kill -KILL $login; exit 0' TERM; " LOGIN_IN_BACKGROUND, "nothing was saved",
     PHASE_WAIT},
    {"dies by another signal", "trap 'kill -KILL $login $$' TERM; " LOGIN_IN_BACKGROUND, "died by signal 9",
     PHASE_WAIT},
    {"leaves a temporary file",
     "trap ': >" DIRECTORY "/.config.json.abcdefghij.tmp; " DIE "' TERM; " LOGIN_IN_BACKGROUND,
     "left behind: .config.json.abcdefghij.tmp", PHASE_WAIT},
    {"tears the config file", "trap 'truncate -s 9 " DIRECTORY "/config.json; " DIE "' TERM; " LOGIN_IN_BACKGROUND,
     "neither the old nor", PHASE_WAIT},
    {"opens the config file to others",
     "trap 'chmod 644 " DIRECTORY "/config.json; " DIE "' TERM; " LOGIN_IN_BACKGROUND, "mode is not 0600", PHASE_WAIT},
    {"leaves a process", "sleep 60 & exec \"$@\"", "lives on", PHASE_WAIT},
    {"keeps the lock",
     /* Its process is in a session of its own, where nobody but the lock tells of it. */
     "trap 'setsid flock " LOCK " sleep 10 & while flock -n " LOCK " true; do sleep 0.01; done; " DIE
     "' TERM; " LOGIN_IN_BACKGROUND,
     "lock is not free", PHASE_WAIT},
    {"changes the terminal", "trap 'stty -echo; " DIE "' TERM; " LOGIN_IN_BACKGROUND, "modes have changed", PHASE_WAIT},
    {"leaves the cursor in a line", "trap 'printf stopping...; " DIE "' TERM; " LOGIN_IN_BACKGROUND,
     "beginning of a line", PHASE_WAIT},
    {"says what happened", "trap 'echo plexctl: stopped; " DIE "' TERM; " LOGIN_IN_BACKGROUND, "more than it has to",
     PHASE_WAIT},
    {"does not say what was lost", "trap '" DIE "' TERM; " LOGIN_IN_BACKGROUND, "did not say that the approval",
     PHASE_RETRY},
};

#define CONTROL_COUNT ((int)(sizeof controls / sizeof controls[0]))

static void run_controls(uint64_t seed)
{
    struct job *jobs = make_jobs(CONTROL_COUNT);

    for (int i = 0; i < CONTROL_COUNT; i++)
        jobs[i] = (struct job){.phase = controls[i].phase, .seed = seed + (uint64_t)i, .control = controls[i].script};
    run_all(jobs, CONTROL_COUNT);
    for (int i = 0; i < CONTROL_COUNT; i++) {
        const struct control *control = &controls[i];
        bool is_seen = control->seen ? strstr(jobs[i].verdict.fault, control->seen) != NULL : is_late(&jobs[i]);
        char title[128];

        (void)snprintf(title, sizeof title, "signals: a login that %s is caught", control->what);
        if (!is_seen)
            printf("# %s\n", jobs[i].is_broken ? "no verdict" : jobs[i].verdict.fault);
        report(is_seen && !jobs[i].is_broken, title);
    }
}

int main(int argc, char *argv[])
{
    if (argc != 5)
        errx(2, "usage: signals PLEXCTL SCRATCH RUNS SEED");
    plexctl = argv[1];
    scratch = argv[2];
    const uint64_t seed = strtoull(argv[4], NULL, 10);
    int per_phase = (atoi(argv[3]) + PHASE_COUNT - 1) / PHASE_COUNT;

    printf("# signals: seed %" PRIu64 "\n", seed);
    config_after = learn(seed);
    run_phases(per_phase, seed + 1);
    run_controls(seed + 2);
    printf("1..%d\n", reports);
    return failures ? 1 : 0;
}
