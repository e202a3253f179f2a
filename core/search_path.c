/* SPDX-License-Identifier: Apache-2.0 */
#include "search_path.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

static size_t length_without_slashes(const char *directory, size_t length, size_t least)
{
    while (length > least && directory[length - 1] == '/')
        length--;
    return length;
}

/* Takes the last component off; the root has none. */
static size_t length_of_parent(const char *path, size_t length)
{
    while (length > 0 && path[length - 1] != '/')
        length--;
    return length_without_slashes(path, length, 0);
}

/* The kernel names an executable by a path without symbolic links: ".." means the component before it, and the
 * directory need not exist. */
plexctl_status search_path_find_library(const char *executable, const char *from_bin, char **ret_library_dir,
                                        struct error *err)
{
    size_t length = length_of_parent(executable, strlen(executable));

    if (executable[0] != '/')
        return error_set(err, PLEXCTL_FAILED, "cannot find where plexctl lies (/proc/self/exe is no absolute path)");
    char *path = malloc(length + strlen(from_bin) + 2);
    if (!path)
        return error_no_memory(err);
    memcpy(path, executable, length);
    while (*from_bin) {
        size_t count = strcspn(from_bin, "/");
        if (count == 2 && strncmp(from_bin, "..", 2) == 0)
            length = length_of_parent(path, length);
        else if (count > 0 && !(count == 1 && from_bin[0] == '.')) {
            path[length++] = '/';
            memcpy(path + length, from_bin, count);
            length += count;
        }
        from_bin += count + (from_bin[count] == '/');
    }
    path[length] = '\0';
    *ret_library_dir = path;
    return PLEXCTL_OK;
}

static bool is_named(const struct search_path *path, const char *directory)
{
    for (size_t i = 0; i < path->count; i++) {
        if (strcmp(path->rows[i].path, directory) == 0)
            return true;
    }
    return false;
}

/* `below` is joined to the directory; "" for none. */
static bool add(struct search_path *path, const char *directory, size_t length, const char *below)
{
    auto_free char *joined = NULL;

    if (length == 0 || directory[0] != '/')
        return true;
    length = length_without_slashes(directory, length, below[0] ? 0 : 1);
    if (asprintf(&joined, "%.*s%s", (int)length, directory, below) < 0) {
        joined = NULL;
        return false;
    }
    if (is_named(path, joined))
        return true;
    struct search_directory *rows = reallocarray(path->rows, path->count + 1, sizeof *rows);
    if (!rows)
        return false;
    path->rows = rows;
    rows[path->count] = (struct search_directory){.path = take_ptr(&joined), .is_built_in = path->count == 0};
    path->count++;
    return true;
}

static bool add_elements(struct search_path *path, const char *elements)
{
    while (*elements) {
        size_t length = strcspn(elements, ":");
        if (!add(path, elements, length, ""))
            return false;
        elements += length + (elements[length] == ':');
    }
    return true;
}

plexctl_status search_path_build(const char *library_dir, const char *plugin_path, const char *home,
                                 struct search_path *ret_path, struct error *err)
{
    struct search_path path = SEARCH_PATH_INIT;

    if (library_dir[0] != '/')
        return error_set(err, PLEXCTL_FAILED, "plexctl's own library directory is not known by an absolute path");
    if (!add(&path, library_dir, strlen(library_dir), "/commands") ||
        !add_elements(&path, plugin_path ? plugin_path : "") ||
        !add(&path, home ? home : "", home ? strlen(home) : 0, "/.local/lib/plexctl/plugins") ||
        !add(&path, library_dir, strlen(library_dir), "/plugins")) {
        search_path_release(&path);
        return error_no_memory(err);
    }
    *ret_path = path;
    return PLEXCTL_OK;
}

void search_path_release(struct search_path *path)
{
    for (size_t i = 0; i < path->count; i++)
        free(path->rows[i].path);
    free(path->rows);
    *path = (struct search_path)SEARCH_PATH_INIT;
}
