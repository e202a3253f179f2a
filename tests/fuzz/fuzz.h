/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz - what the fuzz targets share. A target is one file, fuzz_<name>.c, with the function that libFuzzer calls; it
 * turns bytes into one use of a module and then asks an oracle whether what came out can be right. Its seeds stand in
 * corpus/<name>. Linked with replay.c it is a program of `make check` that replays them; tests/fuzz.sh links it with
 * libFuzzer instead. Built with FUZZ_PLANTED_FAULT, each target distorts what its module answered: an oracle that lets
 * that pass sees nothing.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef FUZZ_PLANTED_FAULT
enum { fuzz_planted = 1 };
#else
enum { fuzz_planted = 0 };
#endif

/* The directory of its seeds. */
extern const char fuzz_name[];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Names the rule and ends the process where it does not hold. */
void fuzz_require(bool holds, const char *rule);

/* One line that does a terminal no harm: UTF-8 in its shortest form, no control, bidi control, line separator or
 * character without width. Judged on its own, without core/base/text. */
bool fuzz_is_safe(const char *text, size_t len);

#endif
