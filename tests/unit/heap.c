/* SPDX-License-Identifier: Apache-2.0 */
#include "heap.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define HEAP_STANDS_ASIDE
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define HEAP_STANDS_ASIDE
#endif

static unsigned long fail_first, allocations, failures, sightings;
static long live;
static bool fail_is_sticky;
static const char *watched;

void heap_fail(unsigned long first, bool is_sticky)
{
    fail_first = first;
    fail_is_sticky = is_sticky;
    allocations = failures = 0;
}

unsigned long heap_failures(void)
{
    return failures;
}

long heap_live(void)
{
    return live;
}

void heap_watch(const char *text)
{
    watched = text;
    sightings = 0;
}

unsigned long heap_sightings(void)
{
    return sightings;
}

/* Asked by doing, since valgrind puts its allocator in the place of ours as late as at run time; through a volatile
 * pointer, because a compiler that knows malloc leaves out what heap_fail has stored. */
bool heap_is_ours(void)
{
    static bool is_said;
    void *(*volatile allocate)(size_t size) = malloc;

    heap_fail(1, false);
    void *block = allocate(1);
    bool is_ours = block == NULL;
    heap_fail(0, false);
    free(block);
    if (!is_ours && !is_said)
        unit_skip("allocations that fail: the sanitizer or valgrind has an allocator of its own");
    is_said = is_said || !is_ours;
    return is_ours;
}

#ifndef HEAP_STANDS_ASIDE

#include <malloc.h>

/* The names under which glibc lets its allocator be reached by one that replaces it. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void __libc_free(void *block);

static bool must_fail(void)
{
    if (fail_first == 0)
        return false;
    allocations++;
    if (fail_is_sticky ? allocations < fail_first : allocations != fail_first)
        return false;
    failures++;
    errno = ENOMEM;
    return true;
}

static void *counted(void *block)
{
    live += block != NULL;
    return block;
}

void *malloc(size_t size)
{
    return must_fail() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return must_fail() ? NULL : counted(__libc_calloc(count, size));
}

void free(void *block)
{
    if (block && watched && memmem(block, malloc_usable_size(block), watched, strlen(watched)))
        sightings++;
    live -= block != NULL;
    __libc_free(block);
}

/* Always moves, so that the old block is looked at. */
void *realloc(void *block, size_t size)
{
    if (must_fail())
        return NULL;
    void *moved = counted(__libc_malloc(size));
    if (moved && block) {
        size_t old_size = malloc_usable_size(block);
        memcpy(moved, block, old_size < size ? old_size : size);
        free(block);
    }
    return moved;
}

#endif
