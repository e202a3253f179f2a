/* SPDX-License-Identifier: Apache-2.0 */
#include "hyperlink.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "osc.h"
#include "output.h"

#define VTE_WITH_HYPERLINKS 5000 /* 0.50: those before leave rubbish on the screen */

static bool is_old_vte(void)
{
    const char *version = getenv("VTE_VERSION");
    int64_t number = 0;

    return version && text_to_integer(version, &number) && number < VTE_WITH_HYPERLINKS;
}

bool hyperlink_is_safe(void)
{
    const char *kind = getenv("TERM"), *family = getenv("COLORTERM"), *tmux = getenv("TMUX");

    if (!kind || osc_refusal(STDOUT_FILENO) || is_old_vte())
        return false;
    if (family && (strcmp(family, "xfce4-terminal") == 0 || strcmp(family, "gnome-terminal") == 0))
        return false;
    if (!family && strcmp(kind, "xterm") == 0)
        return false;
    return strncmp(kind, "screen", strlen("screen")) != 0 || (tmux && tmux[0]);
}

plexctl_status hyperlink_write(const char *url, struct error *err)
{
    auto_buf struct buf line = BUF_INIT(SIZE_MAX / 2);

    buf_appendf(&line, OSC_BEGIN "8;;%s" OSC_END "%s" OSC_BEGIN "8;;" OSC_END "\n", url, url);
    plexctl_status status = buf_check(&line, "a line for standard output", err);
    return status == PLEXCTL_OK ? output_write(buf_text(&line), line.len, err) : status;
}
