/* SPDX-License-Identifier: Apache-2.0 */
#include "elf_note.h"

#include <errno.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "refusal.h"

#define MAX_PROGRAM_HEADERS 128
#define MAX_NOTE_SEGMENT_BYTES ((uint64_t)64 * 1024)
#define DESCRIPTOR_OFFSET offsetof(struct plexctl_note, abi_major)
#define DESCRIPTOR_BYTES (sizeof(struct plexctl_note) - DESCRIPTOR_OFFSET)
/* Through the summary: what ABI 1.0 had, however it has grown since. */
#define DESCRIPTOR_LEAST_BYTES \
    (offsetof(struct plexctl_note, summary) + sizeof((struct plexctl_note *)NULL)->summary - DESCRIPTOR_OFFSET)

/* The linker's name for our own ELF header: whatever machine we were built for, a plugin must match it. */
extern const ElfW(Ehdr) __ehdr_start; /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

struct image {
    int fd;
    uint64_t size;
    ElfW(Ehdr) header;
};

struct search {
    unsigned count;
    struct plexctl_note note;
};

static bool holds(const struct image *image, uint64_t offset, uint64_t count)
{
    return offset <= image->size && count <= image->size - offset;
}

static plexctl_status cut_short(const struct image *image, const char *what, struct error *err)
{
    return error_set(err, PLEXCTL_FAILED, "cut short: its %s lies beyond the end of its %llu bytes", what,
                     (unsigned long long)image->size);
}

static plexctl_status read_at(const struct image *image, uint64_t offset, void *bytes, size_t count, struct error *err)
{
    size_t done = 0;

    while (done < count) {
        ssize_t got = pread(image->fd, (char *)bytes + done, count - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot read it");
        if (got == 0)
            return cut_short(image, "content", err);
        done += (size_t)got;
    }
    return PLEXCTL_OK;
}

static plexctl_status check_identity(const ElfW(Ehdr) * header, struct error *err)
{
    const struct {
        const char *what;
        unsigned found, wanted;
    } rows[] = {
        {"class", header->e_ident[EI_CLASS], __ehdr_start.e_ident[EI_CLASS]},
        {"byte order", header->e_ident[EI_DATA], __ehdr_start.e_ident[EI_DATA]},
        {"identity version", header->e_ident[EI_VERSION], EV_CURRENT},
        {"machine", header->e_machine, __ehdr_start.e_machine},
        {"type", header->e_type, ET_DYN},
        {"version", header->e_version, EV_CURRENT},
        {"program header size", header->e_phentsize, sizeof(ElfW(Phdr))},
    };

    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
        (void)error_set(err, PLEXCTL_FAILED, "not an ELF file");
        return refusal_want(err, REFUSAL_ELF, "a shared object for this machine");
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].found != rows[i].wanted) {
            (void)error_set(err, PLEXCTL_FAILED, "ELF %s is %u", rows[i].what, rows[i].found);
            return refusal_want(err, REFUSAL_ELF, "%u, as in plexctl itself: a shared object for this machine",
                                rows[i].wanted);
        }
    }
    return PLEXCTL_OK;
}

static plexctl_status check_header(const struct image *image, struct error *err)
{
    const ElfW(Ehdr) *header = &image->header;
    plexctl_status status = check_identity(header, err);

    if (status != PLEXCTL_OK)
        return status;
    if (header->e_phnum == 0 || header->e_phnum > MAX_PROGRAM_HEADERS) {
        (void)error_set(err, PLEXCTL_FAILED, "%u program headers", header->e_phnum);
        return refusal_want(err, REFUSAL_ELF, "1 to %d", MAX_PROGRAM_HEADERS);
    }
    if (!holds(image, header->e_phoff, (uint64_t)header->e_phnum * sizeof(ElfW(Phdr))))
        return cut_short(image, "program header table", err);
    if (!holds(image, header->e_shoff, (uint64_t)header->e_shnum * header->e_shentsize))
        return cut_short(image, "section header table", err);
    return PLEXCTL_OK;
}

static plexctl_status open_image(int fd, struct image *ret_image, struct error *err)
{
    struct image image = {.fd = fd};
    struct stat found;

    if (fstat(fd, &found) < 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot examine it");
    image.size = found.st_size > 0 ? (uint64_t)found.st_size : 0;
    if (!holds(&image, 0, sizeof image.header)) {
        (void)error_set(err, PLEXCTL_FAILED, "%llu bytes are too few for an ELF file", (unsigned long long)image.size);
        return refusal_want(err, REFUSAL_ELF, "a shared object");
    }
    plexctl_status status = read_at(&image, 0, &image.header, sizeof image.header, err);
    if (status == PLEXCTL_OK)
        status = check_header(&image, err);
    if (status == PLEXCTL_OK)
        *ret_image = image;
    return status;
}

static plexctl_status take_note(const ElfW(Nhdr) * header, const char *name, const char *descriptor,
                                struct search *search, struct error *err)
{
    struct plexctl_note *note = &search->note;

    if (header->n_type != PLEXCTL_NOTE_TYPE || header->n_namesz != sizeof note->owner ||
        memcmp(name, "plexctl", sizeof note->owner) != 0)
        return PLEXCTL_OK;
    if (++search->count > 1) {
        (void)error_set(err, PLEXCTL_FAILED, "two plexctl notes");
        return refusal_want(err, REFUSAL_NOTE, "one plugin a file");
    }
    if (header->n_descsz < DESCRIPTOR_LEAST_BYTES) {
        (void)error_set(err, PLEXCTL_FAILED, "a plexctl note of %u bytes", header->n_descsz);
        return refusal_want(err, REFUSAL_NOTE, "at least %zu", DESCRIPTOR_LEAST_BYTES);
    }
    *note = (struct plexctl_note){
        .name_size = header->n_namesz, .descriptor_size = header->n_descsz, .type = header->n_type};
    memcpy(note->owner, name, sizeof note->owner);
    memcpy((char *)note + DESCRIPTOR_OFFSET, descriptor,
           header->n_descsz < DESCRIPTOR_BYTES ? header->n_descsz : DESCRIPTOR_BYTES);
    return PLEXCTL_OK;
}

static uint64_t align_up(uint64_t offset, uint64_t alignment)
{
    return (offset + alignment - 1) / alignment * alignment;
}

/* Sums cannot overflow: `offset` is at most MAX_NOTE_SEGMENT_BYTES, the sizes in a note are 32 bits wide. */
static plexctl_status walk_notes(const char *bytes, uint64_t size, uint64_t alignment, struct search *search,
                                 struct error *err)
{
    uint64_t offset = 0;

    while (offset < size) {
        ElfW(Nhdr) header;
        if (size - offset < sizeof header)
            return error_set(err, PLEXCTL_FAILED, "a note is cut short by the end of its segment");
        memcpy(&header, bytes + offset, sizeof header);
        uint64_t name_at = offset + sizeof header;
        uint64_t descriptor_at = align_up(name_at + header.n_namesz, alignment);
        if (descriptor_at > size || header.n_descsz > size - descriptor_at)
            return error_set(err, PLEXCTL_FAILED, "a note says it is longer than its segment");
        plexctl_status status = take_note(&header, bytes + name_at, bytes + descriptor_at, search, err);
        if (status != PLEXCTL_OK)
            return status;
        offset = align_up(descriptor_at + header.n_descsz, alignment);
    }
    return PLEXCTL_OK;
}

static plexctl_status scan_segment(const struct image *image, const ElfW(Phdr) * segment, struct search *search,
                                   struct error *err)
{
    uint64_t size = segment->p_filesz;

    if (size == 0)
        return PLEXCTL_OK;
    if (size > MAX_NOTE_SEGMENT_BYTES) {
        (void)error_set(err, PLEXCTL_FAILED, "a note segment of %llu bytes", (unsigned long long)size);
        return refusal_want(err, REFUSAL_NOTE, "at most %llu", (unsigned long long)MAX_NOTE_SEGMENT_BYTES);
    }
    auto_free char *bytes = malloc((size_t)size);
    if (!bytes)
        return error_no_memory(err);
    plexctl_status status = read_at(image, segment->p_offset, bytes, (size_t)size, err);
    if (status != PLEXCTL_OK)
        return status;
    return walk_notes(bytes, size, segment->p_align == 8 ? 8 : 4, search, err);
}

/* Loadable segments are checked as well: the loader maps them unasked, and a cut one is a SIGBUS later. */
static plexctl_status scan_image(const struct image *image, struct search *search, struct error *err)
{
    ElfW(Phdr) segments[MAX_PROGRAM_HEADERS] = {0};
    size_t count = image->header.e_phnum;
    plexctl_status status = read_at(image, image->header.e_phoff, segments, count * sizeof segments[0], err);

    for (size_t i = 0; status == PLEXCTL_OK && i < count; i++) {
        if (segments[i].p_type != PT_LOAD && segments[i].p_type != PT_NOTE)
            continue;
        if (!holds(image, segments[i].p_offset, segments[i].p_filesz))
            return cut_short(image, segments[i].p_type == PT_LOAD ? "loadable segment" : "note segment", err);
        if (segments[i].p_type == PT_NOTE)
            status = scan_segment(image, &segments[i], search, err);
    }
    return status;
}

static plexctl_status check_text(const char *what, const char *text, size_t size, struct error *err)
{
    const char *end = memchr(text, '\0', size);

    if (!end) {
        (void)error_set(err, PLEXCTL_FAILED, "the note's %s fills all of its %zu bytes", what, size);
        return refusal_want(err, REFUSAL_NOTE, "a NUL at its end");
    }
    for (const char *at = text; at < end;) {
        uint32_t code_point;
        size_t length = text_utf8_decode(at, (size_t)(end - at), &code_point);
        if (length == 0)
            return error_set(err, PLEXCTL_FAILED, "the note's %s is not UTF-8", what);
        if (text_is_control(code_point)) {
            (void)error_set(err, PLEXCTL_FAILED, "the note's %s holds a control byte", what);
            return refusal_want(err, REFUSAL_NOTE, "one line of text");
        }
        at += length;
    }
    return PLEXCTL_OK;
}

static plexctl_status check_note(const struct plexctl_note *note, struct error *err)
{
    plexctl_status status = check_text("command word", note->command, sizeof note->command, err);

    if (status == PLEXCTL_OK && !text_is_command_word(note->command)) {
        (void)error_set(err, PLEXCTL_FAILED, "the note's command word \"%s\" is none", note->command);
        return refusal_want(err, REFUSAL_NOTE, "1 to 31 of a-z, 0-9 and '-', a letter first");
    }
    if (status == PLEXCTL_OK)
        status = check_text("version", note->version, sizeof note->version, err);
    if (status == PLEXCTL_OK)
        status = check_text("summary", note->summary, sizeof note->summary, err);
    return status;
}

plexctl_status elf_note_read(int fd, struct plexctl_note *ret_note, struct error *err)
{
    struct image image = {.fd = -1};
    struct search search = {0};
    plexctl_status status = open_image(fd, &image, err);

    if (status == PLEXCTL_OK)
        status = scan_image(&image, &search, err);
    if (status == PLEXCTL_OK && search.count == 0) {
        (void)error_set(err, PLEXCTL_FAILED, "no plexctl note");
        return refusal_want(err, REFUSAL_NOTE, "one, as PLEXCTL_PLUGIN() of plugin.h writes it");
    }
    if (status == PLEXCTL_OK)
        status = check_note(&search.note, err);
    if (status == PLEXCTL_OK)
        *ret_note = search.note;
    return status;
}
