/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_host.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit_code.h"
#include "settings_run.h"

char *fake_host_copy_of(const char *text)
{
    char *copied = text ? strdup(text) : NULL;

    ck_assert(!text || copied);
    return copied;
}

char *fake_host_keep_text(struct fake_host *fake, char *text)
{
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_lt(fake->text_count, FAKE_HOST_ROWS);
    return fake->texts[fake->text_count++] = text;
}

void fake_host_cut_record(void *record, size_t size, size_t bytes)
{
    uint32_t said = (uint32_t)bytes;

    if (bytes == 0)
        return;
    ck_assert_uint_le(bytes, size);
    memset((char *)record + bytes, FAKE_HOST_POISON, size - bytes);
    memcpy(record, &said, sizeof said);
}

/* error */

static int32_t exit_code(const struct plexctl_host *table, plexctl_status status)
{
    (void)table;
    return exit_code_of(status);
}

static plexctl_status refuse(const struct plexctl_host *table, plexctl_status status, const char *text)
{
    return error_set(&fake_host_of(table)->failure, status, "%s", text);
}

static void prefix(const struct plexctl_host *table, const char *text)
{
    (void)error_prefix(&fake_host_of(table)->failure, "%s", text);
}

static void advise(const struct plexctl_host *table, const char *text)
{
    (void)error_advise(&fake_host_of(table)->failure, text);
}

static const char *advice(const struct plexctl_host *table)
{
    return error_advice(&fake_host_of(table)->failure);
}

static const char *failure_text(const struct plexctl_host *table)
{
    return fake_host_of(table)->failure.text;
}

static const struct plexctl_host_error fake_error = {.size = sizeof fake_error,
                                                     .fail = refuse,
                                                     .prefix = prefix,
                                                     .text = failure_text,
                                                     .advise = advise,
                                                     .advice = advice,
                                                     .exit_code = exit_code};

/* values and settings */

static const char *value_string(const struct plexctl_host *table, const char *name)
{
    for (const struct fake_value *value = fake_host_of(table)->values; value && value->name; value++) {
        if (strcmp(value->name, name) == 0)
            return value->text;
    }
    return NULL;
}

static int32_t value_given(const struct plexctl_host *table, const char *name)
{
    return value_string(table, name) != NULL;
}

static int64_t value_integer(const struct plexctl_host *table, const char *name)
{
    const char *text = value_string(table, name);

    return text ? strtoll(text, NULL, 10) : 0;
}

static const struct plexctl_host_values fake_values = {.size = sizeof fake_values,
                                                       .given = value_given,
                                                       .string = value_string,
                                                       .integer = value_integer,
                                                       .boolean = value_given};

static const char *server(const struct plexctl_host *table)
{
    return fake_host_of(table)->server;
}

static const char *profile(const struct plexctl_host *table)
{
    return fake_host_of(table)->profile;
}

static plexctl_status prepare(const struct plexctl_host *table, uint32_t needs, const char *wanted)
{
    struct fake_host *fake = fake_host_of(table);

    fake->prepared_needs = needs;
    ck_assert_uint_eq(fake->prepare_count++, 0);
    fake->server = wanted ? wanted : fake->server;
    if (fake->prepare_status == PLEXCTL_OK)
        return PLEXCTL_OK;
    return error_set(&fake->failure, fake->prepare_status, "what the command needs is not there");
}

static uint32_t overridden_by(const struct plexctl_host *table, const char *name)
{
    (void)name;
    return fake_host_of(table)->overridden_by;
}

static plexctl_status foresee_server(const struct plexctl_host *table, const char **ret_server)
{
    struct fake_host *fake = fake_host_of(table);

    *ret_server = value_string(table, "server");
    if (!*ret_server)
        *ret_server = fake->foreseen_server;
    return *ret_server ? PLEXCTL_OK : error_set(&fake->failure, PLEXCTL_NO_SERVER, "no server is given");
}

static int32_t is_same_server(const struct plexctl_host *table, const char *said, const char *saved,
                              int32_t may_lack_path)
{
    (void)table;
    return said && saved && settings_is_same_server(&settings_run_http, said, saved, may_lack_path != 0);
}

static const struct plexctl_host_settings fake_settings = {.size = sizeof fake_settings,
                                                           .server = server,
                                                           .profile = profile,
                                                           .prepare = prepare,
                                                           .overridden_by = overridden_by,
                                                           .foresee_server = foresee_server,
                                                           .is_same_server = is_same_server};

/* output */

static int32_t format(const struct plexctl_host *table)
{
    return fake_host_of(table)->format;
}

static bool stdout_fails(struct fake_host *fake)
{
    return fake->line_fails_at && ++fake->line_count >= fake->line_fails_at;
}

static plexctl_status line(const struct plexctl_host *table, const char *text)
{
    struct fake_host *fake = fake_host_of(table);

    if (stdout_fails(fake))
        return refuse(table, PLEXCTL_FAILED, "cannot write to standard output");
    buf_appendf(&fake->out, "%s\n", text);
    return PLEXCTL_OK;
}

static plexctl_status emit(const struct plexctl_host *table, const struct plexctl_json *result)
{
    struct fake_host *fake = fake_host_of(table);

    if (!result)
        return error_no_memory(&fake->failure);
    fake->emit_count++;
    if (stdout_fails(fake))
        return refuse(table, PLEXCTL_FAILED, "cannot write to standard output");
    json_write(&fake->out, result, 0, 0);
    buf_append_char(&fake->out, '\n');
    return PLEXCTL_OK;
}

static void warn(const struct plexctl_host *table, const char *text)
{
    char *safe = guard_masked(&fake_host_of(table)->guard, text);

    ck_assert_ptr_nonnull(safe);
    fake_host_of(table)->warning_count++;
    buf_appendf(&fake_host_of(table)->err, "%s\n", safe);
    free(safe);
}

static plexctl_status guard(const struct plexctl_host *table, const char *secret)
{
    return guard_add(&fake_host_of(table)->guard, secret, &fake_host_of(table)->failure);
}

static int32_t is_terminal(const struct plexctl_host *table)
{
    return fake_host_of(table)->is_terminal;
}

static const struct plexctl_host_output fake_output = {.size = sizeof fake_output,
                                                       .format = format,
                                                       .emit = emit,
                                                       .line = line,
                                                       .warn = warn,
                                                       .guard = guard,
                                                       .is_terminal = is_terminal,
                                                       FAKE_HOST_TERMINAL};

/* clock */

static int64_t now_ms(const struct plexctl_host *table)
{
    return fake_host_of(table)->now_ms;
}

static int64_t unix_s(const struct plexctl_host *table)
{
    return fake_host_of(table)->unix_s;
}

static plexctl_status sleep_until_ms(const struct plexctl_host *table, int64_t when_ms)
{
    struct fake_host *fake = fake_host_of(table);

    fake->sleep_count++;
    if (fake->cancel_at_ms && when_ms >= fake->cancel_at_ms) {
        fake->now_ms = fake->cancel_at_ms;
        return refuse(table, PLEXCTL_CANCELLED, "interrupted");
    }
    ck_assert_int_gt(when_ms, fake->now_ms);
    fake->now_ms = when_ms + fake->oversleep_ms;
    return PLEXCTL_OK;
}

static const char *format_date(const struct plexctl_host *table, int64_t date_s)
{
    ck_assert(text_format_utc(date_s, fake_host_of(table)->date));
    return fake_host_of(table)->date;
}

static int32_t parse_date(const struct plexctl_host *table, const char *text, int64_t *ret_unix_s)
{
    (void)table;
    return text && text_parse_utc(text, ret_unix_s);
}

static const char *span(const struct plexctl_host *table, int64_t span_s)
{
    text_format_span(span_s, fake_host_of(table)->span);
    return fake_host_of(table)->span;
}

static const struct plexctl_host_clock fake_clock = {.size = sizeof fake_clock,
                                                     .now_ms = now_ms,
                                                     .unix_s = unix_s,
                                                     .sleep_until_ms = sleep_until_ms,
                                                     .format = format_date,
                                                     .parse = parse_date,
                                                     .span = span};

void fake_host_init(struct fake_host *fake)
{
    *fake = (struct fake_host){.table = {.size = sizeof fake->table,
                                         .abi_minor = PLEXCTL_ABI_MINOR,
                                         .error = &fake_error,
                                         .values = &fake_values,
                                         .settings = &fake_settings,
                                         .url = &fake_host_url,
                                         .json = &fake_host_json,
                                         .http = &fake_host_http,
                                         .output = &fake_output,
                                         .credentials = &fake_host_credentials,
                                         .clock = &fake_clock,
                                         .log = &fake_host_log,
                                         .completion = &fake_host_completion,
                                         .events = &fake_host_events,
                                         .state = &fake_host_state},
                               .server = "https://cp.example.com",
                               .now_ms = 1000000,
                               .unix_s = INT64_C(1795521600), /* 2026-11-24T12:00:00Z */
                               .out = BUF_INIT(1 << 20),
                               .err = BUF_INIT(1 << 20),
                               .trace = BUF_INIT(1 << 20),
                               .offers = BUF_INIT(1 << 20),
                               .events = BUF_INIT(1 << 20)};
}

plexctl_status fake_host_run(struct fake_host *fake, const struct plexctl_command *command)
{
    fake_host_running = fake;
    plexctl_status status = command->run(&fake->table);
    fake_host_running = NULL;
    guard_mask(&fake->guard, fake->failure.text);
    return status;
}

void fake_host_release(struct fake_host *fake)
{
    guard_release(&fake->guard);
    fake_host_credentials_release(fake);
    for (size_t i = 0; i < fake->text_count; i++)
        free(fake->texts[i]);
    for (size_t i = 0; i < fake->root_count; i++)
        json_free(fake->roots[i]);
    for (size_t i = 0; i < fake->request_count; i++)
        free(fake->requests[i].body);
    buf_release(&fake->out);
    buf_release(&fake->err);
    buf_release(&fake->trace);
    buf_release(&fake->offers);
    fake_host_release_state(fake);
}
