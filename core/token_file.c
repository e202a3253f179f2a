/* SPDX-License-Identifier: Apache-2.0 */
#include "token_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"
#include "cancel.h"

#define NEWLINE_MAX_BYTES 2

/* Never quotes what it was given: it may be a token with a byte too many. */
plexctl_status token_set(struct secret *ret_token, const char *text, size_t len, struct error *err)
{
    if (strnlen(text, len) != len || !text_is_bearer(text))
        return error_set(err, PLEXCTL_USAGE, "this is no token: 1 to %d bytes of [A-Za-z0-9._~+/=-] are wanted",
                         TEXT_BEARER_MAX_BYTES);
    return secret_set(ret_token, text, len, err);
}

/* Not blocking, so that a signal ends the wait for a FIFO's writer. */
static plexctl_status read_bytes(const char *path, struct buf *out, struct error *err)
{
    if (strcmp(path, "-") == 0)
        return file_read_stream(STDIN_FILENO, cancel_fd(), out, err);
    auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (cancel_fd() >= 0 ? O_NONBLOCK : 0));
    if (fd < 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot open it");
    return file_read_stream(fd, cancel_fd(), out, err);
}

plexctl_status token_file_read(const char *path, struct secret *ret_token, struct error *err)
{
    auto_buf struct buf content = BUF_INIT(TEXT_BEARER_MAX_BYTES + NEWLINE_MAX_BYTES),
                        shown = BUF_FIXED(ERROR_TEXT_SIZE);
    plexctl_status status = read_bytes(path, &content, err);

    if (status == PLEXCTL_OK) {
        size_t len = content.len;
        if (len > 0 && content.data[len - 1] == '\n')
            len--;
        if (len < content.len && len > 0 && content.data[len - 1] == '\r')
            len--;
        if (content.data)
            content.data[len] = '\0';
        status = token_set(ret_token, buf_text(&content), len, err);
    }
    if (status == PLEXCTL_OK || status == PLEXCTL_CANCELLED)
        return status;
    if (status == PLEXCTL_FAILED) /* which is the operator's to mend, whatever the layer below calls it */
        err->status = PLEXCTL_USAGE;
    text_sanitise(&shown, path, strlen(path), TEXT_SERVER_MAX_BYTES);
    return error_prefix(err, "--token-file %s%s", buf_text(&shown), strcmp(path, "-") == 0 ? " (standard input)" : "");
}
