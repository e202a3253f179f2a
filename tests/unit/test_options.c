/* SPDX-License-Identifier: Apache-2.0 */
#include "option_required.h"
#include "options_fixture.h"

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
    ck_assert_int_eq(split(run.argc, run.argv), PLEXCTL_OK);
    if (splits[_i].word)
        ck_assert_str_eq(run.word, splits[_i].word);
    else
        ck_assert_ptr_null(run.word);
    ck_assert_int_eq(run.line.next, splits[_i].rest);
    release();
}
END_TEST

START_TEST(options_split_of_no_words_at_all_has_no_word)
{
    char *argv[] = {NULL};

    memset(&run, 0, sizeof run);
    ck_assert_int_eq(split(0, argv), PLEXCTL_OK);
    ck_assert_ptr_null(run.word);
    ck_assert_int_eq(run.line.next, 0);
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
    run.line =
        (struct option_line){.argc = 4, .argv = argv, .next = 2, .persistent = &run.persistent, .values = &run.values};
    ck_assert_int_eq(options_parse(&run.line, &plain, &run.command, &run.err), PLEXCTL_OK);
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
    {"plain", "plain: missing --domain-id UUID, NAME; give them, or use --wait or --anyway; see --help"},
    {"plain name", "plain: missing --domain-id UUID; give it, or see --help"},
    {"plain --domain-id " UUID, "plain: missing NAME; give it, or see --help"},
    {"plain name --domain-id " UUID, NULL},
    {"tree show", NULL},
    {"list", NULL},
    {"plain --anyway", NULL},
    {"plain --anyway=true", NULL},
    {"plain --wait 0s", NULL},
    {"plain --anyway=false name", "plain: missing --domain-id UUID; give it, or see --help"},
};

START_TEST(option_required_check_names_what_is_missing)
{
    parse(required[_i].line);
    ck_assert_int_eq(run.status, PLEXCTL_OK);
    plexctl_status status = option_required_check(run.command, &run.values, &run.err);
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

/* No plugin gets such a record past record_check today; one that is built before a later minor brings --debug and -y
 * would. */
START_TEST(options_of_the_command_come_before_later_persistent_ones)
{
    static const struct plexctl_flag own_rows[] = {
        {.name = "debug", .help = "h", .type = PLEXCTL_INT, .letter = 'd'},
        {.name = "yeast", .help = "h", .type = PLEXCTL_STRING, .letter = 'y'},
    };
    static const struct plexctl_command early = {
        .size = sizeof early, .name = "early", .summary = "s", .flags = PLEXCTL_ROWS(own_rows), .run = do_nothing};
    static char *const argv[] = {"plexctl", "--debug", "early", "--debug", "7", "-ymuch", NULL};

    memset(&run, 0, sizeof run);
    ck_assert_int_eq(split(6, argv), PLEXCTL_OK);
    ck_assert_int_eq(options_parse(&run.line, &early, &run.command, &run.err), PLEXCTL_OK);
    ck_assert_int_eq(option_values_find(&run.values, "debug")->number, 7);
    ck_assert_str_eq(option_values_find(&run.values, "yeast")->text, "much");
    ck_assert_int_eq(option_values_find(&run.persistent, "debug")->number, 1);
    ck_assert(!option_values_find(&run.persistent, "yes")->given);
    release();
}
END_TEST

/* And --debug, which is ours. Those of ABI 1.0 are reserved; a later one has no say in what a command calls its own. */
START_TEST(options_persistent_are_those_of_the_specification)
{
    static const char *const names[] = {"server", "profile",        "token-file", "output",
                                        "yes",    "reveal-secrets", "debug",      "help"};

    ck_assert_uint_eq(options_persistent.count, sizeof names / sizeof names[0]);
    ck_assert_uint_eq(OPTIONS_RESERVED_COUNT, sizeof names / sizeof names[0]);
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
    ck_assert(run.line.next <= run.argc);
    if (run.status == PLEXCTL_OK && run.command) {
        plexctl_status status = option_required_check(run.command, &run.values, &run.err);
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
    tcase_add_loop_test(cases, options_split_finds_word, 0, (int)(sizeof splits / sizeof splits[0]));
    tcase_add_test(cases, options_split_of_no_words_at_all_has_no_word);
    tcase_add_test(cases, options_parse_keeps_numbers_and_given);
    tcase_add_test(cases, options_parse_gives_subcommand);
    tcase_add_test(cases, options_parse_without_split_starts_from_defaults);
    tcase_add_test(cases, options_parse_of_unknown_flag_leaves_command_unset);
    tcase_add_loop_test(cases, option_required_check_names_what_is_missing, 0,
                        (int)(sizeof required / sizeof required[0]));
    tcase_add_test(cases, options_flag_at_of_other_row_sizes_reads_known_part);
    tcase_add_test(cases, options_of_the_command_come_before_later_persistent_ones);
    tcase_add_test(cases, options_persistent_are_those_of_the_specification);
    tcase_add_test(cases, options_of_any_words_end_in_ok_or_usage);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return unit_run(options_suite());
}
