/* SPDX-License-Identifier: Apache-2.0 */
#include "signal_login.h"

#include <err.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "signal_judge.h"
#include "signal_phase.h"
#include "signal_setup.h"

#define DEATH_MAX_US 3000000 /* long past late: it will not die */
#define PHASE_MAX_US 60000000
#define KEY_INTERRUPT "\003"
#define KEY_QUIT "\034"

int64_t signal_now_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* splitmix64 */
uint64_t signal_random(uint64_t *seed, uint64_t limit)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15U;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return (z ^ (z >> 31)) % limit;
}

/* Going on */

static void read_terminal(struct signal_run *run)
{
    size_t room = sizeof run->output - 1 - run->output_len;
    ssize_t got = read(run->master, run->output + run->output_len, room);

    if (got > 0)
        run->output_len += (size_t)got;
    run->output[run->output_len] = '\0';
}

static void read_watch(struct signal_run *run)
{
    _Alignas(struct inotify_event) char bytes[4096];
    ssize_t got = read(run->watch_fd, bytes, sizeof bytes);

    for (ssize_t at = 0; at < got;) {
        const struct inotify_event *event = (const void *)(bytes + at);
        if ((event->mask & IN_CREATE) && strncmp(event->name, ".config.json.", 13) == 0)
            run->staged++;
        if ((event->mask & IN_MOVED_TO) && strcmp(event->name, "config.json") == 0)
            run->replaced++;
        at += (ssize_t)(sizeof *event + event->len);
    }
}

/* True when the login has ended. */
static bool step(struct signal_run *run, int64_t until_us)
{
    struct pollfd polled[5] = {{.fd = run->pid_fd, .events = POLLIN},
                               {.fd = run->master, .events = POLLIN},
                               {.fd = run->watch_fd, .events = POLLIN}};
    int64_t left_us = until_us - signal_now_us();
    const struct timespec limit = {.tv_sec = left_us < 0 ? 0 : left_us / 1000000,
                                   .tv_nsec = left_us < 0 ? 0 : left_us % 1000000 * 1000};

    signal_server_polled(&run->server, polled + 3);
    (void)ppoll(polled, 5, &limit, NULL);
    if (polled[0].revents)
        run->died_us = signal_now_us();
    if (polled[2].revents)
        read_watch(run);
    signal_server_serve(&run->server);
    if (polled[1].revents && !run->is_stalled)
        read_terminal(run);
    return polled[0].revents != 0;
}

/* The signal */

static int choose_signal(struct signal_run *run)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    int number = numbers[signal_random(&run->seed, 4)];

    if (run->login->number != 0)
        return run->login->number;
    bool has_key = number == SIGINT || number == SIGQUIT;

    run->by_terminal = has_key && !run->is_stalled && run->login->phase != PHASE_STOPPED && !run->login->control &&
                       signal_random(&run->seed, 2) == 0;
    return number;
}

static void press(struct signal_run *run, int number)
{
    if (!run->by_terminal)
        (void)kill(run->pid, number);
    else if (write(run->master, number == SIGINT ? KEY_INTERRUPT : KEY_QUIT, 1) != 1)
        err(3, "cannot type");
}

static void await_stop(struct signal_run *run)
{
    siginfo_t info = {0};

    if (waitid(P_PID, (id_t)run->pid, &info, WSTOPPED | WEXITED | WNOWAIT) != 0)
        err(3, "cannot wait for a stop");
}

/* As by the user's key; the signal comes while it is stopped or, every other time, some time after. */
static void stop_and_continue(struct signal_run *run)
{
    bool is_pending = signal_random(&run->seed, 2) == 0;

    (void)kill(run->pid, SIGTSTP);
    await_stop(run);
    (void)step(run, signal_now_us() + (int64_t)signal_random(&run->seed, 50000));
    if (is_pending)
        press(run, run->number);
    run->sent_us = signal_now_us();
    (void)kill(run->pid, SIGCONT);
    if (is_pending)
        return;
    (void)step(run, signal_now_us() + (int64_t)signal_random(&run->seed, 50000));
    run->sent_us = signal_now_us();
    press(run, run->number);
}

/* A file that is there for a few microseconds is met for certain only by holding the login where it stands. */
static void hold(struct signal_run *run, const struct signal_phase_row *phase)
{
    (void)kill(run->pid, SIGSTOP);
    await_stop(run);
    read_watch(run);
    run->was_saved = run->replaced > 0;
    run->is_certain = phase->is_certain(run);
    press(run, run->number);
    run->sent_us = signal_now_us();
    (void)kill(run->pid, SIGCONT);
}

static void send_signal(struct signal_run *run, const struct signal_phase_row *phase)
{
    run->number = choose_signal(run);
    read_watch(run);
    run->was_saved = run->replaced > 0;
    run->is_certain = !phase->is_certain || phase->is_certain(run);
    if (run->login->phase == PHASE_STOPPED) {
        stop_and_continue(run);
    } else if (signal_phase_is_brief(phase) && signal_random(&run->seed, 2) == 0) {
        hold(run, phase);
    } else {
        run->sent_us = signal_now_us();
        press(run, run->number);
    }
}

static int64_t moment_after(struct signal_run *run, const struct signal_phase_row *phase)
{
    /* Every other one at once, where the phase may be over soon: what lasts microseconds is met only so. */
    bool is_at_once = phase->is_certain && signal_random(&run->seed, 2) == 0;

    return signal_now_us() + (is_at_once ? 0 : (int64_t)signal_random(&run->seed, (uint64_t)phase->spread_us));
}

/* True when the login has ended. */
static bool reach_phase(struct signal_run *run, const struct signal_phase_row *phase)
{
    const int64_t limit_us = signal_now_us() + PHASE_MAX_US;
    int64_t due_us = 0;
    bool is_obstructed = !signal_phase_is_between(phase);

    for (;;) {
        int64_t now_us = signal_now_us();
        if (due_us == 0 && phase->is_met(run))
            due_us = moment_after(run, phase);
        if (due_us > 0 && now_us >= due_us)
            return false;
        if (!is_obstructed && signal_phase_has_prompted(run)) {
            phase->obstacle == LOCK_FROM_PROMPT ? signal_setup_take_lock(run) : signal_setup_damage_config(run);
            is_obstructed = true;
        }
        if (now_us > limit_us)
            errx(3, "the phase \"%s\" was not met; output:\n%s", phase->name, run->output);
        if (step(run, due_us > 0 ? due_us : now_us + 2000))
            return true;
    }
}

static void await_death(struct signal_run *run)
{
    const int64_t limit_us = run->sent_us + DEATH_MAX_US;

    while (run->died_us == 0 && signal_now_us() < limit_us)
        (void)step(run, limit_us);
    run->is_killed = run->died_us == 0;
    if (run->is_killed)
        (void)kill(-run->pid, SIGKILL);
}

static void begin(struct signal_run *run, const struct signal_phase_row *phase)
{
    run->server.silent_from = phase->silent_from;
    run->server.half_a_reply = signal_random(&run->seed, 2) == 0;
    signal_setup_make_home(run);
    signal_server_start(&run->server);
    signal_setup_open_terminal(run);
    run->is_stalled = run->login->phase == PHASE_PROMPT && signal_random(&run->seed, 2) == 0;
    if (run->is_stalled) /* as by ^S: nobody takes what it writes */
        (void)tcflow(run->terminal, TCOOFF);
    if (phase->obstacle == LOCK_FROM_START)
        signal_setup_take_lock(run);
    signal_setup_start_login(run);
}

void signal_login_run(const struct signal_login *login, struct signal_verdict *ret_verdict)
{
    const struct signal_phase_row *phase = signal_phase_of(login->phase);
    struct signal_run run = {.login = login, .seed = login->seed};

    /* What the login leaves running becomes our child, and no zombie is taken for it. */
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    begin(&run, phase);
    if (!reach_phase(&run, phase)) {
        send_signal(&run, phase);
        await_death(&run);
    }
    if (waitpid(run.pid, &run.status, 0) != run.pid)
        err(3, "cannot wait for the login");
    if (!run.is_stalled)
        read_terminal(&run);
    signal_judge(&run, ret_verdict);
}
