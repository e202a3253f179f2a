/* SPDX-License-Identifier: Apache-2.0
 *
 * leaver - ends the process, or leaves something behind, in the way that its argument names.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <plexctl/plugin.h>

static plexctl_status leave_with_success(const struct plexctl_host *host)
{
    (void)host;
    exit(0);
}

static plexctl_status leave_with_64(const struct plexctl_host *host)
{
    (void)host;
    exit(64);
}

static plexctl_status leave_quickly(const struct plexctl_host *host)
{
    (void)host;
    quick_exit(0);
}

static plexctl_status end_the_thread(const struct plexctl_host *host)
{
    (void)host;
    pthread_exit(NULL);
}

static void *leave_in_a_thread(void *context)
{
    (void)context;
    exit(0);
}

static plexctl_status leave_by_a_thread(const struct plexctl_host *host)
{
    pthread_t thread;

    (void)host;
    if (pthread_create(&thread, NULL, leave_in_a_thread, NULL) == 0)
        (void)pthread_join(thread, NULL);
    return PLEXCTL_OK;
}

static void *idle(void *context)
{
    for (;;)
        (void)pause();
    return context;
}

static plexctl_status leave_a_thread(const struct plexctl_host *host)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, idle, NULL) != 0)
        return PLEXCTL_FAILED;
    return host->output->line(host, "done");
}

/* After SIGINT plexctl has to die by it. */
static plexctl_status hold_signals_back(const struct plexctl_host *host)
{
    sigset_t all;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, NULL);
    (void)kill(getpid(), SIGINT);
    return host->output->line(host, "done");
}

static plexctl_status leave_when_told_to_stop(const struct plexctl_host *host)
{
    (void)kill(getpid(), SIGINT);
    while (!host->clock->cancelled(host))
        (void)host->clock->sleep_until_ms(host, host->clock->now_ms(host) + 60000);
    exit(0);
}

static const struct way {
    const char *name;
    plexctl_status (*run)(const struct plexctl_host *host);
} ways[] = {{"exit-0", leave_with_success},        {"exit-64", leave_with_64},
            {"quick-exit", leave_quickly},         {"pthread-exit", end_the_thread},
            {"exit-in-thread", leave_by_a_thread}, {"thread-left", leave_a_thread},
            {"signals-held", hold_signals_back},   {"exit-after-sigint", leave_when_told_to_stop}};

static plexctl_status leaver_run(const struct plexctl_host *host)
{
    const char *how = host->values->string(host, "HOW");

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (strcmp(ways[i].name, how) == 0)
            return ways[i].run(host);
    }
    return host->error->fail(host, PLEXCTL_USAGE, "not left");
}

static const struct plexctl_argument arguments[] = {{"HOW", "The way to leave", PLEXCTL_STRING, PLEXCTL_REQUIRED}};
static const struct plexctl_command leaver = {.size = sizeof leaver,
                                              .name = "leaver",
                                              .summary = "Leave",
                                              .arguments = PLEXCTL_ROWS(arguments),
                                              .run = leaver_run};
PLEXCTL_PLUGIN("leaver", "1.0.0", "Leave", &leaver)
