/* SPDX-License-Identifier: Apache-2.0 */
#include "check/surroundings.h"

#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

/* By name, so that an order that changes is no difference. */
static void take_entries(struct buf *lines, const char *path, const char *what)
{
    auto_dir DIR *dir = opendir(path);

    for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) { /* NOLINT(*-mt-unsafe) */
        if (entry->d_name[0] != '.' || (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0))
            buf_appendf(lines, "%s %s\n", what, entry->d_name);
    }
}

static void take_descriptors(struct buf *lines)
{
    char link[64], target[4096];

    for (int fd = 0; fd < 256; fd++) {
        (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, target, sizeof target - 1);
        if (length < 0)
            continue;
        target[length] = '\0';
        buf_appendf(lines, "descriptor %d, %s\n", fd, target);
    }
}

static void take_signals(struct buf *lines)
{
    struct sigaction action;
    sigset_t mask;

    (void)pthread_sigmask(SIG_SETMASK, NULL, &mask);
    for (int number = 1; number < NSIG; number++) {
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
            buf_appendf(lines, "%s for signal %d at %p\n", action.sa_handler == SIG_IGN ? "no effect" : "a handler",
                        number, (void *)(uintptr_t)action.sa_handler);
        if (sigismember(&mask, number) == 1)
            buf_appendf(lines, "a mask that blocks signal %d\n", number);
    }
}

static void take_children(struct buf *lines)
{
    char path[64], text[256];

    (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd >= 0 ? read(fd, text, sizeof text) : -1;
    if (length > 0)
        buf_appendf(lines, "child processes %.*s\n", (int)length, text);
}

void surroundings_take(struct surroundings *surroundings, const char *home)
{
    struct buf *lines = &surroundings->lines;
    auto_free char *directory = getcwd(NULL, 0);
    const char *locale = setlocale(LC_ALL, NULL);
    mode_t mask = umask(0);

    (void)umask(mask);
    take_descriptors(lines);
    take_entries(lines, "/proc/self/task", "thread");
    take_children(lines);
    take_signals(lines);
    for (char **variable = environ; variable && *variable; variable++)
        buf_appendf(lines, "variable %s\n", *variable);
    buf_appendf(lines, "current directory %s\numask %03o\nlocale %s\n", directory ? directory : "unknown",
                (unsigned)mask, locale ? locale : "unknown");
    take_entries(lines, ".", "file in the current directory");
    take_entries(lines, home, "file in the home directory");
}

static bool holds_line(const char *lines, const char *line, size_t length)
{
    for (const char *at = lines; *at; at += strcspn(at, "\n") + 1) {
        if (strcspn(at, "\n") == length && strncmp(at, line, length) == 0)
            return true;
    }
    return false;
}

static bool is_spared(const char *line, size_t length, const char *path)
{
    size_t path_length = path ? strlen(path) : 0;

    return path && strncmp(line, "descriptor ", 11) == 0 && length > path_length &&
           strncmp(line + length - path_length, path, path_length) == 0;
}

/* The first line of `lines` that `others` lacks; NULL for none. */
static const char *find_new(const char *lines, const char *others, const char *spared)
{
    for (const char *at = lines; *at; at += strcspn(at, "\n") + 1) {
        size_t length = strcspn(at, "\n");
        if (!holds_line(others, at, length) && !is_spared(at, length, spared))
            return at;
    }
    return NULL;
}

void surroundings_compare(const struct surroundings *before, const struct surroundings *after, const char *spared,
                          struct buf *out)
{
    const char *was = buf_text(&before->lines), *is = buf_text(&after->lines);
    const char *line = find_new(is, was, spared);
    const char *said = line ? "now there is" : "is gone";

    if (!line)
        line = find_new(was, is, NULL);
    if (!line)
        return;
    size_t length = strncmp(line, "variable ", 9) == 0 ? strcspn(line, "=\n") : strcspn(line, "\n");
    buf_appendf(out, "%s: %.*s", said, (int)length, line);
}

void surroundings_release(struct surroundings *surroundings)
{
    buf_release(&surroundings->lines);
}
