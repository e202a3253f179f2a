/* SPDX-License-Identifier: Apache-2.0 */
#include "trace.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "output.h"

static bool is_on;

void trace_configure(const struct option_values *persistent)
{
    const struct option_value *flag = option_values_find(persistent, "debug");
    const char *variable = getenv("PLEXCTL_DEBUG");

    is_on = variable && variable[0] && strcmp(variable, "0") != 0;
    if (flag && flag->given)
        is_on = flag->number != 0;
}

bool trace_is_on(void)
{
    return is_on;
}

void trace(const char *format, ...)
{
    auto_free char *text = NULL;
    va_list arguments;

    if (!is_on)
        return;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        text = NULL;
    output_debug(text ? text : "out of memory");
}

void trace_settings(const struct app *app)
{
    const struct settings *settings = &app->settings;
    const struct option_value *output = option_values_find(&app->persistent, "output");
    const char *config = is_on ? credential_store_path(app->store) : NULL;

    if (app->plugin_path)
        trace("plugin %s", app->plugin_path);
    if (config)
        trace("config file %s", config);
    if (settings->profile)
        trace("profile \"%s\" from %s", settings->profile, settings->profile_source);
    if (settings->server)
        trace("server %s from %s", settings->server, settings->server_source);
    if (settings->token.text)
        trace("token from %s", settings->token_source);
    if (output && output->text)
        trace("output %s from %s", output->text, output->given ? "--output" : "the default");
}
