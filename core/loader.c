/* SPDX-License-Identifier: Apache-2.0 */
#include "loader.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/late_library.h"
#include "base/shortage.h"
#include "base/text.h"
#include "plugin_directory.h"
#include "plugin_fault.h"
#include "record.h"
#include "refusal.h"
#include "remedy.h"
#include "render_yaml.h"
#include "search_path.h"

/* From the executable's directory to the library directory; the build gives it. */
#ifndef PLEXCTL_LIB_FROM_BIN
#define PLEXCTL_LIB_FROM_BIN "../lib/plexctl"
#endif

#define HTTP_FILE "plexctl-http.so"

struct loader {
    char *library_dir;
    struct plugin_directory library;
    struct search_path search;
    struct plugin_directory *rows; /* one for each of search.rows */
    const struct http_module *http;
};

/* Construction */

static const char *set_variable(const char *name)
{
    const char *value = getenv(name);
    return value && value[0] ? value : NULL;
}

static plexctl_status fill(struct loader *loader, const char *library_dir, bool is_secure, struct error *err)
{
    const char *plugin_path = is_secure ? NULL : set_variable("PLEXCTL_PLUGIN_PATH");
    const char *home = is_secure ? NULL : set_variable("HOME");
    plexctl_status status = search_path_build(library_dir, plugin_path, home, &loader->search, err);

    if (status != PLEXCTL_OK)
        return status;
    loader->library_dir = strdup(library_dir);
    loader->rows = calloc(loader->search.count, sizeof *loader->rows);
    if (!loader->library_dir || !loader->rows)
        return error_no_memory(err);
    loader->library = plugin_directory_at(loader->library_dir, true);
    for (size_t i = 0; i < loader->search.count; i++)
        loader->rows[i] = plugin_directory_at(loader->search.rows[i].path, loader->search.rows[i].is_built_in);
    return PLEXCTL_OK;
}

plexctl_status loader_new_at(const char *library_dir, bool is_secure, struct loader **ret_loader, struct error *err)
{
    struct loader *loader = calloc(1, sizeof *loader);

    if (!loader)
        return error_no_memory(err);
    loader->library.fd = -1;
    plexctl_status status = fill(loader, library_dir, is_secure, err);
    if (status == PLEXCTL_OK)
        *ret_loader = loader;
    else
        loader_free(loader);
    return status;
}

plexctl_status loader_new(struct loader **ret_loader, struct error *err)
{
    char executable[PATH_MAX];
    auto_free char *library_dir = NULL;
    ssize_t length = readlink("/proc/self/exe", executable, sizeof executable - 1);

    if (length < 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot find where plexctl lies (/proc/self/exe)");
    executable[length] = '\0';
    plexctl_status status = search_path_find_library(executable, PLEXCTL_LIB_FROM_BIN, &library_dir, err);
    if (status != PLEXCTL_OK)
        return status;
    return loader_new_at(library_dir, getauxval(AT_SECURE) != 0, ret_loader, err);
}

void loader_free(struct loader *loader)
{
    if (!loader)
        return;
    plugin_directory_close(&loader->library);
    for (size_t i = 0; loader->rows && i < loader->search.count; i++)
        plugin_directory_close(&loader->rows[i]);
    search_path_release(&loader->search);
    free(loader->rows);
    free(loader->library_dir);
    free(loader);
}

const char *loader_library_dir(const struct loader *loader)
{
    return loader->library_dir;
}

/* Loading */

static plexctl_status add_load_fix(const char *path, int fd, const char *reason, struct error *err)
{
    auto_buf struct buf remedy = BUF_FIXED(ERROR_TEXT_SIZE);
    const char *shortage = shortage_remedy_of_linker(reason);
    struct statvfs file_system;

    if (shortage && fstatvfs(fd, &file_system) == 0 && file_system.f_flag & ST_NOEXEC) {
        (void)refusal_want(err, REFUSAL_LOAD, "a file system that is not mounted noexec");
        remedy_append(&remedy, "put it on another, or run `sudo mount -o remount,exec \"$(findmnt -no TARGET -T @)\"`",
                      path);
        return refusal_add_fix(err, REFUSAL_LOAD, "%s", buf_text(&remedy));
    }
    if (shortage)
        return refusal_add_fix(err, REFUSAL_LOAD, "%s", shortage);
    (void)refusal_want(err, REFUSAL_LOAD, "a shared object whose symbols and libraries are all there");
    return refusal_add_fix(err, REFUSAL_LOAD, "install what it needs, or a build of it for this system");
}

static plexctl_status say_why_not_loaded(const char *path, int fd, const char *dlopen_path, struct error *err)
{
    auto_buf struct buf shown = BUF_FIXED(ERROR_TEXT_SIZE);
    const char *reason = dlerror();
    size_t length = strlen(dlopen_path);

    if (!reason)
        reason = "no reason given";
    if (strncmp(reason, dlopen_path, length) == 0 && strncmp(reason + length, ": ", 2) == 0)
        reason += length + 2;
    text_sanitise(&shown, reason, strlen(reason), ERROR_TEXT_SIZE / 3);
    (void)error_set(err, PLEXCTL_FAILED, "cannot be loaded: %s", buf_text(&shown));
    return add_load_fix(path, fd, reason, err);
}

/* Takes file->fd and loads what it is open on: the file that was judged, whatever has its name by now. dlopen knows an
 * object by the path it was opened by, so a descriptor that was loaded from stays open: another file under its number
 * would be taken for the older object. NULL where it cannot, or must not, be used. */
static void *load(int dir_fd, const char *path, const struct trust_file *file, int binding, struct error *err)
{
    char dlopen_path[sizeof "/proc/self/fd/" + 3 * sizeof(int)];
    auto_fd int fd = file->fd;

    (void)snprintf(dlopen_path, sizeof dlopen_path, "/proc/self/fd/%d", fd);
    void *handle = dlopen(dlopen_path, binding | RTLD_LOCAL);
    if (!handle) {
        (void)say_why_not_loaded(path, fd, dlopen_path, err);
        return NULL;
    }
    (void)take_fd(&fd);
    return trust_check_unchanged(dir_fd, path, file, err) == PLEXCTL_OK ? handle : NULL;
}

/* Plugins */

static plexctl_status call_plugin(void *handle, const struct plexctl_note *note,
                                  const struct plexctl_plugin **ret_plugin, struct error *err)
{
    const struct plexctl_plugin *(*function)(void);
    void *symbol = dlsym(handle, "plexctl_plugin_v1");

    if (!symbol) {
        (void)error_set(err, PLEXCTL_FAILED, "exports no plexctl_plugin_v1");
        (void)refusal_want(err, REFUSAL_ENTRY, "the function that PLEXCTL_PLUGIN() of plugin.h writes");
        return refusal_add_fix(err, REFUSAL_ENTRY, "report it to the plugin's author");
    }
    /* ISO C has no cast from object to function pointer; POSIX dlsym() says that they are alike. */
    _Static_assert(sizeof function == sizeof symbol, "a function pointer is as large as an object pointer");
    memcpy(&function, &symbol, sizeof function);
    const struct plexctl_plugin *plugin = function();
    plexctl_status status = record_check(plugin, note, err);
    if (status != PLEXCTL_OK)
        return refusal_add_fix(err, REFUSAL_RECORD, "report this fault of the plugin to its author");
    *ret_plugin = plugin;
    return PLEXCTL_OK;
}

/* The linker takes the first library of a soname for all that come after: plexctl's come before a plugin's, else a copy
 * that a third party has brought along would be what plexctl reads and writes with. */
static plexctl_status open_own_libraries(bool is_for_third_party, struct error *err)
{
    plexctl_status status = json_open(err);

    return status == PLEXCTL_OK && is_for_third_party ? render_yaml_open(err) : status;
}

static plexctl_status open_in(struct plugin_directory *directory, const char *word, struct loaded_plugin *ret_plugin,
                              struct error *err)
{
    struct plugin_file file;
    const struct plexctl_plugin *plugin = NULL;
    auto_free char *path = NULL;
    plexctl_status status = plugin_directory_join(directory, word, &path, err);

    if (status == PLEXCTL_OK)
        status = plugin_directory_examine(directory, path, &file, err);
    if (status != PLEXCTL_OK)
        return status;
    status = open_own_libraries(!directory->is_built_in, err);
    if (status != PLEXCTL_OK) {
        (void)close(file.file.fd);
        return status;
    }
    plugin_fault_loading(&file.note, path, directory->is_built_in);
    void *handle = load(directory->fd, path, &file.file, RTLD_NOW, err);
    status = handle ? call_plugin(handle, &file.note, &plugin, err) : err->status;
    plugin_fault_returned();
    if (status != PLEXCTL_OK)
        return refusal_name_file(err, path);
    *ret_plugin = (struct loaded_plugin){
        .plugin = plugin, .note = file.note, .path = take_ptr(&path), .is_built_in = directory->is_built_in};
    return PLEXCTL_OK;
}

/* PLEXCTL_NOT_FOUND where this directory has no such file; one that is not trusted stands in nobody's way then. */
static plexctl_status try_directory(struct plugin_directory *directory, const char *word,
                                    struct loaded_plugin *ret_plugin, struct error *err)
{
    auto_free char *path = NULL;
    plexctl_status status = plugin_directory_open(directory, err);

    if (status == PLEXCTL_OK)
        return open_in(directory, word, ret_plugin, err);
    if (status != PLEXCTL_FAILED)
        return status;
    struct error refusal = *err;
    status = plugin_directory_join(directory, word, &path, err);
    if (status != PLEXCTL_OK)
        return status;
    if (!plugin_directory_holds(directory, strrchr(path, '/') + 1))
        return PLEXCTL_NOT_FOUND;
    *err = refusal;
    return refusal_name_file(err, path);
}

plexctl_status loader_open(struct loader *loader, const char *word, struct loaded_plugin *ret_plugin, struct error *err)
{
    bool is_word = text_is_command_word(word);

    for (size_t i = 0; is_word && i < loader->search.count; i++) {
        plexctl_status status = try_directory(&loader->rows[i], word, ret_plugin, err);
        if (status == PLEXCTL_OK)
            error_clear(err);
        if (status != PLEXCTL_NOT_FOUND)
            return status;
    }
    return error_set(err, PLEXCTL_NOT_FOUND, "unknown command");
}

plexctl_status loader_open_in(const char *path, const char *word, struct loaded_plugin *ret_plugin, struct error *err)
{
    struct plugin_directory directory = plugin_directory_at(path, false);
    plexctl_status status = plugin_directory_open(&directory, err);

    if (status == PLEXCTL_OK)
        status = open_in(&directory, word, ret_plugin, err);
    plugin_directory_close(&directory);
    return status;
}

void loaded_plugin_release(struct loaded_plugin *plugin)
{
    free(plugin->path);
    plugin->path = NULL;
}

plexctl_status loader_each(struct loader *loader, plugin_visit *visit, void *context, struct error *err)
{
    return plugin_listing_each(loader->rows, loader->search.count, visit, context, err);
}

/* The http module */

static plexctl_status open_http(struct plugin_directory *directory, const char *path, void **ret_handle,
                                struct error *err)
{
    static const char *const tls_sonames[] = {HTTP_TLS_SONAMES NULL};
    struct trust_file file;
    plexctl_status status = plugin_directory_open(directory, err);

    if (status == PLEXCTL_OK)
        status = trust_open_file(directory->fd, path, &file, err);
    if (status == PLEXCTL_NOT_FOUND) {
        err->status = PLEXCTL_FAILED;
        return refusal_add_fix(err, REFUSAL_ACCESS, "install plexctl again, it is a part of it");
    }
    if (status != PLEXCTL_OK)
        return status;
    late_library_open_ahead(tls_sonames);
    /* The module itself is linked to be bound at once. RTLD_NOW would bind all of the thirty libraries behind libcurl
     * as well, of which few functions are ever called. */
    *ret_handle = load(directory->fd, path, &file, RTLD_LAZY, err);
    return *ret_handle ? PLEXCTL_OK : refusal_name_file(err, path);
}

plexctl_status loader_http(struct loader *loader, const struct http_module **ret_module, struct error *err)
{
    auto_free char *path = NULL;
    void *handle = NULL;

    if (loader->http) {
        *ret_module = loader->http;
        return PLEXCTL_OK;
    }
    if (asprintf(&path, "%s/" HTTP_FILE, loader->library_dir) < 0) {
        path = NULL;
        return error_no_memory(err);
    }
    plexctl_status status = open_http(&loader->library, path, &handle, err);
    if (status != PLEXCTL_OK)
        return status;
    const struct http_module *module = dlsym(handle, "plexctl_http_module");
    if (!module || strcmp(module->version, PACKAGE_VERSION) != 0) {
        (void)error_set(err, PLEXCTL_FAILED, "belongs to plexctl %s",
                        module ? module->version : "of an unknown version");
        (void)refusal_want(err, REFUSAL_ABI, "%s", PACKAGE_VERSION);
        (void)refusal_add_fix(err, REFUSAL_ABI, "install plexctl again as a whole");
        return refusal_name_file(err, path);
    }
    loader->http = *ret_module = module;
    return PLEXCTL_OK;
}

void loader_put_http(struct loader *loader, const struct http_module *module)
{
    loader->http = module;
}
