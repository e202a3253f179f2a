/* SPDX-License-Identifier: Apache-2.0 */
#include "options_fixture.h"

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
    {"plain --output jsn", "--output: \"jsn\" is unknown; did you mean json? give one of table, json, yaml"},
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
    {"plain --domain-id --force=true", "--domain-id: \"--force=...\" is no UUID; give 8-4-4-4-12 hexadecimal digits"},
    {"plain --domain-id --force", "--domain-id: \"--force\" is no UUID; give 8-4-4-4-12 hexadecimal digits"},
    {"plain --domain-id -fx", "--domain-id: \"-f...\" is no UUID; give 8-4-4-4-12 hexadecimal digits"},
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
        "plain --domain-id --password=hunter2",
        "plain --count -phunter2",
        "plain --colour -fphunter2",
        "--output --password=hunter2 plain",
        "plain name -- --password=hunter2",
    };

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        parse(lines[i]);
        ck_assert_msg(run.status == PLEXCTL_USAGE, "%s", lines[i]);
        ck_assert_msg(strstr(run.err.text, "hunter") == NULL, "%s", run.err.text);
        release();
    }
}
END_TEST

static Suite *options_parse_suite(void)
{
    Suite *suite = suite_create("options_parse");
    TCase *cases = tcase_create("options_parse");

    tcase_add_loop_test(cases, options_parse_of_good_line_gives_value, 0, (int)(sizeof good / sizeof good[0]));
    tcase_add_loop_test(cases, options_parse_of_bad_line_names_flag_and_fix, 0, (int)(sizeof bad / sizeof bad[0]));
    tcase_add_test(cases, options_parse_never_shows_secret);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return unit_run(options_parse_suite());
}
