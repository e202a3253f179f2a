/* SPDX-License-Identifier: Apache-2.0 */
#include "signal_judge.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "signal_phase.h"

#define CONFIG_MAX_BYTES 8192
#define REMAINS_MAX_US 50000

/* The first fault is told. */
static void __attribute__((format(printf, 2, 3))) blame(struct signal_verdict *verdict, const char *format, ...)
{
    va_list args;

    if (verdict->fault[0] != '\0')
        return;
    va_start(args, format);
    (void)vsnprintf(verdict->fault, sizeof verdict->fault, format, args);
    va_end(args);
}

/* The first entry that is neither the config file nor its side lock; "" for none. */
static void find_leftover(const struct signal_run *run, char name[static 256])
{
    int fd = openat(run->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);

    if (!dir)
        err(3, "cannot list the directory of the config file");
    name[0] = '\0';
    for (const struct dirent *entry = readdir(dir); entry && name[0] == '\0'; entry = readdir(dir)) {
        static const char *const fit[] = {".", "..", "config.json", "config.json.lock"};
        bool is_fit = false;
        for (size_t i = 0; i < sizeof fit / sizeof fit[0]; i++)
            is_fit = is_fit || strcmp(entry->d_name, fit[i]) == 0;
        if (!is_fit)
            (void)snprintf(name, 256, "%s", entry->d_name);
    }
    (void)closedir(dir);
}

bool signal_judge_has_staged(const struct signal_run *run)
{
    char name[256];

    find_leftover(run, name);
    return strncmp(name, ".config.json.", 13) == 0;
}

static void read_config(const struct signal_run *run, char text[static CONFIG_MAX_BYTES])
{
    int fd = openat(run->dir_fd, "config.json", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, text, CONFIG_MAX_BYTES - 1);

    text[got < 0 ? 0 : got] = '\0';
    if (fd >= 0)
        (void)close(fd);
}

/* `text` with SIGNAL_PORT made the server's. */
static void expect_config(const struct signal_run *run, char expected[static CONFIG_MAX_BYTES])
{
    const char *text = run->login->config_after, *mark = strstr(text, SIGNAL_PORT);
    int before = mark ? (int)(mark - text) : (int)strlen(text);

    (void)snprintf(expected, CONFIG_MAX_BYTES, "%.*s%d%s", before, text, run->server.port,
                   mark ? mark + strlen(SIGNAL_PORT) : "");
}

/* As the first of the two saves leaves it: the subject, which is the last member, is not known yet. */
static void drop_subject(char text[static CONFIG_MAX_BYTES])
{
    static const char last[] = "\"signals-subject\"";
    char *member = strstr(text, "\"subject\""), *value = member ? strstr(member, last) : NULL;

    while (value && member > text && *member != ',')
        member--;
    if (value)
        memmove(member, value + strlen(last), strlen(value + strlen(last)) + 1);
}

static void judge_config(const struct signal_run *run, struct signal_verdict *verdict)
{
    char text[CONFIG_MAX_BYTES], expected[CONFIG_MAX_BYTES], leftover[256];
    struct stat found;

    read_config(run, text);
    if (run->login->config_after) {
        expect_config(run, expected);
        verdict->is_saved = strcmp(text, expected) == 0;
        drop_subject(expected);
        verdict->is_saved = verdict->is_saved || strcmp(text, expected) == 0;
    } else {
        verdict->is_saved = strstr(text, SIGNAL_SERVER_TOKEN) != NULL;
    }
    if (!verdict->is_saved && strcmp(text, run->config_now) != 0)
        blame(verdict, "the config file is neither the old nor the new one: %.100s", text);
    if (fstatat(run->dir_fd, "config.json", &found, AT_SYMLINK_NOFOLLOW) != 0 || (found.st_mode & 07777) != 0600)
        blame(verdict, "the config file's mode is not 0600");
    find_leftover(run, leftover);
    if (leftover[0] != '\0')
        blame(verdict, "left behind: %s", leftover);
}

static void judge_end(const struct signal_run *run, struct signal_verdict *verdict)
{
    bool is_done = WIFEXITED(run->status) && WEXITSTATUS(run->status) == 0;

    /* Looking and sending are two steps, between which others may have had the processor. */
    verdict->may_be_late = is_done && verdict->is_saved && !run->was_saved;
    if (run->is_killed)
        blame(verdict, "alive three seconds after the signal");
    else if (is_done && !verdict->is_saved)
        blame(verdict, "exit 0, and nothing was saved");
    else if (is_done && run->sent_us > 0 && !run->was_saved)
        blame(verdict, "exit 0, though signal %d came before the save was done", run->number);
    else if (WIFEXITED(run->status) && !is_done)
        blame(verdict, "exit %d in place of death by signal %d", WEXITSTATUS(run->status), run->number);
    else if (WIFSIGNALED(run->status) && WTERMSIG(run->status) != run->number)
        blame(verdict, "died by signal %d, %d was sent", WTERMSIG(run->status), run->number);
}

static bool has_processes(const struct signal_run *run)
{
    while (waitpid(-run->pid, NULL, WNOHANG) > 0)
        continue;
    return kill(-run->pid, 0) == 0;
}

/* What has died may have children that the kernel is still killing. */
static void judge_remains(const struct signal_run *run, struct signal_verdict *verdict)
{
    const int64_t in_time_us = run->sent_us + SIGNAL_LATE_US, after_death_us = run->died_us + REMAINS_MAX_US;
    const int64_t limit_us = in_time_us > after_death_us ? in_time_us : after_death_us;
    struct flock turn = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};

    while (has_processes(run) && signal_now_us() < limit_us)
        (void)poll(NULL, 0, 1);
    if (has_processes(run))
        blame(verdict, "a process of the login lives on");
    (void)kill(-run->pid, SIGKILL);
    if (flock(run->lock_fd, LOCK_EX | LOCK_NB) != 0)
        blame(verdict, "the lock is not free");
    if (fcntl(run->lock_fd, F_OFD_GETLK, &turn) != 0 || turn.l_type != F_UNLCK)
        blame(verdict, "the turn for the lock is not free");
}

static void judge_terminal(const struct signal_run *run, struct signal_verdict *verdict)
{
    struct termios modes;

    if (tcgetattr(run->terminal, &modes) != 0)
        err(3, "cannot look at the terminal");
    if (modes.c_iflag != run->modes.c_iflag || modes.c_oflag != run->modes.c_oflag ||
        modes.c_cflag != run->modes.c_cflag || modes.c_lflag != run->modes.c_lflag ||
        memcmp(modes.c_cc, run->modes.c_cc, sizeof modes.c_cc) != 0)
        blame(verdict, "the terminal's modes have changed");
    if (strchr(run->output, '\033'))
        blame(verdict, "the terminal was sent an escape");
    if (strstr(run->output, SIGNAL_SERVER_TOKEN) || strstr(run->output, "signals-device-code"))
        blame(verdict, "it showed a secret");
    /* A key is echoed where the cursor stands, and throws away what was not read yet. */
    if (!run->by_terminal && run->output_len > 0 && run->output[run->output_len - 1] != '\n')
        blame(verdict, "the cursor is not at the beginning of a line: %.120s", run->output);
}

/* Nothing, but where the approval was used and the token is lost: that, once, if it has the chance to. */
static void judge_words(const struct signal_run *run, struct signal_verdict *verdict)
{
    static const char lost[] =
        "plexctl: warning: the approval was used and the token was not kept; run `plexctl login` again";
    static const char trying[] = "plexctl: warning: the token could not be saved: ";
    bool is_caught = run->number != 0;
    int lost_left = is_caught && run->server.answered == ASK_TOKEN && !verdict->is_saved;
    int trying_left = run->login->phase == PHASE_RETRY;

    for (const char *at = strstr(run->output, "plexctl: "); at; at = strstr(at + 1, "plexctl: ")) {
        if (trying_left > 0 && strncmp(at, trying, strlen(trying)) == 0)
            trying_left--;
        else if (lost_left > 0 && strncmp(at, lost, strlen(lost)) == 0)
            lost_left--;
        else
            blame(verdict, "it said more than it has to: %.120s", at);
    }
    if (lost_left > 0 && signal_phase_is_between(signal_phase_of(run->login->phase)))
        blame(verdict, "it did not say that the approval was used");
}

void signal_judge(struct signal_run *run, struct signal_verdict *ret_verdict)
{
    *ret_verdict = (struct signal_verdict){.number = run->number,
                                           .by_terminal = run->by_terminal,
                                           .is_certain = run->is_certain,
                                           .took_us = run->died_us - run->sent_us,
                                           .port = run->server.port};
    judge_config(run, ret_verdict);
    judge_end(run, ret_verdict);
    judge_remains(run, ret_verdict);
    judge_terminal(run, ret_verdict);
    judge_words(run, ret_verdict);
}
