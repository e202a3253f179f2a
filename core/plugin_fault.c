/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin_fault.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"
#include "cancel.h"
#include "exit_code.h"
#include "output.h"
#include "progress.h"

#define LINE_MAX_BYTES (ERROR_TEXT_SIZE - 1)
#define WHO_MAX_BYTES (LINE_MAX_BYTES / 2)
#define STACK_BYTES ((size_t)64 * 1024) /* the handler needs 20 KiB, and the kernel up to 12 for the registers */

static const struct {
    int number;
    const char *what;
} crashes[] = {{SIGSEGV, "crashed by SIGSEGV"}, {SIGBUS, "crashed by SIGBUS"},   {SIGILL, "crashed by SIGILL"},
               {SIGFPE, "crashed by SIGFPE"},   {SIGABRT, "crashed by SIGABRT"}, {SIGTRAP, "crashed by SIGTRAP"},
               {SIGSYS, "crashed by SIGSYS"}};

#define CRASH_COUNT (sizeof crashes / sizeof crashes[0])

/* All words are put together before they are needed. */
static struct {
    char who[WHO_MAX_BYTES + 1];
    char doing[2 * sizeof((struct plexctl_note *)0)->command + sizeof "running `plexctl  `"];
    const char *advice;
    volatile sig_atomic_t is_inside; /* the plugin's code runs */
    bool is_watched, is_ignored;
    pid_t process; /* that it is loaded into: how one that it forks ends is the plugin's own affair */
} fault = {.who = "the plugin", .doing = "being loaded", .advice = "report this fault of the plugin to its author"};

/* The terminal's modes */

static struct {
    int fd;
    struct termios modes;
} terminal = {.fd = -1};

static void note_terminal(void)
{
    terminal.fd = -1;
    for (int fd = STDIN_FILENO; terminal.fd < 0 && fd <= STDERR_FILENO; fd++) {
        if (tcgetattr(fd, &terminal.modes) == 0)
            terminal.fd = fd;
    }
}

/* In the background they are another's, and setting them would stop us. */
static void give_back_terminal(void)
{
    if (terminal.fd >= 0 && tcgetpgrp(terminal.fd) == getpgrp())
        (void)tcsetattr(terminal.fd, TCSANOW, &terminal.modes);
}

/* Words. From here on everything up to on_crash calls only what signal-safety(7) allows, or what does the same. */

static void put_words(struct buf *line, const char *what, const char *when)
{
    buf_append_text(line, fault.who);
    buf_append_char(line, ' ');
    buf_append_text(line, what);
    buf_append_text(line, when);
    buf_append_text(line, fault.doing);
}

static void put_advice(struct buf *line)
{
    buf_append_text(line, "; ");
    buf_append_text(line, fault.advice);
}

static _Noreturn void report(const char *what)
{
    static atomic_int reporter;
    auto_buf struct buf line = BUF_FIXED(LINE_MAX_BYTES);
    int nobody = 0;

    if (!atomic_compare_exchange_strong(&reporter, &nobody, gettid())) {
        while (nobody != gettid()) /* another thread is about to end the process */
            (void)pause();
        _exit(exit_code_of(PLEXCTL_INVALID));
    }
    put_words(&line, what, fault.is_inside ? " while " : " after ");
    put_advice(&line);
    give_back_terminal();
    output_error(buf_text(&line));
    cancel_die();
    _exit(exit_code_of(PLEXCTL_INVALID));
}

/* Crashes */

static bool is_sent_by_another(const siginfo_t *info)
{
    return info->si_code <= 0 && info->si_pid != getpid();
}

static void on_crash(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (is_sent_by_another(info)) {
        give_back_terminal();
        progress_show(NULL);
        cancel_die_by(number);
    }
    for (size_t i = 0; i < CRASH_COUNT; i++) {
        if (crashes[i].number == number)
            report(crashes[i].what);
    }
}

static bool has_handler(int number)
{
    struct sigaction action;

    return sigaction(number, NULL, &action) == 0 &&
           ((action.sa_flags & SA_SIGINFO) || (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN));
}

/* What asks to stop is let through: it ends a report that nobody reads. */
static void catch_crashes(void)
{
    static char memory[STACK_BYTES];
    const stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};

    if (has_handler(SIGSEGV))
        return;
    (void)sigfillset(&action.sa_mask);
    (void)sigdelset(&action.sa_mask, SIGINT);
    (void)sigdelset(&action.sa_mask, SIGTERM);
    (void)sigdelset(&action.sa_mask, SIGHUP);
    (void)sigdelset(&action.sa_mask, SIGQUIT);
    (void)sigaltstack(&stack, NULL);
    for (size_t i = 0; i < CRASH_COUNT; i++)
        (void)sigaction(crashes[i].number, &action, NULL);
}

/* Ends */

static bool is_end_of_ours(void)
{
    return fault.is_inside && !fault.is_ignored && fault.process == getpid();
}

static void on_exit_call(int code, void *context)
{
    char what[64];

    (void)context;
    if (!is_end_of_ours())
        return;
    (void)snprintf(what, sizeof what, "ended the process with exit code %d", code & 0xFF);
    report(what);
}

static void on_quick_exit(void)
{
    if (is_end_of_ours())
        report("ended the process by quick_exit()");
}

/* Where there is no memory for it, plexctl goes without: such a plugin is rare. */
static void watch(void)
{
    if (fault.is_watched)
        return;
    fault.is_watched = true;
    catch_crashes();
    (void)on_exit(on_exit_call, NULL);
    (void)at_quick_exit(on_quick_exit);
}

/* What the plugin does */

void plugin_fault_loading(const struct plexctl_note *note, const char *path, bool is_built_in)
{
    auto_buf struct buf shown = BUF_FIXED(WHO_MAX_BYTES);

    if (fault.is_ignored)
        return;
    text_sanitise(&shown, path, strlen(path), WHO_MAX_BYTES - sizeof note->command - sizeof note->version - 16);
    (void)snprintf(fault.who, sizeof fault.who, "plugin \"%s\" %s (%s)", note->command, note->version,
                   buf_text(&shown));
    (void)snprintf(fault.doing, sizeof fault.doing, "being loaded");
    fault.advice = is_built_in ? "report this fault of plexctl" : "report this fault of the plugin to its author";
    note_terminal();
    watch();
    fault.process = getpid();
    fault.is_inside = 1;
}

void plugin_fault_running(const char *command, const char *subcommand)
{
    (void)snprintf(fault.doing, sizeof fault.doing, "running `plexctl %s%s%s`", command, subcommand ? " " : "",
                   subcommand ? subcommand : "");
    fault.is_inside = 1;
}

void plugin_fault_returned(void)
{
    fault.is_inside = 0;
}

void plugin_fault_ignore(void)
{
    for (size_t i = 0; i < CRASH_COUNT; i++) {
        struct sigaction action;
        if (sigaction(crashes[i].number, NULL, &action) == 0 && action.sa_sigaction == on_crash)
            (void)signal(crashes[i].number, SIG_DFL);
    }
    fault.is_ignored = true;
}

plexctl_status plugin_fault_set(struct error *err, plexctl_status status, const char *what, const char *why)
{
    auto_buf struct buf line = BUF_FIXED(LINE_MAX_BYTES);

    put_words(&line, what, " while ");
    if (why) {
        size_t room = LINE_MAX_BYTES - line.len - strlen(fault.advice) - 4;
        buf_append_text(&line, ": ");
        text_sanitise(&line, why, strlen(why), room);
    }
    put_advice(&line);
    return error_set(err, status, "%s", buf_text(&line));
}
