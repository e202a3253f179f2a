/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/text_width.h"
#include "stream.h"
#include "terminal.h"

#define CLEAR_LINE "\r\033[K"
#define MAX_BYTES 4096

/* What is shown, as it was written. The handler reads it, so SIGTSTP is held while it changes. */
static struct {
    volatile sig_atomic_t is_shown;
    size_t len, columns; /* the terminal's */
    char text[MAX_BYTES + 1];
} line;

/* tcgetpgrp() fails where stderr is the terminal of another session, or of none: there is no job control on it then. */
bool progress_is_possible(void)
{
    if (!terminal_takes_escapes(STDERR_FILENO))
        return false;
    pid_t foreground = tcgetpgrp(STDERR_FILENO);
    return foreground < 0 || foreground == getpgrp();
}

static void hold(int how, sigset_t *ret_mask)
{
    sigset_t mask;

    (void)sigemptyset(&mask);
    (void)sigaddset(&mask, SIGTSTP);
    (void)pthread_sigmask(how, &mask, ret_mask);
}

static void watch(void);

/* By the default effect, raised anew, so that all that the kernel makes of a stop holds. */
static void on_suspend(int number)
{
    int saved = errno;

    if (line.is_shown && progress_is_possible())
        stream_write_now(STDERR_FILENO, CLEAR_LINE, strlen(CLEAR_LINE));
    (void)signal(number, SIG_DFL);
    (void)raise(number);
    hold(SIG_UNBLOCK, NULL); /* stops here */
    hold(SIG_BLOCK, NULL);
    line.is_shown = line.is_shown && progress_is_possible() && terminal_room(STDERR_FILENO).columns >= line.columns;
    if (line.is_shown)
        stream_write_now(STDERR_FILENO, line.text, line.len);
    watch();
    errno = saved;
}

/* Only while there is a line, and nobody else's handler: an ignored signal stays ignored. */
static void watch(void)
{
    struct sigaction action = {.sa_handler = line.is_shown ? on_suspend : SIG_DFL, .sa_flags = SA_RESTART}, before;

    if (sigaction(SIGTSTP, NULL, &before) == 0 && before.sa_handler == (line.is_shown ? SIG_DFL : on_suspend))
        (void)sigaction(SIGTSTP, &action, NULL);
}

/* A line that wraps could not be removed by CLEAR_LINE, so it is cut to the terminal's width; and to less, since the
 * terminal writes "^C" behind it. */
static void draw(const char *text)
{
    auto_buf struct buf safe = BUF_FIXED(MAX_BYTES);
    struct buf drawn = {.data = line.text, .capacity = sizeof line.text, .max = MAX_BYTES, .is_fixed = true};
    int ignored = 0;

    buf_append_text(&drawn, CLEAR_LINE);
    line.columns = terminal_room(STDERR_FILENO).columns;
    if (text) {
        text_sanitise(&safe, text, strlen(text), MAX_BYTES / 2);
        buf_append(&drawn, buf_text(&safe),
                   text_fit(buf_text(&safe), safe.len, line.columns > 2 ? line.columns - 2 : 0));
    }
    line.len = drawn.len;
    line.is_shown = text != NULL;
    (void)stream_write(STDERR_FILENO, line.text, line.len, &ignored);
}

/* In the background a line that was shown is not removed: the shell has written over it. */
void progress_show(const char *text)
{
    sigset_t mask;

    if (!text && !line.is_shown)
        return;
    hold(SIG_BLOCK, &mask);
    if (progress_is_possible())
        draw(text);
    else
        line.is_shown = false;
    watch();
    (void)pthread_sigmask(SIG_SETMASK, &mask, NULL);
}
