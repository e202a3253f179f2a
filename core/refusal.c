/* SPDX-License-Identifier: Apache-2.0 */
#include "refusal.h"

#include <string.h>

#include "base/text.h"

plexctl_status refusal_name_file(struct error *err, const char *path)
{
    auto_buf struct buf shown = BUF_FIXED(ERROR_TEXT_SIZE);

    text_sanitise(&shown, path, strlen(path), ERROR_TEXT_SIZE / 3);
    return error_prefix(err, "%s", buf_text(&shown));
}

plexctl_status refusal_add_fix(struct error *err, const char *fix)
{
    const struct error reason = *err;

    if (reason.status == PLEXCTL_NO_MEMORY)
        return reason.status;
    return error_set(err, reason.status, "%s; fix: %s", reason.text, fix);
}
