/* SPDX-License-Identifier: Apache-2.0
 *
 * own_heap - preloaded into plexctl by main.js: an allocator that knows whose each block is. What plexctl, its http
 * module and its plugins allocate can be made to fail, and is missed where it is never freed; what anybody frees is
 * searched for secrets. libcurl allocates through functions that plexctl gives it; those blocks are libcurl's.
 *
 *   OWN_HEAP_FAIL     "7": the seventh of plexctl's own allocations fails; "7+": and all after it
 *   OWN_HEAP_WATCH    a file of secrets, one a line, of at least PIECE bytes each
 *   OWN_HEAP_REPORT   a file that lines are appended to:
 *                       seen OWNER SECRET_NUMBER PLACE    a block was freed with that secret, or an end of it, in it
 *                       failed PLACE                      an allocation failed
 *                       leak SIZE PLACE                   an own block was left, by where it was allocated
 *                       end ALLOCATIONS FAILURES          the last one
 *
 * A PLACE is "file+0xoffset", fit for addr2line.
 */
#include "own_heap.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SLOTS ((size_t)1 << 18)
#define SECRETS_MAX 8
#define PIECE 16
#define FRESH 0xa5 /* so that nothing is seen in a block but what was written to it */

/* The names under which glibc lets its allocator be reached by one that replaces it. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void __libc_free(void *block);

enum owner { OTHER, OWN, JSON_C, YAML, CURL, TLS };

struct block {
    void *memory; /* NULL: the slot is free */
    void *caller;
    size_t size;
    enum owner owner;
};

static struct block blocks[SLOTS];
static pthread_mutex_t blocks_lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long fail_first, allocations, failures;
static bool fail_is_sticky;
static char secrets[4096];
static const char *secret_rows[SECRETS_MAX];
static size_t secret_count;
static int report_fd = -1;
static pid_t main_pid;
_Thread_local unsigned own_heap_in_curl;

/* Reporting */

static const char *module_of(const void *address, uintptr_t *ret_offset)
{
    struct dl_find_object found;

    if (_dl_find_object((void *)(uintptr_t)address, &found) != 0)
        return NULL;
    *ret_offset = (uintptr_t)address - found.dlfo_link_map->l_addr;
    return found.dlfo_link_map->l_name;
}

static __attribute__((format(printf, 2, 3))) void report(const void *place, const char *format, ...)
{
    char line[PATH_MAX + 128];
    uintptr_t offset = 0;
    const char *module = place ? module_of(place, &offset) : "";
    va_list arguments;
    int saved = errno;

    va_start(arguments, format);
    size_t length = (size_t)vsnprintf(line, 128, format, arguments);
    va_end(arguments);
    if (place)
        length += (size_t)snprintf(line + length, sizeof line - length, " %s+%#zx",
                                   module && *module ? module : "plexctl", (size_t)offset);
    line[length++] = '\n';
    if (write(report_fd, line, length) != (ssize_t)length)
        abort();
    errno = saved;
}

static void read_secrets(const char *path)
{
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    char *rest = secrets;

    if (fd < 0)
        return;
    if (read(fd, secrets, sizeof secrets - 1) < 0)
        abort();
    (void)close(fd);
    for (char *line = strsep(&rest, "\n"); line && secret_count < SECRETS_MAX; line = strsep(&rest, "\n")) {
        if (strlen(line) >= PIECE)
            secret_rows[secret_count++] = line;
    }
}

__attribute__((constructor)) static void begin(void)
{
    const char *fail = getenv("OWN_HEAP_FAIL"), *path = getenv("OWN_HEAP_REPORT");

    main_pid = getpid();
    read_secrets(getenv("OWN_HEAP_WATCH"));
    report_fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (report_fd < 0)
        abort();
    /* Out of the way: plexctl's own descriptors keep their numbers. */
    int high = fcntl(report_fd, F_DUPFD_CLOEXEC, 200);
    (void)close(report_fd);
    report_fd = high;
    if (fail) {
        char *end;
        fail_first = strtoul(fail, &end, 10);
        fail_is_sticky = *end == '+';
    }
}

static void finish(void)
{
    if (getpid() != main_pid)
        return;
    for (size_t i = 0; i < SLOTS; i++) {
        if (blocks[i].memory && blocks[i].owner == OWN)
            report(blocks[i].caller, "leak %zu", blocks[i].size);
    }
    report(NULL, "end %lu %lu", allocations, failures);
    main_pid = 0;
}

__attribute__((destructor)) static void end(void)
{
    finish();
}

/* How plexctl dies by the signal that it caught, when all is released. */
int raise(int number)
{
    finish();
    return (int)syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
}

/* Blocks: a table with linear probing */

static size_t slot_of(const void *memory)
{
    return (size_t)(((uintptr_t)memory >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 46) % SLOTS;
}

static void remember(void *memory, size_t size, void *caller, enum owner owner)
{
    (void)pthread_mutex_lock(&blocks_lock);
    size_t i = slot_of(memory);
    for (size_t tried = 0; blocks[i].memory; i = (i + 1) % SLOTS) {
        if (++tried == SLOTS)
            abort();
    }
    blocks[i] = (struct block){.memory = memory, .caller = caller, .size = size, .owner = owner};
    (void)pthread_mutex_unlock(&blocks_lock);
}

static enum owner forget(const void *memory)
{
    enum owner owner = OTHER;

    (void)pthread_mutex_lock(&blocks_lock);
    size_t i = slot_of(memory);
    while (blocks[i].memory && blocks[i].memory != memory)
        i = (i + 1) % SLOTS;
    if (blocks[i].memory) {
        owner = blocks[i].owner;
        blocks[i].memory = NULL;
        /* Those behind it move up, where the way from their own slot led over this one. */
        for (size_t j = (i + 1) % SLOTS; blocks[j].memory; j = (j + 1) % SLOTS) {
            if ((j - slot_of(blocks[j].memory)) % SLOTS < (j - i) % SLOTS)
                continue;
            blocks[i] = blocks[j];
            blocks[j].memory = NULL;
            i = j;
        }
    }
    (void)pthread_mutex_unlock(&blocks_lock);
    return owner;
}

/* Plugins are opened through their descriptors. */
static enum owner owner_of(const void *caller)
{
    static const struct {
        const char *part;
        enum owner owner;
    } modules[] = {{"/proc/self/fd/", OWN}, {"/libjson-c.", JSON_C}, {"/libyaml", YAML},  {"/libcurl", CURL},
                   {"/libssl.", TLS},       {"/libcrypto.", TLS},    {"/libgnutls.", TLS}};
    uintptr_t offset;
    const char *module = module_of(caller, &offset);

    if (own_heap_in_curl)
        return CURL;
    if (!module || !*module)
        return module ? OWN : OTHER;
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
        if (strstr(module, modules[i].part))
            return modules[i].owner;
    }
    return OTHER;
}

bool own_heap_must_fail(const void *caller)
{
    if (owner_of(caller) != OWN)
        return false;
    allocations++;
    if (fail_first == 0 || (fail_is_sticky ? allocations < fail_first : allocations != fail_first))
        return false;
    failures++;
    report(caller, "failed");
    errno = ENOMEM;
    return true;
}

static void look_into(const void *memory, enum owner owner, const void *caller)
{
    static const char *const names[] = {"other", "own", "json-c", "yaml", "curl", "tls"};
    size_t size = malloc_usable_size((void *)(uintptr_t)memory);

    for (size_t i = 0; i < secret_count; i++) {
        const char *secret = secret_rows[i];
        if (memmem(memory, size, secret, PIECE) || memmem(memory, size, secret + strlen(secret) - PIECE, PIECE))
            report(caller, "seen %s %zu", names[owner], i);
    }
}

void *own_heap_allocate(size_t size, void *caller)
{
    void *memory = own_heap_must_fail(caller) ? NULL : __libc_malloc(size);

    if (memory) {
        memset(memory, FRESH, malloc_usable_size(memory));
        remember(memory, size, caller, owner_of(caller));
    }
    return memory;
}

static void give_back(void *memory, void *caller)
{
    if (!memory)
        return;
    look_into(memory, forget(memory), caller);
    __libc_free(memory);
}

void *own_heap_take_over(void *memory, void *caller)
{
    if (memory && owner_of(caller) == OWN) {
        (void)forget(memory);
        remember(memory, malloc_usable_size(memory), caller, OWN);
    }
    return memory;
}

/* The allocator */

void *malloc(size_t size)
{
    return own_heap_allocate(size, CALLER);
}

void *calloc(size_t count, size_t size)
{
    void *memory = own_heap_must_fail(CALLER) ? NULL : __libc_calloc(count, size);

    if (memory)
        remember(memory, count * size, CALLER, owner_of(CALLER));
    return memory;
}

void free(void *memory)
{
    int saved = errno;

    give_back(memory, CALLER);
    errno = saved;
}

/* Always moves, so that the old block is looked at. */
static void *reallocate(void *memory, size_t size, void *caller)
{
    void *moved = own_heap_allocate(size, caller);

    if (moved && memory) {
        size_t old_size = malloc_usable_size(memory);
        memcpy(moved, memory, old_size < size ? old_size : size);
        give_back(memory, caller);
    }
    return moved;
}

void *realloc(void *memory, size_t size)
{
    return reallocate(memory, size, CALLER);
}

void *reallocarray(void *memory, size_t count, size_t size)
{
    size_t product;

    if (__builtin_mul_overflow(count, size, &product)) {
        errno = ENOMEM;
        return NULL;
    }
    return reallocate(memory, product, CALLER);
}
