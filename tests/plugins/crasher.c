/* SPDX-License-Identifier: Apache-2.0
 *
 * crasher - crashes in the way that its argument names, or by the signal of that number, having shown progress and
 * switched the terminal's echo off.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <plexctl/plugin.h>

static const struct plexctl_host *services;
static volatile int sink;

static void write_nowhere(void)
{
    volatile uintptr_t nowhere = 8;

    *(volatile int *)nowhere = 1;
}

static void *write_nowhere_in_a_thread(void *context)
{
    (void)context;
    write_nowhere();
    return NULL;
}

static void crash_in_a_thread(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, write_nowhere_in_a_thread, NULL) == 0)
        (void)pthread_join(thread, NULL);
}

/* Not a loop for the compiler: what is put on the stack is read after the call. */
static int fill_stack(int depth)
{
    volatile char frame[4096];

    frame[0] = (char)depth;
    if (depth < INT32_MAX)
        sink = fill_stack(depth + 1);
    return frame[0] + sink;
}

static void overflow(void)
{
    sink = fill_stack(0);
}

static void give_a_bad_pointer(void)
{
    (void)services->output->line(services, (const char *)(uintptr_t)8);
}

/* The handler has no stack to run on. */
static void crash_without_a_stack(void)
{
    const stack_t none = {.ss_sp = (void *)(uintptr_t)4096, .ss_size = 65536};

    (void)sigaltstack(&none, NULL);
    overflow();
}

static const struct way {
    const char *name;
    void (*crash)(void);
} ways[] = {{"null", write_nowhere},       {"overflow", overflow}, {"bad-pointer", give_a_bad_pointer},
            {"thread", crash_in_a_thread}, {"abort", abort},       {"no-stack", crash_without_a_stack}};

static void switch_echo_off(void)
{
    struct termios modes;

    if (tcgetattr(STDIN_FILENO, &modes) != 0)
        return;
    modes.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

static plexctl_status crasher_run(const struct plexctl_host *host)
{
    const char *how = host->values->string(host, "HOW");

    services = host;
    host->output->progress(host, "about to crash");
    switch_echo_off();
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (strcmp(ways[i].name, how) == 0)
            ways[i].crash();
    }
    (void)raise(atoi(how));
    return host->error->fail(host, PLEXCTL_USAGE, "not crashed");
}

static const struct plexctl_argument arguments[] = {{"HOW", "The way to crash", PLEXCTL_STRING, PLEXCTL_REQUIRED}};
static const struct plexctl_command now = {.size = sizeof now,
                                           .needs = PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN,
                                           .name = "now",
                                           .summary = "Crash now",
                                           .arguments = PLEXCTL_ROWS(arguments),
                                           .run = crasher_run};
static const struct plexctl_command *const subcommands[] = {&now, NULL};
static const struct plexctl_command crasher = {
    .size = sizeof crasher, .name = "crasher", .summary = "Crash", .subcommands = subcommands};
PLEXCTL_PLUGIN("crasher", "1.0.0", "Crash", &crasher)
