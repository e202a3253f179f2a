/* SPDX-License-Identifier: Apache-2.0
 *
 * Whom a profile's token speaks for: what a save makes of what was known, and the one write that only notes it.
 */
#include <string.h>

#include "credential_splice.h"
#include "store_fixture.h"

#define PROFILE(members) \
    "{\"default\":\"gone\", \"x\":1,\"profiles\":{\"work\":{\"server\":\"S\",\"token\":\"T\"" members \
    ",\"y\":[1, 2 ]}}}"
#define OF_SERVER(s) \
    { \
        .name = "work", .server = s, .token = { "T", 1 } \
    }

static const struct {
    const char *what, *before;
    struct credential credential;
    const char *after;
} saves[] = {
    {"a confirmed one becomes the previous one", PROFILE(",\"subject\":\"bob\""), OF_SERVER("S"),
     "\"y\":[1, 2 ],\"previous_subject\":\"bob\"}"},
    {"a previous one stays", PROFILE(",\"previous_subject\":\"b\\u006fb\""), OF_SERVER("S"),
     "\"token\":\"T\",\"previous_subject\":\"bob\",\"y\""},
    {"the confirmed one is the newer", PROFILE(",\"previous_subject\":\"eve\",\"subject\":\"bob\""), OF_SERVER("S"),
     "\"token\":\"T\",\"previous_subject\":\"bob\",\"y\""},
    {"another server's means nothing", PROFILE(",\"subject\":\"bob\""), OF_SERVER("S2"), "\"token\":\"T\",\"y\""},
    {"another server's previous one neither", PROFILE(",\"previous_subject\":\"bob\""), OF_SERVER("S2"),
     "\"token\":\"T\",\"y\""},
    {"one that is no text is mended", PROFILE(",\"subject\":5"), OF_SERVER("S"), "\"token\":\"T\",\"y\""},
};

START_TEST(splice_keeps_the_subject_as_the_previous_one)
{
    auto_buf struct buf before = BUF_INIT(4096), after = BUF_INIT(4096);
    struct error err = ERROR_INIT;

    buf_append_text(&before, saves[_i].before);
    ck_assert_msg(credential_splice(&before, &saves[_i].credential, &after, &err) == PLEXCTL_OK, "%s: %s",
                  saves[_i].what, err.text);
    ck_assert_msg(strstr(buf_text(&after), saves[_i].after) != NULL, "%s: %s", saves[_i].what, buf_text(&after));
    ck_assert_ptr_null(strstr(buf_text(&after), "\"subject\""));
    ck_assert_str_eq(err.text, "");
}
END_TEST

static const struct {
    const char *what, *before;
    plexctl_status status;
    const char *after;
} notes[] = {
    {"added, and nothing else of the file is touched", PROFILE(",\"to\\u006ben_type\":\"B\\u0065arer\""), PLEXCTL_OK,
     PROFILE(",\"to\\u006ben_type\":\"B\\u0065arer\"") /* less the end */},
    {"the previous one goes", PROFILE(",\"previous_subject\":\"bob\""), PLEXCTL_OK, PROFILE("")},
    {"another token", "{\"profiles\":{\"work\":{\"token\":\"T2\"}}}", PLEXCTL_NOT_FOUND, NULL},
    {"no token", "{\"profiles\":{\"work\":{}}}", PLEXCTL_NOT_FOUND, NULL},
    {"no such profile", "{\"profiles\":{\"other\":{\"token\":\"T\"}}}", PLEXCTL_NOT_FOUND, NULL},
    {"no file", "", PLEXCTL_NOT_FOUND, NULL},
    {"a token that is no text", "{\"profiles\":{\"work\":{\"token\":1}}}", PLEXCTL_USAGE, NULL},
};

START_TEST(splice_subject_touches_nothing_else)
{
    static const char added[] = ",\"subject\":\"alice\"}}}";
    const struct credential credential = {.name = "work", .token = {"T", 1}, .subject = "alice"};
    auto_buf struct buf before = BUF_INIT(4096), after = BUF_INIT(4096), wanted = BUF_INIT(4096);
    struct error err = ERROR_INIT;

    buf_append_text(&before, notes[_i].before);
    plexctl_status status = credential_splice_subject(&before, &credential, &after, &err);
    ck_assert_msg(status == notes[_i].status, "%s: %d, %s", notes[_i].what, (int)status, err.text);
    if (notes[_i].after) {
        buf_append(&wanted, notes[_i].after, strlen(notes[_i].after) - strlen("}}}"));
        buf_append_text(&wanted, added);
    }
    ck_assert_msg(strcmp(buf_text(&after), buf_text(&wanted)) == 0, "%s: %s", notes[_i].what, buf_text(&after));
}
END_TEST

static plexctl_status note(const char *name, struct error *err)
{
    struct credential_store *store = store_new();
    struct credential credential = work(name);

    credential.subject = "alice";
    plexctl_status status = credential_store_set_subject(store, &credential, -1, err);
    credential_store_free(store);
    return status;
}

/* What came between the save and whoami's answer stands. */
START_TEST(set_subject_leaves_a_newer_file_as_it_is)
{
    static const char *const newer[] = {
        "{\"default\":\"b\",\"profiles\":{\"a\":{\"token\":\"newer\"},\"b\":{}}}",
        "{\"default\":\"b\",\"profiles\":{\"b\":{}}}",
        "{}",
    };
    struct config_fixture fixture = config_fixture_new();
    struct error err = ERROR_INIT;

    assert_saved("a");
    config_fixture_write_text(fixture.path, newer[_i]);
    ck_assert_int_eq(note("a", &err), PLEXCTL_NOT_FOUND);
    ck_assert_msg(strstr(err.text, "profile \"a\" does not hold that token any more") != NULL, "%s", err.text);
    config_fixture_assert_text(fixture.path, newer[_i]);
    config_fixture_assert_only(fixture.directory, "config.json", LOCK);
}
END_TEST

START_TEST(set_subject_is_found_and_leaves_the_default)
{
    auto_credential struct credential found = CREDENTIAL_INIT;
    struct error err = ERROR_INIT;

    (void)config_fixture_new();
    assert_saved("a");
    assert_saved("b");
    ck_assert_msg(note("b", &err) == PLEXCTL_OK, "%s", err.text);
    assert_default("a");
    ck_assert_int_eq(read_profile("b", &found, &err), PLEXCTL_OK);
    ck_assert_str_eq(found.subject, "alice");
    ck_assert_str_eq(found.token.text, CANARY);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("credential_subject");
    TCase *tests = tcase_create("subject");

    ADD_TABLE(tests, splice_keeps_the_subject_as_the_previous_one, saves);
    ADD_TABLE(tests, splice_subject_touches_nothing_else, notes);
    tcase_add_loop_test(tests, set_subject_leaves_a_newer_file_as_it_is, 0, 3);
    tcase_add_test(tests, set_subject_is_found_and_leaves_the_default);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
