/* SPDX-License-Identifier: Apache-2.0
 *
 * settings_run - what the tests of settings share: a real config file in the scratch directory, flags, and an http
 * module that only knows "scheme://host[:port][/path]".
 */
#ifndef TESTS_SETTINGS_RUN_H
#define TESTS_SETTINGS_RUN_H

#include "settings.h"

#define SETTINGS_RUN_FLAGS 3
#define SETTINGS_RUN_PHRASES 3

extern const struct http_module settings_run_http;

struct settings_run {
    struct option_value flags[SETTINGS_RUN_FLAGS];
    struct option_values values;
    struct credential_store *store;
    struct settings settings;
    struct error err;
};

/* A fixture: no variables of ours, a config file with the profiles work (the default), play, bare, homeless, tokenless,
 * odd, query and broken. */
void settings_run_set_up(void);

/* Another config file; NULL for none. */
void settings_run_write_config(const char *text);

void settings_run_write_file(const char *path, const char *bytes, size_t size);

/* NULL unsets. */
void settings_run_set_variable(const char *name, const char *value);

/* NULL for a flag that is not given. */
void settings_run_begin(struct settings_run *run, const char *server, const char *profile, const char *token_file);

/* Asserts that nothing is left. */
void settings_run_end(struct settings_run *run);

/* Asserts that the message has each phrase up to a NULL, and is one line. */
void settings_run_assert_phrases(const struct settings_run *run,
                                 const char *const phrases[static SETTINGS_RUN_PHRASES]);

#endif
