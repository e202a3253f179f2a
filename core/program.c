/* SPDX-License-Identifier: Apache-2.0 */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"

#define SECRET "PLEXSPHERE_TOKEN="

static bool is_program(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

bool program_find(const char *name, char path[static PATH_MAX])
{
    const char *directories = getenv("PATH");

    if (strchr(name, '/')) {
        size_t size = strlen(name) + 1;
        if (name[0] != '/' || size > PATH_MAX || !is_program(name))
            return false;
        memcpy(path, name, size);
        return true;
    }
    for (const char *at = directories ? directories : ""; *at; at += strspn(at, ":")) {
        size_t len = strcspn(at, ":");
        auto_buf struct buf candidate = BUF_FIXED(PATH_MAX - 1);
        buf_append(&candidate, at, len);
        buf_append_char(&candidate, '/');
        buf_append_text(&candidate, name);
        at += len;
        if (candidate.failed != PLEXCTL_OK || candidate.data[0] != '/' || !is_program(buf_text(&candidate)))
            continue;
        memcpy(path, buf_text(&candidate), candidate.len + 1);
        return true;
    }
    return false;
}

static bool has_name_of(const char *variable, const char *other)
{
    return other && strncmp(variable, other, strcspn(other, "=") + 1) == 0;
}

/* Its texts are borrowed. */
static char **make_environment(const char *variable)
{
    size_t count = 0, kept = 0;

    while (environ[count])
        count++;
    char **copy = calloc(count + 2, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++) {
        if (!has_name_of(environ[i], SECRET) && !has_name_of(environ[i], variable))
            copy[kept++] = environ[i];
    }
    if (copy)
        copy[kept] = (char *)variable;
    return copy;
}

static int add_descriptors(posix_spawn_file_actions_t *actions, int input_fd)
{
    int number = 0;

    if (input_fd != PROGRAM_ON_NULL)
        number = posix_spawn_file_actions_adddup2(actions, input_fd, STDIN_FILENO);
    for (int fd = STDIN_FILENO; input_fd == PROGRAM_ON_NULL && number == 0 && fd <= STDERR_FILENO; fd++)
        number = posix_spawn_file_actions_addopen(actions, fd, "/dev/null", O_RDWR, 0);
    return number ? number : posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

int program_start(const struct program *program, pid_t *ret_process)
{
    auto_free char **environment = make_environment(program->variable);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t ignored, none;

    if (!environment)
        return ENOMEM;
    (void)sigemptyset(&none);
    (void)sigemptyset(&ignored);
    (void)sigaddset(&ignored, SIGPIPE);
    (void)sigaddset(&ignored, SIGXFSZ);
    (void)posix_spawnattr_init(&attributes);
    (void)posix_spawnattr_setsigdefault(&attributes, &ignored);
    (void)posix_spawnattr_setsigmask(&attributes, &none);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    (void)posix_spawn_file_actions_init(&actions);
    int number = add_descriptors(&actions, program->input_fd);
    if (number == 0)
        number = posix_spawn(ret_process, program->path, &actions, &attributes, program->words, environment);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    return number;
}

/* The process between ends at once, and with it the kinship; its exit code is the errno. */
int program_detach(const struct program *program)
{
    pid_t process = fork(), ignored = 0;

    if (process < 0)
        return errno;
    if (process == 0) {
        (void)setsid();
        _exit(program_start(program, &ignored));
    }
    int how = program_wait(process);
    return WIFEXITED(how) ? WEXITSTATUS(how) : EIO;
}

int program_wait(pid_t process)
{
    int how = 0;
    pid_t ended;

    do {
        ended = waitpid(process, &how, 0);
    } while (ended < 0 && errno == EINTR);
    return how;
}
