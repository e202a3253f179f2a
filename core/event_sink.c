/* SPDX-License-Identifier: Apache-2.0 */
#include "event_sink.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

static const char descriptor_prefix[] = "fd:";

/* What we have opened ourselves is closed on exec, what we were started with cannot be: a number that happens to be one
 * of ours is none of the operator's. */
static bool is_from_outside(int fd)
{
    int flags = fcntl(fd, F_GETFD);

    return flags >= 0 && !(flags & FD_CLOEXEC);
}

static plexctl_status open_descriptor(const char *number, struct event_sink *ret_sink, struct error *err)
{
    int64_t fd = 0;

    if (!text_to_integer(number, &fd) || fd < STDOUT_FILENO || fd > INT_MAX)
        return error_set(err, PLEXCTL_USAGE, "fd: wants the number of a descriptor, 1 or above, such as fd:3");
    if (!is_from_outside((int)fd))
        return error_set(err, PLEXCTL_USAGE, "descriptor %d is not open; open it in the shell: %d>FILE", (int)fd,
                         (int)fd);
    if ((fcntl((int)fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
        return error_set(err, PLEXCTL_USAGE, "descriptor %d is not open for writing; open it in the shell: %d>FILE",
                         (int)fd, (int)fd);
    if (fd > STDERR_FILENO)
        (void)fcntl((int)fd, F_SETFD, FD_CLOEXEC);
    *ret_sink = (struct event_sink){.fd = (int)fd, .is_inherited = true};
    return PLEXCTL_OK;
}

plexctl_status event_sink_open(const char *target, struct event_sink *ret_sink, struct error *err)
{
    struct event_sink sink = EVENT_SINK_INIT;

    if (strncmp(target, descriptor_prefix, sizeof descriptor_prefix - 1) == 0)
        return open_descriptor(target + sizeof descriptor_prefix - 1, ret_sink, err);
    if (target[0] == '\0')
        return error_set(err, PLEXCTL_USAGE, "the name of a file, or fd:N, is wanted");
    plexctl_status status = file_open_log(target, &sink.fd, err);
    if (status == PLEXCTL_OK)
        *ret_sink = sink;
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
