/* SPDX-License-Identifier: Apache-2.0 */
#include "missing_libraries.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

#define MAX_OUTPUT_BYTES ((size_t)256 * 1024)
#define NAME_MAX_BYTES ((size_t)1024)

/* Of the first object, which is the executable: the loader that the kernel started it with. */
static int find_interpreter(struct dl_phdr_info *object, size_t size, void *context)
{
    const char **ret_path = context;

    (void)size;
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type == PT_INTERP)
            *ret_path = (const char *)(object->dlpi_addr + segment->p_vaddr); /* NOLINT(performance-no-int-to-ptr) */
    }
    return 1;
}

static plexctl_status read_all(int fd, struct buf *out, struct error *err)
{
    char piece[4096];
    ssize_t count;

    while ((count = read(fd, piece, sizeof piece)) != 0) {
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot read what the system's loader says");
        buf_append(out, piece, (size_t)count);
    }
    return buf_check(out, "what the system's loader says", err);
}

/* As ldd does it. */
static plexctl_status trace(const char *loader, const char *path, struct buf *out, struct error *err)
{
    char *const arguments[] = {(char *)loader, (char *)path, NULL};
    posix_spawn_file_actions_t actions;
    int fds[2];
    pid_t process;

    if (setenv("LD_TRACE_LOADED_OBJECTS", "1", 1) != 0 ||
        pipe2(fds, O_CLOEXEC) != 0) /* NOLINT(concurrency-mt-unsafe) */
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot ask the system's loader");
    auto_fd int read_fd = fds[0];
    auto_fd int write_fd = fds[1];
    int number = posix_spawn_file_actions_init(&actions);
    if (number == 0) {
        number = posix_spawn_file_actions_adddup2(&actions, write_fd, STDOUT_FILENO);
        if (number == 0)
            number = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        if (number == 0)
            number = posix_spawn(&process, loader, &actions, NULL, arguments, environ);
        (void)posix_spawn_file_actions_destroy(&actions);
    }
    (void)unsetenv("LD_TRACE_LOADED_OBJECTS"); /* NOLINT(concurrency-mt-unsafe) */
    if (number != 0)
        return error_set_errno(err, PLEXCTL_FAILED, number, "cannot start the system's loader");
    (void)close(take_fd(&write_fd));
    plexctl_status status = read_all(read_fd, out, err);
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

/* A line is "\tNAME => not found". */
static plexctl_status take_names(char *lines, struct plexctl_json *names)
{
    static const char ending[] = " => not found";
    char *rest = NULL;
    plexctl_status status = PLEXCTL_OK;

    for (char *line = strtok_r(lines, "\n", &rest); line && status == PLEXCTL_OK; line = strtok_r(NULL, "\n", &rest)) {
        auto_buf struct buf name = BUF_INIT(SIZE_MAX / 2);
        char *end = strstr(line, ending);
        if (!end || end[sizeof ending - 1] != '\0')
            continue;
        line += strspn(line, "\t ");
        text_sanitise(&name, line, (size_t)(end - line), NAME_MAX_BYTES);
        status = name.failed != PLEXCTL_OK ? name.failed : json_append(names, json_new_string(buf_text(&name)));
    }
    return status;
}

plexctl_status missing_libraries(const char *path, struct plexctl_json **ret_names, struct error *err)
{
    auto_buf struct buf out = BUF_INIT(MAX_OUTPUT_BYTES);
    const char *loader = NULL;

    (void)dl_iterate_phdr(find_interpreter, &loader);
    if (!loader)
        return error_set(err, PLEXCTL_FAILED, "plexctl is linked without the system's loader");
    plexctl_status status = trace(loader, path, &out, err);
    if (status != PLEXCTL_OK)
        return status;
    struct plexctl_json *names = json_new_array();
    if (!names || (out.len > 0 && take_names(out.data, names) != PLEXCTL_OK)) {
        json_free(names);
        return error_no_memory(err);
    }
    *ret_names = names;
    return PLEXCTL_OK;
}
