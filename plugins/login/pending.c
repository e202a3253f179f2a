/* SPDX-License-Identifier: Apache-2.0 */
#include "pending.h"

#include <stdio.h>
#include <string.h>

#define BEGIN_SIZE 256
#define LAST_UNIX_S INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
#define LIVES_MAX_S 86400                 /* device_code_reply */
#define ADDED_MAX_S 86400                 /* a slow_down each five seconds of the longest session adds that */

static int64_t read_number(const struct login *login, const char *key)
{
    const struct plexctl_host_json *json = login->host->json;
    int64_t number = 0;

    return json->integer(json->get(login->pending, key), &number) ? number : 0;
}

int64_t pending_expires_unix_s(const struct login *login)
{
    return read_number(login, "received_at") + read_number(login, "expires_in");
}

/* What the wall clock says, but never earlier than it said to whoever looked last. */
static int64_t find_moment(const struct login *login)
{
    int64_t now_s = login->host->clock->unix_s(login->host), seen_s = read_number(login, "seen_at");

    return now_s > seen_s ? now_s : seen_s;
}

static plexctl_status put(const struct login *login)
{
    return login->host->state->put(login->host, login->profile, login->pending, pending_expires_unix_s(login));
}

/* What cannot be kept of a login that is kept already costs nobody the login. */
static void put_again(const struct login *login)
{
    char text[LOGIN_TEXT_SIZE];

    if (put(login) == PLEXCTL_OK)
        return;
    (void)snprintf(text, sizeof text, "the pending login could not be kept as it is now: %s",
                   login->host->error->text(login->host));
    login->host->output->warn(login->host, text);
}

static plexctl_status hold(const struct login *login)
{
    const struct plexctl_host *host = login->host;
    char text[256], advice[LOGIN_TEXT_SIZE];
    plexctl_status status = host->state->hold(host, login->profile);

    if (status != PLEXCTL_UNREACHABLE)
        return status;
    (void)snprintf(advice, sizeof advice, "%s", host->error->advice(host));
    (void)snprintf(text, sizeof text, "another process is %s the pending login of profile \"%s\"",
                   login->is_unattended ? "beginning or finishing" : "finishing", login->profile);
    (void)host->error->fail(host, status, text);
    host->error->advise(host, advice[0] ? advice : NULL);
    return status;
}

plexctl_status pending_reserve(const struct login *login)
{
    const struct plexctl_host *host = login->host;
    int64_t now_s = host->clock->unix_s(host);

    if (now_s >= 0 && now_s <= LAST_UNIX_S)
        return hold(login);
    (void)host->error->fail(host, PLEXCTL_FAILED, "this machine's clock is not between the years 1970 and 9999");
    host->error->advise(host, "set it");
    return PLEXCTL_FAILED;
}

static void note_replaced(const struct login *login)
{
    char text[256];

    (void)snprintf(text, sizeof text, "the login that was pending for profile \"%s\" is given up for this one",
                   login->profile);
    login->host->output->warn(login->host, text);
}

static struct plexctl_json *describe(const struct login *login, const struct device_code_reply *code)
{
    const struct plexctl_host *host = login->host;
    const struct plexctl_host_json *json = host->json;
    struct plexctl_json *pending = json->object(host);
    int64_t now_s = host->clock->unix_s(host);

    (void)json->set_string(pending, "server", host->settings->server(host));
    (void)json->set_string(pending, "domain_id", login->domain_id);
    (void)json->set_string(pending, "idp_binding_id", login->idp_binding_id);
    (void)json->set_string(pending, "device_code", code->device_code);
    (void)json->set_string(pending, "user_code", code->user_code);
    (void)json->set_string(pending, "verification_uri", code->verification_uri);
    if (code->verification_uri_complete)
        (void)json->set_string(pending, "verification_uri_complete", code->verification_uri_complete);
    (void)json->set_integer(pending, "expires_in", code->expires_in_s);
    (void)json->set_integer(pending, "interval", code->interval_s);
    (void)json->set_integer(pending, "interval_added", 0);
    (void)json->set_integer(pending, "received_at", now_s);
    (void)json->set_integer(pending, "seen_at", now_s);
    (void)json->set_boolean(pending, "set_default", login->is_default_wanted);
    return pending;
}

plexctl_status pending_keep(struct login *login, const struct device_code_reply *code)
{
    struct plexctl_json *before = NULL;
    plexctl_status status = login->host->state->get(login->host, login->profile, &before);
    bool is_there = status == PLEXCTL_OK;

    if (status != PLEXCTL_OK && status != PLEXCTL_NOT_FOUND && status != PLEXCTL_USAGE) /* which a new one mends */
        return status;
    login->pending = describe(login, code);
    status = put(login);
    if (status == PLEXCTL_OK && is_there)
        note_replaced(login);
    return status == PLEXCTL_OK ? status : login_fail_in(login, status, "the code that the server gave is lost");
}

/* A command that begins one, as it may be typed; the ids are wanted where no profile has them. */
static void format_begin(const struct login *login, char out[static BEGIN_SIZE])
{
    const struct plexctl_host *host = login->host;
    struct plexctl_json *profile = NULL;
    bool has_ids = host->credentials->describe(host, login->profile, &profile) == PLEXCTL_OK &&
                   host->json->string(host->json->get(profile, "domain_id")) &&
                   host->json->string(host->json->get(profile, "idp_binding_id"));

    login_format_command(login, has_ids ? "--again --no-wait" : "--no-wait --domain-id UUID --idp-binding-id UUID", out,
                         BEGIN_SIZE);
}

/* NULL where they cannot be told, which is a failure only where memory is short. */
static plexctl_status list(const struct login *login, struct plexctl_json **ret_names)
{
    *ret_names = NULL;
    return login->host->state->list(login->host, ret_names) == PLEXCTL_NO_MEMORY ? PLEXCTL_NO_MEMORY : PLEXCTL_OK;
}

static plexctl_status refuse_none(const struct login *login)
{
    const struct plexctl_host_json *json = login->host->json;
    struct plexctl_json *names = NULL;
    char begin[BEGIN_SIZE], text[LOGIN_TEXT_SIZE];

    if (list(login, &names) != PLEXCTL_OK)
        return PLEXCTL_NO_MEMORY;
    format_begin(login, begin);
    (void)snprintf(text, sizeof text,
                   "no login is pending for profile \"%s\", or its code has expired; begin one with `%s`",
                   login->profile, begin);
    for (uint64_t i = 0; i < json->length(names); i++) {
        size_t len = strlen(text);
        (void)snprintf(text + len, sizeof text - len, "%s%s",
                       i > 0 ? ", " : "; with --profile-name, one is pending for ", json->string(json->at(names, i)));
    }
    return login->host->error->fail(login->host, PLEXCTL_FAILED, text);
}

plexctl_status pending_sweep(const struct login *login)
{
    struct plexctl_json *names = NULL;
    plexctl_status status = list(login, &names);

    login->host->json->release(login->host, names);
    return status;
}

/* The profile that a flag names; else the one that a login has without one, or, where only another is pending, that. */
static plexctl_status choose(struct login *login)
{
    const struct plexctl_host_json *json = login->host->json;
    const char *given = login->host->values->string(login->host, "profile");
    struct plexctl_json *names = NULL;
    plexctl_status status = PLEXCTL_OK;

    if (login_is_asked(login->host, "profile-name"))
        return PLEXCTL_OK;
    if (given)
        login->profile = given;
    else
        status = list(login, &names);
    if (json->length(names) == 1)
        login->profile = json->string(json->at(names, 0));
    return status;
}

static plexctl_status get(struct login *login)
{
    plexctl_status status = login->host->state->get(login->host, login->profile, &login->pending);

    return status == PLEXCTL_NOT_FOUND ? refuse_none(login) : status;
}

static plexctl_status refuse_damaged(const struct login *login)
{
    char begin[BEGIN_SIZE], why[LOGIN_TEXT_SIZE], advice[BEGIN_SIZE + 32];

    (void)snprintf(why, sizeof why, "the pending login is not what plexctl keeps: %s",
                   login->host->error->text(login->host));
    format_begin(login, begin);
    (void)snprintf(advice, sizeof advice, "begin another with `%s`", begin);
    (void)login->host->error->fail(login->host, PLEXCTL_USAGE, why);
    login->host->error->advise(login->host, advice);
    return PLEXCTL_USAGE;
}

plexctl_status pending_open(struct login *login)
{
    const struct plexctl_host_json *json = login->host->json;
    int32_t is_default_wanted = 0;

    plexctl_status status = choose(login);
    if (status == PLEXCTL_OK)
        status = get(login); /* before anything is made to hold it by */

    if (status == PLEXCTL_OK) {
        json->release(login->host, login->pending);
        login->pending = NULL;
        status = hold(login);
    }
    if (status == PLEXCTL_OK)
        status = get(login); /* it may have ended meanwhile */
    if (status != PLEXCTL_OK)
        return status;
    login->server = json->string(json->get(login->pending, "server"));
    login->domain_id = json->string(json->get(login->pending, "domain_id"));
    login->idp_binding_id = json->string(json->get(login->pending, "idp_binding_id"));
    if (json->boolean(json->get(login->pending, "set_default"), &is_default_wanted) && is_default_wanted)
        login->is_default_wanted = true;
    if (login->server && login->domain_id && login->idp_binding_id)
        return PLEXCTL_OK;
    (void)login->host->error->fail(login->host, PLEXCTL_FAILED, "server or ids are missing");
    return refuse_damaged(login);
}

static plexctl_status refuse_number(const struct login *login, const char *key, int64_t most)
{
    char text[128];

    (void)snprintf(text, sizeof text, "`%s` must be a whole number from 0 to %lld", key, (long long)most);
    return login->host->error->fail(login->host, PLEXCTL_FAILED, text);
}

/* So that no sum of theirs overflows, whoever wrote them. */
static plexctl_status check_numbers(const struct login *login)
{
    static const struct {
        const char *key;
        int64_t most;
        bool may_be_absent;
    } rows[] = {{"received_at", LAST_UNIX_S, false},
                {"seen_at", LAST_UNIX_S, false},
                {"expires_in", LIVES_MAX_S, false},
                {"interval_added", ADDED_MAX_S, true},
                {"not_before", LAST_UNIX_S, true}};
    const struct plexctl_host_json *json = login->host->json;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct plexctl_json *value = json->get(login->pending, rows[i].key);
        int64_t number = 0;
        if (rows[i].may_be_absent && json->type(value) == PLEXCTL_JSON_ABSENT)
            continue;
        if (!json->integer(value, &number) || number < 0 || number > rows[i].most)
            return refuse_number(login, rows[i].key, rows[i].most);
    }
    return PLEXCTL_OK;
}

plexctl_status pending_read(struct login *login, struct device_code_reply *ret_code)
{
    const struct plexctl_host *host = login->host;
    plexctl_status status = device_reply_read_code(host, login->pending, ret_code);

    if (status == PLEXCTL_OK)
        status = check_numbers(login);
    if (status == PLEXCTL_FAILED)
        return refuse_damaged(login);
    if (status != PLEXCTL_OK)
        return status;
    int64_t at_s = find_moment(login), left_s = pending_expires_unix_s(login) - at_s;
    if (left_s < 1) {
        (void)host->state->remove(host, login->profile);
        return refuse_none(login);
    }
    ret_code->expires_in_s = left_s < ret_code->expires_in_s ? left_s : ret_code->expires_in_s;
    ret_code->interval_s += read_number(login, "interval_added");
    login->hold_off_s = read_number(login, "not_before") - at_s;
    if (at_s > read_number(login, "seen_at")) {
        (void)host->json->set_integer(login->pending, "seen_at", at_s);
        put_again(login);
    }
    return PLEXCTL_OK;
}

void pending_keep_pace(const struct login *login)
{
    const struct plexctl_host *host = login->host;
    int64_t added_s = login->flow.interval_ms / 1000 - read_number(login, "interval");
    int64_t wait_s = (login->flow.next_poll_ms - host->clock->now_ms(host) + 999) / 1000;

    if (!login->pending || login->wait.outcome == DEVICE_FLOW_PENDING)
        return;
    (void)host->json->set_integer(login->pending, "interval_added", added_s);
    (void)host->json->set_integer(login->pending, "not_before",
                                  login->wait.outcome == DEVICE_FLOW_TRANSIENT ? find_moment(login) + wait_s : 0);
    put_again(login);
}

plexctl_status pending_give_up(const struct login *login)
{
    const struct plexctl_host *host = login->host;
    struct plexctl_json *other = NULL;
    char text[256];

    plexctl_status status = login->pending ? PLEXCTL_NOT_FOUND : host->state->get(host, login->profile, &other);
    if (status == PLEXCTL_OK)
        status = host->state->hold(host, login->profile);
    if (status == PLEXCTL_OK)
        status = host->state->remove(host, login->profile);
    if (status != PLEXCTL_OK)
        return status == PLEXCTL_NO_MEMORY ? status : PLEXCTL_OK;
    (void)snprintf(text, sizeof text,
                   "the login that was pending for profile \"%s\" is given up, since this one is done", login->profile);
    host->output->warn(host, text);
    return PLEXCTL_OK;
}

void pending_close(const struct login *login)
{
    char text[LOGIN_TEXT_SIZE], kept[LOGIN_TEXT_SIZE];
    const struct plexctl_host_error *error = login->host->error;

    if (!login->pending || !login->is_code_spent)
        return;
    (void)snprintf(kept, sizeof kept, "%s", error->text(login->host));
    if (login->host->state->remove(login->host, login->profile) == PLEXCTL_OK)
        return;
    (void)snprintf(text, sizeof text, "the pending login, which is over, could not be removed: %s",
                   error->text(login->host));
    login->host->output->warn(login->host, text);
    (void)error->fail(login->host, PLEXCTL_FAILED, kept);
}
