/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory that runs out, at each allocation of each use of the loader.
 */
#include "heap.h"
#include "loader_fixture.h"

#define ALLOCATIONS_MAX 2000

/* What a use found wrong: said when there is memory again, which Check needs for it. */
static const char *wrong;

static void expect(bool is_right, const char *what)
{
    if (!is_right)
        wrong = what;
}

static plexctl_status use_nothing(struct loader *loader, struct error *err)
{
    (void)loader;
    (void)err;
    return PLEXCTL_OK;
}

static plexctl_status use_open(struct loader *loader, struct error *err)
{
    struct loaded_plugin plugin = {0};
    plexctl_status status = loader_open(loader, "hello", &plugin, err);

    expect((status == PLEXCTL_OK) == (plugin.plugin != NULL), "the plugin");
    expect((status == PLEXCTL_OK) == (plugin.path != NULL), "its path");
    loaded_plugin_release(&plugin);
    return status;
}

static plexctl_status use_refused(struct loader *loader, struct error *err)
{
    struct loaded_plugin plugin = {0};

    return loader_open(loader, "placeholder", &plugin, err);
}

struct visited {
    unsigned files, directories; /* directories that could not be listed */
};

static bool visit(void *context, const struct plugin_entry *entry)
{
    struct visited *visited = context;

    expect(entry->path != NULL, "an entry without a path");
    if (entry->word[0] != '\0')
        visited->files++;
    else if (strstr(entry->refusal->text, "Cannot allocate memory"))
        visited->directories++;
    return true;
}

static plexctl_status use_each(struct loader *loader, struct error *err)
{
    struct visited visited = {0};
    plexctl_status status = loader_each(loader, visit, &visited, err);

    expect(status != PLEXCTL_OK || visited.files == 3 || visited.directories > 0, "the number of files");
    return status;
}

static plexctl_status use_http(struct loader *loader, struct error *err)
{
    const struct http_module *module = NULL, *again = NULL;
    plexctl_status status = loader_http(loader, &module, err);

    expect((status == PLEXCTL_OK) == (module != NULL), "the module");
    if (status == PLEXCTL_OK)
        expect(loader_http(loader, &again, err) == PLEXCTL_OK && again == module, "the module at the second call");
    return status;
}

static const struct use {
    const char *name;
    plexctl_status (*use)(struct loader *loader, struct error *err);
    plexctl_status status;
} uses[] = {
    {"new", use_nothing, PLEXCTL_OK},
    {"open", use_open, PLEXCTL_OK},
    {"open a refused one", use_refused, PLEXCTL_FAILED},
    {"each", use_each, PLEXCTL_OK},
    {"http", use_http, PLEXCTL_OK},
};

/* Whether allocation number `first` was there to fail; *ret_left are the blocks left behind. */
static bool use_once(const struct place *place, const struct use *use, unsigned long first, bool is_sticky,
                     long *ret_left)
{
    struct loader *loader = NULL;
    struct error err = ERROR_INIT;
    const long live = heap_live();

    heap_fail(first, is_sticky);
    plexctl_status status = loader_new_at(place->library.text, false, &loader, &err);
    if (status == PLEXCTL_OK)
        status = use->use(loader, &err);
    loader_free(loader);
    const unsigned long failures = heap_failures();
    heap_fail(0, false);
    ck_assert_msg(!wrong, "%s: allocation %lu: %s", use->name, first, wrong);
    *ret_left = heap_live() - live;
    ck_assert_msg(status == use->status || (failures > 0 && (status == PLEXCTL_NO_MEMORY || status == PLEXCTL_FAILED)),
                  "%s: allocation %lu: %d %s", use->name, first, (int)status, err.text);
    return failures > 0;
}

/* Tried twice: what the C library makes at the first use of a way out, it keeps. */
static bool use_leaves_nothing(const struct place *place, const struct use *use, unsigned long first, bool is_sticky)
{
    long left = 0;
    bool has_failed = use_once(place, use, first, is_sticky, &left) && use_once(place, use, first, is_sticky, &left);

    /* What the dynamic linker keeps of an object that it could not open is not ours. */
    bool is_counted = use->use != use_open && use->use != use_http;
    ck_assert_msg(left == 0 || !is_counted, "%s: allocation %lu, %ld left behind", use->name, first, left);
    return has_failed;
}

START_TEST(loader_without_memory_is_a_status)
{
    struct place place = new_place();
    struct fixture_path refused = fixture_install("placeholder", place.built_in.text, "placeholder.so");
    long left = 0;

    if (!heap_is_ours())
        return;
    (void)fixture_install("hello", place.built_in.text, "hello.so");
    (void)fixture_install("hello", place.added.text, "hello.so");
    install_http(&place, PACKAGE_VERSION);
    ck_assert_int_eq(chmod(refused.text, 0666), 0);
    ck_assert_int_eq(setenv("PLEXCTL_PLUGIN_PATH", place.added.text, 1), 0);
    ck_assert_int_eq(setenv("HOME", place.home.text, 1), 0);
    (void)use_once(&place, &uses[_i], 0, false, &left);
    for (int is_sticky = 0; is_sticky < 2; is_sticky++) {
        unsigned long n = 1;
        while (use_leaves_nothing(&place, &uses[_i], n, is_sticky))
            ck_assert_uint_lt(++n, ALLOCATIONS_MAX);
        ck_assert_uint_gt(n, 1);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loader_memory");
    TCase *tcase = tcase_create("memory");

    tcase_add_loop_test(tcase, loader_without_memory_is_a_status, 0, (int)(sizeof uses / sizeof uses[0]));
    suite_add_tcase(suite, tcase);
    return fixture_read_plugins() ? unit_run(suite) : EXIT_FAILURE;
}
