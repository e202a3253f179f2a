/* SPDX-License-Identifier: Apache-2.0
 *
 * trust - could anybody but root and us have put this file here, or could exchange it? Answered by descriptor.
 *
 * A directory is trusted when it and each of its parents from / belongs to root or to the effective user and nobody
 * else may write to it; a parent that others may write to passes where it is sticky (/tmp), since what lies in it on
 * our way is root's or ours as well. Symbolic links on the way are resolved first and what they lead to is judged. A
 * file is trusted when it is a regular file of the same owners that nobody else may write to. It is never a symbolic
 * link: who keeps plugins elsewhere names that directory in PLEXCTL_PLUGIN_PATH.
 *
 * An ACL that lets others write shows in the group bits of the mode (acl(5)), and is refused with them.
 */
#ifndef CORE_TRUST_H
#define CORE_TRUST_H

#include <sys/stat.h>

#include "base/error.h"

/* Opens the absolute `path` (O_PATH). PLEXCTL_NOT_FOUND where there is no such directory; PLEXCTL_FAILED for a refusal,
 * which names the directory at fault, what was found, what is wanted and the fix. The caller closes *ret_fd. */
plexctl_status trust_open_directory(const char *path, int *ret_fd, struct error *err);

struct trust_file {
    int fd;
    struct stat status; /* as it was judged; compare with trust_check_unchanged */
};

/* Opens for reading the file that the last component of `path` names in `dir_fd`; the rest of `path` is for messages.
 * Results as above. The caller closes ret_file->fd. */
plexctl_status trust_open_file(int dir_fd, const char *path, struct trust_file *ret_file, struct error *err);

/* PLEXCTL_OK while that name is still the judged file, with the judged content; else PLEXCTL_FAILED. */
plexctl_status trust_check_unchanged(int dir_fd, const char *path, const struct trust_file *file, struct error *err);

#endif
