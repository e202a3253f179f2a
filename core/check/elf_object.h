/* SPDX-License-Identifier: Apache-2.0
 *
 * elf_object - what a shared object says of itself: its symbols, dynamic section and segments, read by libelf, whose
 * only user this is.
 */
#ifndef CORE_CHECK_ELF_OBJECT_H
#define CORE_CHECK_ELF_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct elf_object;

/* `fd` stays the caller's, and open while the object is. PLEXCTL_FAILED with libelf's reason, also where the dynamic
 * symbols cannot be found. */
plexctl_status elf_object_open(int fd, struct elf_object **ret_object, struct error *err);
void elf_object_free(struct elf_object *object);

/* A dynamic symbol that another object would see, or that another has to give. */
struct elf_symbol {
    const char *name;
    bool is_defined;
    bool is_weak;
};
void elf_object_each_symbol(struct elf_object *object, void (*visit)(void *context, const struct elf_symbol *symbol),
                            void *context);

/* Entry `tag` (DT_...) of the dynamic section; false where there is none. */
bool elf_object_has(struct elf_object *object, int64_t tag, uint64_t *ret_value);
/* The same, of one that names a text; NULL where there is none. */
const char *elf_object_text(struct elf_object *object, int64_t tag);

/* The flags of the first segment of `type` (PT_...); false where there is none. */
bool elf_object_segment(struct elf_object *object, uint32_t type, uint32_t *ret_flags);

/* Rust's std is linked in. */
bool elf_object_has_rust_std(struct elf_object *object);

#endif
