/* SPDX-License-Identifier: Apache-2.0 */
#include "event_sink.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "own_file.h"

#define DIGITS "0123456789"

/* What we have opened ourselves is closed on exec, what we were started with cannot be: a number that happens to be one
 * of ours is none of the operator's. */
static bool is_from_outside(int fd)
{
    int flags = fcntl(fd, F_GETFD);

    return flags >= 0 && !(flags & FD_CLOEXEC);
}

static plexctl_status open_descriptor(const char *number, struct event_sink *ret_sink, struct error *err)
{
    char name[sizeof "/proc/self/fd/" + 3 * sizeof(int)];
    int64_t fd = 0;

    if (!text_to_integer(number, &fd) || fd < STDOUT_FILENO || fd > INT_MAX)
        return error_set(err, PLEXCTL_USAGE, "fd: wants the number of a descriptor, 1 or above, such as fd:3");
    if (!is_from_outside((int)fd))
        return error_set(err, PLEXCTL_USAGE, "descriptor %d is not open; open it in the shell: %d>FILE", (int)fd,
                         (int)fd);
    if ((fcntl((int)fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
        return error_set(err, PLEXCTL_USAGE, "descriptor %d is not open for writing; open it in the shell: %d>FILE",
                         (int)fd, (int)fd);
    (void)snprintf(name, sizeof name, "/proc/self/fd/%d", (int)fd);
    plexctl_status status = own_file_refuse(name, err);
    if (status != PLEXCTL_OK)
        return status;
    if (fd > STDERR_FILENO)
        (void)fcntl((int)fd, F_SETFD, FD_CLOEXEC);
    *ret_sink = (struct event_sink){.fd = (int)fd, .is_inherited = true};
    return PLEXCTL_OK;
}

/* The number of the descriptor that `target` names, as text; NULL where it is the name of a file. Opened by its name in
 * /dev, what a shell has redirected would get an offset of its own, and one would write over the other. */
static const char *find_number(const char *target)
{
    static const char *const prefixes[] = {"fd:", "/dev/fd/", "/proc/self/fd/"};
    static const struct {
        const char *name, *number;
    } names[] = {{"/dev/stdin", "0"}, {"/dev/stdout", "1"}, {"/dev/stderr", "2"}};

    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (strncmp(target, prefixes[i], strlen(prefixes[i])) == 0)
            return target + strlen(prefixes[i]);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(target, names[i].name) == 0)
            return names[i].number;
    }
    return NULL;
}

/* "3", "fd3" */
static bool is_slip(const char *target, const char **ret_number)
{
    *ret_number = strncmp(target, "fd", 2) == 0 ? target + 2 : target;
    return **ret_number && !(*ret_number)[strspn(*ret_number, DIGITS)];
}

static plexctl_status refuse_standard(int fd, struct error *err)
{
    for (int standard = STDOUT_FILENO; standard <= STDERR_FILENO; standard++) {
        struct stat ours, theirs;
        if (fstat(fd, &ours) == 0 && fstat(standard, &theirs) == 0 && S_ISREG(ours.st_mode) &&
            ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino)
            return error_set(err, PLEXCTL_USAGE, "standard %s goes to this file, and would be written over; use fd:%d",
                             standard == STDOUT_FILENO ? "output" : "error", standard);
    }
    return PLEXCTL_OK;
}

plexctl_status event_sink_open(const char *target, struct event_sink *ret_sink, struct error *err)
{
    struct event_sink sink = EVENT_SINK_INIT;
    const char *number = find_number(target);

    if (number)
        return open_descriptor(number, ret_sink, err);
    if (target[0] == '\0')
        return error_set(err, PLEXCTL_USAGE, "the name of a file, or fd:N, is wanted");
    if (is_slip(target, &number))
        return error_set(err, PLEXCTL_USAGE, "a descriptor is written fd:%.10s; a file of that name ./%.16s", number,
                         target);
    plexctl_status status = own_file_refuse(target, err);
    if (status == PLEXCTL_OK)
        status = file_open_log(target, &sink.fd, err);
    if (status == PLEXCTL_OK)
        status = refuse_standard(sink.fd, err);
    if (status == PLEXCTL_OK)
        *ret_sink = sink;
    else
        event_sink_close(&sink);
    return status == PLEXCTL_FAILED ? (err->status = PLEXCTL_USAGE) : status;
}

plexctl_status event_sink_write(struct event_sink *sink, const char *line, size_t len, struct error *err)
{
    plexctl_status status = file_write_once(sink->fd, line, len, err);

    if (status != PLEXCTL_OK)
        event_sink_close(sink);
    return status;
}

void event_sink_close(struct event_sink *sink)
{
    if (sink->fd >= 0 && !sink->is_inherited)
        (void)close(sink->fd);
    else if (sink->fd > STDERR_FILENO) /* as it was */
        (void)fcntl(sink->fd, F_SETFD, 0);
    *sink = (struct event_sink)EVENT_SINK_INIT;
}
