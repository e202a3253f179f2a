/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin_new.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "builtins.h"
#include "capture.h"
#include "fake_loader.h"

/* Stands before the C library's own. */
ssize_t write_faulty(int fd, const void *bytes, size_t count) __asm__("write");

static bool disk_is_full;

ssize_t write_faulty(int fd, const void *bytes, size_t count)
{
    if (!disk_is_full || fd <= STDERR_FILENO)
        return syscall(SYS_write, fd, bytes, count);
    errno = ENOSPC;
    return -1;
}

static const struct plexctl_command record = {.size = sizeof record, .name = "x", .summary = "Do something"};
static const struct fake_plugin plugins[] = {
    {.word = "own", .command = &record}, /* fake_loader takes the first for plexctl's own */
    {.word = "foreign", .command = &record},
};

struct run {
    struct capture printed, warned;
    struct error err;
    plexctl_status status;
};

static char directory[256]; /* of the project; not made by setup */

static void setup(void)
{
    static unsigned count;

    (void)umask(022);
    (void)snprintf(directory, sizeof directory, "%s/it's %u", unit_scratch(), count++);
}

/* `plexctl plugin new NAME --directory DIRECTORY --build BUILD` */
static void run_new(struct run *run, const char *name, const char *build)
{
    struct loader loader = FAKE_LOADER(plugins);
    struct app app = {.loader = &loader};
    const struct builtin *builtin = builtin_find("plugin");
    const char *words[] = {"plugin", "new", "--directory", directory, "--build", build, "--", name, NULL};
    struct option_line line = {.argc = 8,
                               .argv = (char *const *)(uintptr_t)words,
                               .next = 1,
                               .persistent = &app.persistent,
                               .values = &app.values};

    run->err = (struct error)ERROR_INIT;
    run->status = options_parse(&line, builtin->command, &app.command, &run->err);
    ck_assert_int_eq(run->status, PLEXCTL_OK);
    ck_assert_ptr_eq(app.command, &plugin_new_command);
    capture_start(&run->printed, STDOUT_FILENO);
    capture_start(&run->warned, STDERR_FILENO);
    run->status = builtin->run(&app, &run->err);
    (void)capture_end(&run->warned);
    (void)capture_end(&run->printed);
    option_values_release(&app.values);
    option_values_release(&app.persistent);
}

static void assert_file(const char *name, const char *has)
{
    char path[512], text[8192] = "";
    struct stat found;

    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s", path);
    ck_assert_uint_gt(fread(text, 1, sizeof text - 1, file), 0);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_msg(strstr(text, has) != NULL, "%s: %s", name, text);
    static const char *const marks[] = {"@name@", "@ident@", "@steps@", "@package@"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        ck_assert_msg(strstr(text, marks[i]) == NULL, "%s: %s", name, marks[i]);
    ck_assert_int_eq(stat(path, &found), 0);
    ck_assert_uint_eq(found.st_mode & 07777, 0644);
}

/* Each file of a project, and something that must stand in it. */
static const struct project_case {
    const char *build, *next;
    const char *files[10][2];
} projects[] = {
    {"make",
     "\nmake\nmake check\nmake install\n",
     {{"my-tool.c", "PLEXCTL_PLUGIN(\"my-tool\", "},
      {"test.sh", "run 0 my-tool world"},
      {"man.sh", "help --man my-tool\n"},
      {"README.md", "\nmake install\nplexctl my-tool world\n"},
      {".gitignore", "my-tool.so"},
      {"Makefile", "-o $@ my-tool.c"}}},
    {"meson",
     "\nmeson test -C build\n",
     {{"my-tool.c", ".name = \"my-tool\""},
      {"test.sh", "\"$@\""},
      {"man.sh", "/my-tool.so\""},
      {"README.md", "\nmeson install -C build\n"},
      {".gitignore", "build"},
      {"meson.build", "shared_module('my-tool'"},
      {"meson_options.txt", "plugindir"}}},
    {"autotools",
     "\nautoreconf -i\n./configure ",
     {{"my-tool.c", "run"},
      {"test.sh", "#!/bin/sh\n"},
      {"man.sh", "#!/bin/sh\n"},
      {"README.md", "\nautoreconf -i\n"},
      {".gitignore", "/configure\n"},
      {"configure.ac", "AC_INIT([plexctl-my-tool], "},
      {"Makefile.am", "my_tool_so_SOURCES = my-tool.c\n"}}},
};

START_TEST(plugin_new_writes_the_project)
{
    static struct run run;
    const struct project_case *c = &projects[_i];
    unsigned count = 0;

    (void)umask(0);
    run_new(&run, "my-tool", c->build);
    ck_assert_msg(run.status == PLEXCTL_OK, "%s", run.err.text);
    for (; c->files[count][0]; count++)
        assert_file(c->files[count][0], c->files[count][1]);
    ck_assert_uint_eq(unit_count(directory), count);
    ck_assert_msg(strstr(run.printed.text, c->next) != NULL, "%s", run.printed.text);
    ck_assert_msg(strstr(run.printed.text, "\nexport PKG_CONFIG_PATH='/opt/it'\\''s here/lib/pkgconfig'\n") != NULL,
                  "%s", run.printed.text);
    ck_assert_msg(strstr(run.printed.text, "/it'\\''s ") != NULL, "%s", run.printed.text);
    ck_assert_msg(strstr(run.printed.text, "\nplexctl my-tool world\n") != NULL, "%s", run.printed.text);
}
END_TEST

static const struct name_case {
    const char *name, *says;
} names[] = {
    {"", "is no command word"},
    {"Hello", "NAME: \"Hello\" is no command word; give 1 to 31 of a-z, 0-9 and '-', a letter first"},
    {"1st", "is no command word"},
    {"a_b", "is no command word"},
    {"../up", "is no command word"},
    {"-x", "is no command word"},
    {"abcdefghijklmnopqrstuvwxyz012345", "is no command word"},
    {"help", "NAME: \"help\" is plexctl's own command"},
    {"plugin", "is plexctl's own command"},
    {"own", "is plexctl's own command"},
};

START_TEST(plugin_new_refuses_a_name)
{
    static struct run run;
    struct stat found;

    run_new(&run, names[_i].name, "make");
    ck_assert_int_eq(run.status, PLEXCTL_USAGE);
    ck_assert_msg(strstr(run.err.text, names[_i].says) != NULL, "%s", run.err.text);
    ck_assert_int_ne(lstat(directory, &found), 0);
    ck_assert_str_eq(run.printed.text, "");
}
END_TEST

START_TEST(plugin_new_takes_the_longest_name_and_one_that_a_plugin_has)
{
    static struct run run;

    run_new(&run, "abcdefghijklmnopqrstuvwxyz01234", "make");
    ck_assert_msg(run.status == PLEXCTL_OK, "%s", run.err.text);
    ck_assert_str_eq(run.warned.text, "");
    setup();
    run_new(&run, "foreign", "make");
    ck_assert_msg(run.status == PLEXCTL_OK, "%s", run.err.text);
    ck_assert_str_eq(run.warned.text,
                     "plexctl: warning: `plexctl foreign` is served by \"/plugins/foreign.so\" already; of two plugins "
                     "with one word the first in `plexctl plugin list` runs\n");
}
END_TEST

START_TEST(plugin_new_refuses_what_exists)
{
    static struct run run;

    ck_assert_int_eq(mkdir(directory, 0755), 0);
    run_new(&run, "hello", "make");
    ck_assert_int_eq(run.status, PLEXCTL_USAGE);
    ck_assert_msg(strstr(run.err.text, "exists already; remove it, or name another with --directory") != NULL, "%s",
                  run.err.text);
    ck_assert_uint_eq(unit_count(directory), 0);
    ck_assert_str_eq(run.printed.text, "");
}
END_TEST

START_TEST(plugin_new_says_how_to_enter_a_directory_named_like_a_flag)
{
    static struct run run;

    ck_assert_int_eq(chdir(unit_scratch()), 0);
    (void)strcpy(directory, "-");
    run_new(&run, "hello", "make");
    ck_assert_msg(run.status == PLEXCTL_OK, "%s", run.err.text);
    ck_assert_msg(strstr(run.printed.text, "\ncd ./-\n") != NULL, "%s", run.printed.text);
}
END_TEST

START_TEST(plugin_new_makes_no_parents)
{
    static struct run run;

    (void)strcat(directory, "/below");
    run_new(&run, "hello", "make");
    ck_assert_int_eq(run.status, PLEXCTL_FAILED);
    ck_assert_msg(strstr(run.err.text, "No such file or directory") != NULL, "%s", run.err.text);
}
END_TEST

START_TEST(plugin_new_says_that_the_project_is_not_whole)
{
    static struct run run;

    disk_is_full = true;
    run_new(&run, "hello", "make");
    disk_is_full = false;
    ck_assert_int_eq(run.status, PLEXCTL_FAILED);
    ck_assert_msg(strstr(run.err.text, "is not whole; remove it and try again: hello.c: cannot write: No space") !=
                      NULL,
                  "%s", run.err.text);
    ck_assert_str_eq(run.printed.text, "");
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

int main(void)
{
    Suite *suite = suite_create("plugin_new");
    TCase *tests = tcase_create("plugin_new");

    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_loop_test(tests, plugin_new_writes_the_project, 0, COUNT(projects));
    tcase_add_loop_test(tests, plugin_new_refuses_a_name, 0, COUNT(names));
    tcase_add_test(tests, plugin_new_takes_the_longest_name_and_one_that_a_plugin_has);
    tcase_add_test(tests, plugin_new_refuses_what_exists);
    tcase_add_test(tests, plugin_new_says_how_to_enter_a_directory_named_like_a_flag);
    tcase_add_test(tests, plugin_new_makes_no_parents);
    tcase_add_test(tests, plugin_new_says_that_the_project_is_not_whole);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
