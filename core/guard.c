/* SPDX-License-Identifier: Apache-2.0 */
#include "guard.h"

#include <string.h>

#define MASK "***"
#define BASE64_PIECE 20 /* digits that a piece has at every offset, those not counted that it shares with others */

plexctl_status guard_add(struct guard *guard, const char *secret, struct error *err)
{
    size_t len = strlen(secret);

    if (len < GUARD_LEAST_BYTES)
        return PLEXCTL_OK;
    for (size_t i = 0; i < guard->count; i++) {
        if (strcmp(guard->secrets[i].text, secret) == 0)
            return PLEXCTL_OK;
    }
    if (guard->count == GUARD_MAX)
        return error_set(err, PLEXCTL_FAILED, "no more than %d secrets can be guarded", GUARD_MAX);
    plexctl_status status = secret_set(&guard->secrets[guard->count], secret, len, err);
    if (status == PLEXCTL_OK)
        guard->count++;
    return status;
}

void guard_release(struct guard *guard)
{
    for (size_t i = 0; i < guard->count; i++)
        secret_release(&guard->secrets[i]);
    guard->count = 0;
}

/* Each match_... answers how many bytes of `text` the secret's first `len` bytes take in that form; 0 for none. */

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *digit = c ? strchr(digits, c) : NULL;

    return digit ? (int)(digit - digits) % 16 : -1;
}

static bool is_hex_byte(const char *text, unsigned char byte)
{
    int high = hex_value(text[0]);
    return high >= 0 && hex_value(text[1]) == byte % 16 && high == byte / 16;
}

/* The length of the one byte at `text`, however it is written. */
static size_t match_byte(const char *text, unsigned char byte)
{
    static const char *const escapes[] = {"%", "\\x", "\\u00"};
    bool may_be_escaped = text[0] == '%' || text[0] == '\\'; /* most bytes of most texts are not */

    for (size_t i = 0; may_be_escaped && i < sizeof escapes / sizeof escapes[0]; i++) {
        size_t len = strlen(escapes[i]);
        if (strncmp(text, escapes[i], len) == 0 && is_hex_byte(text + len, byte))
            return len + 2;
    }
    return (unsigned char)text[0] == byte;
}

static size_t match_bytes(const char *text, const struct secret *secret, size_t len)
{
    size_t taken = 0;

    for (size_t i = 0; i < len; i++) {
        size_t step = match_byte(text + taken, (unsigned char)secret->text[i]);
        if (step == 0)
            return 0;
        taken += step;
    }
    return taken;
}

static size_t match_hex(const char *text, const struct secret *secret)
{
    for (size_t i = 0; i < GUARD_PIECE_BYTES; i++) {
        if (!is_hex_byte(text + 2 * i, (unsigned char)secret->text[i]))
            return 0;
    }
    return (size_t)2 * GUARD_PIECE_BYTES;
}

static int base64_value(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *digit;

    if (c == '-' || c == '_')
        return c == '-' ? 62 : 63;
    digit = c ? strchr(digits, c) : NULL;
    return digit ? (int)(digit - digits) : -1;
}

/* Six bits of the secret from bit number `at`. */
static int six_bits(const struct secret *secret, size_t at)
{
    const unsigned char *bytes = (const unsigned char *)secret->text;
    unsigned pair = (unsigned)bytes[at / 8] << 8 | bytes[at / 8 + 1];

    return (int)(pair >> (10 - at % 8) & 0x3f);
}

/* `skipped`: the bits before the first digit that is the secret's alone: 0, 4 or 2 by the offset in what was encoded.
 */
static size_t match_base64(const char *text, const struct secret *secret, size_t skipped)
{
    for (size_t i = 0; i < BASE64_PIECE; i++) {
        if (base64_value(text[i]) != six_bits(secret, skipped + 6 * i))
            return 0;
    }
    return BASE64_PIECE;
}

static size_t match(const char *text, const struct secret *secret)
{
    size_t taken = match_bytes(text, secret, secret->len);

    if (taken > 0 || secret->len < GUARD_PIECE_BYTES)
        return taken;
    taken = match_bytes(text, secret, GUARD_PIECE_BYTES);
    if (taken == 0)
        taken = match_hex(text, secret);
    for (size_t skipped = 0; taken == 0 && skipped <= 4; skipped += 2)
        taken = match_base64(text, secret, skipped);
    return taken;
}

static size_t match_any(const struct guard *guard, const char *text, size_t least_len)
{
    size_t taken = 0;

    for (size_t i = 0; i < guard->count && taken == 0; i++) {
        if (guard->secrets[i].len >= least_len)
            taken = match(text, &guard->secrets[i]);
    }
    return taken;
}

bool guard_finds(const struct guard *guard, const char *text)
{
    for (; guard->count > 0 && *text; text++) {
        if (match_any(guard, text, GUARD_PIECE_BYTES) > 0)
            return true;
    }
    return false;
}

struct search {
    const struct guard *guard;
    bool has_found;
};

static bool look_at_member(void *context, const char *key, struct plexctl_json *value)
{
    struct search *search = context;

    search->has_found = guard_finds(search->guard, key) || guard_finds_in(search->guard, value);
    return !search->has_found;
}

bool guard_finds_in(const struct guard *guard, const struct plexctl_json *value)
{
    struct search search = {.guard = guard};
    const char *text = json_is_secret(value) ? NULL : json_string(value);

    if (text)
        return guard_finds(guard, text);
    if (json_type(value) == PLEXCTL_JSON_OBJECT)
        (void)json_each(value, look_at_member, &search);
    for (size_t i = 0; json_type(value) == PLEXCTL_JSON_ARRAY && i < json_length(value) && !search.has_found; i++)
        search.has_found = guard_finds_in(guard, json_at(value, i));
    return search.has_found;
}

/* What else of the secret follows: its own bytes, or digits of the form it is in. */
static size_t word_length(const char *text)
{
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%\\+/=-_~");
}

void guard_mask(const struct guard *guard, char *text)
{
    char *to = text;

    for (const char *from = text; guard->count > 0 && *from;) {
        size_t taken = match_any(guard, from, GUARD_LEAST_BYTES);
        if (taken == 0) {
            *to++ = *from++;
            continue;
        }
        memcpy(to, MASK, sizeof MASK - 1);
        to += sizeof MASK - 1;
        from += taken;
        from += word_length(from);
    }
    if (guard->count > 0)
        *to = '\0';
}

char *guard_masked(const struct guard *guard, const char *text)
{
    char *copy = text ? strdup(text) : NULL;

    if (copy)
        guard_mask(guard, copy);
    return copy;
}
