/* SPDX-License-Identifier: Apache-2.0
 *
 * abi_lock - plugin.h, a second time and by number: size, offset, type, signature and value of everything in it. It
 * makes no code; a build in which the header says something else than this does not compile. tests/abi.sh sees to it
 * that nothing of the header is missing here.
 *
 * Once a minor is released, its lines stay as they are for as long as the major version stands. What a later minor
 * brings is appended: a line for each new member, service or constant, and the grown size of its record; then
 * PLEXCTL_ABI_MINOR is raised, here too. A line that has to change is a break: give the change another name, or leave
 * it. No minor is released yet: until 1.0 is, a line may change together with the header and tests/abi/v1.0.
 *
 * Offsets are those of the LP64 data model. Where pointers have four bytes, types, signatures and the tables of
 * services are held just the same, a word a service; the offsets in other records are not, since the alignment of
 * int64_t differs between such systems.
 */
#include <plexctl/plugin.h>

#define WORD sizeof(void (*)(void))
#define IS_LP64 (sizeof(void *) == 8)

#define TYPEDEF(name, ...) _Static_assert(__builtin_types_compatible_p(name, __VA_ARGS__), #name)
#define FUNCTION(name, ...) _Static_assert(__builtin_types_compatible_p(__typeof__(&(name)), __VA_ARGS__), #name)
#define CONSTANT(name, type, value) \
    _Static_assert((name) == (value) && __builtin_types_compatible_p(__typeof__(name), type), #name)

/* Compared through a pointer: the comparison of the bare types would not see a const. */
#define HAS_TYPE(record, member, ...) \
    __builtin_types_compatible_p(__typeof__(&((struct record *)0)->member), __typeof__(__VA_ARGS__) *)

/* A record and its members, at the offset in bytes. */
#define RECORD(record, bytes) _Static_assert(!IS_LP64 || sizeof(struct record) == (bytes), #record)
#define MEMBER(record, member, bytes, ...) \
    _Static_assert(!IS_LP64 || offsetof(struct record, member) == (bytes), #record "." #member ": offset"); \
    _Static_assert(HAS_TYPE(record, member, __VA_ARGS__), #record "." #member ": type")

/* A table of services: eight bytes, then a word for each. */
#define TABLE(record, words) _Static_assert(sizeof(struct record) == 8 + (words)*WORD, #record)
#define SERVICE(record, member, index, ...) \
    _Static_assert(offsetof(struct record, member) == 8 + (index)*WORD, #record "->" #member ": place"); \
    _Static_assert(HAS_TYPE(record, member, __VA_ARGS__), #record "->" #member ": signature")

CONSTANT(PLEXCTL_ABI_MAJOR, int32_t, 1);
CONSTANT(PLEXCTL_ABI_MINOR, int32_t, 0);
CONSTANT(PLEXCTL_PLUGIN_MINOR, int32_t, PLEXCTL_ABI_MINOR);
FUNCTION(plexctl_plugin_v1, const struct plexctl_plugin *(*)(void));

/* Constants */

TYPEDEF(plexctl_status, int32_t);
CONSTANT(PLEXCTL_OK, int32_t, 0);
CONSTANT(PLEXCTL_FAILED, int32_t, 1);
CONSTANT(PLEXCTL_UNREACHABLE, int32_t, 2);
CONSTANT(PLEXCTL_USAGE, int32_t, 3);
CONSTANT(PLEXCTL_NO_SERVER, int32_t, 4);
CONSTANT(PLEXCTL_NO_TOKEN, int32_t, 5);
CONSTANT(PLEXCTL_DENIED, int32_t, 6);
CONSTANT(PLEXCTL_NOT_IMPLEMENTED, int32_t, 7);
CONSTANT(PLEXCTL_CANCELLED, int32_t, 8);
CONSTANT(PLEXCTL_NO_MEMORY, int32_t, 9);
CONSTANT(PLEXCTL_INVALID, int32_t, 10);
CONSTANT(PLEXCTL_NOT_FOUND, int32_t, 11);

CONSTANT(PLEXCTL_STRING, int32_t, 0);
CONSTANT(PLEXCTL_INT, int32_t, 1);
CONSTANT(PLEXCTL_BOOL, int32_t, 2);
CONSTANT(PLEXCTL_ENUM, int32_t, 3);
CONSTANT(PLEXCTL_UUID, int32_t, 4);
CONSTANT(PLEXCTL_URL, int32_t, 5);
CONSTANT(PLEXCTL_DURATION, int32_t, 6);
CONSTANT(PLEXCTL_PATH, int32_t, 7);
CONSTANT(PLEXCTL_SECRET, int32_t, 8);
CONSTANT(PLEXCTL_PROFILE, int32_t, 9);

CONSTANT(PLEXCTL_REQUIRED, uint32_t, 1);
CONSTANT(PLEXCTL_WAIVES_REQUIRED, uint32_t, 2);

CONSTANT(PLEXCTL_NEEDS_SERVER, uint32_t, 1);
CONSTANT(PLEXCTL_NEEDS_TOKEN, uint32_t, 2);
CONSTANT(PLEXCTL_NEEDS_CREDENTIALS, uint32_t, 4);
CONSTANT(PLEXCTL_NEEDS_LATER, uint32_t, 8);

CONSTANT(PLEXCTL_INERT_SERVER, uint32_t, 1);
CONSTANT(PLEXCTL_INERT_PROFILE, uint32_t, 2);
CONSTANT(PLEXCTL_INERT_TOKEN_FILE, uint32_t, 4);
CONSTANT(PLEXCTL_INERT_OUTPUT, uint32_t, 8);
CONSTANT(PLEXCTL_INERT_YES, uint32_t, 16);
CONSTANT(PLEXCTL_INERT_REVEAL_SECRETS, uint32_t, 32);

CONSTANT(PLEXCTL_JSON_NULL, int32_t, 0);
CONSTANT(PLEXCTL_JSON_BOOLEAN, int32_t, 1);
CONSTANT(PLEXCTL_JSON_INTEGER, int32_t, 2);
CONSTANT(PLEXCTL_JSON_NUMBER, int32_t, 3);
CONSTANT(PLEXCTL_JSON_STRING, int32_t, 4);
CONSTANT(PLEXCTL_JSON_ARRAY, int32_t, 5);
CONSTANT(PLEXCTL_JSON_OBJECT, int32_t, 6);
CONSTANT(PLEXCTL_JSON_ABSENT, int32_t, -1);

CONSTANT(PLEXCTL_HTTP_BEARER, uint32_t, 1);

CONSTANT(PLEXCTL_OUTPUT_TABLE, int32_t, 0);
CONSTANT(PLEXCTL_OUTPUT_JSON, int32_t, 1);
CONSTANT(PLEXCTL_OUTPUT_YAML, int32_t, 2);

CONSTANT(PLEXCTL_NOTE_TYPE, int32_t, 1);

/* Records, and the host's tables */

TYPEDEF(plexctl_complete, plexctl_status(const struct plexctl_host *, const char *));

RECORD(plexctl_flag, 80);
MEMBER(plexctl_flag, name, 0, const char *);
MEMBER(plexctl_flag, value_name, 8, const char *);
MEMBER(plexctl_flag, help, 16, const char *);
MEMBER(plexctl_flag, default_value, 24, const char *);
MEMBER(plexctl_flag, choices, 32, const char *);
MEMBER(plexctl_flag, minimum, 40, int64_t);
MEMBER(plexctl_flag, maximum, 48, int64_t);
MEMBER(plexctl_flag, type, 56, int32_t);
MEMBER(plexctl_flag, attributes, 60, uint32_t);
MEMBER(plexctl_flag, letter, 64, uint32_t);
MEMBER(plexctl_flag, reserved, 68, uint32_t);
MEMBER(plexctl_flag, complete, 72, plexctl_complete *);

RECORD(plexctl_argument, 32);
MEMBER(plexctl_argument, name, 0, const char *);
MEMBER(plexctl_argument, help, 8, const char *);
MEMBER(plexctl_argument, type, 16, int32_t);
MEMBER(plexctl_argument, attributes, 20, uint32_t);
MEMBER(plexctl_argument, complete, 24, plexctl_complete *);

RECORD(plexctl_column, 16);
MEMBER(plexctl_column, key, 0, const char *);
MEMBER(plexctl_column, title, 8, const char *);

RECORD(plexctl_flags, 16);
MEMBER(plexctl_flags, rows, 0, const struct plexctl_flag *);
MEMBER(plexctl_flags, count, 8, uint32_t);
MEMBER(plexctl_flags, row_size, 12, uint32_t);

RECORD(plexctl_arguments, 16);
MEMBER(plexctl_arguments, rows, 0, const struct plexctl_argument *);
MEMBER(plexctl_arguments, count, 8, uint32_t);
MEMBER(plexctl_arguments, row_size, 12, uint32_t);

RECORD(plexctl_columns, 16);
MEMBER(plexctl_columns, rows, 0, const struct plexctl_column *);
MEMBER(plexctl_columns, count, 8, uint32_t);
MEMBER(plexctl_columns, row_size, 12, uint32_t);

RECORD(plexctl_command, 112);
MEMBER(plexctl_command, size, 0, uint32_t);
MEMBER(plexctl_command, needs, 4, uint32_t);
MEMBER(plexctl_command, inert, 8, uint32_t);
MEMBER(plexctl_command, reserved, 12, uint32_t);
MEMBER(plexctl_command, name, 16, const char *);
MEMBER(plexctl_command, summary, 24, const char *);
MEMBER(plexctl_command, description, 32, const char *);
MEMBER(plexctl_command, examples, 40, const char *);
MEMBER(plexctl_command, flags, 48, struct plexctl_flags);
MEMBER(plexctl_command, arguments, 64, struct plexctl_arguments);
MEMBER(plexctl_command, columns, 80, struct plexctl_columns);
MEMBER(plexctl_command, subcommands, 96, const struct plexctl_command *const *);
MEMBER(plexctl_command, run, 104, plexctl_status (*)(const struct plexctl_host *));

RECORD(plexctl_plugin, 16);
MEMBER(plexctl_plugin, size, 0, uint32_t);
MEMBER(plexctl_plugin, abi_minor, 4, uint32_t);
MEMBER(plexctl_plugin, command, 8, const struct plexctl_command *);

TABLE(plexctl_host_error, 6);
MEMBER(plexctl_host_error, size, 0, uint32_t);
MEMBER(plexctl_host_error, reserved, 4, uint32_t);
SERVICE(plexctl_host_error, fail, 0, plexctl_status (*)(const struct plexctl_host *, plexctl_status, const char *));
SERVICE(plexctl_host_error, prefix, 1, void (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_error, text, 2, const char *(*)(const struct plexctl_host *));
SERVICE(plexctl_host_error, advise, 3, void (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_error, advice, 4, const char *(*)(const struct plexctl_host *));
SERVICE(plexctl_host_error, exit_code, 5, int32_t (*)(const struct plexctl_host *, plexctl_status));

TABLE(plexctl_host_values, 4);
MEMBER(plexctl_host_values, size, 0, uint32_t);
MEMBER(plexctl_host_values, reserved, 4, uint32_t);
SERVICE(plexctl_host_values, given, 0, int32_t (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_values, string, 1, const char *(*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_values, integer, 2, int64_t (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_values, boolean, 3, int32_t (*)(const struct plexctl_host *, const char *));

CONSTANT(PLEXCTL_OVERRIDDEN_URL, uint32_t, 1);
CONSTANT(PLEXCTL_OVERRIDDEN_TOKEN, uint32_t, 2);
TABLE(plexctl_host_settings, 7);
MEMBER(plexctl_host_settings, size, 0, uint32_t);
MEMBER(plexctl_host_settings, reserved, 4, uint32_t);
SERVICE(plexctl_host_settings, server, 0, const char *(*)(const struct plexctl_host *));
SERVICE(plexctl_host_settings, profile, 1, const char *(*)(const struct plexctl_host *));
SERVICE(plexctl_host_settings, yes, 2, int32_t (*)(const struct plexctl_host *));
SERVICE(plexctl_host_settings, prepare, 3, plexctl_status (*)(const struct plexctl_host *, uint32_t, const char *));
SERVICE(plexctl_host_settings, overridden_by, 4, uint32_t (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_settings, foresee_server, 5, plexctl_status (*)(const struct plexctl_host *, const char **));
SERVICE(plexctl_host_settings, is_same_server, 6,
        int32_t (*)(const struct plexctl_host *, const char *, const char *, int32_t));

RECORD(plexctl_url, 40);
MEMBER(plexctl_url, size, 0, uint32_t);
MEMBER(plexctl_url, reserved, 4, uint32_t);
MEMBER(plexctl_url, origin, 8, const char *);
MEMBER(plexctl_url, host, 16, const char *);
MEMBER(plexctl_url, path, 24, const char *);
MEMBER(plexctl_url, query, 32, const char *);

TABLE(plexctl_host_url, 1);
MEMBER(plexctl_host_url, size, 0, uint32_t);
MEMBER(plexctl_host_url, reserved, 4, uint32_t);
SERVICE(plexctl_host_url, parse, 0,
        plexctl_status (*)(const struct plexctl_host *, const char *, const struct plexctl_url **));

TABLE(plexctl_host_json, 22);
MEMBER(plexctl_host_json, size, 0, uint32_t);
MEMBER(plexctl_host_json, reserved, 4, uint32_t);
SERVICE(plexctl_host_json, parse, 0,
        plexctl_status (*)(const struct plexctl_host *, const void *, uint64_t, struct plexctl_json **));
SERVICE(plexctl_host_json, type, 1, int32_t (*)(const struct plexctl_json *));
SERVICE(plexctl_host_json, get, 2, struct plexctl_json *(*)(const struct plexctl_json *, const char *));
SERVICE(plexctl_host_json, at, 3, struct plexctl_json *(*)(const struct plexctl_json *, uint64_t));
SERVICE(plexctl_host_json, length, 4, uint64_t (*)(const struct plexctl_json *));
SERVICE(plexctl_host_json, string, 5, const char *(*)(const struct plexctl_json *));
SERVICE(plexctl_host_json, integer, 6, int32_t (*)(const struct plexctl_json *, int64_t *));
SERVICE(plexctl_host_json, boolean, 7, int32_t (*)(const struct plexctl_json *, int32_t *));
SERVICE(plexctl_host_json, key_at, 8, const char *(*)(const struct plexctl_json *, uint64_t));
SERVICE(plexctl_host_json, number_text, 9, const char *(*)(const struct plexctl_json *));
SERVICE(plexctl_host_json, object, 10, struct plexctl_json *(*)(const struct plexctl_host *));
SERVICE(plexctl_host_json, array, 11, struct plexctl_json *(*)(const struct plexctl_host *));
SERVICE(plexctl_host_json, copy, 12,
        struct plexctl_json *(*)(const struct plexctl_host *, const struct plexctl_json *));
SERVICE(plexctl_host_json, set, 13, plexctl_status (*)(struct plexctl_json *, const char *, struct plexctl_json *));
SERVICE(plexctl_host_json, set_string, 14, plexctl_status (*)(struct plexctl_json *, const char *, const char *));
SERVICE(plexctl_host_json, set_secret, 15, plexctl_status (*)(struct plexctl_json *, const char *, const char *));
SERVICE(plexctl_host_json, set_integer, 16, plexctl_status (*)(struct plexctl_json *, const char *, int64_t));
SERVICE(plexctl_host_json, set_boolean, 17, plexctl_status (*)(struct plexctl_json *, const char *, int32_t));
SERVICE(plexctl_host_json, append, 18, plexctl_status (*)(struct plexctl_json *, struct plexctl_json *));
SERVICE(plexctl_host_json, append_string, 19, plexctl_status (*)(struct plexctl_json *, const char *));
SERVICE(plexctl_host_json, serialise, 20,
        plexctl_status (*)(const struct plexctl_host *, struct plexctl_json *, const char **));
SERVICE(plexctl_host_json, release, 21, void (*)(const struct plexctl_host *, struct plexctl_json *));

RECORD(plexctl_http_request, 64);
MEMBER(plexctl_http_request, size, 0, uint32_t);
MEMBER(plexctl_http_request, flags, 4, uint32_t);
MEMBER(plexctl_http_request, method, 8, const char *);
MEMBER(plexctl_http_request, path, 16, const char *);
MEMBER(plexctl_http_request, body, 24, const char *);
MEMBER(plexctl_http_request, timeout_ms, 32, int64_t);
MEMBER(plexctl_http_request, body_max_bytes, 40, uint64_t);
MEMBER(plexctl_http_request, tick, 48, void (*)(void *));
MEMBER(plexctl_http_request, context, 56, void *);

RECORD(plexctl_http_reply, 40);
MEMBER(plexctl_http_reply, size, 0, uint32_t);
MEMBER(plexctl_http_reply, status, 4, int32_t);
MEMBER(plexctl_http_reply, content_type, 8, const char *);
MEMBER(plexctl_http_reply, body, 16, const char *);
MEMBER(plexctl_http_reply, body_size, 24, uint64_t);
MEMBER(plexctl_http_reply, retry_after_s, 32, int64_t);

TABLE(plexctl_host_http, 4);
MEMBER(plexctl_host_http, size, 0, uint32_t);
MEMBER(plexctl_host_http, reserved, 4, uint32_t);
SERVICE(plexctl_host_http, send, 0,
        plexctl_status (*)(const struct plexctl_host *, const struct plexctl_http_request *,
                           const struct plexctl_http_reply **));
SERVICE(plexctl_host_http, problem, 1,
        plexctl_status (*)(const struct plexctl_host *, const struct plexctl_http_reply *));
SERVICE(plexctl_host_http, malformed, 2,
        plexctl_status (*)(const struct plexctl_host *, const struct plexctl_http_reply *, const char *));
SERVICE(plexctl_host_http, was_sent, 3, int32_t (*)(const struct plexctl_host *));

TABLE(plexctl_host_output, 13);
MEMBER(plexctl_host_output, size, 0, uint32_t);
MEMBER(plexctl_host_output, reserved, 4, uint32_t);
SERVICE(plexctl_host_output, format, 0, int32_t (*)(const struct plexctl_host *));
SERVICE(plexctl_host_output, emit, 1, plexctl_status (*)(const struct plexctl_host *, const struct plexctl_json *));
SERVICE(plexctl_host_output, line, 2, plexctl_status (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_output, warn, 3, void (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_output, progress, 4, void (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_output, confirm, 5, plexctl_status (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_output, guard, 6, plexctl_status (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_output, is_terminal, 7, int32_t (*)(const struct plexctl_host *));
SERVICE(plexctl_host_output, shows_progress, 8, int32_t (*)(const struct plexctl_host *));
SERVICE(plexctl_host_output, link, 9, plexctl_status (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_output, draw_modules, 10,
        plexctl_status (*)(const struct plexctl_host *, const uint8_t *, uint32_t));
SERVICE(plexctl_host_output, open_browser, 11, plexctl_status (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_output, copy_to_clipboard, 12, plexctl_status (*)(const struct plexctl_host *, const char *));

CONSTANT(PLEXCTL_CREDENTIAL_DEFAULT, uint32_t, 1);
RECORD(plexctl_credential, 56);
MEMBER(plexctl_credential, size, 0, uint32_t);
MEMBER(plexctl_credential, flags, 4, uint32_t);
MEMBER(plexctl_credential, profile, 8, const char *);
MEMBER(plexctl_credential, token, 16, const char *);
MEMBER(plexctl_credential, token_type, 24, const char *);
MEMBER(plexctl_credential, domain_id, 32, const char *);
MEMBER(plexctl_credential, idp_binding_id, 40, const char *);
MEMBER(plexctl_credential, expires_in_s, 48, int64_t);

TABLE(plexctl_host_credentials, 5);
MEMBER(plexctl_host_credentials, size, 0, uint32_t);
MEMBER(plexctl_host_credentials, reserved, 4, uint32_t);
SERVICE(plexctl_host_credentials, list, 0, plexctl_status (*)(const struct plexctl_host *, struct plexctl_json **));
SERVICE(plexctl_host_credentials, describe, 1,
        plexctl_status (*)(const struct plexctl_host *, const char *, struct plexctl_json **));
SERVICE(plexctl_host_credentials, save, 2,
        plexctl_status (*)(const struct plexctl_host *, const struct plexctl_credential *));
SERVICE(plexctl_host_credentials, diagnose, 3, plexctl_status (*)(const struct plexctl_host *, struct plexctl_json **));
SERVICE(plexctl_host_credentials, set_subject, 4,
        plexctl_status (*)(const struct plexctl_host *, const char *, const char *));

TABLE(plexctl_host_clock, 7);
MEMBER(plexctl_host_clock, size, 0, uint32_t);
MEMBER(plexctl_host_clock, reserved, 4, uint32_t);
SERVICE(plexctl_host_clock, now_ms, 0, int64_t (*)(const struct plexctl_host *));
SERVICE(plexctl_host_clock, unix_s, 1, int64_t (*)(const struct plexctl_host *));
SERVICE(plexctl_host_clock, sleep_until_ms, 2, plexctl_status (*)(const struct plexctl_host *, int64_t));
SERVICE(plexctl_host_clock, cancelled, 3, int32_t (*)(const struct plexctl_host *));
SERVICE(plexctl_host_clock, format, 4, const char *(*)(const struct plexctl_host *, int64_t));
SERVICE(plexctl_host_clock, parse, 5, int32_t (*)(const struct plexctl_host *, const char *, int64_t *));
SERVICE(plexctl_host_clock, span, 6, const char *(*)(const struct plexctl_host *, int64_t));

TABLE(plexctl_host_log, 1);
MEMBER(plexctl_host_log, size, 0, uint32_t);
MEMBER(plexctl_host_log, reserved, 4, uint32_t);
SERVICE(plexctl_host_log, debug, 0, void (*)(const struct plexctl_host *, const char *));

TABLE(plexctl_host_completion, 1);
MEMBER(plexctl_host_completion, size, 0, uint32_t);
MEMBER(plexctl_host_completion, reserved, 4, uint32_t);
SERVICE(plexctl_host_completion, offer, 0, plexctl_status (*)(const struct plexctl_host *, const char *, const char *));

TABLE(plexctl_host_events, 2);
MEMBER(plexctl_host_events, size, 0, uint32_t);
MEMBER(plexctl_host_events, reserved, 4, uint32_t);
SERVICE(plexctl_host_events, open, 0, plexctl_status (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_events, write, 1, plexctl_status (*)(const struct plexctl_host *, const struct plexctl_json *));

TABLE(plexctl_host_state, 5);
MEMBER(plexctl_host_state, size, 0, uint32_t);
MEMBER(plexctl_host_state, reserved, 4, uint32_t);
SERVICE(plexctl_host_state, hold, 0, plexctl_status (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_state, put, 1,
        plexctl_status (*)(const struct plexctl_host *, const char *, const struct plexctl_json *, int64_t));
SERVICE(plexctl_host_state, get, 2,
        plexctl_status (*)(const struct plexctl_host *, const char *, struct plexctl_json **));
SERVICE(plexctl_host_state, remove, 3, plexctl_status (*)(const struct plexctl_host *, const char *));
SERVICE(plexctl_host_state, list, 4, plexctl_status (*)(const struct plexctl_host *, struct plexctl_json **));

TABLE(plexctl_host, 13);
MEMBER(plexctl_host, size, 0, uint32_t);
MEMBER(plexctl_host, abi_minor, 4, uint32_t);
SERVICE(plexctl_host, error, 0, const struct plexctl_host_error *);
SERVICE(plexctl_host, values, 1, const struct plexctl_host_values *);
SERVICE(plexctl_host, settings, 2, const struct plexctl_host_settings *);
SERVICE(plexctl_host, url, 3, const struct plexctl_host_url *);
SERVICE(plexctl_host, json, 4, const struct plexctl_host_json *);
SERVICE(plexctl_host, http, 5, const struct plexctl_host_http *);
SERVICE(plexctl_host, output, 6, const struct plexctl_host_output *);
SERVICE(plexctl_host, credentials, 7, const struct plexctl_host_credentials *);
SERVICE(plexctl_host, clock, 8, const struct plexctl_host_clock *);
SERVICE(plexctl_host, log, 9, const struct plexctl_host_log *);
SERVICE(plexctl_host, completion, 10, const struct plexctl_host_completion *);
SERVICE(plexctl_host, events, 11, const struct plexctl_host_events *);
SERVICE(plexctl_host, state, 12, const struct plexctl_host_state *);

RECORD(plexctl_note, 188);
MEMBER(plexctl_note, name_size, 0, uint32_t);
MEMBER(plexctl_note, descriptor_size, 4, uint32_t);
MEMBER(plexctl_note, type, 8, uint32_t);
MEMBER(plexctl_note, owner, 12, char[8]);
MEMBER(plexctl_note, abi_major, 20, uint32_t);
MEMBER(plexctl_note, abi_minor, 24, uint32_t);
MEMBER(plexctl_note, command, 28, char[32]);
MEMBER(plexctl_note, version, 60, char[32]);
MEMBER(plexctl_note, summary, 92, char[96]);
