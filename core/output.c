/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/text.h"
#include "base/text_wrap.h"
#include "cancel.h"
#include "progress.h"
#include "render_table.h"
#include "render_yaml.h"
#include "stream.h"
#include "terminal.h"

#define RED "\033[31m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"
#define ANSWER_MAX_BYTES 256
#define MESSAGE_MAX_BYTES ((size_t)8 * ERROR_TEXT_SIZE) /* most that a byte of an error takes when it is escaped */

/* Format */

plexctl_status output_format_parse(const char *text, int32_t *ret_format, struct error *err)
{
    static const char *const names[] = {
        [PLEXCTL_OUTPUT_TABLE] = "table", [PLEXCTL_OUTPUT_JSON] = "json", [PLEXCTL_OUTPUT_YAML] = "yaml"};

    for (int32_t i = 0; i < (int32_t)(sizeof names / sizeof names[0]); i++) {
        if (strcmp(text, names[i]) == 0) {
            *ret_format = i;
            return PLEXCTL_OK;
        }
    }
    return error_set(err, PLEXCTL_USAGE, "--output: unknown format; use table, json or yaml");
}

struct output_style output_style_for_stdout(int32_t format, bool reveal_secrets, const struct plexctl_columns *columns)
{
    return (struct output_style){.format = format,
                                 .reveal_secrets = reveal_secrets,
                                 .is_bold = format == PLEXCTL_OUTPUT_TABLE && terminal_has_colour(STDOUT_FILENO),
                                 .columns = columns,
                                 .max_columns = terminal_is(STDOUT_FILENO) ? terminal_room(STDOUT_FILENO).columns : 0};
}

plexctl_status output_render(const struct plexctl_json *result, const struct output_style *style, struct buf *out,
                             struct error *err)
{
    switch (style->format) {
    case PLEXCTL_OUTPUT_TABLE:
        return render_table(result, style, out, err);
    case PLEXCTL_OUTPUT_YAML:
        return render_yaml(result, style, out, err);
    case PLEXCTL_OUTPUT_JSON:
        json_write(out, result, JSON_WRITE_PRETTY | (style->reveal_secrets ? JSON_WRITE_REVEAL : 0), 0);
        buf_append_char(out, '\n');
        return buf_check(out, "the JSON document", err);
    default:
        return error_set(err, PLEXCTL_INVALID, "output format %d is unknown", (int)style->format);
    }
}

/* Writing */

static void write_error(const char *text, size_t len)
{
    int number = 0;
    (void)stream_write(STDERR_FILENO, text, len, &number);
}

static plexctl_status write_to(int fd, const char *text, size_t len, struct error *err)
{
    int number = 0;

    progress_show(NULL);
    plexctl_status status = stream_write(fd, text, len, &number);
    if (status == PLEXCTL_CANCELLED)
        return error_set(err, status, "interrupted by a signal");
    if (status != PLEXCTL_OK)
        return error_set_errno(err, status, number, "cannot write to standard %s",
                               fd == STDOUT_FILENO ? "output" : "error");
    return PLEXCTL_OK;
}

plexctl_status output_write(const char *text, size_t len, struct error *err)
{
    return write_to(STDOUT_FILENO, text, len, err);
}

plexctl_status output_write_error(const char *text, size_t len, struct error *err)
{
    return write_to(STDERR_FILENO, text, len, err);
}

/* Nothing else looks different off a terminal. */
static void wrap(int fd, const struct buf *line, size_t start, size_t column)
{
    if (line->failed == PLEXCTL_OK && terminal_is(fd))
        text_wrap(line->data + start, line->len - start, terminal_room(fd).columns, column);
}

plexctl_status output_line(const char *text, struct error *err)
{
    auto_buf struct buf line = BUF_INIT(SIZE_MAX / 2);

    text_sanitise(&line, text, strlen(text), SIZE_MAX);
    buf_append_char(&line, '\n');
    wrap(STDOUT_FILENO, &line, 0, 0);
    plexctl_status status = buf_check(&line, "a line for standard output", err);
    return status == PLEXCTL_OK ? output_write(buf_text(&line), line.len, err) : status;
}

/* Messages */

/* Needs no memory: it may be that there is none that has to be said. `colour` NULL for none. */
static void write_message(const char *colour, const char *kind, const char *text)
{
    auto_buf struct buf line = BUF_FIXED(MESSAGE_MAX_BYTES);
    bool is_coloured = colour && terminal_has_colour(STDERR_FILENO);

    progress_show(NULL);
    buf_appendf(&line, "%splexctl:%s%s ", is_coloured ? colour : "", kind, is_coloured ? PLAIN : "");
    size_t start = line.len - 1;
    text_sanitise(&line, text, strlen(text), MESSAGE_MAX_BYTES - line.len - 1);
    buf_append_char(&line, '\n');
    wrap(STDERR_FILENO, &line, start, strlen("plexctl:") + strlen(kind));
    write_error(buf_text(&line), line.len);
}

void output_error(const char *text)
{
    write_message(RED, "", text);
}

void output_warning(const char *text)
{
    write_message(YELLOW, " warning:", text);
}

void output_debug(const char *text)
{
    write_message(NULL, " debug:", text);
}

/* Confirmation */

/* A terminal hands over one line at a time; what is too long to be an answer is read away. */
static plexctl_status read_answer(int stop_fd, char answer[static ANSWER_MAX_BYTES], struct error *err)
{
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = stop_fd, .events = POLLIN}};
    size_t len = 0;

    for (;;) {
        char c;
        fds[0].revents = fds[1].revents = 0;
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot wait for an answer");
        if (fds[1].revents) {
            write_error("\n", 1);
            return error_set(err, PLEXCTL_CANCELLED, "interrupted by a signal");
        }
        if (fds[0].revents == 0)
            continue;
        ssize_t count = read(STDIN_FILENO, &c, 1);
        if (count < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (count < 0)
            return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot read the answer");
        if (count == 0 || c == '\n')
            break;
        if (len < ANSWER_MAX_BYTES - 1)
            answer[len++] = c;
    }
    answer[len] = '\0';
    return PLEXCTL_OK;
}

static bool is_yes(char *answer)
{
    size_t len = strlen(answer);

    while (len > 0 && strchr(" \t\r", answer[len - 1]))
        answer[--len] = '\0';
    answer += strspn(answer, " \t\r");
    return strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
}

plexctl_status output_confirm(const char *question, bool yes, int stop_fd, struct error *err)
{
    auto_buf struct buf line = BUF_INIT(SIZE_MAX / 2);
    char answer[ANSWER_MAX_BYTES];

    if (yes)
        return PLEXCTL_OK;
    text_sanitise(&line, question, strlen(question), SIZE_MAX);
    if (!terminal_is(STDIN_FILENO) || !terminal_is(STDERR_FILENO))
        return error_set(err, PLEXCTL_USAGE, "no terminal to ask \"%s\" on; give --yes to go on without asking",
                         buf_text(&line));
    buf_append_text(&line, " [y/N] ");
    wrap(STDERR_FILENO, &line, 0, 0);
    plexctl_status status = buf_check(&line, "the question", err);
    if (status != PLEXCTL_OK)
        return status;
    progress_show(NULL);
    write_error(buf_text(&line), line.len);
    status = read_answer(stop_fd, answer, err);
    if (status != PLEXCTL_OK)
        return status;
    return is_yes(answer) ? PLEXCTL_OK : error_set(err, PLEXCTL_FAILED, "not confirmed");
}
