/* SPDX-License-Identifier: Apache-2.0
 *
 * abi_minors - where the tables and records of plugin.h ended in each minor. A minor that makes one grow appends a row
 * in which it ends with its new last member; the rows above stay.
 */
#ifndef TESTS_ABI_MINORS_H
#define TESTS_ABI_MINORS_H

#include <plexctl/plugin.h>

#define ABI_END(record, member) (offsetof(struct record, member) + sizeof(((struct record *)0)->member))

struct abi_minor {
    struct {
        size_t host, error, values, settings, url, json, http, output, credentials, clock, log, completion, events,
            state;
    } tables; /* of the host */
    struct {
        size_t plugin, command, flag, argument, column, request, credential; /* that plexctl reads */
        size_t url, reply;                                                   /* that a plugin reads */
    } records;
};

static const struct abi_minor abi_minors[] = {
    {.tables = {.host = ABI_END(plexctl_host, state),
                .error = ABI_END(plexctl_host_error, exit_code),
                .values = ABI_END(plexctl_host_values, boolean),
                .settings = ABI_END(plexctl_host_settings, is_same_server),
                .url = ABI_END(plexctl_host_url, parse),
                .json = ABI_END(plexctl_host_json, release),
                .http = ABI_END(plexctl_host_http, was_sent),
                .output = ABI_END(plexctl_host_output, copy_to_clipboard),
                .credentials = ABI_END(plexctl_host_credentials, set_subject),
                .clock = ABI_END(plexctl_host_clock, span),
                .log = ABI_END(plexctl_host_log, debug),
                .completion = ABI_END(plexctl_host_completion, offer),
                .events = ABI_END(plexctl_host_events, write),
                .state = ABI_END(plexctl_host_state, list)},
     .records = {.plugin = ABI_END(plexctl_plugin, command),
                 .command = ABI_END(plexctl_command, run),
                 .flag = ABI_END(plexctl_flag, complete),
                 .argument = ABI_END(plexctl_argument, complete),
                 .column = ABI_END(plexctl_column, title),
                 .request = ABI_END(plexctl_http_request, context),
                 .credential = ABI_END(plexctl_credential, expires_in_s),
                 .url = ABI_END(plexctl_url, query),
                 .reply = ABI_END(plexctl_http_reply, retry_after_s)}},
};

#define ABI_MINORS (sizeof abi_minors / sizeof abi_minors[0])

#endif
