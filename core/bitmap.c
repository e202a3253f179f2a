/* SPDX-License-Identifier: Apache-2.0 */
#include "bitmap.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "output.h"
#include "terminal.h"

#define LINES_BELOW 2
#define PLAIN "\033[0m"

/* Of the 256 colours, 16 and 231 are the same everywhere; the first 8 are what the person has made of them. */
struct palette {
    const char *both;         /* black on white */
    const char *dark, *light; /* black and white, letters and ground */
};

static const struct palette fixed = {"\033[0;38;5;16;48;5;231m", "\033[0;38;5;16;48;5;16m",
                                     "\033[0;38;5;231;48;5;231m"};
static const struct palette basic = {"\033[0;30;47m", "\033[0;30;40m", "\033[0;37;47m"};

static const struct palette *choose_palette(void)
{
    const char *kind = getenv("TERM"), *family = getenv("COLORTERM");
    bool has_256 = (kind && strstr(kind, "256color")) ||
                   (family && (strcmp(family, "truecolor") == 0 || strcmp(family, "24bit") == 0));

    return has_256 ? &fixed : &basic;
}

/* How it is drawn. */
struct drawing {
    const struct bitmap *bitmap;
    const struct palette *palette;
    bool is_utf8;
    size_t quiet_zone;
};

static size_t side_of(const struct drawing *drawing)
{
    return drawing->bitmap->width + 2 * drawing->quiet_zone;
}

/* Row and column count from the corner of the quiet zone. */
static bool is_dark(const struct drawing *drawing, size_t row, size_t column)
{
    const struct bitmap *bitmap = drawing->bitmap;
    size_t y = row - drawing->quiet_zone, x = column - drawing->quiet_zone; /* before it: huge */

    return y < bitmap->width && x < bitmap->width && bitmap->modules[y * bitmap->width + x] != 0;
}

/* The letters carry the shape, so that a terminal of one colour shows it too. */
static void append_half_blocks(const struct drawing *drawing, struct buf *out)
{
    static const char *const blocks[2][2] = {{" ", "\xe2\x96\x84"}, {"\xe2\x96\x80", "\xe2\x96\x88"}};
    size_t side = side_of(drawing);

    for (size_t row = 0; row < side; row += 2) {
        buf_append_text(out, drawing->palette->both);
        for (size_t column = 0; column < side; column++)
            buf_append_text(out, blocks[is_dark(drawing, row, column)][is_dark(drawing, row + 1, column)]);
        buf_append_text(out, PLAIN "\n");
    }
}

static void append_ascii(const struct drawing *drawing, struct buf *out)
{
    const struct palette *palette = drawing->palette;
    size_t side = side_of(drawing);

    for (size_t row = 0; row < side; row++) {
        bool was_dark = false;
        buf_append_text(out, palette->light);
        for (size_t column = 0; column < side; column++) {
            bool dark = is_dark(drawing, row, column);
            if (dark != was_dark)
                buf_append_text(out, dark ? palette->dark : palette->light);
            buf_append_text(out, dark ? "##" : "  ");
            was_dark = dark;
        }
        buf_append_text(out, PLAIN "\n");
    }
}

/* The widest quiet zone that there is room for. */
static plexctl_status choose_quiet_zone(struct drawing *drawing, struct error *err)
{
    static const size_t zones[] = {4, 2};
    const struct terminal_room has = terminal_room(STDOUT_FILENO);
    size_t columns = 0, lines = 0;

    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        drawing->quiet_zone = zones[i];
        size_t side = side_of(drawing);
        columns = drawing->is_utf8 ? side : 2 * side;
        lines = (drawing->is_utf8 ? (side + 1) / 2 : side) + LINES_BELOW;
        if (columns <= has.columns && lines <= has.lines)
            return PLEXCTL_OK;
    }
    return error_set(err, PLEXCTL_FAILED, "%zu columns and %zu lines are needed, and the terminal has %zu and %zu",
                     columns, lines, has.columns, has.lines);
}

plexctl_status bitmap_write(const struct bitmap *bitmap, struct error *err)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct drawing drawing = {.bitmap = bitmap, .palette = choose_palette(), .is_utf8 = terminal_is_utf8()};

    if (!terminal_is(STDOUT_FILENO))
        return error_set(err, PLEXCTL_FAILED, "standard output is no terminal");
    if (!terminal_takes_escapes(STDOUT_FILENO))
        return error_set(err, PLEXCTL_FAILED, "TERM says that the terminal takes no colours");
    plexctl_status status = choose_quiet_zone(&drawing, err);
    if (status != PLEXCTL_OK)
        return status;
    (drawing.is_utf8 ? append_half_blocks : append_ascii)(&drawing, &out);
    status = buf_check(&out, "a picture for standard output", err);
    return status == PLEXCTL_OK ? output_write(buf_text(&out), out.len, err) : status;
}
