/* SPDX-License-Identifier: Apache-2.0 */
#include "clipboard.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/text_wrap.h"
#include "osc.h"
#include "output.h"
#include "terminal.h"

static void append_base64(struct buf *out, const char *text, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *bytes = (const unsigned char *)text;

    for (size_t i = 0; i < len; i += 3) {
        size_t count = len - i < 3 ? len - i : 3;
        uint32_t group = (uint32_t)bytes[i] << 16 | (count > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                         (count > 2 ? (uint32_t)bytes[i + 2] : 0);
        for (size_t digit = 0; digit < 4; digit++)
            buf_append(out, digit <= count ? &digits[group >> (18 - 6 * digit) & 63] : "=", 1);
    }
}

bool clipboard_takes(const char *text)
{
    size_t len = text ? strlen(text) : 0;

    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    }
    return len > 0 && len <= CLIPBOARD_MAX_BYTES;
}

/* The stream to write to, or -1 and why. */
static int choose_stream(const char **ret_refusal)
{
    static const int streams[] = {STDOUT_FILENO, STDERR_FILENO};

    *ret_refusal = "neither standard output nor standard error is a terminal";
    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        const char *refusal = osc_refusal(streams[i]);
        if (!refusal)
            return streams[i];
        if (terminal_is(streams[i]))
            *ret_refusal = refusal;
    }
    return -1;
}

/* That it was asked is all that is known. */
static void append_notice(struct buf *out, const char *text, int fd)
{
    const char *tmux = getenv("TMUX");
    size_t start = out->len;

    buf_append_text(out, "Asked the terminal to copy ");
    text_sanitise(out, text, strlen(text), SIZE_MAX);
    buf_append_text(out, tmux && tmux[0] ? "; in tmux that takes \"set-clipboard on\".\n" : ".\n");
    if (out->failed == PLEXCTL_OK)
        text_wrap(out->data + start, out->len - start, terminal_room(fd).columns, 0);
}

plexctl_status clipboard_copy(const char *text, struct error *err)
{
    auto_buf struct buf sequence = BUF_FIXED((size_t)16 * CLIPBOARD_MAX_BYTES);
    const char *refusal;
    int fd = choose_stream(&refusal);

    if (fd < 0)
        return error_set(err, PLEXCTL_FAILED, "the clipboard is out of reach: %s", refusal);
    buf_append_text(&sequence, OSC_BEGIN "52;c;");
    append_base64(&sequence, text, strlen(text));
    buf_append_text(&sequence, OSC_END);
    append_notice(&sequence, text, fd);
    return (fd == STDOUT_FILENO ? output_write : output_write_error)(buf_text(&sequence), sequence.len, err);
}
