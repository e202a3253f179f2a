/* SPDX-License-Identifier: Apache-2.0 */
#include "user_code.h"

#include <stddef.h>
#include <string.h>

#include "random_text.h"

#define HALF 4u
#define LETTERS 8u

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static void write_code(const char letters[LETTERS], char ret_code[USER_CODE_SIZE])
{
    memcpy(ret_code, letters, HALF);
    ret_code[HALF] = '-';
    memcpy(ret_code + HALF + 1, letters + HALF, HALF);
    ret_code[USER_CODE_SIZE - 1] = '\0';
}

bool user_code_read(const char *text, char ret_code[USER_CODE_SIZE])
{
    char letters[LETTERS] = {0};
    size_t length = text ? strlen(text) : 0;

    if (length == LETTERS + 1 && text[HALF] == '-') {
        memcpy(letters, text, HALF);
        memcpy(letters + HALF, text + HALF + 1, HALF);
    } else if (length == LETTERS) {
        memcpy(letters, text, LETTERS);
    } else {
        return false;
    }
    for (size_t i = 0; i < LETTERS; i++) {
        if (!memchr(base32, letters[i], sizeof base32 - 1))
            return false;
    }
    write_code(letters, ret_code);
    return true;
}

bool user_code_read_typed(const char *text, char ret_code[USER_CODE_SIZE])
{
    char letters[LETTERS + 1] = {0};
    size_t count = 0;

    for (const char *at = text ? text : ""; *at; at++) {
        if (*at == ' ' || *at == '-' || *at == '\t')
            continue;
        if (count == LETTERS)
            return false;
        letters[count++] = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    }
    return user_code_read(letters, ret_code);
}

bool user_code_random(char ret_code[USER_CODE_SIZE])
{
    unsigned char bytes[LETTERS];
    char letters[LETTERS];

    if (!random_bytes(bytes, sizeof bytes))
        return false;
    for (size_t i = 0; i < LETTERS; i++)
        letters[i] = base32[bytes[i] % 32];
    write_code(letters, ret_code);
    return true;
}
