/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin_listing.h"

#include "base/buf.h"
#include "plugin_fixture.h"

#define MAX_ROWS 3

struct listed {
    struct buf lines;
    int left; /* visits, then it is ended; negative: never */
};

static bool list_entry(void *context, const struct plugin_entry *entry)
{
    struct listed *listed = context;

    ck_assert_int_eq(entry->note != NULL, entry->word[0] && entry->refusal->status == PLEXCTL_OK);
    ck_assert_int_eq(entry->refusal->status != PLEXCTL_OK, entry->refusal->text[0] != '\0');
    buf_appendf(&listed->lines, "%s%s%s%s ", entry->is_built_in ? "*" : "",
                entry->word[0] ? entry->word : strrchr(entry->path, '/'), entry->note ? "" : "!",
                entry->shadowed_by ? "^" : "");
    if (entry->shadowed_by)
        ck_assert_str_ne(entry->shadowed_by, entry->path);
    return --listed->left != 0;
}

/* Of `count` directories, the first plexctl's own. */
static void assert_listed(const struct fixture_path *paths, size_t count, int left, const char *expected)
{
    struct listed listed = {.lines = BUF_INIT(2048), .left = left};
    struct plugin_directory rows[MAX_ROWS];
    struct error err = ERROR_INIT;

    for (size_t i = 0; i < count; i++)
        rows[i] = plugin_directory_at(paths[i].text, i == 0);
    ck_assert_int_eq(plugin_listing_each(rows, count, list_entry, &listed, &err), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&listed.lines), expected);
    buf_release(&listed.lines);
    for (size_t i = 0; i < count; i++)
        plugin_directory_close(&rows[i]);
}

static void make_directories(struct fixture_path *paths, size_t count)
{
    static const char *const names[MAX_ROWS] = {"own", "added", "home"};

    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    for (size_t i = 0; i < count; i++)
        paths[i] = fixture_make_directory(root.text, names[i], 0755);
}

START_TEST(plugin_listing_each_tells_what_is_refused_and_shadowed)
{
    struct fixture_path paths[3];

    make_directories(paths, 3);
    assert_listed(paths, 0, -1, "");
    assert_listed(paths, 3, -1, "");
    (void)fixture_install("placeholder", paths[0].text, "placeholder.so");
    (void)fixture_install("hello", paths[0].text, "hello.so");
    (void)fixture_write(paths[0].text, "README", "text", 4);
    (void)fixture_install("constructor", paths[1].text, "constructor.so");
    (void)fixture_install("hello", paths[1].text, "hello.so");
    (void)fixture_install("sleeper", paths[2].text, "sleeper.so");
    (void)fixture_install("constructor", paths[2].text, "constructor.so");
    assert_listed(paths, 3, -1, "*hello *placeholder constructor! hello^ constructor!^ sleeper ");
}
END_TEST

START_TEST(plugin_listing_each_ends_where_it_is_told_to)
{
    struct fixture_path paths[2];

    make_directories(paths, 2);
    (void)fixture_install("hello", paths[0].text, "hello.so");
    (void)fixture_install("placeholder", paths[0].text, "placeholder.so");
    (void)fixture_install("hello", paths[1].text, "hello.so");
    assert_listed(paths, 2, 1, "*hello ");
    assert_listed(paths, 2, 2, "*hello *placeholder ");
}
END_TEST

START_TEST(plugin_listing_each_shows_untrusted_directory_once)
{
    struct fixture_path paths[3];

    make_directories(paths, 3);
    (void)fixture_install("hello", paths[1].text, "hello.so");
    (void)fixture_install("hello", paths[2].text, "hello.so");
    (void)fixture_install("sleeper", paths[2].text, "sleeper.so");
    ck_assert_int_eq(chmod(paths[1].text, 0777), 0);
    assert_listed(paths, 3, -1, "/added! hello^ sleeper ");
    ck_assert_int_eq(chmod(paths[1].text, 0311), 0);
    assert_listed(paths, 3, -1, "/added! hello^ sleeper ");
    ck_assert_int_eq(chmod(paths[1].text, 0755), 0);
}
END_TEST

static Suite *plugin_listing_suite(void)
{
    Suite *suite = suite_create("plugin_listing");
    TCase *cases = tcase_create("plugin_listing");

    tcase_add_test(cases, plugin_listing_each_tells_what_is_refused_and_shadowed);
    tcase_add_test(cases, plugin_listing_each_ends_where_it_is_told_to);
    tcase_add_test(cases, plugin_listing_each_shows_untrusted_directory_once);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return fixture_read_plugins() ? unit_run(plugin_listing_suite()) : EXIT_FAILURE;
}
