/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    enum fault_kind kind;
    unsigned status;
} kinds[] = {
    {"authorization_pending", FAULT_OAUTH, 400},
    {"slow_down", FAULT_OAUTH, 400},
    {"access_denied", FAULT_OAUTH, 400},
    {"expired_token", FAULT_OAUTH, 400},
    {"invalid_grant", FAULT_OAUTH, 400},
    {"400", FAULT_STATUS, 400},
    {"401", FAULT_STATUS, 401},
    {"403", FAULT_STATUS, 403},
    {"404", FAULT_STATUS, 404},
    {"429", FAULT_STATUS, 429},
    {"500", FAULT_STATUS, 500},
    {"501", FAULT_STATUS, 501},
    {"502", FAULT_STATUS, 502},
    {"503", FAULT_STATUS, 503},
    {"504", FAULT_STATUS, 504},
    {"reset", FAULT_RESET, 0},
    {"lost", FAULT_LOST, 0},
    {"html", FAULT_HTML, 200},
    {"redirect", FAULT_REDIRECT, 307},
    {"truncate", FAULT_TRUNCATE, 200},
    {"stall", FAULT_STALL, 0},
    {"garbage", FAULT_GARBAGE, 200},
};

static const char names_for_people[] = "slow_down, authorization_pending, access_denied, expired_token, invalid_grant, "
                                       "400, 401, 403, 404, 429, 500, 501, 502, 503, 504, reset, lost, html, redirect, "
                                       "truncate, stall or garbage";

static const struct {
    const char *name;
    enum fault_call call;
} calls[] = {
    {"device-token", FAULT_CALL_DEVICE_TOKEN}, {"device-code", FAULT_CALL_DEVICE_CODE},   {"whoami", FAULT_CALL_WHOAMI},
    {"approve", FAULT_CALL_APPROVE},           {"idp-bindings", FAULT_CALL_IDP_BINDINGS}, {"health", FAULT_CALL_HEALTH},
    {"version", FAULT_CALL_VERSION},           {"openapi", FAULT_CALL_OPENAPI},
};

static const char calls_for_people[] =
    "device-token, device-code, whoami, approve, idp-bindings, health, version or openapi";

struct slice {
    const char *text;
    size_t length;
};

static bool slice_is(struct slice slice, const char *text)
{
    return strlen(text) == slice.length && memcmp(slice.text, text, slice.length) == 0;
}

/* Takes "before" off the front of *rest when `separator` is in it. */
static bool cut(struct slice *rest, char separator, struct slice *ret_before)
{
    const char *at = memchr(rest->text, separator, rest->length);

    if (!at)
        return false;
    *ret_before = (struct slice){rest->text, (size_t)(at - rest->text)};
    rest->length -= ret_before->length + 1;
    rest->text = at + 1;
    return true;
}

static bool read_call(struct slice name, enum fault_call *ret_call)
{
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        if (slice_is(name, calls[i].name)) {
            *ret_call = calls[i].call;
            return true;
        }
    }
    return false;
}

static bool read_kind(struct slice name, struct fault *fault)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (slice_is(name, kinds[i].name)) {
            fault->kind = kinds[i].kind;
            fault->status = kinds[i].status;
            fault->name = kinds[i].name;
            return true;
        }
    }
    return false;
}

static bool read_count(struct slice digits, int *ret_count)
{
    int count = 0;

    if (digits.length == 0 || digits.length > 4)
        return false;
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.text[i] < '0' || digits.text[i] > '9')
            return false;
        count = count * 10 + (digits.text[i] - '0');
    }
    *ret_count = count;
    return count >= 1 && count <= FAULT_COUNT_MAX;
}

static plexctl_status parse_step(struct slice step, struct fault *ret_fault, struct reason *reason)
{
    int shown = step.length < 64 ? (int)step.length : 64;
    const char *at = step.text;
    struct slice rest = step;
    struct slice name;
    struct fault fault = {.call = FAULT_CALL_DEVICE_TOKEN, .remaining = 1};

    if (cut(&rest, '/', &name) && !read_call(name, &fault.call))
        return reason_set(reason, PLEXCTL_USAGE, "--fault: in step '%.*s' the call '%.*s' is unknown; use %s", shown,
                          at, name.length < 64 ? (int)name.length : 64, name.text, calls_for_people);
    bool counted = cut(&rest, ':', &name);
    if (!counted)
        name = rest;
    if (counted && !read_count(rest, &fault.remaining))
        return reason_set(reason, PLEXCTL_USAGE,
                          "--fault: in step '%.*s' the count is no number from 1 to %d; write for example %.*s:1",
                          shown, at, FAULT_COUNT_MAX, name.length < 64 ? (int)name.length : 64, name.text);
    if (!read_kind(name, &fault))
        return reason_set(reason, PLEXCTL_USAGE, "--fault: step '%.*s' names no fault; use %s", shown, at,
                          names_for_people);
    if (fault.kind == FAULT_OAUTH && fault.call != FAULT_CALL_DEVICE_TOKEN)
        return reason_set(reason, PLEXCTL_USAGE,
                          "--fault: step '%.*s': only device-token answers %s; leave the prefix out", shown, at,
                          fault.name);
    *ret_fault = fault;
    return PLEXCTL_OK;
}

plexctl_status faults_parse(const char *script, struct faults *ret_faults, struct reason *reason)
{
    struct slice rest = {script ? script : "", script ? strlen(script) : 0};
    struct slice step;
    struct faults faults = {.count = 0};
    bool more = rest.length > 0;

    while (more) {
        more = cut(&rest, ',', &step);
        if (!more)
            step = rest;
        if (faults.count == FAULTS_MAX)
            return reason_set(reason, PLEXCTL_USAGE, "--fault: more than %d steps; join neighbours by a count",
                              FAULTS_MAX);
        plexctl_status status = parse_step(step, &faults.rows[faults.count++], reason);
        if (status != PLEXCTL_OK)
            return status;
    }
    *ret_faults = faults;
    return PLEXCTL_OK;
}

const struct fault *faults_take(struct faults *faults, enum fault_call call)
{
    for (int i = 0; i < faults->count; i++) {
        struct fault *row = &faults->rows[i];
        if (row->call == call && row->remaining > 0) {
            row->remaining--;
            return row;
        }
    }
    return NULL;
}
