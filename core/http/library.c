/* SPDX-License-Identifier: Apache-2.0 */
#include "library.h"

#include <curl/curl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

static bool is_exhausted;

static void *noted(void *memory)
{
    if (!memory)
        is_exhausted = true;
    return memory;
}

static void *allocate(size_t size)
{
    return noted(malloc(size));
}

static void *allocate_zeroed(size_t count, size_t size)
{
    return noted(calloc(count, size));
}

static char *duplicate(const char *text)
{
    return noted(strdup(text));
}

static void wipe_and_free(void *memory)
{
    if (memory)
        secret_wipe(memory, malloc_usable_size(memory));
    free(memory);
}

static void *reallocate(void *memory, size_t size)
{
    size_t old_size = memory ? malloc_usable_size(memory) : 0;
    void *moved = allocate(size);

    if (!moved || !memory)
        return moved;
    memcpy(moved, memory, old_size < size ? old_size : size);
    wipe_and_free(memory);
    return moved;
}

plexctl_status library_init(struct error *err)
{
    static bool is_ready;

    if (is_ready)
        return PLEXCTL_OK;
    (void)unsetenv("SSLKEYLOGFILE");
    CURLcode code =
        curl_global_init_mem(CURL_GLOBAL_DEFAULT, allocate, wipe_and_free, reallocate, duplicate, allocate_zeroed);
    if (code == CURLE_OUT_OF_MEMORY)
        return error_no_memory(err);
    if (code != CURLE_OK)
        return error_set(err, PLEXCTL_FAILED, "cannot set up libcurl: %s; check its installation",
                         curl_easy_strerror(code));
    is_ready = true;
    return PLEXCTL_OK;
}

bool library_take_exhaustion(void)
{
    bool was_exhausted = is_exhausted;

    is_exhausted = false;
    return was_exhausted;
}
