/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define UUID "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0"
#define MAX_WORDS 16

static plexctl_status do_nothing(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

static const struct plexctl_flag flag_rows[] = {
    {.name = "domain-id", .help = "h", .type = PLEXCTL_UUID, .attributes = PLEXCTL_REQUIRED},
    {.name = "text", .help = "h", .type = PLEXCTL_STRING, .letter = 't'},
    {.name = "count", .help = "h", .type = PLEXCTL_INT, .default_value = "3", .minimum = -5, .maximum = 9},
    {.name = "force", .help = "h", .type = PLEXCTL_BOOL, .letter = 'f'},
    {.name = "password", .help = "h", .type = PLEXCTL_SECRET, .letter = 'p'},
    {.name = "wait", .help = "h", .type = PLEXCTL_DURATION, .default_value = "90s"},
    {.name = "colour", .help = "h", .type = PLEXCTL_ENUM, .choices = "red|green"},
};
static const struct plexctl_argument argument_rows[] = {
    {.name = "NAME", .help = "h", .type = PLEXCTL_STRING, .attributes = PLEXCTL_REQUIRED},
    {.name = "NUMBER", .help = "h", .type = PLEXCTL_INT},
};
static const struct plexctl_command plain = {.size = sizeof plain,
                                             .name = "plain",
                                             .summary = "s",
                                             .flags = PLEXCTL_ROWS(flag_rows),
                                             .arguments = PLEXCTL_ROWS(argument_rows),
                                             .run = do_nothing};

static const struct plexctl_flag tree_flags[] = {{.name = "deep", .help = "h", .type = PLEXCTL_BOOL}};
static const struct plexctl_flag show_flags[] = {{.name = "all", .help = "h", .type = PLEXCTL_BOOL, .letter = 'a'}};
static const struct plexctl_argument show_arguments[] = {{.name = "NAME", .help = "h", .type = PLEXCTL_PROFILE}};
static const struct plexctl_command list = {.size = sizeof list, .name = "list", .summary = "s", .run = do_nothing};
static const struct plexctl_command show = {.size = sizeof show,
                                            .name = "show",
                                            .summary = "s",
                                            .flags = PLEXCTL_ROWS(show_flags),
                                            .arguments = PLEXCTL_ROWS(show_arguments),
                                            .run = do_nothing};
static const struct plexctl_command *const below[] = {&list, &show, NULL};
static const struct plexctl_command tree = {
    .size = sizeof tree, .name = "tree", .summary = "s", .flags = PLEXCTL_ROWS(tree_flags), .subcommands = below};

/* One command line, as dispatch would take it. */
struct run {
    char words[1024];
    char *argv[MAX_WORDS + 2];
    int argc;
    struct option_values persistent, values;
    const char *word;
    int rest;
    const struct plexctl_command *command;
    struct error err;
    plexctl_status status;
};

static struct run run;

static void release(void)
{
    option_values_release(&run.persistent);
    option_values_release(&run.values);
}

static void run_words(void)
{
    const struct plexctl_command *const commands[] = {&plain, &tree, &list};

    run.status = options_split(run.argc, run.argv, &run.persistent, &run.word, &run.rest, &run.err);
    for (size_t i = 0; run.status == PLEXCTL_OK && run.word && i < 3; i++) {
        if (strcmp(commands[i]->name, run.word) == 0) {
            run.status = options_parse(commands[i], run.argc, run.argv, run.rest, &run.persistent, &run.values,
                                       &run.command, &run.err);
            break;
        }
    }
}

/* `line` is cut at blanks; '' stands for an empty word, and _ within a word for a blank. */
static void parse(const char *line)
{
    char *saved = NULL;

    memset(&run, 0, sizeof run);
    (void)snprintf(run.words, sizeof run.words, "plexctl %s", line);
    for (char *word = strtok_r(run.words, " ", &saved); word; word = strtok_r(NULL, " ", &saved)) {
        ck_assert_int_lt(run.argc, MAX_WORDS);
        if (strcmp(word, "''") == 0)
            *word = '\0';
        for (char *at = word; (at = strchr(at, '_')) != NULL;)
            *at = ' ';
        run.argv[run.argc++] = word;
    }
    run_words();
    ck_assert_int_eq(run.status == PLEXCTL_OK, run.err.text[0] == '\0');
}

static const struct option_value *value_of(const char *name)
{
    const struct option_value *value = option_values_find(&run.values, name);
    return value ? value : option_values_find(&run.persistent, name);
}

/* What is understood */

static const struct {
    const char *line;
    const char *name, *text; /* a value that then holds; text NULL for one that has none */
} good[] = {
    {"plain --text a", "text", "a"},
    {"plain --text=a", "text", "a"},
    {"plain --text=", "text", ""},
    {"plain --text ''", "text", ""},
    {"plain --text=a=b", "text", "a=b"},
    {"plain --text --force", "text", "--force"},
    {"plain --text --", "text", "--"},
    {"plain --text -", "text", "-"},
    {"plain -t a", "text", "a"},
    {"plain -ta", "text", "a"},
    {"plain -t=a", "text", "a"},
    {"plain -t=", "text", ""},
    {"plain -t==a", "text", "=a"},
    {"plain -ft a", "text", "a"},
    {"plain -fta", "text", "a"},
    {"plain -ft=a", "text", "a"},
    {"plain -tf", "force", NULL},
    {"plain -ft=a", "force", "true"},
    {"plain --text a --text b", "text", "b"},
    {"plain --text a -t b", "text", "b"},
    {"plain -y", "yes", "true"},
    {"-y plain", "yes", "true"},
    {"-yh plain", "yes", "true"},
    {"-yh plain", "help", "true"},
    {"plain -hy", "help", "true"},
    {"plain -y=false", "yes", "false"},
    {"plain --yes=false", "yes", "false"},
    {"plain --yes --yes=false", "yes", "false"},
    {"--yes plain --yes=false", "yes", "false"},
    {"--yes=false plain --yes", "yes", "true"},
    {"plain", "yes", NULL},
    {"plain", "output", "table"},
    {"--output=json plain", "output", "json"},
    {"--output json plain", "output", "json"},
    {"plain --output=json", "output", "json"},
    {"plain --output json", "output", "json"},
    {"--output json plain --output yaml", "output", "yaml"},
    {"-oyaml plain", "output", "yaml"},
    {"-o yaml plain", "output", "yaml"},
    {"-o=yaml plain", "output", "yaml"},
    {"plain -oyaml", "output", "yaml"},
    {"plain -o yaml", "output", "yaml"},
    {"plain -o=yaml", "output", "yaml"},
    {"plain -yoyaml", "output", "yaml"},
    {"--server https://a plain", "server", "https://a"},
    {"plain --server https://a", "server", "https://a"},
    {"--server plain plain", "server", "plain"},
    {"--token-file - plain", "token-file", "-"},
    {"tree list --server https://a", "server", "https://a"},
    {"tree --server https://a list", "server", "https://a"},
    {"tree list -ojson", "output", "json"},
    {"tree show --all --reveal-secrets", "all", "true"},
    {"tree show --all --reveal-secrets", "reveal-secrets", "true"},
    {"tree show me -a", "NAME", "me"},
    {"tree -- show me", "NAME", "me"},
    {"plain name", "NAME", "name"},
    {"plain name 5", "NUMBER", "5"},
    {"plain name -- -5", "NUMBER", "-5"},
    {"plain -- --text", "NAME", "--text"},
    {"plain -- -- 5", "NAME", "--"},
    {"plain -", "NAME", "-"},
    {"plain ''", "NAME", ""},
    {"plain a_b", "NAME", "a b"},
    {"plain name --text a 5", "NUMBER", "5"},
    {"plain --text a name --force 5", "NUMBER", "5"},
    {"-- plain --text", "NAME", "--text"},
    {"-y -- plain -t", "NAME", "-t"},
    {"plain", "text", NULL},
    {"plain", "count", "3"},
    {"plain --count -5", "count", "-5"},
    {"plain --count=-5", "count", "-5"},
    {"plain --domain-id " UUID, "domain-id", UUID},
    {"plain --password a_b", "password", "a b"},
    {"plain -pa", "password", "a"},
    {"--version", "version", "true"},
    {"-y --version", "version", "true"},
    {"plain", "version", NULL},
};

START_TEST(options_parse_of_good_line_gives_value)
{
    parse(good[_i].line);
    ck_assert_msg(run.status == PLEXCTL_OK, "%s: %s", good[_i].line, run.err.text);
    const struct option_value *value = value_of(good[_i].name);
    ck_assert_ptr_nonnull(value);
    if (good[_i].text)
        ck_assert_str_eq(value->text, good[_i].text);
    else
        ck_assert_ptr_null(value->text);
    release();
}
END_TEST

/* What is not */

static const struct {
    const char *line, *text; /* the whole line */
} bad[] = {
    {"plain --text", "--text needs a value: --text TEXT"},
    {"plain -t", "--text needs a value: --text TEXT"},
    {"plain -ft", "--text needs a value: --text TEXT"},
    {"plain --domain-id", "--domain-id needs a value: --domain-id UUID"},
    {"plain --password", "--password needs a value: --password SECRET"},
    {"--server", "--server needs a value: --server URL"},
    {"-o", "--output needs a value: --output table|json|yaml"},
    {"plain --server=", "--server: \"\" is empty; give a value or leave the flag out"},
    {"--token-file= plain", "--token-file: \"\" is empty; give a value or leave the flag out"},
    {"plain --profile --yes",
     "--profile: \"--yes\" is no profile name; give 1 to 64 of A-Z a-z 0-9 . _ -, not starting with . or -"},
    {"plain --domain-id=", "--domain-id: \"\" is no UUID; give 8-4-4-4-12 hexadecimal digits"},
    {"plain -o=", "--output: \"\" is unknown; give one of table, json, yaml"},
    {"plain --output jsn", "--output: \"jsn\" is unknown; give one of table, json, yaml"},
    {"plain -output json", "--output: \"utput\" is unknown; give one of table, json, yaml"},
    {"plain --yes=", "--yes: \"\" is neither true nor false; give the flag alone, or with one of them"},
    {"plain -y=maybe", "--yes: \"maybe\" is neither true nor false; give the flag alone, or with one of them"},
    {"plain --count 10", "--count: \"10\" is out of range; give -5 to 9"},
    {"plain --wait soon", "--wait: \"soon\" is no duration; give a number with s, m, h or d, like 90s or 30m"},
    {"plain --text a\x1b[31m", "--text: \"a\\x1b[31m\" holds a control character; give it without"},
    {"plain --text a\xff", "--text: \"a\\xff\" is not UTF-8; give it in UTF-8"},
    {"plain name 5x", "NUMBER: \"5x\" is no whole number; give one in decimal digits"},
    {"plain na\xffme", "NAME: \"na\\xffme\" is not UTF-8; give it in UTF-8"},

    {"--serv https://a plain", "unknown flag --serv; did you mean --server? flags are matched whole; a command's own "
                               "flags stand after the command word"},
    {"plain --serv https://a", "unknown flag --serv; did you mean --server? flags are matched whole"},
    {"plain --out json", "unknown flag --out; did you mean --output? flags are matched whole"},
    {"plain --reveal", "unknown flag --reveal; did you mean --reveal-secrets? flags are matched whole"},
    {"plain --domian-id x", "unknown flag --domian-id; did you mean --domain-id? flags are matched whole"},
    {"plain --tezt=x", "unknown flag --tezt; did you mean --text? flags are matched whole"},
    {"plain --Text x", "unknown flag --Text; did you mean --text? flags are matched whole"},
    {"plain --nonsense=secret", "unknown flag --nonsense; see `plexctl plain --help`"},
    {"plain --=secret", "unknown flag --; see `plexctl plain --help`"},
    {"plain ---text a", "unknown flag ---text; did you mean --text? flags are matched whole"},
    {"plain --a\x1b[31m=1", "unknown flag --a\\x1b[31m; see `plexctl plain --help`"},
    {"plain -x", "unknown flag -x; see `plexctl plain --help`"},
    {"plain -fx", "unknown flag -x; see `plexctl plain --help`"},
    {"plain -\xc3\xa9", "unknown flag -\xc3\xa9; see `plexctl plain --help`"},
    {"plain -\xff", "unknown flag -\\xff; see `plexctl plain --help`"},
    {"plain -=x", "unknown flag -=; see `plexctl plain --help`"},
    {"plain -server https://a", "unknown flag -s; did you mean --server? long flags have two dashes"},
    {"plain -domain-id=x", "unknown flag -d; did you mean --domain-id? long flags have two dashes"},
    {"-x plain", "unknown flag -x; a command's own flags stand after the command word"},
    {"--domain-id " UUID " plain", "unknown flag --domain-id; a command's own flags stand after the command word"},
    {"plain --version", "unknown flag --version; see `plexctl plain --help`"},
    {"tree list --bogus-flag", "unknown flag --bogus-flag; see `plexctl tree list --help`"},

    {"tree --all show", "unknown flag --all there; put it after `plexctl tree show`"},
    {"tree --deep list", "--deep belongs to `plexctl tree` itself; leave it out with `plexctl tree list`"},
    {"tree list --deep", "unknown flag --deep; see `plexctl tree list --help`"},
    {"tree lst", "unknown subcommand \"lst\" of `plexctl tree`; did you mean \"list\"?"},
    {"tree sh", "unknown subcommand \"sh\" of `plexctl tree`; did you mean \"show\"?"},
    {"tree whatever", "unknown subcommand \"whatever\" of `plexctl tree`; it has list, show"},
    {"tree ''", "unknown subcommand \"\" of `plexctl tree`; it has list, show"},
    {"tree a\x1b", "unknown subcommand \"a\\x1b\" of `plexctl tree`; it has list, show"},
    {"tree list x", "unexpected argument \"x\"; `plexctl tree list` takes none"},
    {"tree list show", "unexpected argument \"show\"; `plexctl tree list` takes none"},
    {"tree show a b\x1b", "unexpected argument \"b\\x1b\"; `plexctl tree show` takes at most 1"},
    {"list x", "unexpected argument \"x\"; `plexctl list` takes none"},
    {"tree show -- -a", "NAME: \"-a\" is no profile name; give 1 to 64 of A-Z a-z 0-9 . _ -, not starting with . or -"},
};

START_TEST(options_parse_of_bad_line_names_flag_and_fix)
{
    parse(bad[_i].line);
    ck_assert_int_eq(run.status, PLEXCTL_USAGE);
    ck_assert_str_eq(run.err.text, bad[_i].text);
    release();
}
END_TEST

START_TEST(options_parse_never_shows_secret)
{
    static const char *const lines[] = {
        "plain --password hunter2\x1b",
        "plain --password=hunter2\xff",
        "plain -phunter2\x07",
        "plain -p hunter2\x07",
        "plain -p=hunter2\x07",
        "plain --pasword=hunter2",
        "plain --pasword hunter2",
        "--password=hunter2 plain",
        "--password hunter2 plain",
        "plain name 5 hunter2",
        "plain --password a name 5 hunter2",
        "plain -xhunter2",
        "plain --password hunter2 --nope",
        "plain -xp=hunter2",
    };

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        parse(lines[i]);
        ck_assert_msg(run.status == PLEXCTL_USAGE, "%s", lines[i]);
        ck_assert_msg(strstr(run.err.text, "hunter") == NULL, "%s", run.err.text);
        release();
    }
}
END_TEST

/* Split */

static const struct {
    const char *line, *word;
    int rest;
} splits[] = {
    {"", NULL, 1},
    {"plain", "plain", 2},
    {"plain --nonsense", "plain", 2},
    {"-", "-", 2},
    {"'' x", "", 2},
    {"--yes", NULL, 2},
    {"--", NULL, 2},
    {"-- --yes", "--yes", 3},
    {"--server plain", NULL, 3},
    {"--server a plain x", "plain", 4},
    {"-o json -- plain x", "plain", 5},
    {"--version plain", NULL, 3},
    {"--version=false nothing", "nothing", 3},
};

START_TEST(options_split_finds_word)
{
    memset(&run, 0, sizeof run);
    (void)snprintf(run.words, sizeof run.words, "plexctl %s", splits[_i].line);
    char *saved = NULL;
    for (char *word = strtok_r(run.words, " ", &saved); word; word = strtok_r(NULL, " ", &saved))
        run.argv[run.argc++] = strcmp(word, "''") == 0 ? word + 2 : word;
    ck_assert_int_eq(options_split(run.argc, run.argv, &run.persistent, &run.word, &run.rest, &run.err), PLEXCTL_OK);
    if (splits[_i].word)
        ck_assert_str_eq(run.word, splits[_i].word);
    else
        ck_assert_ptr_null(run.word);
    ck_assert_int_eq(run.rest, splits[_i].rest);
    release();
}
END_TEST

START_TEST(options_split_of_no_words_at_all_has_no_word)
{
    char *argv[] = {NULL};

    memset(&run, 0, sizeof run);
    ck_assert_int_eq(options_split(0, argv, &run.persistent, &run.word, &run.rest, &run.err), PLEXCTL_OK);
    ck_assert_ptr_null(run.word);
    ck_assert_int_eq(run.rest, 0);
    release();
}
END_TEST

/* Tables and values */

START_TEST(options_parse_keeps_numbers_and_given)
{
    parse("plain --wait 2m --force name");
    ck_assert_int_eq(run.status, PLEXCTL_OK);
    ck_assert_int_eq(value_of("wait")->number, 120);
    ck_assert(value_of("wait")->given);
    ck_assert_int_eq(value_of("count")->number, 3);
    ck_assert(!value_of("count")->given);
    ck_assert_int_eq(value_of("force")->number, 1);
    ck_assert(value_of("NAME")->given);
    ck_assert_int_eq(value_of("NUMBER")->type, PLEXCTL_INT);
    ck_assert(!value_of("NUMBER")->given);
    ck_assert_ptr_null(option_values_find(&run.values, "server"));
    ck_assert_ptr_null(option_values_find(&run.persistent, "force"));
    ck_assert_ptr_eq(run.command, &plain);
    release();
    ck_assert_ptr_null(run.values.rows);
}
END_TEST

START_TEST(options_parse_gives_subcommand)
{
    parse("tree --yes");
    ck_assert_ptr_eq(run.command, &tree);
    release();
    parse("tree --deep");
    ck_assert_ptr_eq(run.command, &tree);
    ck_assert_int_eq(value_of("deep")->number, 1);
    release();
    parse("tree show x");
    ck_assert_ptr_eq(run.command, &show);
    ck_assert_ptr_null(value_of("deep"));
    release();
}
END_TEST

START_TEST(options_parse_without_split_starts_from_defaults)
{
    char words[][8] = {"plexctl", "plain", "-t", "x"};
    char *argv[] = {words[0], words[1], words[2], words[3], NULL};

    memset(&run, 0, sizeof run);
    ck_assert_int_eq(options_parse(&plain, 4, argv, 2, &run.persistent, &run.values, &run.command, &run.err),
                     PLEXCTL_OK);
    ck_assert_str_eq(value_of("output")->text, "table");
    ck_assert_str_eq(value_of("text")->text, "x");
    release();
}
END_TEST

START_TEST(options_parse_of_unknown_flag_leaves_command_unset)
{
    parse("plain --nonsense");
    ck_assert_ptr_null(run.command);
    release();
}
END_TEST

static const struct {
    const char *line, *text; /* NULL where nothing is missing */
} required[] = {
    {"plain", "plain: missing --domain-id UUID, NAME; give it, or see --help"},
    {"plain name", "plain: missing --domain-id UUID; give it, or see --help"},
    {"plain --domain-id " UUID, "plain: missing NAME; give it, or see --help"},
    {"plain name --domain-id " UUID, NULL},
    {"tree show", NULL},
    {"list", NULL},
};

START_TEST(options_check_required_names_what_is_missing)
{
    parse(required[_i].line);
    ck_assert_int_eq(run.status, PLEXCTL_OK);
    plexctl_status status = options_check_required(run.command, &run.values, &run.err);
    ck_assert_int_eq(status, required[_i].text ? PLEXCTL_USAGE : PLEXCTL_OK);
    ck_assert_str_eq(run.err.text, required[_i].text ? required[_i].text : "");
    release();
}
END_TEST

START_TEST(options_flag_at_of_other_row_sizes_reads_known_part)
{
    struct {
        struct plexctl_flag flag;
        char more[40];
    } grown[2];
    const size_t short_size = offsetof(struct plexctl_flag, type);

    memset(grown, 0xff, sizeof grown);
    grown[0].flag = flag_rows[0];
    grown[1].flag = flag_rows[3];
    const struct plexctl_flags longer = {&grown[0].flag, 2, sizeof grown[0]};
    struct plexctl_flag flag = options_flag_at(&longer, 1);
    ck_assert_str_eq(flag.name, "force");
    ck_assert_uint_eq(flag.letter, 'f');

    const struct plexctl_flags shorter = {&grown[0].flag, 1, (uint32_t)short_size};
    flag = options_flag_at(&shorter, 0);
    ck_assert_str_eq(flag.name, "domain-id");
    ck_assert_int_eq(flag.type, 0);
    ck_assert_uint_eq(flag.attributes, 0);

    const struct plexctl_arguments arguments = {argument_rows, 2, offsetof(struct plexctl_argument, attributes)};
    ck_assert_uint_eq(options_argument_at(&arguments, 0).attributes, 0);
}
END_TEST

START_TEST(options_persistent_are_those_of_the_specification)
{
    static const char *const names[] = {"server", "profile", "token-file", "output", "yes", "reveal-secrets", "help"};

    ck_assert_uint_eq(options_persistent.count, sizeof names / sizeof names[0]);
    for (uint32_t i = 0; i < options_persistent.count; i++) {
        ck_assert_str_eq(options_flag_at(&options_persistent, i).name, names[i]);
        ck_assert_ptr_nonnull(options_flag_at(&options_persistent, i).help);
    }
}
END_TEST

/* Any words at all */

static uint32_t state;

static uint32_t any(uint32_t below_this)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below_this;
}

static void make_word(char *word, size_t size)
{
    static const char *const pieces[] = {"--",
                                         "-",
                                         "=",
                                         "plain",
                                         "tree",
                                         "list",
                                         "show",
                                         "server",
                                         "output",
                                         "json",
                                         "yes",
                                         "true",
                                         "false",
                                         "text",
                                         "name",
                                         "domain-id",
                                         UUID,
                                         "count",
                                         "5",
                                         "-5",
                                         "version",
                                         "help",
                                         "t",
                                         "o",
                                         "y",
                                         "f",
                                         "p",
                                         "\x1b[2J",
                                         "\xff",
                                         "\xc3\xa9",
                                         "",
                                         "all",
                                         "deep",
                                         "wait",
                                         "colour",
                                         "red",
                                         "9999999999999999999999",
                                         "--text=",
                                         "--output",
                                         "-oyaml"};
    uint32_t count = any(4);

    word[0] = '\0';
    for (uint32_t i = 0; i < count; i++)
        (void)strncat(word, pieces[any(sizeof pieces / sizeof pieces[0])], size - strlen(word) - 1);
    if (any(8) == 0 && size > 2) {
        word[0] = (char)(1 + any(255));
        word[1] = '\0';
    }
}

static bool is_safe_line(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    }
    return true;
}

static void check_one_line(void)
{
    static char words[MAX_WORDS][256];

    memset(&run, 0, sizeof run);
    run.argc = 1 + (int)any(MAX_WORDS - 1);
    for (int i = 0; i < run.argc; i++) {
        make_word(words[i], sizeof words[i]);
        run.argv[i] = words[i];
    }
    if (run.argc > 1 && any(2))
        (void)snprintf(words[1], sizeof words[1], "%s", any(2) ? "plain" : "tree");
    run_words();
    ck_assert(run.status == PLEXCTL_OK || run.status == PLEXCTL_USAGE);
    ck_assert_int_eq(run.status == PLEXCTL_OK, run.err.text[0] == '\0');
    ck_assert(is_safe_line(run.err.text));
    ck_assert(run.rest <= run.argc);
    if (run.status == PLEXCTL_OK && run.command) {
        plexctl_status status = options_check_required(run.command, &run.values, &run.err);
        ck_assert(status == PLEXCTL_OK || status == PLEXCTL_USAGE);
        for (size_t i = 0; i < run.values.count; i++)
            ck_assert(!run.values.rows[i].given || run.values.rows[i].text);
    }
    release();
}

START_TEST(options_of_any_words_end_in_ok_or_usage)
{
    int understood = 0;
    int refused = 0;

    state = 20261124;
    for (int i = 0; i < 20000; i++) {
        check_one_line();
        understood += run.status == PLEXCTL_OK;
        refused += run.status == PLEXCTL_USAGE;
    }
    /* The words are such that both happen often, or this shows nothing. */
    ck_assert_int_gt(understood, 500);
    ck_assert_int_gt(refused, 500);
}
END_TEST

static Suite *options_suite(void)
{
    Suite *suite = suite_create("options");
    TCase *cases = tcase_create("options");

    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, options_parse_of_good_line_gives_value, 0, (int)(sizeof good / sizeof good[0]));
    tcase_add_loop_test(cases, options_parse_of_bad_line_names_flag_and_fix, 0, (int)(sizeof bad / sizeof bad[0]));
    tcase_add_test(cases, options_parse_never_shows_secret);
    tcase_add_loop_test(cases, options_split_finds_word, 0, (int)(sizeof splits / sizeof splits[0]));
    tcase_add_test(cases, options_split_of_no_words_at_all_has_no_word);
    tcase_add_test(cases, options_parse_keeps_numbers_and_given);
    tcase_add_test(cases, options_parse_gives_subcommand);
    tcase_add_test(cases, options_parse_without_split_starts_from_defaults);
    tcase_add_test(cases, options_parse_of_unknown_flag_leaves_command_unset);
    tcase_add_loop_test(cases, options_check_required_names_what_is_missing, 0,
                        (int)(sizeof required / sizeof required[0]));
    tcase_add_test(cases, options_flag_at_of_other_row_sizes_reads_known_part);
    tcase_add_test(cases, options_persistent_are_those_of_the_specification);
    tcase_add_test(cases, options_of_any_words_end_in_ok_or_usage);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return unit_run(options_suite());
}
