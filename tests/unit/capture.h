/* SPDX-License-Identifier: Apache-2.0
 *
 * capture - what code writes to a standard stream, in memory. The stream is given back by capture_end, also where Check
 * does not fork.
 */
#ifndef TESTS_CAPTURE_H
#define TESTS_CAPTURE_H

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit.h"

struct capture {
    int stream, saved, file;
    char text[65536];
};

/* Puts `replacement` in the place of `stream`; returns what stood there. */
static inline int capture_replace(int stream, int replacement)
{
    ck_assert_int_eq(fflush(NULL), 0);
    int saved = dup(stream);
    ck_assert_int_ge(saved, 0);
    ck_assert_int_eq(dup2(replacement, stream), stream);
    return saved;
}

static inline void capture_restore(int stream, int saved)
{
    ck_assert_int_eq(dup2(saved, stream), stream);
    ck_assert_int_eq(close(saved), 0);
}

static inline void capture_start(struct capture *capture, int stream)
{
    capture->stream = stream;
    capture->file = memfd_create("capture", 0);
    ck_assert_int_ge(capture->file, 0);
    capture->saved = capture_replace(stream, capture->file);
}

static inline const char *capture_end(struct capture *capture)
{
    capture_restore(capture->stream, capture->saved);
    ssize_t count = pread(capture->file, capture->text, sizeof capture->text - 1, 0);
    ck_assert_int_ge(count, 0);
    capture->text[count] = '\0';
    ck_assert_int_eq(close(capture->file), 0);
    return capture->text;
}

#endif
