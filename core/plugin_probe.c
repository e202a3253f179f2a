/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin_probe.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "child.h"

struct probe {
    struct loader *loader;
    const char *word;
};

/* In the child. */
static void open_and_tell(void *context, struct buf *answer)
{
    const struct probe *probe = context;
    struct error finding = ERROR_INIT, told = ERROR_INIT;
    struct loaded_plugin plugin = {0};

    (void)loader_open(probe->loader, probe->word, &plugin, &finding);
    told.status = finding.status;
    (void)snprintf(told.text, sizeof told.text, "%s", finding.text);
    buf_append(answer, &told, sizeof told);
    loaded_plugin_release(&plugin);
}

static void describe_end(int how, struct error *finding)
{
    if (WIFSIGNALED(how))
        (void)error_set(finding, PLEXCTL_FAILED, "crashes when it is loaded (signal %d, %s)", WTERMSIG(how),
                        sigabbrev_np(WTERMSIG(how)) ? sigabbrev_np(WTERMSIG(how)) : "unknown");
    else
        (void)error_set(finding, PLEXCTL_FAILED, "ends the process when it is loaded (exit code %d)", WEXITSTATUS(how));
}

plexctl_status plugin_probe(struct loader *loader, const char *word, int limit_ms, struct error *ret_finding,
                            struct error *err)
{
    struct error finding = ERROR_INIT;
    struct probe probe = {loader, word};
    struct child child = {.run = open_and_tell, .context = &probe, .limit_ms = limit_ms};
    auto_buf struct buf answer = BUF_INIT(sizeof finding + 1);
    plexctl_status status = child_run(&child, &answer, err);

    if (status != PLEXCTL_OK)
        return status;
    if (child.is_late)
        (void)error_set(&finding, PLEXCTL_FAILED, "takes too long to load");
    else if (!child.has_answered || answer.len != sizeof finding)
        describe_end(child.how, &finding);
    else
        memcpy(&finding, answer.data, sizeof finding);
    finding.text[sizeof finding.text - 1] = '\0';
    *ret_finding = finding;
    return PLEXCTL_OK;
}
