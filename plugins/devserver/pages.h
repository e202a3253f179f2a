/* SPDX-License-Identifier: Apache-2.0
 *
 * pages - the pages for people: sign in, enter the code, approve, and what came of it. HTML5 without script; the one
 * style sheet stands inline and is named by its hash in the content security policy. Pure: a view in, a page out.
 *
 * Every function returns a malloc'd page, or NULL out of memory. Texts of a view are plain text; they are escaped here.
 */
#ifndef DEVSERVER_PAGES_H
#define DEVSERVER_PAGES_H

#include "grants.h"
#include "identities.h"

/* Paths of the pages and their forms; below the session cookie's Path=/v1/. */
#define PAGE_PATH_DEVICE "/v1/auth/device"
#define PAGE_PATH_SIGN_IN "/v1/auth/device/sign-in"
#define PAGE_PATH_SIGN_OUT "/v1/auth/device/sign-out"
#define PAGE_PATH_DECISION "/v1/auth/device/decision"

/* What the style element holds, byte for byte: for the policy's hash. */
const char *pages_style(void);

struct page_sign_in {
    const char *csrf;
    const char *user_code; /* carried through the form; NULL for none */
    const char *fault;     /* shown as an alert; NULL for none */
};
char *page_sign_in(const struct page_sign_in *view);

struct page_code_entry {
    const char *csrf;
    const char *email;
    const char *user_code; /* what was typed; NULL for none */
    const char *fault;     /* NULL for none */
};
char *page_code_entry(const struct page_code_entry *view);

struct page_approval {
    const char *csrf;
    const char *email;
    const struct grant *grant;
    const char *domain_id, *binding_id, *binding_label;
    int64_t expires_in_s; /* from now */
};
char *page_approval(const struct page_approval *view);

enum page_mood {
    PAGE_GOOD,
    PAGE_PLAIN,
    PAGE_BAD,
};
struct page_result {
    enum page_mood mood;
    const char *title; /* also the heading */
    const char *text;
    const char *next; /* what to do now */
};
char *page_result(const struct page_result *view);

#endif
