/* SPDX-License-Identifier: Apache-2.0 */
#include "file_fixture.h"

#define TEXT "{}"

static const struct {
    const char *name;
    int stays;
} leftovers[] = {
    {".config.json.abcdefg234.tmp", 0},
    {".config.json.aaaaaaaaaa.tmp", 0},
    {"config.json", 1},
    {"config.json.lock", 1},
    {".config.json.backupfile", 1},
    {".config.json.abcdefg23.tmp", 1},
    {".config.json.abcdefg2345.tmp", 1},
    {".config.json.abcdefg018.tmp", 1},
    {".config.json.ABCDEFGHIJ.tmp", 1},
    {".config.json.abcdefg234.tmp~", 1},
    {"xconfig.json.abcdefg234.tmp", 1},
    {".config.jsonxabcdefg234.tmp", 1},
    {".other.json.abcdefg234.tmp", 1},
};

START_TEST(file_remove_stale_removes_nothing_else)
{
    const unsigned count = (unsigned)(sizeof leftovers / sizeof leftovers[0]);

    for (unsigned i = 0; i < count; i++)
        fixture_write(leftovers[i].name, TEXT, 0600);
    file_remove_stale(fixture_dir, "config.json");
    for (unsigned i = 0; i < count; i++)
        ck_assert_msg(faccessat(fixture_dir, leftovers[i].name, F_OK, 0) == (leftovers[i].stays ? 0 : -1), "%s",
                      leftovers[i].name);
    file_remove_stale(-1, "config.json");
}
END_TEST

START_TEST(file_remove_stale_finds_what_stage_left)
{
    struct error err = ERROR_INIT;
    struct file_replacement staged = FILE_REPLACEMENT_INIT;
    char name[241];

    memset(name, 'n', sizeof name);
    name[240] = '\0';
    ck_assert_int_eq(file_stage(fixture_dir, "config.json", TEXT, strlen(TEXT), &staged, &err), PLEXCTL_OK);
    (void)close(staged.fd);
    ck_assert_int_eq(file_stage(fixture_dir, name, TEXT, strlen(TEXT), &staged, &err), PLEXCTL_OK);
    (void)close(staged.fd);
    file_remove_stale(fixture_dir, "config.json");
    ck_assert_uint_eq(fixture_count(), 1);
    file_remove_stale(fixture_dir, name);
    ck_assert_uint_eq(fixture_count(), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file_stale");
    TCase *tcase = tcase_create("file_stale");

    tcase_add_checked_fixture(tcase, fixture_open, fixture_close);
    tcase_add_test(tcase, file_remove_stale_removes_nothing_else);
    tcase_add_test(tcase, file_remove_stale_finds_what_stage_left);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
