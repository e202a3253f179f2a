/* SPDX-License-Identifier: Apache-2.0 */
#include "prompt.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "qr_code.h"

/* "13:30:38 UTC", with the local time before it where that differs; "" where the C library cannot tell. */
static void format_moment(time_t moment, char *out, size_t out_size)
{
    struct tm utc, local;
    char utc_text[32], local_text[64];

    out[0] = '\0';
    if (!gmtime_r(&moment, &utc) || !strftime(utc_text, sizeof utc_text, "%H:%M:%S UTC", &utc))
        return;
    if (!localtime_r(&moment, &local) || !strftime(local_text, sizeof local_text, "%H:%M:%S %Z", &local) ||
        local.tm_gmtoff == 0)
        (void)snprintf(out, out_size, ", at %s", utc_text);
    else
        (void)snprintf(out, out_size, ", at %s (%s)", local_text, utc_text);
}

static plexctl_status show_expiry(const struct plexctl_host *host, int64_t expires_in_s)
{
    char moment[128], text[256];
    bool in_minutes = expires_in_s >= 120;
    int64_t count = in_minutes ? expires_in_s / 60 : expires_in_s;
    const char *unit = in_minutes ? "minutes" : count == 1 ? "second" : "seconds";

    format_moment((time_t)(host->clock->unix_s(host) + expires_in_s), moment, sizeof moment);
    (void)snprintf(text, sizeof text, "The code expires in %lld %s%s.", (long long)count, unit, moment);
    return host->output->line(host, text);
}

static plexctl_status show_text(const struct plexctl_host *host, const struct device_code_reply *code)
{
    char opening[2176];
    const struct {
        plexctl_status (*show)(const struct plexctl_host *, const char *);
        const char *text;
    } lines[] = {
        {host->output->line, opening},
        {host->output->link, code->verification_uri},
        {host->output->line, "and enter this code:"},
        {host->output->line, code->user_code},
        {host->output->line, code->verification_uri_complete ? "or open this link, which carries the code:" : NULL},
        {host->output->link, code->verification_uri_complete}};
    plexctl_status status = PLEXCTL_OK;

    (void)snprintf(opening, sizeof opening,
                   "To log in to %s, open this page in a browser:", host->settings->server(host));
    for (size_t i = 0; i < sizeof lines / sizeof lines[0] && status == PLEXCTL_OK; i++) {
        if (lines[i].text)
            status = lines[i].show(host, lines[i].text);
    }
    if (status == PLEXCTL_OK)
        status = show_expiry(host, code->expires_in_s);
    if (status == PLEXCTL_OK)
        status = host->output->line(host, "Go on only if you started this login yourself.");
    return status;
}

/* What was asked for beside the text, which is all that a login needs. */
static plexctl_status take_note(const struct plexctl_host *host, plexctl_status status, const char *flag)
{
    if (status == PLEXCTL_OK || status == PLEXCTL_CANCELLED)
        return status;
    host->error->prefix(host, flag);
    host->output->warn(host, host->error->text(host));
    return PLEXCTL_OK;
}

/* The picture may push out the code at the top, which has to be compared with the browser's. */
static plexctl_status show_picture(const struct plexctl_host *host, const char *link, const char *user_code)
{
    char text[128];

    plexctl_status status = qr_code_show(host, link);
    if (status != PLEXCTL_OK)
        return take_note(host, status, "--qr");
    (void)snprintf(text, sizeof text, "Scan it; the code is %s.", user_code);
    return host->output->line(host, text);
}

plexctl_status prompt_show(const struct plexctl_host *host, const struct device_code_reply *code)
{
    const char *link = code->verification_uri_complete ? code->verification_uri_complete : code->verification_uri;

    plexctl_status status = show_text(host, code);
    if (status == PLEXCTL_OK && host->values->boolean(host, "copy"))
        status = take_note(host, host->output->copy_to_clipboard(host, code->user_code), "--copy");
    if (status == PLEXCTL_OK && host->values->boolean(host, "open"))
        status = take_note(host, host->output->open_browser(host, link), "--open");
    /* Last: what is written below the picture may push its top out. */
    if (status == PLEXCTL_OK && host->values->boolean(host, "qr"))
        status = show_picture(host, link, code->user_code);
    return status;
}
