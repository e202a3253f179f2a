/* SPDX-License-Identifier: Apache-2.0
 *
 * elf_note - reads struct plexctl_note out of a shared object's bytes, so that nothing of a foreign file runs before it
 * is known to fit. Every offset and size in the file is taken for a lie until it is found to lie within the file.
 */
#ifndef CORE_ELF_NOTE_H
#define CORE_ELF_NOTE_H

#include "base/error.h"

/* Reads the note from `fd` by pread (the file offset stays). PLEXCTL_FAILED with what was found and what was wanted:
 * not ELF, another class, byte order, machine or type than this process, cut short, no note, two notes, a text without
 * its NUL, a command word that is none, control bytes in summary or version. The ABI version is the caller's to judge.
 */
plexctl_status elf_note_read(int fd, struct plexctl_note *ret_note, struct error *err);

#endif
