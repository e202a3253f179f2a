/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin_check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "builtins.h"
#include "trust.h"

static const struct plexctl_argument arguments[] = {
    {.name = "FILE", .help = "The plugin", .type = PLEXCTL_PATH, .attributes = PLEXCTL_REQUIRED},
};

static const struct plexctl_flag flags[] = {
    {.name = "replies", .value_name = "FILE", .help = "The server's replies, as JSON", .type = PLEXCTL_PATH},
};

const struct plexctl_command plugin_check_command = {
    .size = sizeof plugin_check_command,
    .inert = INERT_ALL,
    .name = "check",
    .summary = "Check that a plugin keeps to the rules, for its author",
    .description = "Looks into the file, loads it, and runs its commands, each test in a process of its own, with each "
                   "service of plexctl failing in turn. Prints TAP; plexctl-plugin(1) explains every test. Uses no "
                   "network: requests are answered from --replies.\n"
                   "\n"
                   "Words behind \"--\" are the command line to run, without the command word; else one is made up "
                   "for each command from the plugin's record.\n",
    .examples = "plexctl plugin check ./hello.so\n"
                "plexctl plugin check ./hello.so --replies replies.json -- --greeting Salut world",
    .flags = PLEXCTL_ROWS(flags),
    .arguments = PLEXCTL_ROWS(arguments),
};

static char *text_of(const struct app *app, const char *name)
{
    const char *text = option_values_text(&app->values, name);

    return (char *)(uintptr_t)(text ? text : "");
}

static plexctl_status execute(struct app *app, int fd, struct error *err)
{
    static char program[] = PLUGIN_CHECK_PROGRAM;
    auto_free char **argv = calloc(app->rest_count + 4, sizeof *argv);

    if (!argv)
        return error_no_memory(err);
    argv[0] = program;
    argv[1] = text_of(app, "FILE");
    argv[2] = text_of(app, "replies");
    if (app->rest_count)
        memcpy(argv + 3, app->rest, app->rest_count * sizeof *argv);
    (void)fexecve(fd, argv, environ);
    return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot be executed");
}

plexctl_status plugin_check_run(struct app *app, struct error *err)
{
    const char *library_dir = loader_library_dir(app->loader);
    auto_free char *path = NULL;
    auto_fd int dir_fd = -1;
    auto_fd int fd = -1;
    struct trust_file file = {.fd = -1};

    if (asprintf(&path, "%s/" PLUGIN_CHECK_PROGRAM, library_dir) < 0) {
        path = NULL;
        return error_no_memory(err);
    }
    plexctl_status status = trust_open_directory(library_dir, &dir_fd, err);
    if (status == PLEXCTL_OK)
        status = trust_open_file(dir_fd, path, &file, err);
    fd = file.fd;
    if (status == PLEXCTL_OK)
        status = execute(app, fd, err);
    if (status == PLEXCTL_NOT_FOUND)
        return error_set(err, PLEXCTL_NOT_FOUND,
                         "%s is not there: install the package plexctl-dev; or else plexctl was built without its "
                         "conformance kit, which needs libelf: install the headers of libelf (Debian, Ubuntu: "
                         "libelf-dev; Fedora: elfutils-libelf-devel) and build it again",
                         path);
    return error_prefix(err, "%s", path);
}
