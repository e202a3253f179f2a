/* SPDX-License-Identifier: Apache-2.0
 *
 * The text that comes out; how mandoc reads it the end-to-end tests look at.
 */
#include "man_page.h"

#include <stdint.h>
#include <string.h>

#include "heap.h"
#include "man_text.h"
#include "unit.h"

#define DAY INT64_C(1795521600) /* 2026-11-24T12:00:00Z */

static plexctl_status run(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

static const struct plexctl_flag flags[] = {
    {.name = "all", .help = "Show all", .type = PLEXCTL_BOOL},
    {.name = "id", .help = "Which. Give it", .type = PLEXCTL_UUID, .attributes = PLEXCTL_REQUIRED, .letter = 'i'},
    {.name = "kind", .value_name = "Fl", .help = "", .type = PLEXCTL_STRING},
};
static const struct plexctl_argument arguments[] = {
    {.name = "FIRST", .help = "The first", .attributes = PLEXCTL_REQUIRED},
    {.name = "SECOND", .help = "The second"},
    {.name = "THIRD", .help = "The third"},
};
static const struct plexctl_command odd = {.size = sizeof odd,
                                           .inert = PLEXCTL_INERT_SERVER | PLEXCTL_INERT_YES,
                                           .name = "odd",
                                           .summary = "Be odd",
                                           .description = "\x1b[2J is\n.escaped\n\n\n  a  \\list\n\n.end",
                                           .flags = PLEXCTL_ROWS(flags),
                                           .arguments = PLEXCTL_ROWS(arguments),
                                           .run = run};
static const struct plexctl_command list = {
    .size = sizeof list, .name = "list", .summary = "List them", .examples = "plexctl both list", .run = run};
static const struct plexctl_command *const below[] = {&list, NULL};
static const struct plexctl_command both = {
    .size = sizeof both, .name = "both", .summary = "", .subcommands = below, .run = run};
static const struct plexctl_command parted = {
    .size = sizeof parted, .name = "parted", .summary = "Parted", .subcommands = below};

#define END \
    ".Sh EXIT STATUS\n.Bl -tag -width Ds\n.It 0\ndone\n.It 1\nfailure\n.It 2\nusage\n.It 3\nno server/token\n" \
    ".It 4\ndenied\n.It 64\nunimplemented\n.El\n"
#define SEE_ALSO ".Sh SEE ALSO\n.Xr plexctl 1\n"
#define PERSISTENT ".Pp\nThe persistent flags are those of\n.Xr plexctl 1 .\n"

static const struct page_case {
    const struct plexctl_command *command, *parent;
    const char *page;
} pages[] = {
    {&odd, NULL,
     ".Dd November 24, 2026\n.Dt PLEXCTL-ODD 1\n.Os\n.Sh NAME\n.Nm plexctl-odd\n.Nd \\&Be odd\n"
     ".Sh SYNOPSIS\n.Nm plexctl odd\n.Fl -id Ar UUID\n.Op Fl -all\n.Op Fl -kind Ar \"\\&Fl\"\n"
     ".Ar FIRST\n.Op Ar SECOND Op Ar THIRD\n.Op Ar flags\n"
     ".Sh DESCRIPTION\n\\ex1b[2J is .escaped\n.Bd -literal -offset indent\n  a  \\elist\n.Ed\n.Pp\n\\&.end\n"
     ".Bl -tag -width Ds\n.It Ar FIRST\nThe first\n.It Ar SECOND\nThe second\n.It Ar THIRD\nThe third\n"
     ".It Fl -all\nShow all\n.It Fl i , Fl -id Ar UUID\nWhich.\nGive it (required)\n.It Fl -kind Ar "
     "\"\\&Fl\"\n.El\n" PERSISTENT "Without effect are\n.Fl -server ,\n.Fl -yes .\n" END SEE_ALSO},
    {&list, &both,
     ".Dd November 24, 2026\n.Dt PLEXCTL-BOTH-LIST 1\n.Os\n.Sh NAME\n.Nm plexctl-both-list\n.Nd List them\n"
     ".Sh SYNOPSIS\n.Nm plexctl both list\n.Op Ar flags\n.Sh DESCRIPTION\nList them\n" PERSISTENT END
     ".Sh EXAMPLES\n.Bd -literal -offset indent\nplexctl both list\n.Ed\n" SEE_ALSO},
    {&both, NULL,
     ".Dd November 24, 2026\n.Dt PLEXCTL-BOTH 1\n.Os\n.Sh NAME\n.Nm plexctl-both\n.Nd both\n"
     ".Sh SYNOPSIS\n.Nm plexctl both\n.Op Ar flags\n.Nm plexctl both list\n.Op Ar flags\n"
     ".Sh DESCRIPTION\nboth\n" PERSISTENT ".Ss plexctl both list\nList them\n" PERSISTENT END
     ".Sh EXAMPLES\n.Bd -literal -offset indent\nplexctl both list\n.Ed\n" SEE_ALSO},
    {&parted, NULL,
     ".Dd November 24, 2026\n.Dt PLEXCTL-PARTED 1\n.Os\n.Sh NAME\n.Nm plexctl-parted\n.Nd Parted\n"
     ".Sh SYNOPSIS\n.Nm plexctl parted list\n.Op Ar flags\n"
     ".Sh DESCRIPTION\nParted\n.Ss plexctl parted list\nList them\n" PERSISTENT END
     ".Sh EXAMPLES\n.Bd -literal -offset indent\nplexctl both list\n.Ed\n" SEE_ALSO},
};

START_TEST(man_page_is_written_from_the_record)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(man_page(pages[_i].command, pages[_i].parent, DAY, &out, &err), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&out), pages[_i].page);
}
END_TEST

static const struct argument_case {
    const char *text, *written;
} man_arguments[] = {
    {"NAME", "NAME"},          {"URL", "URL"},
    {"one|two", "one|two"},    {"Fl", "\"\\&Fl\""},
    {"Brq", "\"\\&Brq\""},     {"", "\"\\&\""},
    {"|", "\"\\&|\""},         {".", "\"\\&.\""},
    {"a b", "\"\\&a b\""},     {"a\"b\\", "\"\\&a\\(dqb\\e\""},
    {"\x1b", "\"\\&\\ex1b\""}, {"\xc3\xa4", "\"\\&\xc3\xa4\""},
};

START_TEST(man_text_argument_is_one_word_and_no_macro)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    man_text_argument(&out, man_arguments[_i].text);
    ck_assert_str_eq(buf_text(&out), man_arguments[_i].written);
}
END_TEST

START_TEST(man_text_fill_breaks_long_lines)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    char text[600];

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 6 == 5 ? ' ' : 'x';
    text[sizeof text - 1] = '\0';
    man_text_fill(&out, text);
    for (const char *line = buf_text(&out); *line; line += strcspn(line, "\n") + 1)
        ck_assert_uint_le(strcspn(line, "\n"), 80);
}
END_TEST

START_TEST(man_page_without_memory_says_so)
{
    plexctl_status status = PLEXCTL_NO_MEMORY;

    for (unsigned long n = 1; heap_is_ours() && status != PLEXCTL_OK; n++) {
        auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
        struct error err = ERROR_INIT;
        heap_fail(n, false);
        status = man_page(&odd, NULL, DAY, &out, &err);
        heap_fail(0, false);
        ck_assert(status == PLEXCTL_NO_MEMORY || strcmp(buf_text(&out), pages[0].page) == 0);
        ck_assert_uint_lt(n, 5000);
    }
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

int main(void)
{
    Suite *suite = suite_create("man_page");
    TCase *tests = tcase_create("man_page");

    tcase_add_loop_test(tests, man_page_is_written_from_the_record, 0, COUNT(pages));
    tcase_add_loop_test(tests, man_text_argument_is_one_word_and_no_macro, 0, COUNT(man_arguments));
    tcase_add_test(tests, man_text_fill_breaks_long_lines);
    tcase_add_test(tests, man_page_without_memory_says_so);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
