/* SPDX-License-Identifier: Apache-2.0
 *
 * heap - an allocator for tests that fails when told to and looks at what is freed. Linking heap.c puts it in the place
 * of malloc, for libraries too. Under a sanitizer, which has an allocator of its own, it stands aside: ask
 * heap_is_ours.
 */
#ifndef TESTS_HEAP_H
#define TESTS_HEAP_H

#include <stdbool.h>

bool heap_is_ours(void);

/* The allocation number `first` from now on (1 is the next) fails, and with `is_sticky` all that follow it; 0 ends it.
 */
void heap_fail(unsigned long first, bool is_sticky);

/* How many have failed since heap_fail. */
unsigned long heap_failures(void);

/* Blocks that are allocated and not freed: what an action leaves behind is the difference. */
long heap_live(void);

/* Blocks that hold `text` when they are freed are counted from now on; NULL ends it. The text is borrowed. */
void heap_watch(const char *text);
unsigned long heap_sightings(void);

#endif
