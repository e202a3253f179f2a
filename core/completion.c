/* SPDX-License-Identifier: Apache-2.0 */
#include "completion.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "embedded_file.h"

plexctl_status completion_script(const char *shell, const char **ret_script, struct error *err)
{
    auto_buf struct buf shown = BUF_FIXED(ERROR_TEXT_SIZE);

    for (size_t i = 0; i < completion_scripts_count; i++) {
        if (strcmp(shell, completion_scripts[i].directory) == 0) {
            *ret_script = completion_scripts[i].text;
            return PLEXCTL_OK;
        }
    }
    text_sanitise(&shown, shell, strlen(shell), TEXT_SERVER_MAX_BYTES);
    return error_set(err, PLEXCTL_USAGE, "there is no completion for \"%s\"; use bash, zsh or fish", buf_text(&shown));
}
