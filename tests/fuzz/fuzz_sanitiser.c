/* SPDX-License-Identifier: Apache-2.0
 *
 * The text sanitiser; the first byte is the limit, 255 for none. What comes out is harmless and within the limit, is
 * a beginning of the whole safe form with an ellipsis where it is cut; harmless ASCII stays as it is.
 */
#include <string.h>

#include "base/text.h"
#include "fuzz.h"

const char fuzz_name[] = "sanitiser";

#define BEFORE "before "

static void sanitise(struct buf *out, const char *text, size_t len, size_t max_bytes)
{
    buf_append_text(out, BEFORE);
    text_sanitise(out, text, len, max_bytes);
    /* A right-to-left override gets through. */
    if (fuzz_planted && len >= 3 && memcmp(text, "\xE2\x80\xAE", 3) == 0)
        buf_append(out, text, 3);
    fuzz_require(out->failed == PLEXCTL_OK && out->data[out->len] == '\0', "the text has room");
    fuzz_require(memcmp(out->data, BEFORE, strlen(BEFORE)) == 0, "what stood before stays");
}

static bool is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] >= 0x80)
            return false;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    size_t max_bytes = data[0] == 255 ? SIZE_MAX : data[0];
    const char *text = (const char *)data + 1;
    size_t len = size - 1;
    auto_buf struct buf cut = BUF_INIT(16 * size + 64), whole = BUF_INIT(16 * size + 64);

    sanitise(&cut, text, len, max_bytes);
    sanitise(&whole, text, len, SIZE_MAX);
    const char *safe = whole.data + strlen(BEFORE), *shown = cut.data + strlen(BEFORE);
    size_t safe_len = whole.len - strlen(BEFORE), shown_len = cut.len - strlen(BEFORE);
    fuzz_require(fuzz_is_safe(safe, safe_len) && fuzz_is_safe(shown, shown_len), "nothing harmful comes out");
    fuzz_require(shown_len <= max_bytes, "the limit holds");
    fuzz_require(safe_len >= len, "nothing is lost");
    if (is_ascii(text, len) && fuzz_is_safe(text, len))
        fuzz_require(safe_len == len && memcmp(safe, text, len) == 0, "harmless text stays as it is");
    if (safe_len <= max_bytes) {
        fuzz_require(shown_len == safe_len && memcmp(shown, safe, safe_len) == 0, "what fits is not cut");
        return 0;
    }
    size_t kept = shown_len > 3 ? shown_len - 3 : 0;
    fuzz_require(memcmp(shown, safe, kept) == 0 && memcmp(shown + kept, "...", shown_len - kept) == 0,
                 "what is cut is a beginning and an ellipsis");
    return 0;
}
