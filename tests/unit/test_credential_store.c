/* SPDX-License-Identifier: Apache-2.0 */
#include "credential_store.h"

#include "base/buf.h"
#include "store_fixture.h"

/* Not before it is used: a command whose flags say everything needs no config file. */
START_TEST(each_use_without_a_home_is_refused)
{
    struct credential_store *store = NULL;
    struct credential credential = CREDENTIAL_INIT;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(unsetenv("XDG_CONFIG_HOME"), 0);
    ck_assert_int_eq(setenv("HOME", "here", 1), 0);
    ck_assert_int_eq(credential_store_new(store_warn, &store, &err), PLEXCTL_OK);
    ck_assert_int_eq(credential_store_read(store, NULL, &credential, &err), PLEXCTL_USAGE);
    ck_assert_ptr_nonnull(strstr(err.text, "HOME"));
    ck_assert_int_eq(credential_store_each(store, NULL, NULL, &err), PLEXCTL_USAGE);
    ck_assert_int_eq(credential_store_preflight(store, -1, &err), PLEXCTL_USAGE);
    credential.name = (char *)(uintptr_t) "name";
    ck_assert_int_eq(credential_store_save(store, &credential, -1, &err), PLEXCTL_USAGE);
    credential_store_free(store);
}
END_TEST

/* Reading */

START_TEST(read_returns_what_save_was_given)
{
    (void)config_fixture_new();
    auto_credential struct credential credential = CREDENTIAL_INIT;
    struct error err = ERROR_INIT;

    assert_saved("work");
    ck_assert_int_eq(read_profile("work", &credential, &err), PLEXCTL_OK);
    ck_assert_str_eq(credential.name, "work");
    ck_assert(credential.is_default);
    ck_assert_str_eq(credential.server, "https://cp.example.com");
    ck_assert_str_eq(credential.token.text, CANARY);
    ck_assert_uint_eq(credential.token.len, strlen(CANARY));
    ck_assert_str_eq(credential.token_type, "Bearer");
    ck_assert_str_eq(credential.expires_at, "2026-11-24T12:00:00Z");
    ck_assert_str_eq(credential.domain_id, "D");
    ck_assert_str_eq(credential.idp_binding_id, "I");
}
END_TEST

static const struct read_case {
    const char *text; /* NULL: no file */
    const char *name;
    plexctl_status status;
    const char *found; /* the server, or what the error says */
} reads[] = {
    {NULL, NULL, PLEXCTL_NOT_FOUND, "run `plexctl login`"},
    {NULL, "a", PLEXCTL_NOT_FOUND, "profile \"a\" does not exist"},
    {"{}", "a", PLEXCTL_NOT_FOUND, "run `plexctl login --profile-name a`"},
    {"{\"profiles\":{\"a\":{}}}", "$(x)", PLEXCTL_NOT_FOUND, "run `plexctl login --profile-name NAME`"},
    {"{}", NULL, PLEXCTL_NOT_FOUND, "run `plexctl login`"},
    {"{\"default\":\"gone\"}", NULL, PLEXCTL_NOT_FOUND, "run `plexctl login`"},
    {"{\"profiles\":{\"a\":{},\"b\":{}}}", NULL, PLEXCTL_NOT_FOUND,
     "no default profile; see `plexctl profile list`, and choose one with --profile: a, b"},
    {"{\"default\":\"gone\",\"profiles\":{\"a\":{}}}", NULL, PLEXCTL_NOT_FOUND,
     "default profile \"gone\" does not exist"},
    {"{\"default\":\"a\",\"profiles\":{\"a\":{},\"b\":{}}}", "c", PLEXCTL_NOT_FOUND,
     "run `plexctl login --profile-name c`, or choose one with --profile: a, b"},
    {"{\"profiles\":{\"prod\":{},\"staging\":{}}}", "stagign", PLEXCTL_NOT_FOUND,
     "; did you mean \"staging\"? Else run `plexctl login --profile-name stagign`, or choose one with --profile: prod, "
     "staging"},
    {"{\"profiles\":{\"stag\\u0007ing\":{},\"-taging\":{}}}", "staging", PLEXCTL_NOT_FOUND, "; run `plexctl login"},
    {"{\"default\":\"a\",\"profiles\":{\"a\":{\"server\":\"A\"}}}", NULL, PLEXCTL_OK, "A"},
    {"{\"profiles\":{\"a\":{\"server\":\"A\"}},\"\\u0064efault\":\"\\u0061\"}", NULL, PLEXCTL_OK, "A"},
    {"{\"default\":\"a\",\"profiles\":{\"a\":{\"server\":\"A\"},\"\\u0062\":{\"server\":\"B\"}}}", "b", PLEXCTL_OK,
     "B"},
    {"{\"default\":\"a\",\"profiles\":{\"a\":{\"server\":\"A\"}}}", "a", PLEXCTL_OK, "A"},
    {"{\"profiles\":{\"a\":{\"server\":\"A\"}}}", "a", PLEXCTL_OK, "A"},
    {"{\"default\":\"a\",\"profiles\":{\"a\":{\"server\":\"A\",\"token\":5}}}", "a", PLEXCTL_USAGE,
     "line 1, column 54: \"token\" must be a string"},
    {"{\"default\":\"a\",\"profiles\":{\"b\":{\"server\":\"B\"},\"a\":{\"token\":5}}}", "b", PLEXCTL_OK, "B"},
    {"{\"default\":\"a\",\"profiles\":{\"b\":{\"server\":\"B\"},\"a\":[]}}", "b", PLEXCTL_USAGE,
     "a profile must be an object"},
    {"{\"default\":1}", "b", PLEXCTL_USAGE, "line 1, column 12: \"default\" must be a string"},
    {"{\n \"profiles\": [\n}", "a", PLEXCTL_USAGE, "line 3, column 1: "},
    {"\"text\"", "a", PLEXCTL_USAGE, "the document must be an object"},
    {"", "a", PLEXCTL_USAGE, "is empty"},
};

START_TEST(read_case_has_its_outcome)
{
    const struct read_case *row = &reads[_i];
    struct config_fixture fixture = config_fixture_new();
    auto_credential struct credential credential = CREDENTIAL_INIT;
    struct error err = ERROR_INIT;

    if (row->text)
        config_fixture_write_text(fixture.path, row->text);
    plexctl_status status = read_profile(row->name, &credential, &err);
    ck_assert_msg(status == row->status, "%d: %s", _i, err.text);
    if (status == PLEXCTL_OK) {
        ck_assert_str_eq(credential.server, row->found);
        ck_assert_int_eq(credential.is_default,
                         row->name == NULL || (strcmp(row->name, "a") == 0 && strstr(row->text, "default")));
        return;
    }
    config_fixture_assert_error(&err, fixture.path, row->found);
    ck_assert_ptr_null(credential.name);
    if (row->text) {
        config_fixture_assert_text(fixture.path, row->text);
        config_fixture_assert_only(fixture.directory, "config.json", NULL);
    }
}
END_TEST

START_TEST(read_names_of_many_or_odd_profiles_stay_one_short_line)
{
    struct config_fixture fixture = config_fixture_new();
    auto_buf struct buf text = BUF_INIT(CREDENTIAL_STORE_MAX_BYTES);
    struct credential credential = CREDENTIAL_INIT;
    struct error err = ERROR_INIT;

    buf_append_text(&text, "{\"profiles\":{\"\\u001b[31m\\n\":{}");
    for (int i = 0; i < 500; i++)
        buf_appendf(&text, ",\"profile-%d\":{}", i);
    buf_append_text(&text, "}}");
    config_fixture_write_text(fixture.path, buf_text(&text));
    ck_assert_int_eq(read_profile("none", &credential, &err), PLEXCTL_NOT_FOUND);
    config_fixture_assert_error(&err, fixture.path, "profile-0, ");
    ck_assert_ptr_null(strchr(err.text, '\x1b'));
    ck_assert_str_eq(err.text + strlen(err.text) - 5, ", ...");
    ck_assert_uint_lt(strlen(err.text), 800);
}
END_TEST

START_TEST(read_of_a_readable_file_warns_once)
{
    struct config_fixture fixture = config_fixture_new();
    struct credential_store *store = store_new();
    struct error err = ERROR_INIT;

    assert_saved("work");
    for (int i = 0; i < 2; i++) {
        auto_credential struct credential credential = CREDENTIAL_INIT;
        ck_assert_int_eq(credential_store_read(store, "work", &credential, &err), PLEXCTL_OK);
        ck_assert_ptr_null(store_warning);
    }
    ck_assert_int_eq(chmod(fixture.path, 0644), 0);
    for (int i = 0; i < 2; i++) {
        auto_credential struct credential credential = CREDENTIAL_INIT;
        ck_assert_int_eq(credential_store_read(store, "work", &credential, &err), PLEXCTL_OK);
        ck_assert((store_warning != NULL) == (i == 0));
        if (store_warning)
            ck_assert_ptr_nonnull(strstr(store_warning, fixture.path));
        free(store_warning);
        store_warning = NULL;
    }
    credential_store_free(store);
    assert_saved("work");
    ck_assert_uint_eq(config_fixture_stat(fixture.path).st_mode & 07777, 0600);
}
END_TEST

static plexctl_status note(void *context, const struct credential *credential, struct error *err)
{
    struct buf *seen = context;

    if (strcmp(credential->name, "stop") == 0)
        return error_set(err, PLEXCTL_CANCELLED, "stopped");
    buf_appendf(seen, "%s=%s%s ", credential->name, credential->token.text ? credential->token.text : "-",
                credential->is_default ? "*" : "");
    return PLEXCTL_OK;
}

static const struct each_case {
    const char *text, *seen;
    plexctl_status status;
} walks[] = {
    {NULL, "", PLEXCTL_OK},
    {"{}", "", PLEXCTL_OK},
    {"{\"profiles\":{\"b\":{\"token\":\"B\"},\"a\":{}},\"default\":\"a\"}", "b=B a=-* ", PLEXCTL_OK},
    {"{\"default\":\"b\",\"profiles\":{\"b\":{\"token\":\"B\"},\"a\":{}}}", "b=B* a=- ", PLEXCTL_OK},
    {"{\"profiles\":{\"b\":{},\"stop\":{},\"a\":{}}}", "b=- ", PLEXCTL_CANCELLED},
    {"{\"profiles\":{\"b\":{},\"a\":{\"server\":[]}}}", "b=- ", PLEXCTL_USAGE},
    {"{\"profiles\":{\"b\":{},\"a\":1}}", "", PLEXCTL_USAGE},
};

START_TEST(each_walks_the_profiles_in_order)
{
    struct config_fixture fixture = config_fixture_new();
    auto_buf struct buf seen = BUF_INIT(256);
    struct credential_store *store = store_new();
    struct error err = ERROR_INIT;

    if (walks[_i].text)
        config_fixture_write_text(fixture.path, walks[_i].text);
    ck_assert_int_eq(credential_store_each(store, note, &seen, &err), walks[_i].status);
    ck_assert_str_eq(buf_text(&seen), walks[_i].seen);
    credential_store_free(store);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("credential_store");
    TCase *tcase = tcase_create("reading");

    tcase_add_test(tcase, each_use_without_a_home_is_refused);
    tcase_add_test(tcase, read_returns_what_save_was_given);
    ADD_TABLE(tcase, read_case_has_its_outcome, reads);
    tcase_add_test(tcase, read_names_of_many_or_odd_profiles_stay_one_short_line);
    tcase_add_test(tcase, read_of_a_readable_file_warns_once);
    ADD_TABLE(tcase, each_walks_the_profiles_in_order, walks);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
