/* SPDX-License-Identifier: Apache-2.0
 *
 * The output service.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bitmap.h"
#include "browser.h"
#include "cancel.h"
#include "clipboard.h"
#include "host_internal.h"
#include "hyperlink.h"
#include "output.h"
#include "progress.h"
#include "terminal.h"

static int32_t format(const struct plexctl_host *table)
{
    return host_of(table)->app->format;
}

static plexctl_status refuse_secret(struct error *err)
{
    return error_set(err, PLEXCTL_FAILED,
                     "the server's words repeat a secret, so they are not shown; do not trust this server: check "
                     "--server");
}

static plexctl_status emit(const struct plexctl_host *table, const struct plexctl_json *result)
{
    struct host *host = host_of(table);
    struct error *err = &host->failure;
    auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);
    bool reveal_secrets = option_values_is_set(&host->app->persistent, "reveal-secrets");
    const struct output_style style =
        output_style_for_stdout(host->app->format, reveal_secrets, &host->app->command->columns);

    plexctl_status status = host_json_check(err);
    if (host->has_emitted) {
        host->has_emitted_twice = true;
        return error_set(err, PLEXCTL_INVALID, HOST_EMITTED_TWICE);
    }
    if (status == PLEXCTL_OK && !result)
        status = error_set(err, PLEXCTL_INVALID, "output->emit was called without a result");
    if (status == PLEXCTL_OK && guard_finds_in(&host->guard, result))
        status = refuse_secret(err);
    if (status == PLEXCTL_OK)
        status = output_render(result, &style, &text, err);
    if (status == PLEXCTL_OK)
        host->has_emitted = true;
    if (status == PLEXCTL_OK)
        status = output_write(buf_text(&text), text.len, err);
    return status;
}

static plexctl_status line(const struct plexctl_host *table, const char *text)
{
    struct host *host = host_of(table);

    if (text && guard_finds(&host->guard, text))
        return refuse_secret(&host->failure);
    return output_line(text ? text : "", &host->failure);
}

static void warn(const struct plexctl_host *table, const char *text)
{
    auto_free char *safe = guard_masked(&host_of(table)->guard, text);

    if (text)
        output_warning(safe ? safe : "out of memory");
}

static void progress(const struct plexctl_host *table, const char *text)
{
    auto_free char *safe = guard_masked(&host_of(table)->guard, text);

    progress_show(safe);
}

static plexctl_status confirm(const struct plexctl_host *table, const char *question)
{
    struct host *host = host_of(table);
    auto_free char *safe = guard_masked(&host_of(table)->guard, question ? question : "");

    if (!safe)
        return error_no_memory(&host->failure);
    return output_confirm(safe, option_values_is_set(&host->app->persistent, "yes"), cancel_fd(), &host->failure);
}

static plexctl_status guard(const struct plexctl_host *table, const char *secret)
{
    struct host *host = host_of(table);

    if (!secret)
        return error_set(&host->failure, PLEXCTL_INVALID, "output->guard was called without a secret");
    return guard_add(&host->guard, secret, &host->failure);
}

static int32_t is_terminal(const struct plexctl_host *table)
{
    (void)table;
    return terminal_is(STDOUT_FILENO);
}

static int32_t shows_progress(const struct plexctl_host *table)
{
    (void)table;
    return progress_is_possible();
}

/* The URL's policy stands in plexctl-http.so, which is loaded for a terminal's sake only. */
static plexctl_status link_url(const struct plexctl_host *table, const char *url)
{
    struct host *host = host_of(table);
    const struct plexctl_url *parsed = NULL;

    if (!url || guard_finds(&host->guard, url) || !hyperlink_is_safe() ||
        host_url.parse(table, url, &parsed) != PLEXCTL_OK)
        return line(table, url);
    return hyperlink_write(url, &host->failure);
}

static plexctl_status draw_modules(const struct plexctl_host *table, const uint8_t *modules, uint32_t width)
{
    struct host *host = host_of(table);

    if (!modules || width == 0 || width > BITMAP_MAX_WIDTH)
        return error_set(&host->failure, PLEXCTL_INVALID,
                         "output->draw_modules was called without 1 to %d modules a side", BITMAP_MAX_WIDTH);
    return bitmap_write(&(struct bitmap){.modules = modules, .width = width}, &host->failure);
}

static plexctl_status open_browser(const struct plexctl_host *table, const char *url)
{
    struct host *host = host_of(table);
    const struct plexctl_url *parsed = NULL;

    if (!url)
        return error_set(&host->failure, PLEXCTL_INVALID, "output->open_browser was called without a URL");
    if (guard_finds(&host->guard, url))
        return refuse_secret(&host->failure);
    plexctl_status status = host_url.parse(table, url, &parsed);
    return status == PLEXCTL_OK ? browser_open(url, &host->failure) : status;
}

static plexctl_status copy_to_clipboard(const struct plexctl_host *table, const char *text)
{
    struct host *host = host_of(table);

    if (!clipboard_takes(text))
        return error_set(&host->failure, PLEXCTL_INVALID,
                         "output->copy_to_clipboard was called without a short line of text");
    if (guard_finds(&host->guard, text))
        return refuse_secret(&host->failure);
    return clipboard_copy(text, &host->failure);
}

const struct plexctl_host_output host_output = {.size = sizeof host_output,
                                                .format = format,
                                                .emit = emit,
                                                .line = line,
                                                .warn = warn,
                                                .progress = progress,
                                                .confirm = confirm,
                                                .guard = guard,
                                                .is_terminal = is_terminal,
                                                .shows_progress = shows_progress,
                                                .link = link_url,
                                                .draw_modules = draw_modules,
                                                .open_browser = open_browser,
                                                .copy_to_clipboard = copy_to_clipboard};
