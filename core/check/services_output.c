/* SPDX-License-Identifier: Apache-2.0
 *
 * http, output, credentials and log.
 */
#include "check/services_internal.h"

/* http */

static plexctl_status send_request(const struct plexctl_host *host, const struct plexctl_http_request *request,
                                   const struct plexctl_http_reply **ret_reply)
{
    plexctl_status status = services_fail_blocking(host, "http->send");

    if (status == PLEXCTL_OK)
        status = services_fail(host, "http->send");
    if (status != PLEXCTL_OK)
        return status;
    services_fail_http("http->send");
    services_enter("http->send");
    status = services.real.http->send(host, request, ret_reply);
    services_leave();
    services.now_ms += status == PLEXCTL_UNREACHABLE ? request->timeout_ms : 1;
    return status;
}

/* output */

static plexctl_status emit(const struct plexctl_host *host, const struct plexctl_json *result)
{
    plexctl_status status = services_tell_builder(host);

    if (status == PLEXCTL_OK)
        status = services_fail(host, "output->emit");
    services_enter("output->emit");
    if (status == PLEXCTL_OK)
        status = services.real.output->emit(host, result);
    services_leave();
    /* The host refuses a second one, and lets the run go on. */
    services.report->results += status == PLEXCTL_OK || (status == PLEXCTL_INVALID && services.report->results > 0);
    return status;
}

static plexctl_status line(const struct plexctl_host *host, const char *text)
{
    plexctl_status status = services_fail(host, "output->line");

    services_enter("output->line");
    if (status == PLEXCTL_OK)
        status = services.real.output->line(host, text);
    services_leave();
    services.report->lines_after_result += services.report->results > 0;
    return status;
}

static void warn(const struct plexctl_host *host, const char *text)
{
    services_enter("output->warn");
    services.real.output->warn(host, text);
    services_leave();
}

static void progress(const struct plexctl_host *host, const char *text)
{
    services_enter("output->progress");
    services.real.output->progress(host, text);
    services_leave();
}

static plexctl_status confirm(const struct plexctl_host *host, const char *question)
{
    plexctl_status status = services_fail_blocking(host, "output->confirm");

    if (status == PLEXCTL_OK)
        status = services_fail(host, "output->confirm");
    services_enter("output->confirm");
    if (status == PLEXCTL_OK)
        status = services.real.output->confirm(host, question);
    services_leave();
    return status;
}

static plexctl_status guard(const struct plexctl_host *host, const char *secret)
{
    plexctl_status status = services_fail(host, "output->guard");

    return status == PLEXCTL_OK ? services.real.output->guard(host, secret) : status;
}

static plexctl_status link_url(const struct plexctl_host *host, const char *url)
{
    plexctl_status status = services_fail(host, "output->link");

    services_enter("output->link");
    if (status == PLEXCTL_OK)
        status = services.real.output->link(host, url);
    services_leave();
    services.report->lines_after_result += services.report->results > 0;
    return status;
}

static plexctl_status draw_modules(const struct plexctl_host *host, const uint8_t *modules, uint32_t width)
{
    plexctl_status status = services_fail(host, "output->draw_modules");

    return status == PLEXCTL_OK ? services.real.output->draw_modules(host, modules, width) : status;
}

/* A check opens no browser. */
static plexctl_status open_browser(const struct plexctl_host *host, const char *url)
{
    plexctl_status status = services_fail(host, "output->open_browser");

    return status == PLEXCTL_OK && !url ? services.real.output->open_browser(host, url) : status;
}

static plexctl_status copy_to_clipboard(const struct plexctl_host *host, const char *text)
{
    plexctl_status status = services_fail(host, "output->copy_to_clipboard");

    return status == PLEXCTL_OK ? services.real.output->copy_to_clipboard(host, text) : status;
}

static void debug(const struct plexctl_host *host, const char *text)
{
    services_enter("log->debug");
    services.real.log->debug(host, text);
    services_leave();
}

/* credentials; the store may warn on standard error */

static plexctl_status list(const struct plexctl_host *host, struct plexctl_json **ret_profiles)
{
    plexctl_status status = services_fail(host, "credentials->list");

    services_enter("credentials->list");
    if (status == PLEXCTL_OK)
        status = services.real.credentials->list(host, ret_profiles);
    services_leave();
    return status;
}

static plexctl_status describe(const struct plexctl_host *host, const char *name, struct plexctl_json **ret_profile)
{
    plexctl_status status = services_fail(host, "credentials->describe");

    services_enter("credentials->describe");
    if (status == PLEXCTL_OK)
        status = services.real.credentials->describe(host, name, ret_profile);
    services_leave();
    return status;
}

static plexctl_status save(const struct plexctl_host *host, const struct plexctl_credential *credential)
{
    plexctl_status status = services_fail_blocking(host, "credentials->save");

    if (status == PLEXCTL_OK)
        status = services_fail(host, "credentials->save");
    services_enter("credentials->save");
    if (status == PLEXCTL_OK)
        status = services.real.credentials->save(host, credential);
    services_leave();
    return status;
}

static plexctl_status set_subject(const struct plexctl_host *host, const char *profile, const char *subject)
{
    plexctl_status status = services_fail_blocking(host, "credentials->set_subject");

    if (status == PLEXCTL_OK)
        status = services_fail(host, "credentials->set_subject");
    services_enter("credentials->set_subject");
    if (status == PLEXCTL_OK)
        status = services.real.credentials->set_subject(host, profile, subject);
    services_leave();
    return status;
}

static plexctl_status diagnose(const struct plexctl_host *host, struct plexctl_json **ret_findings)
{
    plexctl_status status = services_fail(host, "credentials->diagnose");

    services_enter("credentials->diagnose");
    if (status == PLEXCTL_OK)
        status = services.real.credentials->diagnose(host, ret_findings);
    services_leave();
    return status;
}

void services_put_output(struct plexctl_host *table)
{
    static struct plexctl_host_http http;
    static struct plexctl_host_output output;
    static struct plexctl_host_credentials credentials;
    static struct plexctl_host_log log;

    http = *table->http;
    http.send = send_request;
    table->http = &http;
    output = *table->output;
    output.emit = emit;
    output.line = line;
    output.warn = warn;
    output.progress = progress;
    output.confirm = confirm;
    output.guard = guard;
    output.link = link_url;
    output.draw_modules = draw_modules;
    output.open_browser = open_browser;
    output.copy_to_clipboard = copy_to_clipboard;
    table->output = &output;
    credentials = *table->credentials;
    credentials.list = list;
    credentials.describe = describe;
    credentials.save = save;
    credentials.diagnose = diagnose;
    credentials.set_subject = set_subject;
    table->credentials = &credentials;
    log = *table->log;
    log.debug = debug;
    table->log = &log;
}
