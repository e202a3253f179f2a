/* SPDX-License-Identifier: Apache-2.0 */
#include "base/late_library.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/shortage.h"
#include "base/text.h"

static plexctl_status explain(const struct late_library *library, struct error *err)
{
    auto_buf struct buf reason = BUF_FIXED(ERROR_TEXT_SIZE);
    const char *said = dlerror(); /* begins with the file's name */
    const char *remedy = said ? shortage_remedy_of_linker(said) : NULL;

    if (said)
        text_sanitise(&reason, said, strlen(said), ERROR_TEXT_SIZE / 3);
    if (remedy)
        return error_set(err, PLEXCTL_FAILED, "%s; %s", buf_text(&reason), remedy);
    return error_set(err, PLEXCTL_FAILED, "%s; install %s again, a library that plexctl was built with",
                     said ? buf_text(&reason) : "no reason given", library->soname);
}

plexctl_status late_library_open(struct late_library *library, struct error *err)
{
    if (library->is_open)
        return PLEXCTL_OK;
    void *handle = dlopen(library->soname, RTLD_LAZY | RTLD_LOCAL);
    if (!handle)
        return explain(library, err);
    for (size_t i = 0; i < library->count; i++) {
        void *symbol = dlsym(handle, library->functions[i].name);
        if (!symbol)
            return explain(library, err);
        /* ISO C has no cast from object to function pointer; POSIX dlsym() says that they are alike. */
        memcpy(library->functions[i].slot, &symbol, sizeof symbol);
    }
    library->is_open = true;
    return PLEXCTL_OK;
}

void late_library_open_ahead(const char *const *sonames)
{
    /* By its name alone another file might be found there than the one that the library which needs it names. */
    if (getenv("LD_LIBRARY_PATH"))
        return;
    for (; *sonames; sonames++)
        (void)dlopen(*sonames, RTLD_LAZY | RTLD_LOCAL);
}
