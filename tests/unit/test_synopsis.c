/* SPDX-License-Identifier: Apache-2.0 */
#include "synopsis.h"

#include "help_fixture.h"

static const struct synopsis_case {
    const struct plexctl_command *command, *parent;
    const char *lines;
} synopses[] = {
    {&login, NULL, "plexctl login\t--domain-id UUID\t--idp-binding-id UUID\t[--profile-name PROFILE]\t[flags]\n"},
    {&profile, NULL, "plexctl profile list\t[flags]\n"},
    {&both, NULL, "plexctl both\t[flags]\nplexctl both list\t[flags]\n"},
    {&list, &profile, "plexctl profile list\t[flags]\n"},
    {&every, NULL, "plexctl every\tFIRST\t[SECOND\t[THIRD]]\t[flags]\n"},
    {&evil, NULL, "plexctl evil\t[--evil V\\x1b[2J]\t[flags]\n"},
};

START_TEST(synopsis_lines_are_those_of_the_record)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    synopsis_lines(synopses[_i].command, synopses[_i].parent, &out);
    ck_assert_str_eq(buf_text(&out), synopses[_i].lines);
}
END_TEST

/* `count` optional flags and one that is required. */
static void write_lines(uint32_t count, struct buf *out)
{
    static const char *const names[] = {"b", "c", "d", "e"};
    struct plexctl_flag flags[5] = {{.name = "a", .type = PLEXCTL_BOOL, .attributes = PLEXCTL_REQUIRED}};

    ck_assert_uint_le(count, 4);
    for (uint32_t i = 0; i < count; i++)
        flags[i + 1] = (struct plexctl_flag){.name = names[i], .type = PLEXCTL_BOOL};
    const struct plexctl_command command = {.name = "x", .flags = {flags, count + 1, sizeof flags[0]}, .run = run};
    synopsis_lines(&command, NULL, out);
}

START_TEST(synopsis_of_many_optional_flags_says_flags)
{
    auto_buf struct buf few = BUF_INIT(SIZE_MAX / 2), many = BUF_INIT(SIZE_MAX / 2);

    write_lines(SYNOPSIS_OPTIONAL_MAX, &few);
    write_lines(SYNOPSIS_OPTIONAL_MAX + 1, &many);
    ck_assert_str_eq(buf_text(&few), "plexctl x\t--a\t[--b]\t[--c]\t[--d]\t[flags]\n");
    ck_assert_str_eq(buf_text(&many), "plexctl x\t--a\t[flags]\n");
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

int main(void)
{
    Suite *suite = suite_create("synopsis");
    TCase *tests = tcase_create("synopsis");

    tcase_add_loop_test(tests, synopsis_lines_are_those_of_the_record, 0, COUNT(synopses));
    tcase_add_test(tests, synopsis_of_many_optional_flags_says_flags);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
