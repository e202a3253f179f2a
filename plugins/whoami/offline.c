/* SPDX-License-Identifier: Apache-2.0 */
#include "offline.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define MINUTE_S INT64_C(60)
#define HOUR_S (60 * MINUTE_S)
#define DAY_S (24 * HOUR_S)
#define NAME_MAX_BYTES 64
#define DATE_FORMAT "%Y-%m-%dT%H:%M:%SZ"

struct offline {
    const struct plexctl_host *host;
    const char *overridden_by;       /* NULL for nothing */
    bool is_environments;            /* the token that commands take */
    const struct plexctl_json *file; /* the profile; NULL for none */
    bool is_dated;
    int64_t left_s; /* where it is; 0 and less: expired */
};

static const char *file_text(const struct offline *offline, const char *key)
{
    return offline->host->json->string(offline->host->json->get(offline->file, key));
}

/* Strict, as the store writes it: what reads back as it was. */
static bool read_date(const char *text, int64_t *ret_unix_s)
{
    struct tm parts = {0};
    char again[32];
    const char *end = text ? strptime(text, DATE_FORMAT, &parts) : NULL;
    time_t moment = end && !*end ? timegm(&parts) : -1;

    if (moment < 0 || !gmtime_r(&moment, &parts) || !strftime(again, sizeof again, DATE_FORMAT, &parts) ||
        strcmp(again, text) != 0)
        return false;
    *ret_unix_s = (int64_t)moment;
    return true;
}

/* "58 minutes", "2 hours ago" */
static void format_span(int64_t left_s, char *out, size_t out_size)
{
    static const struct {
        int64_t unit_s;
        const char *words;
    } units[] = {{DAY_S, "days"}, {HOUR_S, "hours"}, {MINUTE_S, "minutes"}, {1, "seconds"}};
    int64_t span_s = left_s < 0 ? -left_s : left_s;
    size_t i = 0;

    while (units[i].unit_s > 1 && span_s < 2 * units[i].unit_s)
        i++;
    (void)snprintf(out, out_size, "%" PRId64 " %s%s", span_s / units[i].unit_s, span_s == 1 ? "second" : units[i].words,
                   left_s <= 0 ? " ago" : "");
}

static plexctl_status look(struct offline *offline)
{
    const struct plexctl_host *host = offline->host;
    struct plexctl_json *profile = NULL;
    int64_t expires_s;

    offline->overridden_by = host->settings->overridden_by(host, NULL);
    offline->is_environments = offline->overridden_by && strstr(offline->overridden_by, "PLEXSPHERE_TOKEN");
    plexctl_status status = host->credentials->describe(host, NULL, &profile);
    if (status != PLEXCTL_OK && !(status == PLEXCTL_NO_TOKEN && offline->is_environments))
        return status;
    offline->file = profile;
    if (offline->is_environments)
        return PLEXCTL_OK;
    if (!file_text(offline, "token"))
        return host->error->fail(host, PLEXCTL_NO_TOKEN, "the profile has no token; run `plexctl login`");
    offline->is_dated = read_date(file_text(offline, "expires_at"), &expires_s);
    if (offline->is_dated)
        offline->left_s = expires_s - host->clock->unix_s(host);
    return PLEXCTL_OK;
}

static const char *state_of(const struct offline *offline)
{
    if (!offline->is_dated)
        return "unknown";
    return offline->left_s > 0 ? "valid" : "expired";
}

/* Seconds for a program, words for a person. */
static void set_span(const struct offline *offline, struct plexctl_json *result)
{
    const struct plexctl_host *host = offline->host;
    char span[64];

    if (!offline->is_dated) {
        (void)host->json->set_string(result, "expires_in", NULL);
    } else if (host->output->format(host) == PLEXCTL_OUTPUT_TABLE) {
        format_span(offline->left_s, span, sizeof span);
        (void)host->json->set_string(result, offline->left_s > 0 ? "expires_in" : "expired", span);
    } else {
        (void)host->json->set_integer(result, "expires_in", offline->left_s);
    }
}

static plexctl_status show(const struct offline *offline)
{
    const struct plexctl_host *host = offline->host;
    struct plexctl_json *result = host->json->object(host);

    (void)host->json->set_string(result, "profile", file_text(offline, "name"));
    (void)host->json->set_string(result, "server", file_text(offline, "server"));
    (void)host->json->set_string(result, "subject", offline->is_environments ? NULL : file_text(offline, "subject"));
    (void)host->json->set_string(result, "state", state_of(offline));
    (void)host->json->set_string(result, "expires_at", offline->is_dated ? file_text(offline, "expires_at") : NULL);
    set_span(offline, result);
    (void)host->json->set_string(result, "overridden_by", offline->overridden_by);
    return host->output->emit(host, result);
}

static void warn_of_environment(const struct offline *offline)
{
    const struct plexctl_host *host = offline->host;
    char text[256];

    if (!offline->overridden_by)
        return;
    (void)snprintf(text, sizeof text, "%s in the environment come%s before the profile%s", offline->overridden_by,
                   strchr(offline->overridden_by, ' ') ? "" : "s",
                   offline->is_environments ? "; of that token nothing is known here" : "");
    host->output->warn(host, text);
}

/* A foreign file may have names that are none on a command line. */
static const char *name_to_type(const char *name)
{
    static const char fit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t len = strspn(name, fit);

    return len > 0 && len <= NAME_MAX_BYTES && !name[len] && name[0] != '.' && name[0] != '-' ? name : "NAME";
}

static plexctl_status fail_expired(const struct offline *offline)
{
    const char *name = file_text(offline, "name");
    char span[64], text[400];

    format_span(offline->left_s, span, sizeof span);
    (void)snprintf(text, sizeof text,
                   "the token of profile \"%.64s\" expired %s; run `plexctl login --profile-name %s`", name, span,
                   name_to_type(name));
    return offline->host->error->fail(offline->host, PLEXCTL_FAILED, text);
}

plexctl_status offline_run(const struct plexctl_host *host)
{
    struct offline offline = {.host = host};
    plexctl_status status = look(&offline);

    if (status != PLEXCTL_OK)
        return status;
    warn_of_environment(&offline);
    status = show(&offline);
    if (status == PLEXCTL_OK && offline.is_dated && offline.left_s <= 0)
        return fail_expired(&offline);
    return status;
}
