/* SPDX-License-Identifier: Apache-2.0 */
#include "remedy.h"

#include <string.h>

#include "base/shell_word.h"

void remedy_append(struct buf *out, const char *remedy, const char *path)
{
    const char *hole = strchr(remedy, '@');
    bool is_whole = shell_word_is_whole(path), is_explained = hole && !is_whole;

    for (; hole; hole = strchr(remedy, '@')) {
        buf_append(out, remedy, (size_t)(hole - remedy));
        if (is_whole)
            shell_word_show(out, path);
        else
            buf_append_text(out, "PATH");
        remedy = hole + 1;
    }
    buf_append_text(out, remedy);
    if (is_explained)
        buf_append_text(out, " (PATH is the path, which cannot be shown whole)");
}

plexctl_status remedy_advise(struct error *err, const char *remedy, const char *path)
{
    auto_buf struct buf advice = BUF_FIXED(ERROR_TEXT_SIZE);

    remedy_append(&advice, remedy, path);
    return error_advise(err, buf_text(&advice));
}

plexctl_status remedy_refuse(struct error *err, const char *path, const char *what, const char *remedy)
{
    auto_buf struct buf word = BUF_FIXED(SHELL_WORD_SHOWN_BYTES);

    shell_word_show(&word, path);
    (void)error_set(err, PLEXCTL_USAGE, "%s %s", buf_text(&word), what);
    return remedy_advise(err, remedy, path);
}
