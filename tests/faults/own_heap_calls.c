/* SPDX-License-Identifier: Apache-2.0
 *
 * What allocates for its caller: functions of libc, and those that plexctl gives libcurl to allocate by.
 */
#include "own_heap.h"

#include <curl/curl.h>
#include <dirent.h>
#include <dlfcn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REAL(name) ((__typeof__(&(name)))(uintptr_t)dlsym(RTLD_NEXT, #name))

static char *duplicate(const char *text, size_t length, void *caller)
{
    char *copy = own_heap_allocate(length + 1, caller);

    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *strdup(const char *text)
{
    return duplicate(text, strlen(text), CALLER);
}

char *strndup(const char *text, size_t length)
{
    return duplicate(text, strnlen(text, length), CALLER);
}

static __attribute__((format(printf, 2, 0))) int print(char **ret_text, const char *format, va_list arguments,
                                                       void *caller)
{
    va_list again;

    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = length < 0 ? NULL : own_heap_allocate((size_t)length + 1, caller);
    if (!text)
        return -1;
    (void)vsnprintf(text, (size_t)length + 1, format, arguments);
    *ret_text = text;
    return length;
}

/* What fortified code calls in their place; declared by no header. */
__attribute__((format(printf, 3, 4))) int __asprintf_chk(char **ret_text, int flag, const char *format, ...);
__attribute__((format(printf, 3, 0))) int __vasprintf_chk(char **ret_text, int flag, const char *format,
                                                          va_list arguments);

int __asprintf_chk(char **ret_text, int flag, const char *format, ...)
{
    va_list arguments;

    (void)flag;
    va_start(arguments, format);
    int length = print(ret_text, format, arguments, CALLER);
    va_end(arguments);
    return length;
}

int asprintf(char **restrict ret_text, const char *restrict format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = print(ret_text, format, arguments, CALLER);
    va_end(arguments);
    return length;
}

int __vasprintf_chk(char **ret_text, int flag, const char *format, va_list arguments)
{
    (void)flag;
    return print(ret_text, format, arguments, CALLER);
}

int vasprintf(char **restrict ret_text, const char *restrict format, va_list arguments)
{
    return print(ret_text, format, arguments, CALLER);
}

DIR *opendir(const char *path)
{
    return own_heap_must_fail(CALLER) ? NULL : own_heap_take_over(REAL(opendir)(path), CALLER);
}

DIR *fdopendir(int fd)
{
    return own_heap_must_fail(CALLER) ? NULL : own_heap_take_over(REAL(fdopendir)(fd), CALLER);
}

char *realpath(const char *restrict path, char *restrict resolved)
{
    if (resolved)
        return REAL(realpath)(path, resolved);
    return own_heap_must_fail(CALLER) ? NULL : own_heap_take_over(REAL(realpath)(path, NULL), CALLER);
}

/* libcurl */

static struct {
    curl_malloc_callback allocate;
    curl_free_callback release;
    curl_realloc_callback reallocate;
    curl_strdup_callback duplicate;
    curl_calloc_callback allocate_zeroed;
} given;

static void *curl_allocate(size_t size)
{
    own_heap_in_curl++;
    void *memory = given.allocate(size);
    own_heap_in_curl--;
    return memory;
}

static void curl_release(void *memory)
{
    own_heap_in_curl++;
    given.release(memory);
    own_heap_in_curl--;
}

static void *curl_reallocate(void *memory, size_t size)
{
    own_heap_in_curl++;
    void *moved = given.reallocate(memory, size);
    own_heap_in_curl--;
    return moved;
}

static char *curl_duplicate(const char *text)
{
    own_heap_in_curl++;
    char *copy = given.duplicate(text);
    own_heap_in_curl--;
    return copy;
}

static void *curl_allocate_zeroed(size_t count, size_t size)
{
    own_heap_in_curl++;
    void *memory = given.allocate_zeroed(count, size);
    own_heap_in_curl--;
    return memory;
}

CURLcode curl_global_init_mem(long flags, curl_malloc_callback allocate, curl_free_callback release,
                              curl_realloc_callback reallocate, curl_strdup_callback duplicate_text,
                              curl_calloc_callback allocate_zeroed)
{
    /* libcurl came with plexctl's http module and is in nobody else's scope. */
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_NOLOAD);
    void *symbol = library ? dlsym(library, "curl_global_init_mem") : NULL;
    __typeof__(&curl_global_init_mem) real;

    if (!symbol)
        return CURLE_FAILED_INIT;
    memcpy(&real, &symbol, sizeof real);
    given.allocate = allocate;
    given.release = release;
    given.reallocate = reallocate;
    given.duplicate = duplicate_text;
    given.allocate_zeroed = allocate_zeroed;
    return real(flags, curl_allocate, curl_release, curl_reallocate, curl_duplicate, curl_allocate_zeroed);
}
