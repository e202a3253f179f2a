/* SPDX-License-Identifier: Apache-2.0
 *
 * Every refusal of the config file names the file, or the directory above it, and the command that mends it. A scan of
 * the sources keeps the table whole: a message is set with its command, or stands in a row, or in the exceptions.
 */
#include <signal.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "config_owner.h"
#include "config_target.h"
#include "store_fixture.h"

#define PROFILE(members) "{\"default\":\"a\",\"profiles\":{\"a\":{" members "}}}"

/* What is done with the file, as an ordinary user. */
enum use { READ, READ_OTHER, LIST, PREFLIGHT, SAVE };

static void spoil_mode(const struct config_fixture *fixture)
{
    config_fixture_write(fixture->path, "{}", 2, 0620);
}

static void spoil_rights(const struct config_fixture *fixture)
{
    config_fixture_write(fixture->path, "{}", 2, 0);
}

static void spoil_kind(const struct config_fixture *fixture)
{
    ck_assert_int_eq(mkdir(fixture->directory, 0700), 0);
    ck_assert_int_eq(mkfifo(fixture->path, 0600), 0);
}

static void spoil_lock(const struct config_fixture *fixture)
{
    char lock[256];

    (void)snprintf(lock, sizeof lock, "%s.lock", fixture->path);
    ck_assert_int_eq(mkdir(fixture->directory, 0700), 0);
    ck_assert_int_eq(mkdir(lock, 0700), 0);
}

static void spoil_size(const struct config_fixture *fixture)
{
    config_fixture_write_text(fixture->path, "{}");
    ck_assert_int_eq(truncate(fixture->path, (off_t)CREDENTIAL_STORE_MAX_BYTES + 1), 0);
}

static void leave_no_room(const struct config_fixture *fixture)
{
    size_t size = CREDENTIAL_STORE_MAX_BYTES - 64;
    char *text = malloc(size);

    ck_assert_ptr_nonnull(text);
    memset(text, ' ', size);
    memcpy(text, "{}", 2);
    config_fixture_write(fixture->path, text, size, 0600);
    free(text);
}

static void link_to(const struct config_fixture *fixture, const char *target)
{
    ck_assert_int_eq(mkdir(fixture->directory, 0700), 0);
    ck_assert_int_eq(symlink(target, fixture->path), 0);
}

static void link_to_itself(const struct config_fixture *fixture)
{
    link_to(fixture, "config.json");
}

static void link_to_a_directory(const struct config_fixture *fixture)
{
    link_to(fixture, "elsewhere/");
}

static void lock_directory(const struct config_fixture *fixture)
{
    config_fixture_write_text(fixture->path, "{}");
    ck_assert_int_eq(chmod(fixture->directory, 0), 0);
}

static void hide_directory(const struct config_fixture *fixture)
{
    config_fixture_write_text(fixture->path, "{}");
    ck_assert_int_eq(chmod(fixture->directory, 0300), 0);
}

static void keep_directory(const struct config_fixture *fixture)
{
    config_fixture_write_text(fixture->path, "{}");
    ck_assert_int_eq(chmod(fixture->directory, 0500), 0);
}

static void put_a_file_above(const struct config_fixture *fixture)
{
    config_fixture_write_text(fixture->directory, "");
}

static void name_too_long(const struct config_fixture *fixture)
{
    char target[300];

    (void)fixture;
    memset(target, 'x', sizeof target);
    target[sizeof target - 1] = '\0';
    link_to(fixture, target);
}

/* The hard limit when `soft` is greater: Check and the sanitizers need their files afterwards. */
static void set_limit(__rlimit_resource_t resource, rlim_t soft)
{
    struct rlimit limit;

    ck_assert_int_eq(getrlimit(resource, &limit), 0);
    limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
    ck_assert_int_eq(setrlimit(resource, &limit), 0);
}

static void leave_no_descriptor(const struct config_fixture *fixture)
{
    config_fixture_write_text(fixture->path, "{}");
    set_limit(RLIMIT_NOFILE, 0);
}

static void limit_size(const struct config_fixture *fixture)
{
    (void)fixture;
    ck_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    set_limit(RLIMIT_FSIZE, 100);
}

static void take_home(const struct config_fixture *fixture)
{
    (void)fixture;
    ck_assert_int_eq(unsetenv("XDG_CONFIG_HOME"), 0);
    ck_assert_int_eq(unsetenv("HOME"), 0);
}

static const struct row {
    enum use use;
    const char *text; /* of the file; NULL where `spoil` says it all */
    void (*spoil)(const struct config_fixture *fixture);
    plexctl_status status;
    const char *says, *command;
} rows[] = {
    {READ, NULL, take_home, PLEXCTL_USAGE, "no place for the config file plexctl/config.json", "export HOME="},
    {SAVE, NULL, take_home, PLEXCTL_USAGE, "no place for the config file plexctl/config.json", "export HOME="},
    {READ, NULL, NULL, PLEXCTL_NOT_FOUND, "no profile is saved", "plexctl login"},
    {READ_OTHER, NULL, NULL, PLEXCTL_NOT_FOUND, "does not exist", "plexctl login --profile-name other"},
    {READ, "{\"profiles\":{\"a\":{}}}", NULL, PLEXCTL_NOT_FOUND, "names no default", "plexctl profile list"},
    {READ_OTHER, PROFILE(""), NULL, PLEXCTL_NOT_FOUND, "does not exist", "plexctl login --profile-name other"},
    {READ, "{\"default\":\"b\",\"profiles\":{\"a\":{}}}", NULL, PLEXCTL_NOT_FOUND, "default profile \"b\"",
     "plexctl login --profile-name b"},
    {READ, "{", NULL, PLEXCTL_USAGE, "line 1, column 2", "mv --backup=numbered "},
    {READ, "[]", NULL, PLEXCTL_USAGE, "the document must be an object", "mv --backup=numbered "},
    {READ, "{\"default\":1}", NULL, PLEXCTL_USAGE, "\"default\" must be a string", "mv --backup=numbered "},
    {READ, "{\"profiles\":1}", NULL, PLEXCTL_USAGE, "\"profiles\" must be an object", "mv --backup=numbered "},
    {READ, "{\"profiles\":{\"a\":1}}", NULL, PLEXCTL_USAGE, "a profile must be an object", "mv --backup=numbered "},
    {READ, PROFILE("\"token\":1"), NULL, PLEXCTL_USAGE, "\"token\" must be a string", "mv --backup=numbered "},
    {LIST, PROFILE("\"token\":1"), NULL, PLEXCTL_USAGE, "\"token\" must be a string", "mv --backup=numbered "},
    {SAVE, "{", NULL, PLEXCTL_USAGE, "line 1, column 2", "mv --backup=numbered "},
    {READ, "", NULL, PLEXCTL_USAGE, "is empty", "rm "},
    {READ, NULL, spoil_mode, PLEXCTL_USAGE, "(mode 0620)", "chmod 600 "},
    {READ, NULL, spoil_rights, PLEXCTL_USAGE, "cannot be read by you", "chmod 600 "},
    {READ, NULL, spoil_kind, PLEXCTL_USAGE, "is a FIFO", "mv --backup=numbered "},
    {READ, NULL, spoil_size, PLEXCTL_USAGE, "too large", "mv --backup=numbered "},
    {READ, NULL, link_to_itself, PLEXCTL_USAGE, "leads back to itself", "namei -l "},
    {READ, NULL, lock_directory, PLEXCTL_USAGE, "you may not enter", "namei -l "},
    {READ, NULL, put_a_file_above, PLEXCTL_USAGE, "no directory", "namei -l "},
    {READ, NULL, name_too_long, PLEXCTL_USAGE, "too long", "namei -l "},
    {READ, NULL, leave_no_descriptor, PLEXCTL_FAILED, "cannot open ", "ulimit -n "},
    {SAVE, NULL, leave_no_room, PLEXCTL_FAILED, "the config file's text", "mv --backup=numbered "},
    {PREFLIGHT, NULL, link_to_itself, PLEXCTL_USAGE, "symbolic links", "namei -l "},
    {PREFLIGHT, NULL, link_to_a_directory, PLEXCTL_USAGE, "leads to a directory", "namei -l "},
    {PREFLIGHT, NULL, lock_directory, PLEXCTL_FAILED, "whether it is a symbolic link", "chmod u+rwx "},
    {PREFLIGHT, NULL, hide_directory, PLEXCTL_FAILED, "cannot open directory", "chmod u+rwx "},
    {PREFLIGHT, NULL, keep_directory, PLEXCTL_FAILED, "Permission denied", "chmod u+rwx "},
    {PREFLIGHT, NULL, put_a_file_above, PLEXCTL_FAILED, "Not a directory", "namei -l "},
    {PREFLIGHT, NULL, spoil_lock, PLEXCTL_FAILED, "lock file", "mv --backup=numbered "},
    {PREFLIGHT, NULL, limit_size, PLEXCTL_FAILED, "File too large", "ulimit -f "},
    {SAVE, NULL, limit_size, PLEXCTL_FAILED, "File too large", "ulimit -f "},
};

/* One line with the path, what is wrong, and "`command...`". */
static void assert_refusal(const struct error *err, const char *path, const char *says, const char *command)
{
    char begin[64];

    (void)snprintf(begin, sizeof begin, "`%s", command);
    config_fixture_assert_error(err, path, says);
    const char *found = strstr(err->text, begin);
    ck_assert_msg(found && strchr(found + 1, '`'), "no %s...` in: %s", begin, err->text);
}

static plexctl_status ignore(void *context, const struct credential *credential, struct error *err)
{
    (void)context;
    (void)credential;
    (void)err;
    return PLEXCTL_OK;
}

static plexctl_status use(enum use use, struct error *err)
{
    auto_credential struct credential credential = CREDENTIAL_INIT;
    struct credential_store *store = store_new();
    plexctl_status status;

    switch (use) {
    case READ:
    case READ_OTHER:
        status = credential_store_read(store, use == READ ? NULL : "other", &credential, err);
        break;
    case LIST:
        status = credential_store_each(store, ignore, NULL, err);
        break;
    case PREFLIGHT:
        status = credential_store_preflight(store, -1, err);
        break;
    case SAVE:
    default:
        status = save("work", err);
    }
    credential_store_free(store);
    return status;
}

START_TEST(refusal_names_file_and_command)
{
    const struct row *row = &rows[_i];
    struct config_fixture fixture = config_fixture_new();
    struct error err = ERROR_INIT;

    if (row->text)
        config_fixture_write_text(fixture.path, row->text);
    if (row->spoil)
        row->spoil(&fixture);
    plexctl_status status = use(row->use, &err);
    set_limit(RLIMIT_NOFILE, 1024);
    set_limit(RLIMIT_FSIZE, RLIM_INFINITY);
    (void)chmod(fixture.directory, 0700);
    ck_assert_msg(status == row->status, "row %d: %d %s", _i, (int)status, err.text);
    assert_refusal(&err, row->spoil == take_home ? "plexctl/config.json" : fixture.path, row->says, row->command);
}
END_TEST

START_TEST(refusal_of_a_name_names_file_and_command)
{
    static const char *const names[] = {NULL, "", ".x", "a b", "\x1b[31m"};
    struct config_fixture fixture = config_fixture_new();

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct error err = ERROR_INIT;
        ck_assert_int_eq(save(names[i], &err), PLEXCTL_INVALID);
        assert_refusal(&err, fixture.path, "under the name", "plexctl login --profile-name NAME");
        ck_assert_ptr_null(strchr(err.text, '\x1b'));
    }
}
END_TEST

START_TEST(refusal_of_an_owner_names_file_and_command)
{
    struct error err = ERROR_INIT;

    if (geteuid() == 0) {
        ck_assert_int_eq(config_owner_judge("/a/config.json", 1, &err), PLEXCTL_USAGE);
        assert_refusal(&err, "/a/config.json", "and you are root", "sudo -H");
    } else {
        unit_skip("what root is told of another owner: needs root");
    }
    unit_become_unprivileged();
    ck_assert_int_eq(config_owner_judge("/a/config.json", 0, &err), PLEXCTL_USAGE);
    assert_refusal(&err, "/a/config.json", "not by you", "namei -l ");
}
END_TEST

/* The scan: messages without a command of their own, and why. */
static const struct exception {
    const char *file, *begin, *reason;
} exceptions[] = {
    {"config_document.c", "line %zu, column %zu: %s",
     "credential_store's explain_damage puts file and command around it"},
    {"credential_splice.c", "the new text of the config file", "an internal check: no command mends it"},
    {"credential_splice.c", "profile \\\"%s\\\" does not hold",
     "another login came between, and stands: nothing is amiss"},
};

static const char *const sources[] = {"config_document.c",   "config_file.c",      "config_layout.c",
                                      "config_mend.c",       "config_owner.c",     "config_target.c",
                                      "credential.c",        "remedy.c",           "credential_store.c",
                                      "credential_splice.c", "credential_doctor.c"};

static bool is_excepted(const char *file, const char *message, size_t length, bool *seen)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++) {
        const struct exception *row = &exceptions[i];
        if (strcmp(row->file, file) == 0 && strlen(row->begin) <= length &&
            strncmp(row->begin, message, strlen(row->begin)) == 0)
            return seen[i] = true;
    }
    return false;
}

/* From error_set( to its semicolon: strings hold one too, behind the first quote. A message without a command is given
 * its advice, or handed to who gives it, before its function ends. */
static void scan(const char *file, const char *call, bool *seen)
{
    static const char *const advisers[] = {"error_advise(", "remedy_advise(", "config_mend(", "config_mend_lock("};
    const char *quote = strchr(call, '"');
    const char *end = strstr(call, ");\n"), *function_end = strstr(call, "\n}\n");
    bool is_advised = false;

    ck_assert_msg(quote && end && quote < end && end < function_end, "%s: no message in: %.80s", file, call);
    for (size_t i = 0; i < sizeof advisers / sizeof advisers[0]; i++)
        is_advised = is_advised || memmem(end, (size_t)(function_end - end), advisers[i], strlen(advisers[i]));
    ck_assert_msg(is_advised || memchr(quote, '`', (size_t)(end - quote)) ||
                      is_excepted(file, quote + 1, (size_t)(end - quote), seen),
                  "%s: no command, row or exception for: %.80s", file, quote);
}

START_TEST(refusals_are_all_known)
{
    bool seen[sizeof exceptions / sizeof exceptions[0]] = {false};
    size_t count = 0;

    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        char path[1024];
        (void)snprintf(path, sizeof path, "%s/core/%s", SOURCE_DIR, sources[i]);
        char *text = config_fixture_read(path);
        for (const char *call = strstr(text, "error_set"); call; call = strstr(call + 1, "error_set"), count++)
            scan(sources[i], call, seen);
        free(text);
    }
    ck_assert_uint_gt(count, 15);
    for (size_t i = 0; i < sizeof seen; i++)
        ck_assert_msg(seen[i], "an exception for nothing: %s", exceptions[i].begin);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config_refusals");
    TCase *tcase = tcase_create("refusals");

    /* The first two as whoever runs them: without forks there is no way back from an ordinary user. */
    tcase_add_test(tcase, refusals_are_all_known);
    tcase_add_test(tcase, refusal_of_an_owner_names_file_and_command);
    ADD_TABLE(tcase, refusal_names_file_and_command, rows);
    tcase_add_test(tcase, refusal_of_a_name_names_file_and_command);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
