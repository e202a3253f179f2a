/* SPDX-License-Identifier: Apache-2.0
 *
 * The credentials service: profiles without their tokens, what is wrong with them, and the one way to save one.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "cancel.h"
#include "credential_doctor.h"
#include "host_internal.h"

#define SUBJECT_MAX_BYTES 256

static void set_text(struct plexctl_json *profile, const char *key, const char *text)
{
    if (text)
        (void)json_set(profile, key, json_new_string(text));
}

/* NULL out of memory: the length is what tells that a member was lost. */
static struct plexctl_json *to_json(const struct credential *credential)
{
    struct plexctl_json *profile = json_new_object();
    const char *const optional[] = {credential->server,     credential->token.text,      credential->token_type,
                                    credential->expires_at, credential->domain_id,       credential->idp_binding_id,
                                    credential->subject,    credential->previous_subject};
    size_t wanted = 2;

    for (size_t i = 0; i < sizeof optional / sizeof optional[0]; i++)
        wanted += optional[i] ? 1 : 0;
    set_text(profile, "name", credential->name);
    (void)json_set(profile, "default", json_new_boolean(credential->is_default));
    set_text(profile, "server", credential->server);
    if (credential->token.text)
        (void)json_set(profile, "token", json_new_secret(credential->token.text));
    set_text(profile, "token_type", credential->token_type);
    set_text(profile, "expires_at", credential->expires_at);
    set_text(profile, "domain_id", credential->domain_id);
    set_text(profile, "idp_binding_id", credential->idp_binding_id);
    set_text(profile, "subject", credential->subject);
    set_text(profile, "previous_subject", credential->previous_subject);
    if (json_length(profile) == wanted)
        return profile;
    json_free(profile);
    return NULL;
}

static plexctl_status append_profile(void *context, const struct credential *credential, struct error *err)
{
    plexctl_status status = json_append(context, to_json(credential));
    return status == PLEXCTL_OK ? status : error_no_memory(err);
}

static plexctl_status list(const struct plexctl_host *table, struct plexctl_json **ret_profiles)
{
    struct host *host = host_of(table);
    struct plexctl_json *profiles = json_new_array();

    if (!profiles)
        return error_no_memory(&host->failure);
    plexctl_status status = credential_store_each(host->app->store, append_profile, profiles, &host->failure);
    if (status == PLEXCTL_OK)
        return host_json_lend(host, profiles, ret_profiles);
    json_free(profiles);
    return status;
}

static plexctl_status describe(const struct plexctl_host *table, const char *name, struct plexctl_json **ret_profile)
{
    struct host *host = host_of(table);
    const char *named = name ? name : option_values_text(&host->app->persistent, "profile");
    auto_credential struct credential credential = CREDENTIAL_INIT;
    plexctl_status status = credential_store_read(host->app->store, named, &credential, &host->failure);

    if (status == PLEXCTL_NOT_FOUND)
        return host->failure.status = PLEXCTL_NO_TOKEN;
    return status == PLEXCTL_OK ? host_json_lend(host, to_json(&credential), ret_profile) : status;
}

static plexctl_status check_right(struct host *host)
{
    if (host->app->may_save)
        return PLEXCTL_OK;
    return error_set(&host->failure, PLEXCTL_DENIED,
                     "saving a profile is given only to plexctl's own commands that ask for it");
}

static plexctl_status check(struct host *host, const struct plexctl_credential *given)
{
    if (check_right(host) != PLEXCTL_OK)
        return host->failure.status;
    if (!host->app->settings.server)
        return error_set(&host->failure, PLEXCTL_NO_SERVER,
                         "no server is resolved that the profile could be saved for");
    if (!given->profile || !text_is_profile_name(given->profile) || !given->token || !text_is_bearer(given->token) ||
        !given->token_type || given->expires_in_s < 1 || (given->flags & ~PLEXCTL_CREDENTIAL_DEFAULT))
        return error_set(&host->failure, PLEXCTL_INVALID,
                         "credentials->save was called with an unfit profile, token or flag");
    return PLEXCTL_OK;
}

/* A lifetime past the year 9999 is one that nobody lives to see end. NULL where the clock itself is outside the years
 * that can be written: by the right one, whatever it gives would be no end at all or long past. */
static char *format_expiry(int64_t now_s, int64_t expires_in_s, char out[static 21])
{
    if (!text_format_utc(now_s, out))
        return NULL;
    if (expires_in_s > INT64_MAX - now_s || !text_format_utc(now_s + expires_in_s, out))
        memcpy(out, "9999-12-31T23:59:59Z", sizeof "9999-12-31T23:59:59Z");
    return out;
}

/* Borrows every text but the token. */
static plexctl_status store(struct host *host, const struct plexctl_credential *given)
{
    char expires_at[21];
    struct credential credential = {.name = (char *)(uintptr_t)given->profile,
                                    .server = host->app->settings.server,
                                    .token_type = (char *)(uintptr_t)given->token_type,
                                    .expires_at = format_expiry((int64_t)time(NULL), given->expires_in_s, expires_at),
                                    .domain_id = (char *)(uintptr_t)given->domain_id,
                                    .idp_binding_id = (char *)(uintptr_t)given->idp_binding_id,
                                    .is_default = (given->flags & PLEXCTL_CREDENTIAL_DEFAULT) != 0};
    auto_secret struct secret token = SECRET_INIT;
    plexctl_status status = secret_set(&token, given->token, strlen(given->token), &host->failure);
    credential.token = token;
    if (status == PLEXCTL_OK)
        status = guard_add(&host->guard, token.text, &host->failure);
    if (status == PLEXCTL_OK)
        status = credential_store_save(host->app->store, &credential, cancel_fd(), &host->failure);
    if (status != PLEXCTL_OK)
        return status;
    /* The run's token from now on: what could fail has been done before. */
    secret_release(&host->app->settings.token);
    host->app->settings.token = token;
    token = (struct secret)SECRET_INIT;
    host->has_saved = true;
    return PLEXCTL_OK;
}

static plexctl_status save(const struct plexctl_host *table, const struct plexctl_credential *given)
{
    struct host *host = host_of(table);
    struct plexctl_credential credential;

    if (!host_copy_record(&credential, sizeof credential, HOST_SIZE_THROUGH(struct plexctl_credential, expires_in_s),
                          given))
        return error_set(&host->failure, PLEXCTL_INVALID, "credentials->save was called without a credential");
    plexctl_status status = check(host, &credential);
    return status == PLEXCTL_OK ? store(host, &credential) : status;
}

/* A later listing has to show it as it stands. */
static plexctl_status check_subject(struct host *host, const char *subject)
{
    auto_buf struct buf safe = BUF_FIXED(SUBJECT_MAX_BYTES);
    size_t len = strlen(subject);
    const char *why = NULL;

    if (len <= SUBJECT_MAX_BYTES)
        text_sanitise(&safe, subject, len, SIZE_MAX);
    if (len > SUBJECT_MAX_BYTES)
        why = "is longer than 256 bytes";
    else if (safe.failed != PLEXCTL_OK || strcmp(buf_text(&safe), subject) != 0)
        why = "has characters that a terminal cannot show as they are";
    else if (guard_finds(&host->guard, subject))
        why = "repeats a secret";
    return why ? error_set(&host->failure, PLEXCTL_FAILED,
                           "the subject that the server named %s, so that it is not kept in the profile", why)
               : PLEXCTL_OK;
}

static plexctl_status set_subject(const struct plexctl_host *table, const char *profile, const char *subject)
{
    struct host *host = host_of(table);
    const struct credential credential = {.name = (char *)(uintptr_t)profile,
                                          .token = host->app->settings.token, /* borrowed */
                                          .subject = (char *)(uintptr_t)subject};
    plexctl_status status = check_right(host);

    if (status != PLEXCTL_OK)
        return status;
    if (!host->has_saved || !profile || !text_is_profile_name(profile) || !subject || !subject[0])
        return error_set(&host->failure, PLEXCTL_INVALID,
                         "credentials->set_subject was called without a profile or subject, or before save");
    status = check_subject(host, subject);
    if (status == PLEXCTL_OK)
        status = credential_store_set_subject(host->app->store, &credential, cancel_fd(), &host->failure);
    return status;
}

/* The module is opened for the first server, so that without one a broken installation does not matter. */
static plexctl_status check_server(void *context, const char *server, struct error *err)
{
    struct host *host = context;
    plexctl_status status = host->http ? PLEXCTL_OK : loader_http(host->app->loader, &host->http, err);

    if (status == PLEXCTL_USAGE) /* which would blame the profile */
        return err->status = PLEXCTL_FAILED;
    return status == PLEXCTL_OK ? settings_check_server(host->http, server, err) : status;
}

static plexctl_status diagnose(const struct plexctl_host *table, struct plexctl_json **ret_findings)
{
    struct host *host = host_of(table);
    const struct credential_doctor doctor = {
        .now_s = (int64_t)time(NULL), .check_server = check_server, .context = host};
    struct plexctl_json *findings = NULL;
    plexctl_status status = credential_doctor_examine(&doctor, &findings, &host->failure);

    return status == PLEXCTL_OK ? host_json_lend(host, findings, ret_findings) : status;
}

const struct plexctl_host_credentials host_credentials = {.size = sizeof host_credentials,
                                                          .list = list,
                                                          .describe = describe,
                                                          .save = save,
                                                          .diagnose = diagnose,
                                                          .set_subject = set_subject};
