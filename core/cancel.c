/* SPDX-License-Identifier: Apache-2.0 */
#include "cancel.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MS_PER_S 1000
#define NS_PER_MS 1000000

static struct {
    const char *name;
    int number;
    bool handled; /* not ignored when the program started */
} stops[] = {
    {"SIGINT", SIGINT, false}, {"SIGTERM", SIGTERM, false}, {"SIGHUP", SIGHUP, false}, {"SIGQUIT", SIGQUIT, false}};

#define STOP_COUNT (sizeof stops / sizeof stops[0])

static volatile sig_atomic_t caught;
static int event_fd = -1;
static int timer_fd = -1;

/* Calls nothing but what signal-safety(7) allows. SA_RESETHAND would only cover the same signal coming twice. */
static void on_stop(int number)
{
    const uint64_t one = 1;
    int saved = errno;

    for (size_t i = 0; i < STOP_COUNT; i++) {
        if (stops[i].handled)
            (void)signal(stops[i].number, SIG_DFL);
    }
    caught = number;
    ssize_t ignored = write(event_fd, &one, sizeof one);
    (void)ignored;
    errno = saved;
}

static plexctl_status make_descriptors(struct error *err)
{
    if (event_fd < 0)
        event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (timer_fd < 0)
        timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (event_fd < 0 || timer_fd < 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot prepare for signals and waiting");
    return PLEXCTL_OK;
}

/* No SA_RESTART: a call that blocks has to come back. All are masked, so that the second one finds the default.
 */
plexctl_status cancel_install(struct error *err)
{
    struct sigaction action = {.sa_handler = on_stop};
    plexctl_status status = make_descriptors(err);

    if (status != PLEXCTL_OK)
        return status;
    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < STOP_COUNT; i++) {
        struct sigaction before;
        (void)sigaddset(&action.sa_mask, stops[i].number);
        stops[i].handled = sigaction(stops[i].number, NULL, &before) == 0 && before.sa_handler != SIG_IGN;
    }
    for (size_t i = 0; i < STOP_COUNT; i++) {
        if (stops[i].handled && sigaction(stops[i].number, &action, NULL) != 0)
            return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot catch %s", stops[i].name);
    }
    return PLEXCTL_OK;
}

int cancel_signal(void)
{
    return caught;
}

int cancel_fd(void)
{
    return event_fd;
}

void cancel_die(void)
{
    if (caught)
        cancel_die_by(caught);
}

void cancel_die_by(int number)
{
    sigset_t mask;

    (void)signal(number, SIG_DFL);
    (void)sigemptyset(&mask);
    (void)sigaddset(&mask, number);
    (void)pthread_sigmask(SIG_UNBLOCK, &mask, NULL);
    (void)raise(number);
    /* The first process of a container survives its default effect: leave as a shell would report it. */
    _exit(128 + number);
}

int64_t cancel_now_ms(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * MS_PER_S + now.tv_nsec / NS_PER_MS;
}

static plexctl_status cancelled(struct error *err)
{
    for (size_t i = 0; i < STOP_COUNT; i++) {
        if (stops[i].number == caught)
            return error_set(err, PLEXCTL_CANCELLED, "stopped by %s", stops[i].name);
    }
    return error_set(err, PLEXCTL_CANCELLED, "stopped by a signal");
}

plexctl_status cancel_sleep_until_ms(int64_t when_ms, struct error *err)
{
    if (caught)
        return cancelled(err);
    if (when_ms <= cancel_now_ms())
        return PLEXCTL_OK;
    plexctl_status status = make_descriptors(err);
    if (status != PLEXCTL_OK)
        return status;

    const struct itimerspec alarm = {
        .it_value = {.tv_sec = when_ms / MS_PER_S, .tv_nsec = when_ms % MS_PER_S * NS_PER_MS}};
    if (timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &alarm, NULL) != 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot set a timer");
    struct pollfd waits[] = {{.fd = timer_fd, .events = POLLIN}, {.fd = event_fd, .events = POLLIN}};
    while (poll(waits, 2, -1) < 0) {
        if (errno != EINTR)
            return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot wait");
    }
    return waits[1].revents ? cancelled(err) : PLEXCTL_OK;
}
