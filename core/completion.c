/* SPDX-License-Identifier: Apache-2.0 */
#include "completion.h"

#include <string.h>

#include "base/text.h"
#include "completion_model.h"

static const struct printer {
    const char *shell;
    void (*print)(const struct completion_model *model, struct buf *out);
} printers[] = {{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};

static const struct printer *find_printer(const char *shell)
{
    for (size_t i = 0; i < sizeof printers / sizeof printers[0]; i++) {
        if (strcmp(shell, printers[i].shell) == 0)
            return &printers[i];
    }
    return NULL;
}

static plexctl_status unknown_shell(const char *shell, struct error *err)
{
    auto_buf struct buf shown = BUF_FIXED(ERROR_TEXT_SIZE);

    text_sanitise(&shown, shell, strlen(shell), TEXT_SERVER_MAX_BYTES);
    return error_set(err, PLEXCTL_USAGE, "there is no completion for \"%s\"; use bash, zsh or fish", buf_text(&shown));
}

plexctl_status completion_script(struct loader *loader, const char *shell, struct buf *out, struct error *err)
{
    auto_completion_model struct completion_model model = COMPLETION_MODEL_INIT;
    const struct printer *printer = find_printer(shell);

    if (!printer)
        return unknown_shell(shell, err);
    plexctl_status status = completion_model_load(loader, &model, err);
    if (status != PLEXCTL_OK)
        return status;
    printer->print(&model, out);
    return buf_check(out, "the completion script", err);
}
