/* SPDX-License-Identifier: Apache-2.0 */
#include "signal_setup.h"

#include <err.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void write_file(int dir_fd, const char *name, const char *text)
{
    int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd) != 0)
        err(3, "cannot write %s", name);
}

void signal_setup_make_home(struct signal_run *run)
{
    char path[512];

    (void)snprintf(path, sizeof path, "%s/plexctl", run->login->home);
    if (mkdir(run->login->home, 0700) != 0 || mkdir(path, 0700) != 0)
        err(3, "cannot make %s", path);
    run->dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    run->watch_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (run->dir_fd < 0 || run->watch_fd < 0)
        err(3, "cannot look at %s", path);
    run->config_now = run->login->config_before;
    write_file(run->dir_fd, "config.json", run->config_now);
    write_file(run->dir_fd, "config.json.lock", "");
    run->lock_fd = openat(run->dir_fd, "config.json.lock", O_RDWR | O_CLOEXEC);
    if (run->lock_fd < 0 || inotify_add_watch(run->watch_fd, path, IN_CREATE | IN_MOVED_TO) < 0)
        err(3, "cannot watch %s", path);
}

void signal_setup_damage_config(struct signal_run *run)
{
    int fd = openat(run->dir_fd, "config.json", O_WRONLY | O_TRUNC | O_CLOEXEC);

    run->config_now = "[";
    if (fd < 0 || write(fd, "[", 1) != 1 || close(fd) != 0)
        err(3, "cannot damage the config file");
}

void signal_setup_take_lock(struct signal_run *run)
{
    if (flock(run->lock_fd, LOCK_EX | LOCK_NB) != 0)
        err(3, "cannot take the lock");
}

/* The caller leads the session and is in another process group, so that what is in the foreground can be stopped. */
void signal_setup_open_terminal(struct signal_run *run)
{
    const struct winsize wide = {.ws_row = 24, .ws_col = 1000}; /* no line is broken */

    if (openpty(&run->master, &run->terminal, NULL, NULL, &wide) != 0 || setsid() < 0 ||
        ioctl(run->terminal, TIOCSCTTY, 0) != 0 || tcgetattr(run->terminal, &run->modes) != 0)
        err(3, "cannot make a terminal");
    (void)fcntl(run->master, F_SETFD, FD_CLOEXEC);
    (void)fcntl(run->master, F_SETFL, O_NONBLOCK);
    (void)signal(SIGHUP, SIG_IGN);
    (void)signal(SIGTTOU, SIG_IGN);
}

static void become_login(const struct signal_run *run)
{
    const struct signal_login *login = run->login;
    char server[64], config_home[512], home[512];
    const char *words[] = {"/bin/sh",
                           "-c",
                           login->control,
                           login->plexctl,
                           login->plexctl,
                           "login",
                           "--server",
                           server,
                           "--domain-id",
                           "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0",
                           "--idp-binding-id",
                           "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0",
                           NULL};
    const char *environment[] = {"PATH=/usr/bin:/bin", home, config_home, "TERM=dumb", NULL};
    const char **argv = login->control ? words : words + 4;

    (void)snprintf(server, sizeof server, "http%s://127.0.0.1:%d", run->server.silent_from == ASK_HANDSHAKE ? "s" : "",
                   run->server.port);
    (void)snprintf(home, sizeof home, "HOME=%s", login->home);
    (void)snprintf(config_home, sizeof config_home, "XDG_CONFIG_HOME=%s", login->home);
    (void)setpgid(0, 0);
    (void)tcsetpgrp(run->terminal, getpid());
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        (void)dup2(run->terminal, fd);
    (void)close(run->terminal);
    for (int number = 1; number < 32; number++)
        (void)signal(number, SIG_DFL);
    (void)execve(argv[0], (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
    _exit(127);
}

/* Returns when the program has been executed: its image is the new one. */
void signal_setup_start_login(struct signal_run *run)
{
    int executed[2];
    char byte;

    if (pipe2(executed, O_CLOEXEC) != 0)
        err(3, "cannot make a pipe");
    pid_t pid = fork();
    if (pid < 0)
        err(3, "cannot start another process");
    if (pid == 0)
        become_login(run);
    (void)close(executed[1]);
    (void)!read(executed[0], &byte, 1);
    (void)close(executed[0]);
    run->pid_fd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (run->pid_fd < 0)
        err(3, "cannot watch the login");
    run->pid = pid;
}
