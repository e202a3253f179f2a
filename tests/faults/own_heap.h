/* SPDX-License-Identifier: Apache-2.0
 *
 * own_heap - what the two files of the shim share; own_heap.c says what it does. `caller` is the address that the
 * allocating function returns to.
 */
#ifndef TESTS_OWN_HEAP_H
#define TESTS_OWN_HEAP_H

#include <stdbool.h>
#include <stddef.h>

#define CALLER __builtin_return_address(0)

/* Calls of libcurl's allocator that are under way in this thread: what they allocate is libcurl's, whoever does it. */
extern _Thread_local unsigned own_heap_in_curl;

/* Whether this one of plexctl's own allocations is to fail; errno is ENOMEM then. False for all others. */
bool own_heap_must_fail(const void *caller);

void *own_heap_allocate(size_t size, void *caller);

/* A block that libc allocated by itself becomes the caller's, if that is plexctl; answers the block. */
void *own_heap_take_over(void *memory, void *caller);

#endif
