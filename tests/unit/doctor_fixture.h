/* SPDX-License-Identifier: Apache-2.0
 *
 * doctor_fixture - what the doctor finds, asked for by item. Of every finding it is asked that it holds no token,
 * and of a fault that a command mends it.
 */
#ifndef TESTS_DOCTOR_FIXTURE_H
#define TESTS_DOCTOR_FIXTURE_H

#include "credential_doctor.h"
#include "finding.h"
#include "store_fixture.h"

#define NOW_S INT64_C(1795521600) /* 2026-11-24T12:00:00Z */
#define LATER "\"expires_at\":\"2026-12-24T12:00:00Z\""
#define GOOD "\"server\":\"https://cp.example.com\",\"token\":\"" CANARY "\""
#define ONE(members) "{\"default\":\"a\",\"profiles\":{\"a\":{" members "}}}"

static inline plexctl_status check_server(void *context, const char *server, struct error *err)
{
    plexctl_status *status = context;

    if (*status == PLEXCTL_OK && strncmp(server, "https://", 8) == 0)
        return PLEXCTL_OK;
    return error_set(err, *status == PLEXCTL_OK ? PLEXCTL_USAGE : *status, "no good URL");
}

static inline plexctl_status try_examine(plexctl_status server_status, struct plexctl_json **ret_findings,
                                         struct error *err)
{
    const struct credential_doctor doctor = {.now_s = NOW_S, .check_server = check_server, .context = &server_status};

    return credential_doctor_examine(&doctor, ret_findings, err);
}

/* A command that can be taken as it stands, between two quotes. */
static inline bool is_quoted(const char *fix)
{
    unsigned quotes = 0;

    for (; *fix; fix++)
        quotes += *fix == '`';
    return quotes > 0 && quotes % 2 == 0;
}

/* No finding holds a token, and each fault says what mends it. */
static inline struct plexctl_json *examine(void)
{
    struct plexctl_json *findings = NULL;
    struct error err = ERROR_INIT;
    auto_buf struct buf text = BUF_INIT(1 << 20);

    ck_assert_msg(try_examine(PLEXCTL_OK, &findings, &err) == PLEXCTL_OK, "%s", err.text);
    ck_assert_uint_gt(json_length(findings), 0);
    json_write(&text, findings, JSON_WRITE_REVEAL, 0);
    ck_assert_ptr_null(strstr(buf_text(&text), "canary"));
    for (size_t i = 0; i < json_length(findings); i++) {
        const struct plexctl_json *row = json_at(findings, i);
        const char *fix = json_string(json_get(row, "fix"));
        if (strcmp(json_string(json_get(row, "verdict")), FINDING_FAULT) == 0)
            ck_assert_ptr_nonnull(fix);
        ck_assert_msg(!fix || is_quoted(fix), "%s", fix);
        ck_assert_int_ne(json_string(json_get(row, "found"))[0], ',');
    }
    return findings;
}

static inline const struct plexctl_json *find_row(const struct plexctl_json *findings, const char *item)
{
    for (size_t i = 0; i < json_length(findings); i++) {
        const struct plexctl_json *row = json_at(findings, i);
        if (strcmp(json_string(json_get(row, "item")), item) == 0)
            return row;
    }
    return NULL;
}

static inline void assert_finding(const char *item, const char *verdict, const char *part, const char *fix)
{
    struct plexctl_json *findings = examine();
    const struct plexctl_json *row = find_row(findings, item);

    ck_assert_msg(row != NULL, "no row about %s", item);
    const char *text = json_string(json_get(row, "found")), *remedy = json_string(json_get(row, "fix"));
    ck_assert_msg(strcmp(json_string(json_get(row, "verdict")), verdict) == 0, "%s", text);
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in: %s", part, text);
    ck_assert_int_eq(fix != NULL, remedy != NULL);
    if (fix && remedy)
        ck_assert_msg(strstr(remedy, fix) != NULL, "no \"%s\" in: %s", fix, remedy);
    json_free(findings);
}

static inline void assert_no_row(const char *item)
{
    struct plexctl_json *findings = examine();

    ck_assert_ptr_null(find_row(findings, item));
    json_free(findings);
}

#endif
