/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

plexctl_status secret_set(struct secret *secret, const char *text, size_t len, struct error *err)
{
    /* Copied before the earlier value goes, which `text` may be a part of. */
    char *copy = len < SIZE_MAX ? malloc(len + 1) : NULL;

    if (copy) {
        if (len > 0)
            memcpy(copy, text, len);
        copy[len] = '\0';
    }
    secret_release(secret);
    if (!copy)
        return error_no_memory(err);
    secret->text = copy;
    secret->len = len;
    return PLEXCTL_OK;
}

void secret_release(struct secret *secret)
{
    secret_wipe(secret->text, secret->len);
    free(secret->text);
    *secret = (struct secret)SECRET_INIT;
}

void secret_wipe(void *memory, size_t size)
{
    if (memory)
        explicit_bzero(memory, size);
}
