/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch.h"

#include <sys/random.h>

#include "base/buf.h"
#include "capture.h"
#include "exit_code.h"
#include "loader_fixture.h"

#define SECRET "hunter2hunter2"
#define LINES 10000
#define FRESH_LINES 500
#define WORDS_MAX 9

/* Everything that a line can be made of. */
static const char *const words[] = {
    /* commands */
    "help", "version", "completion", "plugin", "echo-args", "echo-args", "hello", "placeholder", "odd-status",
    "subcommands", "grabber",
    /* what may follow */
    "list", "doctor", "bash", "zsh", "fish", "show", "hlelo", "no-such-command", "../hello", "HELLO", "first", "7",
    "-7", "99999999999999999999", "", "-", "--", "---", "=", "--=", "-=",
    /* persistent flags */
    "--server", "--server=https://cp.example.com", "http://[::1]:8080", "https://a\x1b[2J", "--profile",
    "--profile=work", "-o", "-ojson", "-o=yaml", "--output", "--output=table", "json", "xml", "--yes", "-y",
    "--yes=false", "--yes=maybe", "--reveal-secrets", "-h", "--help", "--version", "--token-file", "--token-file=-",
    "/nonexistent",
    /* echo-args' own, subcommands' own, and near ones */
    "--text", "--text=x", "-tx", "-t", "--count", "--count=5", "--count=101", "-n5", "-f", "--force", "--force=false",
    "-fy", "-fz", "--colour=green", "--colour", "blue", "--id=0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0", "--id", "--link",
    "--wait=7d", "--wait", "5w", "--file=-", ("--password=" SECRET), "--password", "--as=work", "--as=-", "--all",
    "--coutn", "--for", "-x", "--\xff\xfe", "\xe2\x80\xae", "a\nb"};
#define COMMAND_COUNT 11
#define WORD_COUNT (sizeof words / sizeof words[0])

/* SplitMix64 */
static uint64_t roll(uint64_t *state, uint64_t below)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

struct line {
    char text[WORDS_MAX][64];
    char *argv[WORDS_MAX + 2];
    int argc;
};

/* Most words as they are; some lose a byte's bits, their end, or are followed by noise. */
static void draw_word(uint64_t *state, uint64_t below, char *text, size_t size)
{
    size_t len = (size_t)snprintf(text, size, "%s", words[roll(state, below)]);

    if (strstr(text, SECRET)) /* in another word it would be none */
        return;
    if (len > 0 && roll(state, 12) == 0)
        text[roll(state, len)] ^= (char)(1 << roll(state, 8));
    if (len > 0 && roll(state, 24) == 0)
        text[roll(state, len)] = '\0';
    len = strlen(text);
    for (uint64_t noise = roll(state, 24) == 0 ? roll(state, 8) : 0; noise > 0 && len + 1 < size; noise--) {
        text[len++] = (char)(1 + roll(state, 255));
        text[len] = '\0';
    }
}

static void draw_line(uint64_t seed, struct line *line)
{
    uint64_t state = seed;

    memset(line, 0, sizeof *line);
    line->argv[line->argc++] = (char[]){"plexctl"};
    for (uint64_t count = roll(&state, 1 + roll(&state, WORDS_MAX + 1)); count > 0; count--) {
        char *text = line->text[line->argc - 1];
        bool is_command = line->argc == 1 && roll(&state, 4) > 0;
        draw_word(&state, is_command ? COMMAND_COUNT : WORD_COUNT, text, sizeof line->text[0]);
        line->argv[line->argc++] = text;
    }
}

static bool is_one_line(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    }
    return true;
}

/* The exit code; it is one that is documented, and a failure is one line. */
static int run_line(uint64_t seed)
{
    static const int known[] = {0, 1, 2, 3, 4, 64};
    struct error err = ERROR_INIT;
    struct line line;
    bool is_known = false;

    draw_line(seed, &line);
    plexctl_status status = dispatch(line.argc, line.argv, &err);
    int code = exit_code_of(status);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        is_known |= code == known[i];
    ck_assert_msg(is_known && status != PLEXCTL_CANCELLED, "seed %#llx: exit %d", (unsigned long long)seed, code);
    ck_assert_msg((status == PLEXCTL_OK) == (err.text[0] == '\0') && is_one_line(err.text), "seed %#llx: \"%s\"",
                  (unsigned long long)seed, err.text);
    ck_assert_msg(!strstr(err.text, SECRET), "seed %#llx: a secret is shown: %s", (unsigned long long)seed, err.text);
    return code;
}

static void set_up(void)
{
    static const struct {
        const char *name, *file;
    } plugins[] = {{"echo_args", "echo-args.so"},     {"hello", "hello.so"},
                   {"placeholder", "placeholder.so"}, {"odd_status", "odd-status.so"},
                   {"subcommands", "subcommands.so"}, {"grabber", "grabber.so"}};
    struct place place = new_place();

    for (size_t i = 0; i < sizeof plugins / sizeof plugins[0]; i++)
        (void)fixture_install(plugins[i].name, place.added.text, plugins[i].file);
    ck_assert_int_eq(setenv("PLEXCTL_PLUGIN_PATH", place.added.text, 1), 0);
    ck_assert_int_eq(setenv("HOME", place.home.text, 1), 0);
    (void)unsetenv("XDG_CONFIG_HOME");
    (void)unsetenv("PLEXSPHERE_URL");
    (void)unsetenv("PLEXSPHERE_TOKEN");
}

/* What the lines print is of no interest here. */
static void run_lines(uint64_t first, uint64_t count, size_t codes[static 65])
{
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int saved_out = capture_replace(STDOUT_FILENO, null), saved_err = capture_replace(STDERR_FILENO, null);

    for (uint64_t seed = first; seed < first + count; seed++)
        codes[run_line(seed)]++;
    capture_restore(STDOUT_FILENO, saved_out);
    capture_restore(STDERR_FILENO, saved_err);
    ck_assert_int_eq(close(null), 0);
}

START_TEST(dispatch_of_random_lines_ends_with_a_documented_exit_code)
{
    size_t codes[65] = {0};

    set_up();
    run_lines(1, LINES, codes);
    /* 3 needs the http module, which a test has not beside it. */
    ck_assert_msg(codes[0] > 500 && codes[1] > 100 && codes[2] > 2000 && codes[4] > 20 && codes[64] > 20,
                  "the lines lead nowhere: 0: %zu, 1: %zu, 2: %zu, 4: %zu, 64: %zu", codes[0], codes[1], codes[2],
                  codes[4], codes[64]);
}
END_TEST

START_TEST(dispatch_of_fresh_lines_ends_with_a_documented_exit_code)
{
    size_t codes[65] = {0};
    uint64_t seed;

    set_up();
    ck_assert_int_eq(getrandom(&seed, sizeof seed, 0), sizeof seed);
    run_lines(seed >> 1, FRESH_LINES, codes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dispatch");
    TCase *cases = tcase_create("dispatch");

    tcase_add_test(cases, dispatch_of_random_lines_ends_with_a_documented_exit_code);
    tcase_add_test(cases, dispatch_of_fresh_lines_ends_with_a_documented_exit_code);
    suite_add_tcase(suite, cases);
    return fixture_read_plugins() ? unit_run(suite) : EXIT_FAILURE;
}
