// SPDX-License-Identifier: Apache-2.0
//
// What can be done to the bytes of a good plugin: rows of { name, change, says, size, runs }. `change` alters a copy of
// the bytes in place or returns others; `says` is in the refusal; a row that `runs` is no attack, and shows that the one
// beside it is refused for the right reason. `size`, if there, is what the file is made that long by (sparse).
'use strict';

const PT_NOTE = 4;
const PT_LOAD = 1;
const PT_GNU_STACK = 0x6474e551;
const GIB = 2 ** 30;

function segments(bytes) {
  const at = Number(bytes.readBigUInt64LE(32));
  const rows = [];
  for (let i = 0; i < bytes.readUInt16LE(56); i++) {
    const start = at + i * 56;
    rows.push({
      at: start,
      type: bytes.readUInt32LE(start),
      offset: Number(bytes.readBigUInt64LE(start + 8)),
      size: Number(bytes.readBigUInt64LE(start + 32)),
    });
  }
  return rows;
}

// Where the note's header begins: 12 bytes before its owner.
function noteAt(bytes) {
  return bytes.indexOf('\x01\0\0\0plexctl\0', 'latin1') - 8;
}

function noteSegment(bytes) {
  const note = noteAt(bytes);
  return segments(bytes).find((one) => one.type === PT_NOTE && one.offset <= note && note < one.offset + one.size);
}

const COMMAND = 28; // in the note
const byte = (at, value) => (bytes) => void (bytes[at] = value);
const half = (at, value) => (bytes) => void bytes.writeUInt16LE(value, at);
const wide = (at, value) => (bytes) => void bytes.writeBigUInt64LE(BigInt(value), at);
const inNote = (at, value) => (bytes) => void bytes.writeUInt32LE(value, noteAt(bytes) + at);
const inNoteText = (at, text) => (bytes) => void bytes.write(text, noteAt(bytes) + at, 'latin1');
const inNoteSegment = (at, value) => (bytes) => void bytes.writeBigUInt64LE(BigInt(value), noteSegment(bytes).at + at);

// The note's segment elsewhere, and of another size.
function moveNoteSegment(offset, size) {
  return (bytes) => {
    const { at } = noteSegment(bytes);
    wide(at + 8, offset)(bytes);
    wide(at + 32, size)(bytes);
  };
}

function inFirstLoad(at, value) {
  return (bytes) => void bytes.writeBigUInt64LE(BigInt(value), segments(bytes).find((one) => one.type === PT_LOAD).at + at);
}

// The stack's segment, which says nothing of the file, becomes one more for the same note.
function secondNote(bytes) {
  const spare = segments(bytes).find((one) => one.type === PT_GNU_STACK);
  const note = noteSegment(bytes);
  bytes.copy(bytes, spare.at, note.at, note.at + 56);
}

// The first bytes of the file up to the end of the note: what plexctl reads of it.
const cuts = [];
for (let size = 0; size <= 1024; size += 64) {
  cuts.push({ name: `cut to ${size} bytes`, change: (bytes) => bytes.subarray(0, size), says: size < 64 ? /too few|ELF/ : /cut short/ });
}

const MAX64 = 2n ** 64n - 1n;

module.exports = [
  ...cuts,
  { name: 'without its last byte', change: (bytes) => bytes.subarray(0, bytes.length - 1), says: /section header table lies beyond/ },
  { name: 'ELF32', change: byte(4, 1), says: /class is 1; wanted is 2/ },
  { name: 'a class that is none', change: byte(4, 0), says: /class is 0/ },
  { name: 'big endian', change: byte(5, 2), says: /byte order is 2/ },
  { name: 'another ELF version', change: byte(6, 2), says: /identity version/ },
  { name: 'for i386', change: half(18, 3), says: /machine is 3/ },
  { name: 'for another machine', change: half(18, 0xf3), says: /machine is 243/ },
  { name: 'an executable by its type', change: half(16, 2), says: /type is 2/ },
  { name: 'an object file by its type', change: half(16, 1), says: /type is 1/ },
  { name: 'a core by its type', change: half(16, 4), says: /type is 4/ },
  { name: 'e_phnum 65535', change: half(56, 65535), says: /65535 program headers/ },
  { name: 'e_phnum 0', change: half(56, 0), says: /0 program headers/ },
  { name: 'e_phnum 128, beyond the end', change: (bytes) => { half(56, 128)(bytes); wide(32, bytes.length - 64)(bytes); }, says: /cut short/ },
  { name: 'e_phoff at the end of numbers', change: wide(32, MAX64 - 63n), says: /program header table lies beyond/ },
  { name: 'e_phentsize 0', change: half(54, 0), says: /program header size/ },
  { name: 'e_shoff behind the end', change: wide(40, MAX64 - 4095n), says: /section header table lies beyond/ },
  { name: 'PT_NOTE outside the file', change: inNoteSegment(8, GIB), says: /note segment lies beyond/ },
  { name: 'PT_NOTE that wraps', change: inNoteSegment(8, MAX64 - 7n), says: /note segment lies beyond/ },
  { name: 'PT_NOTE larger than the file', change: inNoteSegment(32, MAX64), says: /note segment lies beyond/ },
  { name: 'PT_NOTE of 11 bytes', change: inNoteSegment(32, 11), says: /a note (is cut short|says)/ },
  { name: 'PT_LOAD outside the file', change: inFirstLoad(8, GIB), says: /loadable segment lies beyond/ },
  { name: 'PT_LOAD that wraps', change: inFirstLoad(32, MAX64), says: /loadable segment lies beyond/ },
  { name: 'a note that says its name fills all numbers', change: inNote(0, 0xffffffff), says: /longer than its segment/ },
  { name: 'a note that says its descriptor fills all numbers', change: inNote(4, 0xffffffff), says: /longer than its segment/ },
  { name: 'a note whose sizes wrap when summed', change: (bytes) => { inNote(0, 0xfffffff8)(bytes); inNote(4, 0xfffffff8)(bytes); }, says: /longer than its segment/ },
  { name: 'a note with a short descriptor', change: inNote(4, 16), says: /a plexctl note of 16 bytes/ },
  { name: 'a note of another type', change: inNote(8, 7), says: /no plexctl note/ },
  { name: 'a note of another owner', change: inNoteText(12, 'plexct1'), says: /no plexctl note/ },
  { name: 'two notes', change: secondNote, says: /two plexctl notes/ },
  { name: 'ABI major 0', change: inNote(20, 0), says: /plugin ABI 0\.\d/ },
  { name: 'ABI major 2', change: inNote(20, 2), says: /plugin ABI 2\.\d/ },
  { name: 'ABI minor 4294967295', change: inNote(24, 0xffffffff), says: /needs plugin ABI 1\.4294967295/ },
  { name: 'a note for another command', change: inNoteText(COMMAND, 'login\0'), says: /its note is for the command "login"/ },
  { name: 'a note for a path', change: inNoteText(COMMAND, '../../x'), says: /is none/ },
  { name: 'a note whose command has no end', change: inNoteText(COMMAND, 'a'.repeat(32)), says: /wanted is a NUL/ },
  { name: 'a note that moves the cursor', change: inNoteText(COMMAND + 32, '\x1b[2J'), says: /version holds a control byte/ },
  { name: 'a note that is not UTF-8', change: inNoteText(COMMAND + 64, '\xff\xfe'), says: /summary is not UTF-8/ },
  { name: '1 GiB of nothing', change: () => Buffer.alloc(0), size: GIB, says: /not an ELF file/ },
  { name: 'followed by 1 GiB of nothing', change: () => {}, size: GIB, runs: true },
  { name: 'a note segment of 512 MiB of nothing', change: moveNoteSegment(GIB / 4, GIB / 2), size: GIB, says: /note segment of \d+ bytes/ },
  { name: 'a note segment of 64 KiB of nothing', change: moveNoteSegment(GIB / 2, 65532), size: GIB, says: /no plexctl note/ },
  { name: 'a script', change: () => Buffer.from('#!/bin/sh\ntouch "$PLEXCTL_TEST_MARK" #'.padEnd(200)), says: /not an ELF file/ },
];
