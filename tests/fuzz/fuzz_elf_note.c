/* SPDX-License-Identifier: Apache-2.0
 *
 * The reader of a plugin's ELF note. It reads within the file only; a note that it accepts stands in the file as it is,
 * its texts end and can be printed; a refusal leaves the note alone and says why in one line.
 */
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "elf_note.h"
#include "fuzz.h"

const char fuzz_name[] = "elf_note";

#define DESCRIPTOR_OFFSET offsetof(struct plexctl_note, abi_major)

static int image_fd = -1;
static size_t image_size;

/* Stands before the C library's own. */
ssize_t pread_watched(int fd, void *bytes, size_t count, off_t offset) __asm__("pread");

ssize_t pread_watched(int fd, void *bytes, size_t count, off_t offset)
{
    fuzz_require(fd == image_fd, "the file alone is read");
    fuzz_require(offset >= 0 && (size_t)offset <= image_size && count <= image_size - (size_t)offset,
                 "what is read lies in the file");
    return (ssize_t)syscall(SYS_pread64, fd, bytes, count, offset);
}

static void check_text(const char *text, size_t size)
{
    const char *end = memchr(text, '\0', size);

    fuzz_require(end != NULL, "a text ends");
    for (const char *at = text; at < end; at++)
        fuzz_require((unsigned char)*at >= 0x20 && *at != 0x7f, "a text has no control byte");
}

static void check_accepted(const struct plexctl_note *note, const uint8_t *data, size_t size)
{
    fuzz_require(note->type == PLEXCTL_NOTE_TYPE && memcmp(note->owner, "plexctl", sizeof note->owner) == 0,
                 "the note is ours");
    fuzz_require(memmem(data, size, (const char *)note + DESCRIPTOR_OFFSET, sizeof *note - DESCRIPTOR_OFFSET) != NULL,
                 "the note stands in the file");
    check_text(note->command, sizeof note->command);
    check_text(note->version, sizeof note->version);
    check_text(note->summary, sizeof note->summary);
    fuzz_require(text_is_command_word(note->command), "the command is a word");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct plexctl_note note = {.command = "untouched"};
    const struct plexctl_note before = note;
    struct error err = ERROR_INIT;

    if (image_fd < 0)
        image_fd = memfd_create("image", MFD_CLOEXEC);
    fuzz_require(image_fd >= 0 && ftruncate(image_fd, 0) == 0 && pwrite(image_fd, data, size, 0) == (ssize_t)size,
                 "the image is written");
    image_size = size;
    plexctl_status status = elf_note_read(image_fd, &note, &err);
    if (fuzz_planted && status == PLEXCTL_FAILED && strstr(err.text, "control byte"))
        status = PLEXCTL_OK;
    if (status == PLEXCTL_OK) {
        check_accepted(&note, data, size);
        return 0;
    }
    fuzz_require(status == PLEXCTL_FAILED && err.text[0] && fuzz_is_safe(err.text, strlen(err.text)),
                 "a refusal is one line");
    fuzz_require(memcmp(&note, &before, sizeof note) == 0, "a refusal leaves the note alone");
    return 0;
}
