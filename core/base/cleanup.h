/* SPDX-License-Identifier: Apache-2.0
 *
 * cleanup - scope-bound release, so that every early return of a function gives back what it took.
 *
 *     auto_free char *path = NULL;
 *     auto_fd int fd = -1;
 *     ...
 *     *ret_path = take_ptr(&path);
 */
#ifndef CORE_BASE_CLEANUP_H
#define CORE_BASE_CLEANUP_H

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_free(void *pointer)
{
    void **p = pointer;
    free(*p);
}

static inline void cleanup_close(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static inline void cleanup_closedir(DIR **dir)
{
    if (*dir)
        (void)closedir(*dir);
}

#define auto_free __attribute__((cleanup(cleanup_free)))
#define auto_fd __attribute__((cleanup(cleanup_close)))
#define auto_dir __attribute__((cleanup(cleanup_closedir)))

/* Takes the pointer out of a variable that would free it. */
#define take_ptr(pointer) \
    __extension__({ \
        __typeof__(*(pointer)) taken_ = *(pointer); \
        *(pointer) = NULL; \
        taken_; \
    })

/* Takes the descriptor out of a variable that would close it. */
static inline int take_fd(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}

#endif
