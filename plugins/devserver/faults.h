/* SPDX-License-Identifier: Apache-2.0
 *
 * faults - a script of misbehaviour for rehearsals, consumed in order, call by call:
 *
 *     slow_down:2,503:1,reset:1,device-code/503:1,whoami/401:1
 *
 * A step is [CALL/]NAME[:COUNT]: the next COUNT (1 to 1000, 1 if left out) requests of CALL (device-token if left out)
 * get NAME. Each call has its own queue; when it is empty, the call behaves. Pure.
 */
#ifndef DEVSERVER_FAULTS_H
#define DEVSERVER_FAULTS_H

#include "reason.h"

#define FAULTS_MAX 64
#define FAULT_COUNT_MAX 1000

enum fault_call {
    FAULT_CALL_DEVICE_TOKEN,
    FAULT_CALL_DEVICE_CODE,
    FAULT_CALL_WHOAMI,
    FAULT_CALL_APPROVE,
    FAULT_CALL_IDP_BINDINGS,
    FAULT_CALL_HEALTH,
    FAULT_CALL_VERSION,
    FAULT_CALL_OPENAPI,
    FAULT_CALL_NONE, /* the pages, which have no faults */
};

enum fault_kind {
    FAULT_OAUTH,    /* 400 with the code `name`; slow_down makes the grant's interval longer as well */
    FAULT_STATUS,   /* HTTP `status`: a problem, or a load balancer's HTML for 502 and 504 */
    FAULT_RESET,    /* TCP RST instead of a reply; nothing was done */
    FAULT_LOST,     /* TCP RST instead of the reply; the call was carried out */
    FAULT_HTML,     /* 200 with a page of HTML */
    FAULT_REDIRECT, /* 307 to the same call */
    FAULT_TRUNCATE, /* 200 with a body that ends before its Content-Length */
    FAULT_STALL,    /* no reply; the connection stays open */
    FAULT_GARBAGE,  /* 200 application/json with bytes that are no JSON */
};

struct fault {
    enum fault_call call;
    enum fault_kind kind;
    unsigned status;  /* for FAULT_STATUS */
    const char *name; /* as in the script; constant */
    int remaining;
};

struct faults {
    int count;
    struct fault rows[FAULTS_MAX];
};

/* NULL or "" is the empty script. PLEXCTL_USAGE with the step, what is wrong with it and what would be right. */
plexctl_status faults_parse(const char *script, struct faults *ret_faults, struct reason *reason);

/* The fault that this request of `call` gets, one use of it taken off; NULL for none. */
const struct fault *faults_take(struct faults *faults, enum fault_call call);

#endif
