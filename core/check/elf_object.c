/* SPDX-License-Identifier: Apache-2.0 */
#include "check/elf_object.h"

#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

/* In the places that panics name, whichever compiler it was; 1.63 leaves no mark of its own in .comment. */
#define RUST_STD "library/std/src/"

struct elf_object {
    Elf *elf;
    Elf_Scn *symbols, *dynamic, *constants;
};

static plexctl_status failed(struct error *err)
{
    return error_set(err, PLEXCTL_FAILED, "cannot be read: %s", elf_errmsg(-1));
}

static plexctl_status find_sections(struct elf_object *object, struct error *err)
{
    size_t names = 0;
    GElf_Shdr header;

    if (elf_getshdrstrndx(object->elf, &names) != 0)
        return failed(err);
    for (Elf_Scn *section = elf_nextscn(object->elf, NULL); section; section = elf_nextscn(object->elf, section)) {
        if (!gelf_getshdr(section, &header))
            return failed(err);
        const char *name = elf_strptr(object->elf, names, header.sh_name);
        if (header.sh_type == SHT_DYNSYM)
            object->symbols = section;
        else if (header.sh_type == SHT_DYNAMIC)
            object->dynamic = section;
        else if (name && strcmp(name, ".rodata") == 0)
            object->constants = section;
    }
    if (!object->symbols || !object->dynamic)
        return error_set(err, PLEXCTL_FAILED, "no section of dynamic symbols");
    return PLEXCTL_OK;
}

plexctl_status elf_object_open(int fd, struct elf_object **ret_object, struct error *err)
{
    struct elf_object *object = calloc(1, sizeof *object);

    if (!object)
        return error_no_memory(err);
    (void)elf_version(EV_CURRENT);
    object->elf = elf_begin(fd, ELF_C_READ, NULL);
    plexctl_status status = object->elf ? find_sections(object, err) : failed(err);
    if (status == PLEXCTL_OK)
        *ret_object = object;
    else
        elf_object_free(object);
    return status;
}

void elf_object_free(struct elf_object *object)
{
    if (object)
        (void)elf_end(object->elf);
    free(object);
}

void elf_object_each_symbol(struct elf_object *object, void (*visit)(void *context, const struct elf_symbol *symbol),
                            void *context)
{
    Elf_Data *data = elf_getdata(object->symbols, NULL);
    GElf_Shdr header;
    GElf_Sym row;

    if (!data || !gelf_getshdr(object->symbols, &header))
        return;
    for (int i = 1; gelf_getsym(data, i, &row); i++) {
        unsigned char binding = GELF_ST_BIND(row.st_info), visibility = GELF_ST_VISIBILITY(row.st_other);
        const struct elf_symbol symbol = {.name = elf_strptr(object->elf, header.sh_link, row.st_name),
                                          .is_defined = row.st_shndx != SHN_UNDEF,
                                          .is_weak = binding == STB_WEAK};
        bool is_seen = !symbol.is_defined || visibility == STV_DEFAULT || visibility == STV_PROTECTED;
        if (symbol.name && binding != STB_LOCAL && is_seen)
            visit(context, &symbol);
    }
}

bool elf_object_has(struct elf_object *object, int64_t tag, uint64_t *ret_value)
{
    Elf_Data *data = elf_getdata(object->dynamic, NULL);
    GElf_Dyn row;

    for (int i = 0; data && gelf_getdyn(data, i, &row) && row.d_tag != DT_NULL; i++) {
        if (row.d_tag == tag) {
            *ret_value = row.d_un.d_val;
            return true;
        }
    }
    return false;
}

const char *elf_object_text(struct elf_object *object, int64_t tag)
{
    GElf_Shdr header;
    uint64_t value = 0;

    if (!elf_object_has(object, tag, &value) || !gelf_getshdr(object->dynamic, &header))
        return NULL;
    return elf_strptr(object->elf, header.sh_link, (size_t)value);
}

bool elf_object_segment(struct elf_object *object, uint32_t type, uint32_t *ret_flags)
{
    size_t count = 0;
    GElf_Phdr header;

    (void)elf_getphdrnum(object->elf, &count);
    for (size_t i = 0; i < count && gelf_getphdr(object->elf, (int)i, &header); i++) {
        if (header.p_type == type) {
            *ret_flags = header.p_flags;
            return true;
        }
    }
    return false;
}

bool elf_object_has_rust_std(struct elf_object *object)
{
    Elf_Data *data = object->constants ? elf_getdata(object->constants, NULL) : NULL;

    return data && data->d_buf && memmem(data->d_buf, data->d_size, RUST_STD, strlen(RUST_STD));
}
