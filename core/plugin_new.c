/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin_new.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "builtins.h"
#include "embedded_file.h"
#include "option_value.h"
#include "output.h"

#define FILE_MAX_BYTES 65536
#define WORD_SIZE 32

static const struct plexctl_argument arguments[] = {
    {.name = "NAME",
     .help = "The command word that the plugin is to serve",
     .type = PLEXCTL_STRING,
     .attributes = PLEXCTL_REQUIRED},
};

static const struct plexctl_flag flags[] = {
    {.name = "directory",
     .value_name = "DIR",
     .help = "The directory to make; NAME if not given",
     .type = PLEXCTL_PATH},
    {.name = "build",
     .help = "What the project is built with",
     .default_value = "make",
     .choices = "make|meson|autotools",
     .type = PLEXCTL_ENUM},
};

const struct plexctl_command plugin_new_command = {
    .size = sizeof plugin_new_command,
    .inert = INERT_ALL,
    .name = "new",
    .summary = "Write the project of a new plugin, ready to build",
    .description =
        "Makes a directory with a small command in C, its test, and what builds, checks and installs it with "
        "a man page. The text is yours, under any licence.\n",
    .examples = "plexctl plugin new hello\n"
                "plexctl plugin new hello --build meson --directory ~/src/plexctl-hello",
    .flags = PLEXCTL_ROWS(flags),
    .arguments = PLEXCTL_ROWS(arguments),
};

/* How a project of each build system is built, checked and installed. */
static const struct build {
    const char *name, *steps, *package;
} builds[] = {
    {"make", "make\nmake check\nmake install",
     "make install DESTDIR=/tmp/package plugindir=\"$(pkg-config --variable=plugindir plexctl-plugin)\" "
     "mandir=/usr/share/man"},
    {"meson",
     "meson setup build --prefix=\"$HOME/.local\"\nmeson compile -C build\nmeson test -C build\nmeson install -C build",
     "meson setup package --prefix=/usr -Dplugindir=\"$(pkg-config --variable=plugindir plexctl-plugin)\"\n"
     "DESTDIR=/tmp/package meson install -C package"},
    {"autotools", "autoreconf -i\n./configure --prefix=\"$HOME/.local\"\nmake\nmake check\nmake install",
     "./configure --prefix=/usr --with-plugindir=\"$(pkg-config --variable=plugindir plexctl-plugin)\"\n"
     "make install DESTDIR=/tmp/package"},
};

struct project {
    const char *name, *directory;
    const struct build *build;
    char ident[WORD_SIZE];
};

/* Judging */

/* The first plugin that has the word: plexctl's own come before all others. */
struct namesake {
    const char *word;
    bool is_own;
    struct buf *path; /* stays empty where there is none */
};

static bool find_namesake(void *context, const struct plugin_entry *entry)
{
    struct namesake *namesake = context;

    if (strcmp(entry->word, namesake->word) != 0)
        return true;
    namesake->is_own = entry->is_built_in;
    buf_append_text(namesake->path, entry->path);
    return false;
}

static plexctl_status check_name(struct loader *loader, const char *name, struct buf *ret_taken, struct error *err)
{
    auto_buf struct buf shown = BUF_INIT(ERROR_TEXT_SIZE);
    struct namesake namesake = {.word = name, .path = ret_taken};

    option_value_quote(&shown, name);
    if (!text_is_command_word(name))
        return error_set(err, PLEXCTL_USAGE,
                         "NAME: %s is no command word; give 1 to 31 of a-z, 0-9 and '-', a letter first",
                         buf_text(&shown));
    plexctl_status status = loader_each(loader, find_namesake, &namesake, err);
    if (status == PLEXCTL_OK && (namesake.is_own || builtin_find(name)))
        status = error_set(err, PLEXCTL_USAGE,
                           "NAME: %s is plexctl's own command, which comes before every plugin; give another name",
                           buf_text(&shown));
    return status;
}

/* The texts */

static void describe(const struct app *app, const char *name, struct project *ret_project)
{
    const char *directory = option_values_text(&app->values, "directory");
    const char *build = option_values_text(&app->values, "build");
    struct project project = {.name = name, .directory = directory ? directory : name, .build = builds};

    while (strcmp(project.build->name, build) != 0)
        project.build++;
    for (size_t i = 0; name[i]; i++) {
        project.ident[i] = name[i];
        if (name[i] == '-')
            project.ident[i] = '_';
    }
    *ret_project = project;
}

/* Appends `text` with the project's words in place of @...@; any other '@' stays. */
static void expand(const struct project *project, const char *text, struct buf *out)
{
    const struct {
        const char *mark, *value;
    } words[] = {{"@name@", project->name},
                 {"@ident@", project->ident},
                 {"@steps@", project->build->steps},
                 {"@package@", project->build->package}};
    const size_t count = sizeof words / sizeof words[0];

    while (*text) {
        size_t plain = strcspn(text, "@"), i = 0;
        buf_append(out, text, plain);
        text += plain;
        while (i < count && strncmp(text, words[i].mark, strlen(words[i].mark)) != 0)
            i++;
        if (i < count) {
            buf_append_text(out, words[i].value);
            text += strlen(words[i].mark);
        } else if (*text) {
            buf_append_char(out, *text++);
        }
    }
}

/* Writing */

static plexctl_status write_file(const struct project *project, const struct embedded_file *template, int dir_fd,
                                 struct error *err)
{
    auto_buf struct buf name = BUF_INIT(NAME_MAX);
    auto_buf struct buf text = BUF_INIT(FILE_MAX_BYTES);

    expand(project, template->name, &name);
    expand(project, template->text, &text);
    plexctl_status status = buf_check(&name, "the file's name", err);
    if (status == PLEXCTL_OK)
        status = buf_check(&text, "the file", err);
    return status == PLEXCTL_OK ? file_create(dir_fd, buf_text(&name), &text, err) : status;
}

static plexctl_status write_project(const struct project *project, struct error *err)
{
    auto_buf struct buf shown = BUF_INIT(ERROR_TEXT_SIZE);
    auto_fd int dir_fd = -1;

    option_value_quote(&shown, project->directory);
    plexctl_status status = file_create_directory(project->directory, &dir_fd, err);
    if (status != PLEXCTL_OK && err->number == EEXIST)
        return error_set(err, PLEXCTL_USAGE, "%s exists already; remove it, or name another with --directory",
                         buf_text(&shown));
    if (status != PLEXCTL_OK)
        return status;
    for (size_t i = 0; status == PLEXCTL_OK && i < plugin_templates_count; i++) {
        const struct embedded_file *template = &plugin_templates[i];
        if (strcmp(template->directory, "all") == 0 || strcmp(template->directory, project->build->name) == 0)
            status = write_file(project, template, dir_fd, err);
    }
    return status == PLEXCTL_OK ? status
                                : error_prefix(err, "%s is not whole; remove it and try again", buf_text(&shown));
}

/* What comes next */

static plexctl_status print_line(const char *text, size_t length, struct error *err)
{
    auto_buf struct buf line = BUF_INIT(SIZE_MAX / 2);

    buf_append(&line, text, length);
    plexctl_status status = buf_check(&line, "the line", err);
    return status == PLEXCTL_OK ? output_line(buf_text(&line), err) : status;
}

/* pkg-config looks below /usr by itself. */
static void append_pkg_config_path(struct buf *out, const char *library_dir)
{
    auto_buf struct buf path = BUF_INIT(SIZE_MAX / 2);

    if (strncmp(library_dir, "/usr/lib", strlen("/usr/lib")) == 0)
        return;
    buf_append(&path, library_dir, (size_t)(strrchr(library_dir, '/') - library_dir));
    buf_append_text(&path, "/pkgconfig");
    buf_append_text(out, "export PKG_CONFIG_PATH=");
    shell_word_append(out, buf_text(&path));
    buf_append_char(out, '\n');
}

static plexctl_status print_next(const struct project *project, const char *library_dir, struct error *err)
{
    auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);

    buf_appendf(&text, "Wrote the plugin for `plexctl %s`. To build, check, install and run it:\n\ncd ", project->name);
    if (project->directory[0] == '-') /* `cd -` leads back, and another is a flag of cd's */
        buf_append_text(&text, "./");
    shell_word_append(&text, project->directory);
    buf_append_char(&text, '\n');
    append_pkg_config_path(&text, library_dir);
    buf_appendf(&text, "%s\nplexctl %s world\n", project->build->steps, project->name);
    plexctl_status status = buf_check(&text, "the text", err);
    for (const char *line = buf_text(&text); status == PLEXCTL_OK && *line;) {
        size_t length = strcspn(line, "\n");
        status = print_line(line, length, err);
        line += length + 1;
    }
    return status;
}

static void warn_of_taken_word(const struct buf *path, const char *name)
{
    auto_buf struct buf text = BUF_INIT(ERROR_TEXT_SIZE);

    if (path->len == 0)
        return;
    buf_appendf(&text, "`plexctl %s` is served by ", name);
    option_value_quote(&text, buf_text(path));
    buf_append_text(&text, " already; of two plugins with one word the first in `plexctl plugin list` runs");
    output_warning(buf_text(&text));
}

plexctl_status plugin_new_run(struct app *app, struct error *err)
{
    auto_buf struct buf taken = BUF_INIT(ERROR_TEXT_SIZE);
    struct project project = {0};
    const char *name = option_values_text(&app->values, "NAME");
    plexctl_status status = check_name(app->loader, name, &taken, err);

    if (status != PLEXCTL_OK)
        return status;
    describe(app, name, &project);
    status = write_project(&project, err);
    if (status != PLEXCTL_OK)
        return status;
    warn_of_taken_word(&taken, name);
    return print_next(&project, loader_library_dir(app->loader), err);
}
