/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cancel.h"
#include "capture.h"

/* Formats */

START_TEST(output_format_of_known_name_is_parsed)
{
    static const struct {
        const char *text;
        int32_t format;
    } rows[] = {{"table", PLEXCTL_OUTPUT_TABLE}, {"json", PLEXCTL_OUTPUT_JSON}, {"yaml", PLEXCTL_OUTPUT_YAML}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error err = ERROR_INIT;
        int32_t format = -1;
        ck_assert_int_eq(output_format_parse(rows[i].text, &format, &err), PLEXCTL_OK);
        ck_assert_int_eq(format, rows[i].format);
    }
}
END_TEST

static const char *const bad_formats[] = {"jsom", "JSON", "", "\x1b[2J", "json "};

START_TEST(output_format_of_unknown_name_is_a_usage_fault)
{
    struct error err = ERROR_INIT;
    int32_t format = 77;

    ck_assert_int_eq(output_format_parse(bad_formats[_i], &format, &err), PLEXCTL_USAGE);
    ck_assert_int_eq(format, 77);
    ck_assert_str_eq(err.text, "--output: unknown format; use table, json or yaml");
}
END_TEST

/* Rendering */

static struct plexctl_json *login_summary(void)
{
    struct plexctl_json *summary = json_new_object();

    ck_assert_int_eq(json_set(summary, "profile", json_new_string("default")), PLEXCTL_OK);
    ck_assert_int_eq(json_set(summary, "server", json_new_string("https://localhost:8080")), PLEXCTL_OK);
    ck_assert_int_eq(json_set(summary, "token_type", json_new_string("Bearer")), PLEXCTL_OK);
    ck_assert_int_eq(json_set(summary, "expires_in", json_new_integer(3600)), PLEXCTL_OK);
    ck_assert_int_eq(json_set(summary, "has_token", json_new_boolean(true)), PLEXCTL_OK);
    return summary;
}

static const char *const summaries[] = {
    [PLEXCTL_OUTPUT_TABLE] = "PROFILE     default\nSERVER      https://localhost:8080\nTOKEN TYPE  Bearer\n"
                             "EXPIRES IN  3600\nHAS TOKEN   true\n",
    [PLEXCTL_OUTPUT_JSON] = "{\n  \"profile\": \"default\",\n  \"server\": \"https://localhost:8080\",\n"
                            "  \"token_type\": \"Bearer\",\n  \"expires_in\": 3600,\n  \"has_token\": true\n}\n",
    [PLEXCTL_OUTPUT_YAML] = "profile: default\nserver: https://localhost:8080\ntoken_type: Bearer\nexpires_in: 3600\n"
                            "has_token: true\n",
};

START_TEST(output_render_of_login_summary_matches_the_specification)
{
    const struct output_style style = {.format = _i};
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;
    struct plexctl_json *summary = login_summary();

    ck_assert_int_eq(output_render(summary, &style, &out, &err), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&out), summaries[_i]);
    json_free(summary);
}
END_TEST

START_TEST(output_render_of_secret_masks_in_every_format)
{
    for (int32_t format = PLEXCTL_OUTPUT_TABLE; format <= PLEXCTL_OUTPUT_YAML; format++) {
        for (int reveal = 0; reveal < 2; reveal++) {
            const struct output_style style = {.format = format, .reveal_secrets = reveal};
            auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
            struct error err = ERROR_INIT;
            struct plexctl_json *tree = json_new_object();
            ck_assert_int_eq(json_set(tree, "token", json_new_secret("canary")), PLEXCTL_OK);
            ck_assert_int_eq(output_render(tree, &style, &out, &err), PLEXCTL_OK);
            ck_assert_int_eq(strstr(buf_text(&out), "canary") != NULL, reveal);
            ck_assert_int_eq(strstr(buf_text(&out), "***") != NULL, !reveal);
            json_free(tree);
        }
    }
}
END_TEST

START_TEST(output_render_in_unknown_format_is_refused)
{
    const struct output_style style = {.format = 3};
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;
    struct plexctl_json *tree = json_new_object();

    ck_assert_int_eq(output_render(tree, &style, &out, &err), PLEXCTL_INVALID);
    ck_assert_uint_eq(out.len, 0);
    json_free(tree);
}
END_TEST

START_TEST(output_render_over_the_maximum_fails)
{
    auto_buf struct buf out = BUF_INIT(10);
    const struct output_style style = {.format = PLEXCTL_OUTPUT_JSON};
    struct error err = ERROR_INIT;
    struct plexctl_json *summary = login_summary();

    ck_assert_int_eq(output_render(summary, &style, &out, &err), PLEXCTL_FAILED);
    json_free(summary);
}
END_TEST

/* Writing */

START_TEST(output_line_is_sanitised_and_ended)
{
    struct capture capture;
    struct error err = ERROR_INIT;

    capture_start(&capture, STDOUT_FILENO);
    plexctl_status status = output_line("Code: A\nB \x1b[31m", &err);
    ck_assert_str_eq(capture_end(&capture), "Code: A\\x0aB \\x1b[31m\n");
    ck_assert_int_eq(status, PLEXCTL_OK);
}
END_TEST

START_TEST(output_write_keeps_bytes)
{
    struct capture capture;
    struct error err = ERROR_INIT;

    capture_start(&capture, STDOUT_FILENO);
    plexctl_status status = output_write("a\n\tb\0c", 6, &err);
    const char *text = capture_end(&capture);
    ck_assert_int_eq(status, PLEXCTL_OK);
    ck_assert_mem_eq(text, "a\n\tb\0c", 6);
}
END_TEST

/* What stdout is, and what the fault says. */
static int open_full(void)
{
    return open("/dev/full", O_WRONLY | O_CLOEXEC);
}

static int open_broken_pipe(void)
{
    int fds[2];

    ck_assert_int_eq(pipe(fds), 0);
    ck_assert_int_eq(close(fds[0]), 0);
    return fds[1];
}

static int open_for_reading(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static const struct broken_case {
    int (*open)(void);
    int number;
} broken[] = {{open_full, ENOSPC}, {open_broken_pipe, EPIPE}, {open_for_reading, EBADF}};

START_TEST(output_write_that_fails_says_why)
{
    struct error err = ERROR_INIT;
    int fd = broken[_i].open();

    ck_assert_int_ge(fd, 0);
    void (*previous)(int) = signal(SIGPIPE, SIG_IGN);
    int saved = capture_replace(STDOUT_FILENO, fd);
    plexctl_status status = output_write("text\n", 5, &err);
    capture_restore(STDOUT_FILENO, saved);
    (void)signal(SIGPIPE, previous);
    (void)close(fd);
    ck_assert_int_eq(status, PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot write to standard output"));
    ck_assert_ptr_nonnull(strstr(err.text, strerror(broken[_i].number)));
}
END_TEST

#define MANY_BYTES ((size_t)1 << 20)

/* In a child: reads everything slowly, in odd pieces, and exits with 0 if it is the pattern. */
static _Noreturn void check_pattern(int fd)
{
    char piece[613];
    size_t total = 0;
    ssize_t count;

    while ((count = read(fd, piece, sizeof piece)) > 0) {
        for (ssize_t i = 0; i < count; i++) {
            if (piece[i] != (char)((total + (size_t)i) % 251))
                _exit(1);
        }
        total += (size_t)count;
    }
    _exit(total == MANY_BYTES ? 0 : 2);
}

static void ignore_alarm(int number)
{
    (void)number;
}

/* Interrupted every 200 us while it waits for a slow reader, on a pipe that blocks (0) or does not (1). */
START_TEST(output_write_through_interruptions_is_whole)
{
    static char bytes[MANY_BYTES];
    const struct sigaction action = {.sa_handler = ignore_alarm};
    const struct itimerval often = {{0, 200}, {0, 200}}, never = {0};
    struct error err = ERROR_INIT;
    struct sigaction previous;
    int fds[2], how = 0;

    for (size_t i = 0; i < MANY_BYTES; i++)
        bytes[i] = (char)(i % 251);
    ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0) {
        (void)close(fds[1]);
        check_pattern(fds[0]);
    }
    ck_assert_int_gt(child, 0);
    (void)close(fds[0]);
    ck_assert_int_eq(fcntl(fds[1], F_SETFL, _i ? O_NONBLOCK : 0), 0);
    int saved = capture_replace(STDOUT_FILENO, fds[1]);
    (void)close(fds[1]);
    ck_assert_int_eq(sigaction(SIGALRM, &action, &previous), 0);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &often, NULL), 0);
    plexctl_status status = output_write(bytes, sizeof bytes, &err);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &never, NULL), 0);
    ck_assert_int_eq(sigaction(SIGALRM, &previous, NULL), 0);
    capture_restore(STDOUT_FILENO, saved);
    ck_assert_int_eq(status, PLEXCTL_OK);
    ck_assert_int_eq(waitpid(child, &how, 0), child);
    ck_assert_int_eq(how, 0);
}
END_TEST

/* In a child, since a caught signal is for good: stdout is a pipe that nobody reads. 0 if the write gave up. */
static _Noreturn void write_to_stuck_reader(void)
{
    static char bytes[MANY_BYTES];
    struct error err = ERROR_INIT;
    int fds[2];

    if (pipe(fds) != 0 || dup2(fds[1], STDOUT_FILENO) < 0 || cancel_install(&err) != PLEXCTL_OK)
        _exit(2);
    (void)raise(SIGTERM);
    _exit(output_write(bytes, sizeof bytes, &err) == PLEXCTL_CANCELLED ? 0 : 1);
}

START_TEST(output_write_to_stuck_reader_ends_by_signal)
{
    int how = 0;
    pid_t child = fork();

    if (child == 0)
        write_to_stuck_reader();
    ck_assert_int_gt(child, 0);
    ck_assert_int_eq(waitpid(child, &how, 0), child);
    ck_assert_int_eq(how, 0);
}
END_TEST

/* Messages */

START_TEST(output_messages_are_one_safe_line)
{
    struct capture capture;

    capture_start(&capture, STDERR_FILENO);
    output_error("a\nplexctl: forged \xe2\x80\xae");
    output_warning("b\x1b]0;x\x07");
    output_debug("c\\d");
    output_error("");
    ck_assert_str_eq(capture_end(&capture), "plexctl: a\\x0aplexctl: forged \\u{202e}\n"
                                            "plexctl: warning: b\\x1b]0;x\\x07\n"
                                            "plexctl: debug: c\\d\nplexctl: \n");
}
END_TEST

START_TEST(output_error_to_broken_stderr_is_silent)
{
    int fd = open_full();
    int saved = capture_replace(STDERR_FILENO, fd);

    output_error("lost");
    capture_restore(STDERR_FILENO, saved);
    (void)close(fd);
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

static TCase *writing_cases(void)
{
    TCase *tests = tcase_create("write");

    tcase_add_test(tests, output_line_is_sanitised_and_ended);
    tcase_add_test(tests, output_write_keeps_bytes);
    tcase_add_loop_test(tests, output_write_that_fails_says_why, 0, COUNT(broken));
    tcase_add_loop_test(tests, output_write_through_interruptions_is_whole, 0, 2);
    tcase_add_test(tests, output_write_to_stuck_reader_ends_by_signal);
    tcase_add_test(tests, output_messages_are_one_safe_line);
    tcase_add_test(tests, output_error_to_broken_stderr_is_silent);
    return tests;
}

int main(void)
{
    Suite *suite = suite_create("output");
    TCase *render = tcase_create("render");

    tcase_add_test(render, output_format_of_known_name_is_parsed);
    tcase_add_loop_test(render, output_format_of_unknown_name_is_a_usage_fault, 0, COUNT(bad_formats));
    tcase_add_loop_test(render, output_render_of_login_summary_matches_the_specification, 0, COUNT(summaries));
    tcase_add_test(render, output_render_of_secret_masks_in_every_format);
    tcase_add_test(render, output_render_in_unknown_format_is_refused);
    tcase_add_test(render, output_render_over_the_maximum_fails);
    suite_add_tcase(suite, render);
    suite_add_tcase(suite, writing_cases());
    return unit_run(suite);
}
