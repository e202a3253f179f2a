/* SPDX-License-Identifier: Apache-2.0 */
#include "browser.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "program.h"

#define MAX_WORDS 32
#define MAX_BYTES 16384 /* of the words, the URL in them */

static bool is_set(const char *name)
{
    const char *value = getenv(name);

    return value && value[0];
}

static bool is_any_set(const char *const *names)
{
    while (*names && !is_set(*names))
        names++;
    return *names != NULL;
}

/* Whose browser it would be */

static const char *const ssh_names[] = {"SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", NULL};
static const char *const other_user_names[] = {"SUDO_USER", "SUDO_UID", "DOAS_USER", "PKEXEC_UID", NULL};
static const char *const display_names[] = {"DISPLAY", "WAYLAND_DISPLAY", NULL};

static plexctl_status check_session(struct error *err)
{
    if (is_any_set(ssh_names))
        return error_set(err, PLEXCTL_FAILED, "this is an ssh session, and the browser would be at its far end");
    if (is_any_set(other_user_names))
        return error_set(err, PLEXCTL_FAILED, "no browser is started under sudo");
    if (getauxval(AT_SECURE))
        return error_set(err, PLEXCTL_FAILED, "no browser is started with raised rights");
    return PLEXCTL_OK;
}

/* RFC 3986 section 2: unreserved, reserved, percent. What is started may be a script that takes no care of the rest. */
static plexctl_status check_url(const char *url, struct error *err)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
                                  ":/?#[]@!$&'()*+,;=%";

    if (url[strspn(url, allowed)] != '\0')
        return error_set(err, PLEXCTL_FAILED,
                         "no browser is started on a URL with bytes that RFC 3986 has no room for");
    return PLEXCTL_OK;
}

/* Which program */

/* Some of these choose a browser themselves: without a display that is one for the terminal. */
static const char *const terminal_names[] = {"w3m",         "lynx",   "links",  "links2",   "elinks",
                                             "www-browser", "browsh", "retawq", "edbrowse", NULL};
static const char *const chooser_names[] = {"xdg-open", "sensible-browser", "gio", "x-www-browser", NULL};

static bool is_named(const char *path, const char *const *names)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

    while (*names && strcmp(name, *names) != 0)
        names++;
    return *names != NULL;
}

static const char *refusal_of(const char *path)
{
    auto_free char *target = realpath(path, NULL);

    if (is_named(path, terminal_names) || (target && is_named(target, terminal_names)))
        return "is a browser for a terminal";
    if (is_named(path, chooser_names) && !is_any_set(display_names))
        return "would choose a browser for a terminal, since neither DISPLAY nor WAYLAND_DISPLAY is set";
    return NULL;
}

/* The command line */

struct command_line {
    char path[PATH_MAX];
    char *words[MAX_WORDS + 2]; /* they stand in `text`; ended by NULL */
    size_t count;
    struct buf text;
};

/* Appends a word, %s in it replaced, with its NUL. */
static void append_word(struct command_line *line, const char *word, size_t len, const char *url)
{
    for (size_t i = 0; i < len; i++) {
        if (word[i] == '%' && i + 1 < len && word[i + 1] == 's') {
            buf_append_text(&line->text, url);
            i++;
        } else {
            buf_append_char(&line->text, word[i]);
        }
    }
    buf_append_char(&line->text, '\0');
    line->count++;
}

/* Splits one program of BROWSER. False where it has no words, or too many. */
static bool split(struct command_line *line, const char *entry, size_t entry_len, const char *url)
{
    const char *end = entry + entry_len;
    bool has_url = false;

    line->text.len = line->count = 0;
    while (entry < end && line->count < MAX_WORDS) {
        size_t blanks = strspn(entry, " \t"), len = strcspn(entry + blanks, " \t:");
        entry += blanks;
        if (entry >= end || len == 0)
            break;
        for (size_t i = 0; i + 1 < len; i++)
            has_url = has_url || (entry[i] == '%' && entry[i + 1] == 's');
        append_word(line, entry, len, url);
        entry += len;
    }
    if (line->count == 0 || entry + strspn(entry, " \t") < end)
        return false;
    if (!has_url)
        append_word(line, url, strlen(url), "%s");
    if (line->text.failed != PLEXCTL_OK || !line->text.data)
        return false;
    char *at = line->text.data;
    for (size_t i = 0; i < line->count; i++, at += strlen(at) + 1)
        line->words[i] = at;
    line->words[line->count] = NULL;
    return true;
}

/* The first that is there and is not refused. */
static plexctl_status choose(struct command_line *line, const char *url, struct error *err)
{
    const char *browsers = getenv("BROWSER"), *refusal = NULL;
    bool has_names = browsers && browsers[0];
    const char *names = has_names ? browsers : "xdg-open";

    for (const char *at = names; *at;) {
        size_t len = strcspn(at, ":");
        if (split(line, at, len, url) && program_find(line->words[0], line->path)) {
            refusal = refusal_of(line->path);
            if (!refusal)
                return PLEXCTL_OK;
            (void)error_set(err, PLEXCTL_FAILED, "%s%s %s", has_names ? "BROWSER: " : "", line->words[0], refusal);
        }
        at += len + (at[len] == ':');
    }
    if (refusal)
        return PLEXCTL_FAILED;
    return error_set(err, PLEXCTL_FAILED,
                     has_names ? "BROWSER names no program that is there"
                               : "xdg-open is not installed, and BROWSER is not set");
}

plexctl_status browser_open(const char *url, struct error *err)
{
    struct command_line line = {.text = BUF_INIT(MAX_BYTES)};
    plexctl_status status = check_session(err);

    if (status == PLEXCTL_OK)
        status = check_url(url, err);
    if (status == PLEXCTL_OK)
        status = choose(&line, url, err);
    if (status == PLEXCTL_OK) {
        const struct program program = {.path = line.path, .words = line.words, .input_fd = PROGRAM_ON_NULL};
        int number = program_detach(&program);
        if (number != 0)
            status = error_set_errno(err, PLEXCTL_FAILED, number, "cannot start the browser");
    }
    buf_release(&line.text);
    return status;
}
