/* SPDX-License-Identifier: Apache-2.0
 *
 * binding - the one identity provider binding of the one domain that this control plane has, and the judgement whether
 * a device-code request selects it.
 */
#ifndef DEVSERVER_BINDING_H
#define DEVSERVER_BINDING_H

#include <stdbool.h>

#define BINDING_ALIAS "test"
#define BINDING_LABEL "Test identities"
#define BINDING_ISSUER_HOST "localhost"

struct binding {
    const char *domain_id;
    const char *binding_id;
};

/* What a request names; NULL for what it does not. */
struct selector {
    const char *domain_id;
    const char *binding_id;
    const char *alias;
};

enum selector_verdict {
    SELECTOR_OK,
    SELECTOR_MALFORMED, /* an id that is no UUID [400] */
    SELECTOR_MISSING,   /* neither a domain nor a binding id [400] */
    SELECTOR_CONFLICT,  /* binding id and alias exclude each other [400] */
    SELECTOR_MISMATCH,  /* one of domain and binding is known, but not that pair [400] */
    SELECTOR_UNKNOWN,   /* no active binding [404] */
};

/* A domain alone selects its primary binding; an alias is looked up in its domain. */
enum selector_verdict selector_judge(const struct binding *binding, const struct selector *selector);

/* 8-4-4-4-12 hexadecimal digits, either case (RFC 9562 section 4); false for NULL. */
bool uuid_is_valid(const char *text);

#endif
