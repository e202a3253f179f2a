/* SPDX-License-Identifier: Apache-2.0 */
#include "identity.h"

#include <stdio.h>
#include <string.h>

#include "keep.h"
#include "lookup.h"

/* Members of the reply, which live as long as the run. */
struct identity {
    const char *kind, *subject, *email; /* email NULL: none */
};

bool identity_is_wanted(const struct login *login)
{
    const struct plexctl_host_output *output = login->host->output;

    return output->format(login->host) == PLEXCTL_OUTPUT_TABLE && output->is_terminal(login->host);
}

/* NULL for none. */
static const struct plexctl_json *find_profile(const struct login *login)
{
    struct plexctl_json *profile = NULL;

    return login->host->credentials->describe(login->host, login->profile, &profile) == PLEXCTL_OK ? profile : NULL;
}

void identity_remember(struct login *login)
{
    const struct plexctl_host_json *json = login->host->json;

    if (!identity_is_wanted(login))
        return;
    const struct plexctl_json *profile = find_profile(login);
    const char *subject = json->string(json->get(profile, "subject"));
    login->earlier_subject = subject ? subject : json->string(json->get(profile, "previous_subject"));
    login->earlier_server = json->string(json->get(profile, "server"));
}

static plexctl_status refuse(const struct plexctl_host *host, const char *text)
{
    (void)host->error->fail(host, PLEXCTL_FAILED, text);
    return PLEXCTL_FAILED;
}

static plexctl_status read_identity(const struct plexctl_host *host, struct plexctl_json *body, void *result)
{
    const struct plexctl_host_json *json = host->json;
    struct identity *identity = result;

    identity->kind = json->string(json->get(body, "principal_type"));
    identity->subject = json->string(json->get(body, "subject"));
    identity->email = json->string(json->get(body, "email"));
    if (!identity->kind || (strcmp(identity->kind, "user") != 0 && strcmp(identity->kind, "service") != 0))
        return refuse(host, "`principal_type` must be user or service");
    if (!identity->subject || !identity->subject[0])
        return refuse(host, "`subject` must be a text");
    if (identity->email && !identity->email[0])
        identity->email = NULL;
    return PLEXCTL_OK;
}

/* A signal ends the run, and needs no words of ours. */
static void warn_of(const struct login *login, plexctl_status status, const char *what)
{
    char text[LOGIN_TEXT_SIZE];

    if (status == PLEXCTL_OK || status == PLEXCTL_CANCELLED)
        return;
    (void)snprintf(text, sizeof text, "%s: %s", what, login->host->error->text(login->host));
    login->host->output->warn(login->host, text);
}

/* In one line of 80 columns, which a mail address fits as well as a UUID. The file's date, unless it is another login's
 * by now. */
static plexctl_status show(const struct login *login, const struct identity *identity, bool is_ours)
{
    const struct plexctl_host *host = login->host;
    const char *name = identity->email ? identity->email : identity->subject;
    const char *expires_at = is_ours ? host->json->string(host->json->get(find_profile(login), "expires_at")) : NULL;
    char text[LOGIN_TEXT_SIZE];

    (void)snprintf(text, sizeof text, "You are %.600s (%s), until %.64s (%s).", name, identity->kind,
                   expires_at ? expires_at : "the token expires", host->clock->span(host, keep_left_s(login)));
    return host->output->line(host, text);
}

/* Two servers name the same person differently. */
static void warn_of_another(const struct login *login, const struct identity *identity)
{
    const char *server = login->host->settings->server(login->host), *earlier = login->earlier_server;
    char text[LOGIN_TEXT_SIZE];

    if (!login->earlier_subject || strcmp(login->earlier_subject, identity->subject) == 0)
        return;
    if (earlier && strcmp(earlier, server) != 0)
        (void)snprintf(
            text, sizeof text,
            "profile \"%s\" was of another server before: it belonged to %.256s at %.200s, and now to %.256s "
            "at %.200s",
            login->profile, login->earlier_subject, earlier, identity->subject, server);
    else
        (void)snprintf(text, sizeof text,
                       "profile \"%s\" belonged to another subject before: to %.256s, and now to %.256s",
                       login->profile, login->earlier_subject, identity->subject);
    login->host->output->warn(login->host, text);
}

void identity_confirm(const struct login *login)
{
    static const struct lookup whoami = {.path = "/v1/auth/whoami",
                                         .what = "whoami response",
                                         .flags = PLEXCTL_HTTP_BEARER,
                                         .timeout_ms = IDENTITY_TIMEOUT_MS,
                                         .read = read_identity};
    struct identity identity = {0};

    if (!identity_is_wanted(login))
        return;
    plexctl_status status = lookup_send(login->host, &whoami, &identity);
    if (status != PLEXCTL_OK) {
        warn_of(login, status, "who you are could not be confirmed");
        return;
    }
    status = login->host->credentials->set_subject(login->host, login->profile, identity.subject);
    if (status == PLEXCTL_CANCELLED)
        return;
    warn_of(login, status, "who you are could not be saved");
    warn_of(login, show(login, &identity, status != PLEXCTL_NOT_FOUND), "who you are cannot be shown");
    warn_of_another(login, &identity);
}
