/* SPDX-License-Identifier: Apache-2.0
 *
 * settings: the token, by file, environment and profile in every order, and where it may go.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cancel.h"
#include "settings_run.h"
#include "unit.h"

static char token_path[256];

static void set_up(void)
{
    settings_run_set_up();
    (void)snprintf(token_path, sizeof token_path, "%s/token", unit_scratch());
}

static const struct token_row {
    const char *flag, *profile, *file, *variable; /* file: its content, NULL for no --token-file */
    plexctl_status status;
    const char *token; /* on success */
    const char *phrases[3];
} token_rows[] = {
    /* Every combination of file, variable and profile. */
    {NULL, NULL, NULL, NULL, PLEXCTL_OK, "work-token", {0}},
    {NULL, NULL, NULL, "env-token", PLEXCTL_OK, "env-token", {0}},
    {NULL, NULL, "file-token", NULL, PLEXCTL_OK, "file-token", {0}},
    {NULL, NULL, "file-token", "env-token", PLEXCTL_OK, "file-token", {0}},
    {NULL, "play", NULL, NULL, PLEXCTL_OK, "play-token", {0}},
    {NULL, "play", NULL, "env-token", PLEXCTL_OK, "env-token", {0}},
    {NULL, "play", "file-token", NULL, PLEXCTL_OK, "file-token", {0}},
    {NULL, "play", "file-token", "env-token", PLEXCTL_OK, "file-token", {0}},
    {NULL, NULL, NULL, "", PLEXCTL_OK, "work-token", {0}},
    /* A stored token goes only to its origin, however that is written. */
    {"https://work.test:443/", NULL, NULL, NULL, PLEXCTL_OK, "work-token", {0}},
    {"https://work.test/other/path", NULL, NULL, NULL, PLEXCTL_OK, "work-token", {0}},
    {"https://play.test:8443", "play", NULL, NULL, PLEXCTL_OK, "play-token", {0}},
    {"https://evil.test",
     NULL,
     NULL,
     NULL,
     PLEXCTL_NO_TOKEN,
     NULL,
     {"profile \"work\"", "https://work.test:443", "https://evil.test:443"}},
    {"https://work.test:8443",
     NULL,
     NULL,
     NULL,
     PLEXCTL_NO_TOKEN,
     NULL,
     {"https://work.test:443", "https://work.test:8443", "plexctl login --server"}},
    {"https://play.test", "play", NULL, NULL, PLEXCTL_NO_TOKEN, NULL, {"play.test:8443 ", "play.test:443", NULL}},
    {"http://localhost", NULL, NULL, NULL, PLEXCTL_NO_TOKEN, NULL, {"work.test:443", "http://localhost:80", NULL}},
    {"https://work.test", "play", NULL, NULL, PLEXCTL_NO_TOKEN, NULL, {"https://play.test:8443", NULL}},
    /* A token of the operator's own goes where it is sent. */
    {"https://evil.test", NULL, NULL, "env-token", PLEXCTL_OK, "env-token", {0}},
    {"https://evil.test", NULL, "file-token", NULL, PLEXCTL_OK, "file-token", {0}},
    {"https://evil.test", "homeless", NULL, "env-token", PLEXCTL_OK, "env-token", {0}},
    /* Profiles that have none, or not to say whose. */
    {NULL, "tokenless", NULL, NULL, PLEXCTL_NO_TOKEN, NULL, {"profile \"tokenless\"", "plexctl login", "--token-file"}},
    {"https://a.test", "bare", NULL, NULL, PLEXCTL_NO_TOKEN, NULL, {"profile \"bare\"", "plexctl login", NULL}},
    {"https://a.test", "homeless", NULL, NULL, PLEXCTL_NO_TOKEN, NULL, {"homeless", "which server", NULL}},
    {"https://a.test", "odd", NULL, NULL, PLEXCTL_USAGE, NULL, {"odd", "fake reason", NULL}},
    {NULL, "broken", NULL, NULL, PLEXCTL_USAGE, NULL, {"broken", "no token", NULL}},
    /* Files: one newline is dropped, nothing else. */
    {NULL, NULL, "file-token\n", NULL, PLEXCTL_OK, "file-token", {0}},
    {NULL, NULL, "file-token\r\n", NULL, PLEXCTL_OK, "file-token", {0}},
    {NULL, NULL, "A-Za.z0_9~+/=", NULL, PLEXCTL_OK, "A-Za.z0_9~+/=", {0}},
    {NULL, NULL, "canary\n\n", NULL, PLEXCTL_USAGE, NULL, {"--token-file", "no token", NULL}},
    {NULL, NULL, "canary\r", NULL, PLEXCTL_USAGE, NULL, {"no token", NULL}},
    {NULL, NULL, " canary", NULL, PLEXCTL_USAGE, NULL, {"no token", NULL}},
    {NULL, NULL, "canary canary", NULL, PLEXCTL_USAGE, NULL, {"no token", NULL}},
    {NULL, NULL, "Bearer canary", NULL, PLEXCTL_USAGE, NULL, {"no token", NULL}},
    {NULL, NULL, "canary\xc3\xa9", NULL, PLEXCTL_USAGE, NULL, {"no token", NULL}},
    {NULL, NULL, "\n", NULL, PLEXCTL_USAGE, NULL, {"--token-file", "no token", NULL}},
    {NULL, NULL, "", NULL, PLEXCTL_USAGE, NULL, {"--token-file", "no token", NULL}},
    {NULL, NULL, "", "env-token", PLEXCTL_USAGE, NULL, {"--token-file", "no token", NULL}},
    {NULL, NULL, NULL, "canary\n", PLEXCTL_USAGE, NULL, {"PLEXSPHERE_TOKEN", "no token", NULL}},
    {NULL, NULL, NULL, "canary\r\nX: y", PLEXCTL_USAGE, NULL, {"PLEXSPHERE_TOKEN", "no token", NULL}},
    {NULL, NULL, NULL, " ", PLEXCTL_USAGE, NULL, {"PLEXSPHERE_TOKEN", "no token", NULL}},
};

static void assert_token(struct settings_run *run, plexctl_status status, const char *wanted)
{
    if (wanted) {
        ck_assert_msg(status == PLEXCTL_OK, "status %d: %s", (int)status, run->err.text);
        ck_assert_str_eq(run->settings.token.text, wanted);
        ck_assert_uint_eq(run->settings.token.len, strlen(wanted));
        return;
    }
    ck_assert_int_eq(run->err.status, status);
    ck_assert_ptr_null(run->settings.token.text);
    ck_assert_msg(!strstr(run->err.text, "canary"), "echoed: %s", run->err.text);
    ck_assert_ptr_null(strchr(run->err.text, '\n'));
}

START_TEST(settings_resolve_token_by_precedence)
{
    const struct token_row *row = &token_rows[_i];
    struct settings_run run;

    settings_run_set_variable("PLEXSPHERE_TOKEN", row->variable);
    if (row->file)
        settings_run_write_file(token_path, row->file, strlen(row->file));
    settings_run_begin(&run, row->flag, row->profile, row->file ? token_path : NULL);
    ck_assert_int_eq(settings_resolve_server(&run.settings, &settings_run_http, false, &run.err), PLEXCTL_OK);
    plexctl_status status = settings_resolve_token(&run.settings, &settings_run_http, &run.err);
    ck_assert_msg(status == row->status, "status %d: %s", (int)status, run.err.text);
    assert_token(&run, status, row->token);
    if (status != PLEXCTL_OK)
        settings_run_assert_phrases(&run, row->phrases);
    settings_run_end(&run);
}
END_TEST

START_TEST(settings_resolve_token_names_the_profile_of_the_environments_server)
{
    struct settings_run run;

    settings_run_set_variable("PLEXSPHERE_URL", "https://work.test/");
    settings_run_begin(&run, NULL, NULL, NULL);
    ck_assert_int_eq(settings_resolve_server(&run.settings, &settings_run_http, false, &run.err), PLEXCTL_OK);
    ck_assert_ptr_null(run.settings.profile);
    ck_assert_int_eq(settings_resolve_token(&run.settings, &settings_run_http, &run.err), PLEXCTL_OK);
    ck_assert_str_eq(run.settings.profile, "work");
    settings_run_end(&run);
}
END_TEST

START_TEST(settings_resolve_token_without_a_profile_says_how_to_log_in)
{
    struct settings_run run;

    settings_run_write_config(NULL);
    settings_run_begin(&run, "https://flag.test", NULL, NULL);
    ck_assert_int_eq(settings_resolve_server(&run.settings, &settings_run_http, false, &run.err), PLEXCTL_OK);
    ck_assert_int_eq(settings_resolve_token(&run.settings, &settings_run_http, &run.err), PLEXCTL_NO_TOKEN);
    settings_run_assert_phrases(&run, (const char *const[3]){"plexctl login", "--token-file", "PLEXSPHERE_TOKEN"});
    settings_run_end(&run);
}
END_TEST

/* Token files */

static plexctl_status resolve_token_of(struct settings_run *run, const char *path)
{
    settings_run_begin(run, "https://flag.test", NULL, path);
    ck_assert_int_eq(settings_resolve_server(&run->settings, &settings_run_http, false, &run->err), PLEXCTL_OK);
    return settings_resolve_token(&run->settings, &settings_run_http, &run->err);
}

static const struct size_row {
    size_t letters;
    const char *end;
    plexctl_status status;
} size_rows[] = {{1, "", PLEXCTL_OK},        {16384, "", PLEXCTL_OK},      {16384, "\n", PLEXCTL_OK},
                 {16385, "", PLEXCTL_USAGE}, {16385, "\n", PLEXCTL_USAGE}, {70000, "", PLEXCTL_USAGE}};

START_TEST(settings_token_file_keeps_size_limit)
{
    const struct size_row *row = &size_rows[_i];
    size_t size = row->letters + strlen(row->end);
    char *bytes = malloc(size + 1);
    struct settings_run run;

    ck_assert_ptr_nonnull(bytes);
    memset(bytes, 'a', row->letters);
    memcpy(bytes + row->letters, row->end, strlen(row->end) + 1);
    settings_run_write_file(token_path, bytes, size);
    free(bytes);
    ck_assert_int_eq(resolve_token_of(&run, token_path), row->status);
    if (row->status == PLEXCTL_OK)
        ck_assert_uint_eq(run.settings.token.len, row->letters);
    settings_run_end(&run);
}
END_TEST

START_TEST(settings_token_file_with_nul_is_refused)
{
    struct settings_run run;

    settings_run_write_file(token_path, "abc\0def", 7);
    ck_assert_int_eq(resolve_token_of(&run, token_path), PLEXCTL_USAGE);
    settings_run_end(&run);
    settings_run_write_file(token_path, "abc\0", 4);
    ck_assert_int_eq(resolve_token_of(&run, token_path), PLEXCTL_USAGE);
    settings_run_end(&run);
}
END_TEST

START_TEST(settings_token_file_that_cannot_be_read_is_named)
{
    const char *paths[] = {"", "/nonexistent/token", unit_scratch(), "/dev/null", "/dev/zero"};
    struct settings_run run;

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        plexctl_status status = resolve_token_of(&run, paths[i]);
        ck_assert_msg(status == PLEXCTL_USAGE, "%s: status %d", paths[i], (int)status);
        ck_assert_ptr_nonnull(strstr(run.err.text, "--token-file "));
        ck_assert_ptr_nonnull(strstr(run.err.text, paths[i]));
        settings_run_end(&run);
    }
}
END_TEST

START_TEST(settings_token_file_dash_is_standard_input)
{
    struct settings_run run;
    int ends[2], saved = dup(STDIN_FILENO);

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "piped-token\n", 12), 12);
    ck_assert_int_eq(close(ends[1]), 0);
    ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    ck_assert_int_eq(close(ends[0]), 0);
    ck_assert_int_eq(resolve_token_of(&run, "-"), PLEXCTL_OK);
    ck_assert_str_eq(run.settings.token.text, "piped-token");
    settings_run_end(&run);
    ck_assert_int_eq(resolve_token_of(&run, "-"), PLEXCTL_USAGE);
    ck_assert_ptr_nonnull(strstr(run.err.text, "standard input"));
    settings_run_end(&run);
    ck_assert_int_eq(dup2(saved, STDIN_FILENO), STDIN_FILENO);
    ck_assert_int_eq(close(saved), 0);
}
END_TEST

/* What `--token-file <(pass cp)` is: a pipe by the name of its descriptor. */
START_TEST(settings_token_file_takes_a_process_substitution)
{
    char path[32];
    struct settings_run run;
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "passed-token\n", 13), 13);
    ck_assert_int_eq(close(ends[1]), 0);
    (void)snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    ck_assert_int_eq(resolve_token_of(&run, path), PLEXCTL_OK);
    ck_assert_str_eq(run.settings.token.text, "passed-token");
    settings_run_end(&run);
    ck_assert_int_eq(close(ends[0]), 0);
}
END_TEST

static void make_fifo(char path[static 256])
{
    (void)snprintf(path, 256, "%s/fifo", unit_scratch());
    ck_assert(unlink(path) == 0 || errno == ENOENT);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
}

/* The writer opens the FIFO when it likes: the reader waits for it and takes no end of file before it has come. */
static void write_through_fifo(bool with_signals)
{
    char path[256];
    struct settings_run run;
    int ended = -1;

    make_fifo(path);
    pid_t writer = fork();
    ck_assert_int_ge(writer, 0);
    if (writer == 0) {
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        bool done = fd >= 0 && write(fd, "fifo-", 5) == 5 && write(fd, "token\n", 6) == 6;
        _exit(done ? 0 : 1);
    }
    if (with_signals)
        ck_assert_int_eq(cancel_install(&(struct error)ERROR_INIT), PLEXCTL_OK);
    plexctl_status status = resolve_token_of(&run, path);
    ck_assert_int_eq(waitpid(writer, &ended, 0), writer);
    ck_assert_int_eq(ended, 0);
    ck_assert_msg(status == PLEXCTL_OK, "%s", run.err.text);
    ck_assert_str_eq(run.settings.token.text, "fifo-token");
    settings_run_end(&run);
}

START_TEST(settings_token_file_takes_a_fifo)
{
    write_through_fifo(false);
    write_through_fifo(true);
}
END_TEST

START_TEST(settings_token_file_waiting_for_a_writer_is_cancelled)
{
    char path[256];
    int ended = -1;

    make_fifo(path);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        struct settings_run run;
        struct error err = ERROR_INIT;
        if (cancel_install(&err) != PLEXCTL_OK || raise(SIGTERM) != 0)
            _exit(100);
        _exit(resolve_token_of(&run, path));
    }
    ck_assert_int_eq(waitpid(child, &ended, 0), child);
    ck_assert(WIFEXITED(ended));
    ck_assert_int_eq(WEXITSTATUS(ended), PLEXCTL_CANCELLED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings_token");
    TCase *tcase = tcase_create("token");

    tcase_add_checked_fixture(tcase, set_up, NULL);
    tcase_add_loop_test(tcase, settings_resolve_token_by_precedence, 0, sizeof token_rows / sizeof token_rows[0]);
    tcase_add_test(tcase, settings_resolve_token_names_the_profile_of_the_environments_server);
    tcase_add_test(tcase, settings_resolve_token_without_a_profile_says_how_to_log_in);
    tcase_add_loop_test(tcase, settings_token_file_keeps_size_limit, 0, sizeof size_rows / sizeof size_rows[0]);
    tcase_add_test(tcase, settings_token_file_with_nul_is_refused);
    tcase_add_test(tcase, settings_token_file_that_cannot_be_read_is_named);
    tcase_add_test(tcase, settings_token_file_dash_is_standard_input);
    tcase_add_test(tcase, settings_token_file_takes_a_process_substitution);
    tcase_add_test(tcase, settings_token_file_takes_a_fifo);
    tcase_add_test(tcase, settings_token_file_waiting_for_a_writer_is_cancelled);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
