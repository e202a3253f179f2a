/* SPDX-License-Identifier: Apache-2.0 */
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "elf_note.h"
#include "unit.h"

extern const ElfW(Ehdr) __ehdr_start; /* NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

/* The smallest file that has a note to read: a header, two program headers, the note. */
struct image {
    ElfW(Ehdr) header;
    ElfW(Phdr) segments[2]; /* PT_LOAD of everything, PT_NOTE */
    struct plexctl_note note;
};

static struct image good_image(void)
{
    struct image image = {
        .header = {.e_type = ET_DYN,
                   .e_machine = __ehdr_start.e_machine,
                   .e_version = EV_CURRENT,
                   .e_phoff = offsetof(struct image, segments),
                   .e_ehsize = sizeof(ElfW(Ehdr)),
                   .e_phentsize = sizeof(ElfW(Phdr)),
                   .e_phnum = 2},
        .segments = {{.p_type = PT_LOAD, .p_filesz = sizeof(struct image), .p_align = 4096},
                     {.p_type = PT_NOTE,
                      .p_offset = offsetof(struct image, note),
                      .p_filesz = sizeof(struct plexctl_note),
                      .p_align = 4}},
        .note = {8, sizeof(struct plexctl_note) - offsetof(struct plexctl_note, abi_major), PLEXCTL_NOTE_TYPE,
                 "plexctl", PLEXCTL_ABI_MAJOR, PLEXCTL_ABI_MINOR, "hello", "1.2.3", "Say hello"},
    };
    memcpy(image.header.e_ident, __ehdr_start.e_ident, EI_NIDENT);
    return image;
}

/* The compiler may pad the end of the image; the file does not. */
#define IMAGE_SIZE (offsetof(struct image, note) + sizeof(struct plexctl_note))

static plexctl_status read_bytes(const void *bytes, size_t size, struct plexctl_note *ret_note, struct error *err)
{
    auto_fd int fd = memfd_create("image", MFD_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
    return elf_note_read(fd, ret_note, err);
}

static struct image sized_image(void)
{
    struct image image = good_image();
    image.segments[0].p_filesz = IMAGE_SIZE;
    return image;
}

static void assert_refused(const void *bytes, size_t size, const char *reason)
{
    struct plexctl_note note = {.command = "untouched"};
    struct error err = ERROR_INIT;

    ck_assert_int_eq(read_bytes(bytes, size, &note, &err), PLEXCTL_FAILED);
    ck_assert_msg(strstr(err.text, reason) != NULL, "\"%s\" is not in \"%s\"", reason, err.text);
    ck_assert_str_eq(note.command, "untouched");
}

START_TEST(elf_note_read_of_good_image_gives_note)
{
    struct image image = sized_image();
    struct plexctl_note note;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(read_bytes(&image, IMAGE_SIZE, &note, &err), PLEXCTL_OK);
    ck_assert_mem_eq(&note, &image.note, sizeof note);
    ck_assert_str_eq(err.text, "");
}
END_TEST

START_TEST(elf_note_read_leaves_offset)
{
    struct image image = sized_image();
    struct plexctl_note note;
    struct error err = ERROR_INIT;
    auto_fd int fd = memfd_create("image", MFD_CLOEXEC);

    ck_assert_int_eq(write(fd, &image, IMAGE_SIZE), (ssize_t)IMAGE_SIZE);
    ck_assert_int_eq(lseek(fd, 7, SEEK_SET), 7);
    ck_assert_int_eq(elf_note_read(fd, &note, &err), PLEXCTL_OK);
    ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 7);
}
END_TEST

START_TEST(elf_note_read_of_every_truncation_is_refused)
{
    struct image image = sized_image();

    for (size_t size = 0; size < IMAGE_SIZE; size++)
        assert_refused(&image, size, "");
}
END_TEST

START_TEST(elf_note_read_of_every_flipped_bit_answers)
{
    for (size_t bit = 0; bit < IMAGE_SIZE * 8; bit++) {
        struct image image = sized_image();
        struct plexctl_note note = {.command = "untouched"};
        struct error err = ERROR_INIT;
        ((unsigned char *)&image)[bit / 8] ^= (unsigned char)(1u << bit % 8);
        plexctl_status status = read_bytes(&image, IMAGE_SIZE, &note, &err);
        ck_assert(status == PLEXCTL_OK || status == PLEXCTL_FAILED);
        ck_assert_int_eq(status == PLEXCTL_OK, err.text[0] == '\0');
        ck_assert_int_eq(status != PLEXCTL_OK, strcmp(note.command, "untouched") == 0);
        ck_assert_ptr_nonnull(memchr(note.command, '\0', sizeof note.command));
    }
}
END_TEST

#define AT(member) offsetof(struct image, member), sizeof(((struct image *)0)->member)

static const struct {
    const char *name;
    size_t offset, size;
    uint64_t value;
    const char *reason;
} lies[] = {
    {"magic", AT(header.e_ident[0]), 0, "not an ELF file"},
    {"class", AT(header.e_ident[EI_CLASS]), 9, "class is 9"},
    {"byte order", AT(header.e_ident[EI_DATA]), 9, "byte order is 9"},
    {"identity version", AT(header.e_ident[EI_VERSION]), 0, "identity version is 0"},
    {"type of a program", AT(header.e_type), ET_EXEC, "type is 2"},
    {"type of an object file", AT(header.e_type), ET_REL, "type is 1"},
    {"machine", AT(header.e_machine), 0xfffe, "machine is 65534"},
    {"version", AT(header.e_version), 2, "version is 2"},
    {"program header size", AT(header.e_phentsize), 1, "program header size is 1"},
    {"no program headers", AT(header.e_phnum), 0, "0 program headers"},
    {"too many program headers", AT(header.e_phnum), 129, "129 program headers"},
    {"more program headers than bytes", AT(header.e_phnum), 128, "program header table lies beyond"},
    {"program headers behind the end", AT(header.e_phoff), IMAGE_SIZE, "program header table lies beyond"},
    {"program headers at the end of numbers", AT(header.e_phoff), UINT64_MAX, "program header table lies beyond"},
    {"section headers behind the end", AT(header.e_shoff), IMAGE_SIZE + 1, "section header table lies beyond"},
    {"load offset", AT(segments[0].p_offset), 1, "loadable segment lies beyond"},
    {"load offset at the end of numbers", AT(segments[0].p_offset), UINT64_MAX, "loadable segment lies beyond"},
    {"load size", AT(segments[0].p_filesz), IMAGE_SIZE + 1, "loadable segment lies beyond"},
    {"no note segment", AT(segments[1].p_type), PT_NULL, "no plexctl note"},
    {"empty note segment", AT(segments[1].p_filesz), 0, "no plexctl note"},
    {"note segment at the end of numbers", AT(segments[1].p_offset), UINT64_MAX - 3, "note segment lies beyond"},
    {"note segment of all numbers", AT(segments[1].p_filesz), UINT64_MAX, "note segment lies beyond"},
    {"note segment without a header", AT(segments[1].p_filesz), 11, "cut short by the end of its segment"},
    {"note segment without the last byte", AT(segments[1].p_filesz), sizeof(struct plexctl_note) - 1, "longer than"},
    {"name size", AT(note.name_size), UINT32_MAX, "longer than its segment"},
    {"name size of another owner", AT(note.name_size), 7, "no plexctl note"},
    {"descriptor size", AT(note.descriptor_size), UINT32_MAX, "longer than its segment"},
    {"descriptor size of the next word", AT(note.descriptor_size), 172, "longer than its segment"},
    {"small descriptor", AT(note.descriptor_size), 164, "a plexctl note of 164 bytes"},
    {"note type", AT(note.type), 2, "no plexctl note"},
    {"owner", AT(note.owner[0]), 'q', "no plexctl note"},
    {"owner's end", AT(note.owner[7]), 'q', "no plexctl note"},
    {"control byte in the command", AT(note.command[1]), 0x1b, "command word holds a control byte"},
    {"capital in the command", AT(note.command[0]), 'H', "\"Hello\" is none"},
    {"slash in the command", AT(note.command[1]), '/', "is none"},
    {"no command", AT(note.command[0]), 0, "\"\" is none"},
    {"control byte in the version", AT(note.version[0]), '\n', "version holds a control byte"},
    {"bad byte in the version", AT(note.version[0]), 0xff, "version is not UTF-8"},
    {"control byte in the summary", AT(note.summary[0]), 0x7f, "summary holds a control byte"},
    {"bad byte in the summary", AT(note.summary[0]), 0x80, "summary is not UTF-8"},
};

START_TEST(elf_note_read_of_lie_is_refused)
{
    struct image image = sized_image();
    unsigned char *field = (unsigned char *)&image + lies[_i].offset;
    uint64_t value = lies[_i].value;

    /* Little end first, as every machine that this test runs on has it. */
    for (size_t i = 0; i < lies[_i].size; i++)
        field[i] = i < sizeof value ? (unsigned char)(value >> 8 * i) : 0;
    assert_refused(&image, IMAGE_SIZE, lies[_i].reason);
}
END_TEST

START_TEST(elf_note_read_of_text_without_end_is_refused)
{
    struct {
        size_t offset, size;
        const char *reason;
    } rows[] = {{AT(note.command), "command word fills all of its 32"},
                {AT(note.version), "version fills all of its 32"},
                {AT(note.summary), "summary fills all of its 96"}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct image image = sized_image();
        memset((char *)&image + rows[i].offset, 'a', rows[i].size);
        assert_refused(&image, IMAGE_SIZE, rows[i].reason);
    }
}
END_TEST

START_TEST(elf_note_read_of_c1_control_is_refused)
{
    struct image image = sized_image();

    memcpy(image.note.summary,
           "\xc2\x9b"
           "31m",
           6);
    assert_refused(&image, IMAGE_SIZE, "summary holds a control byte");
}
END_TEST

START_TEST(elf_note_read_of_large_note_segment_is_refused)
{
    size_t size = IMAGE_SIZE + (size_t)128 * 1024;
    auto_free char *bytes = calloc(1, size);
    struct image image = sized_image();

    ck_assert_ptr_nonnull(bytes);
    image.segments[1].p_filesz = 64 * 1024 + 1;
    memcpy(bytes, &image, IMAGE_SIZE);
    assert_refused(bytes, size, "a note segment of 65537 bytes");
}
END_TEST

/* Two images' notes one behind the other, in one segment; `first` bytes belong to the first. */
static plexctl_status read_two(const void *first, size_t first_size, struct plexctl_note *ret_note, struct error *err)
{
    char bytes[IMAGE_SIZE + 512] = {0};
    struct image image = sized_image();
    size_t note_at = offsetof(struct image, note);
    size_t size = note_at + first_size + sizeof image.note;

    image.segments[1].p_filesz = first_size + sizeof image.note;
    memcpy(bytes, &image, note_at);
    memcpy(bytes + note_at, first, first_size);
    memcpy(bytes + note_at + first_size, &image.note, sizeof image.note);
    return read_bytes(bytes, size, ret_note, err);
}

START_TEST(elf_note_read_behind_foreign_note_finds_it)
{
    /* As the linker lays a build id before ours: a name of 4 bytes, a descriptor of 5, padded. */
    const struct {
        ElfW(Nhdr) header;
        char name[4], descriptor[8];
    } foreign = {{4, 5, 3}, "GNU", "abcde"};
    struct plexctl_note note;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(read_two(&foreign, sizeof foreign, &note, &err), PLEXCTL_OK);
    ck_assert_str_eq(note.command, "hello");
}
END_TEST

START_TEST(elf_note_read_with_alignment_8_pads_by_8)
{
    struct image image = sized_image();
    struct {
        ElfW(Nhdr) foreign; /* its descriptor ends at 28, the next note begins at 32 */
        char foreign_name[4], foreign_descriptor[16];
        ElfW(Nhdr) header; /* with the name 20 bytes, so that the descriptor begins at 24 */
        char owner[8], padding[4], descriptor[168];
    } notes = {{4, 12, 5}, "GNU", "property", {8, 168, PLEXCTL_NOTE_TYPE}, "plexctl", "", ""};
    char bytes[IMAGE_SIZE + sizeof notes];
    size_t note_at = offsetof(struct image, note);
    struct plexctl_note note;
    struct error err = ERROR_INIT;

    memcpy(notes.descriptor, &image.note.abi_major, sizeof notes.descriptor);
    image.segments[1].p_filesz = sizeof notes;
    image.segments[1].p_align = 8;
    memcpy(bytes, &image, note_at);
    memcpy(bytes + note_at, &notes, sizeof notes);
    ck_assert_int_eq(read_bytes(bytes, note_at + sizeof notes, &note, &err), PLEXCTL_OK);
    ck_assert_str_eq(note.summary, "Say hello");

    image.segments[1].p_align = 4;
    memcpy(bytes, &image, note_at);
    ck_assert_int_eq(read_bytes(bytes, note_at + sizeof notes, &note, &err), PLEXCTL_FAILED);
}
END_TEST

START_TEST(elf_note_read_of_two_notes_is_refused)
{
    struct image image = good_image();
    struct plexctl_note note;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(read_two(&image.note, sizeof image.note, &note, &err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "two plexctl notes"));
}
END_TEST

START_TEST(elf_note_read_of_grown_descriptor_takes_known_part)
{
    struct {
        struct image image;
        char more[8];
    } grown = {.image = sized_image()};
    struct plexctl_note note;
    struct error err = ERROR_INIT;
    size_t size = IMAGE_SIZE + 8;

    grown.image.note.descriptor_size += 8;
    grown.image.segments[1].p_filesz += 8;
    grown.image.segments[0].p_filesz += 8;
    ck_assert_int_eq(read_bytes(&grown, size, &note, &err), PLEXCTL_OK);
    ck_assert_str_eq(note.summary, "Say hello");
}
END_TEST

START_TEST(elf_note_read_of_no_regular_file_is_refused)
{
    int ends[2];
    struct plexctl_note note;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(elf_note_read(ends[0], &note, &err), PLEXCTL_FAILED);
    ck_assert_int_eq(elf_note_read(-1, &note, &err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot examine it"));
    (void)close(ends[0]);
    (void)close(ends[1]);
}
END_TEST

static Suite *elf_note_suite(void)
{
    Suite *suite = suite_create("elf_note");
    TCase *cases = tcase_create("elf_note");

    tcase_add_test(cases, elf_note_read_of_good_image_gives_note);
    tcase_add_test(cases, elf_note_read_leaves_offset);
    tcase_add_test(cases, elf_note_read_of_every_truncation_is_refused);
    tcase_add_test(cases, elf_note_read_of_every_flipped_bit_answers);
    tcase_add_loop_test(cases, elf_note_read_of_lie_is_refused, 0, (int)(sizeof lies / sizeof lies[0]));
    tcase_add_test(cases, elf_note_read_of_text_without_end_is_refused);
    tcase_add_test(cases, elf_note_read_of_c1_control_is_refused);
    tcase_add_test(cases, elf_note_read_of_large_note_segment_is_refused);
    tcase_add_test(cases, elf_note_read_behind_foreign_note_finds_it);
    tcase_add_test(cases, elf_note_read_with_alignment_8_pads_by_8);
    tcase_add_test(cases, elf_note_read_of_two_notes_is_refused);
    tcase_add_test(cases, elf_note_read_of_grown_descriptor_takes_known_part);
    tcase_add_test(cases, elf_note_read_of_no_regular_file_is_refused);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return unit_run(elf_note_suite());
}
