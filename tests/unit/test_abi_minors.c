/* SPDX-License-Identifier: Apache-2.0
 *
 * Records and rows as the plugins of every older minor have them, and as those of a later one would, in today's core.
 * Each lies in a block of its own size, so that the sanitizers and valgrind see a byte read too many.
 */
#include "abi_minors.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "host_internal.h"
#include "options.h"
#include "record.h"
#include "unit.h"

/* Beyond the last minor stands a later one, whose records have grown by this. */
#define LATER_BYTES 16
#define LATER ((int)ABI_MINORS)

static struct abi_minor ends_of(int minor)
{
    struct abi_minor ends = abi_minors[minor == LATER ? LATER - 1 : minor];
    size_t *const records[] = {&ends.records.plugin,    &ends.records.command, &ends.records.flag,
                               &ends.records.argument,  &ends.records.column,  &ends.records.request,
                               &ends.records.credential};

    for (size_t i = 0; minor == LATER && i < sizeof records / sizeof records[0]; i++)
        *records[i] += LATER_BYTES;
    return ends;
}

/* `ours`, cut to `bytes` or with bytes of no meaning behind it; malloc'd. */
static void *resized(const void *ours, size_t size, size_t bytes)
{
    char *copy = malloc(bytes);

    ck_assert_ptr_nonnull(copy);
    memset(copy, 0xa5, bytes);
    memcpy(copy, ours, bytes < size ? bytes : size);
    return copy;
}

static void *resized_record(const void *ours, size_t size, size_t bytes)
{
    char *copy = resized(ours, size, bytes);
    uint32_t said = (uint32_t)bytes;

    memcpy(copy, &said, sizeof said);
    return copy;
}

static plexctl_status do_nothing(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

/* A grown table or record whose growth stands in no row. */
START_TEST(abi_minors_last_row_is_todays)
{
    const struct abi_minor *last = &abi_minors[ABI_MINORS - 1];
#define IS_TODAYS(part, member, record) ck_assert_uint_eq(last->part.member, sizeof(struct record))

    ck_assert_uint_eq(ABI_MINORS, PLEXCTL_ABI_MINOR + 1);
    IS_TODAYS(tables, host, plexctl_host);
    IS_TODAYS(tables, error, plexctl_host_error);
    IS_TODAYS(tables, values, plexctl_host_values);
    IS_TODAYS(tables, settings, plexctl_host_settings);
    IS_TODAYS(tables, url, plexctl_host_url);
    IS_TODAYS(tables, json, plexctl_host_json);
    IS_TODAYS(tables, http, plexctl_host_http);
    IS_TODAYS(tables, output, plexctl_host_output);
    IS_TODAYS(tables, credentials, plexctl_host_credentials);
    IS_TODAYS(tables, clock, plexctl_host_clock);
    IS_TODAYS(tables, log, plexctl_host_log);
    IS_TODAYS(tables, completion, plexctl_host_completion);
    IS_TODAYS(tables, events, plexctl_host_events);
    IS_TODAYS(tables, state, plexctl_host_state);
    IS_TODAYS(records, plugin, plexctl_plugin);
    IS_TODAYS(records, command, plexctl_command);
    IS_TODAYS(records, flag, plexctl_flag);
    IS_TODAYS(records, argument, plexctl_argument);
    IS_TODAYS(records, column, plexctl_column);
    IS_TODAYS(records, request, plexctl_http_request);
    IS_TODAYS(records, credential, plexctl_credential);
    IS_TODAYS(records, url, plexctl_url);
    IS_TODAYS(records, reply, plexctl_http_reply);
#undef IS_TODAYS
}
END_TEST

/* A plugin whose records, and one row of each kind, have the sizes of `ends`; `short_one` is below the least. */
enum part { PLUGIN, COMMAND, FLAG, ARGUMENT, COLUMN, NONE };
#define PARTS NONE

struct old_plugin {
    void *flag, *argument, *column, *command;
    struct plexctl_plugin *plugin;
};

static struct old_plugin build(const struct abi_minor *ends, enum part short_one)
{
    const struct plexctl_flag flag = {.name = "flag", .help = "h", .type = PLEXCTL_INT, .maximum = 9, .letter = 'f'};
    const struct plexctl_argument argument = {
        .name = "NAME", .help = "h", .type = PLEXCTL_PATH, .attributes = PLEXCTL_REQUIRED};
    const struct plexctl_column column = {"key", "TITLE"};
    size_t bytes[PARTS] = {ends->records.plugin, ends->records.command, ends->records.flag, ends->records.argument,
                           ends->records.column};

    const size_t least[PARTS] = {RECORD_PLUGIN_LEAST_BYTES, RECORD_COMMAND_LEAST_BYTES, RECORD_FLAG_LEAST_BYTES,
                                 RECORD_ARGUMENT_LEAST_BYTES, RECORD_COLUMN_LEAST_BYTES};

    if (short_one != NONE)
        bytes[short_one] = least[short_one] - 8;
    struct old_plugin old = {.flag = resized(&flag, sizeof flag, bytes[FLAG]),
                             .argument = resized(&argument, sizeof argument, bytes[ARGUMENT]),
                             .column = resized(&column, sizeof column, bytes[COLUMN])};
    const struct plexctl_command command = {.name = "old",
                                            .summary = "s",
                                            .flags = {old.flag, 1, (uint32_t)bytes[FLAG]},
                                            .arguments = {old.argument, 1, (uint32_t)bytes[ARGUMENT]},
                                            .columns = {old.column, 1, (uint32_t)bytes[COLUMN]},
                                            .run = do_nothing};
    old.command = resized_record(&command, sizeof command, bytes[COMMAND]);
    const struct plexctl_plugin plugin = {.command = old.command};
    old.plugin = resized_record(&plugin, sizeof plugin, bytes[PLUGIN]);
    return old;
}

static void release(struct old_plugin *old)
{
    free(old->flag);
    free(old->argument);
    free(old->column);
    free(old->command);
    free(old->plugin);
}

static const struct plexctl_note note = {.abi_major = PLEXCTL_ABI_MAJOR, .command = "old"};

START_TEST(abi_minors_record_of_each_is_read)
{
    struct abi_minor ends = ends_of(_i);
    struct old_plugin old = build(&ends, NONE);
    struct error err = ERROR_INIT;

    ck_assert_msg(record_check(old.plugin, &note, &err) == PLEXCTL_OK, "%s", err.text);
    struct plexctl_flag flag = options_flag_at(&old.plugin->command->flags, 0);
    ck_assert_str_eq(flag.name, "flag");
    ck_assert_int_eq(flag.maximum, 9);
    ck_assert_uint_eq(flag.letter, 'f');
    struct plexctl_argument argument = options_argument_at(&old.plugin->command->arguments, 0);
    ck_assert_str_eq(argument.name, "NAME");
    ck_assert_uint_eq(argument.attributes, PLEXCTL_REQUIRED);
    release(&old);
}
END_TEST

START_TEST(abi_minors_record_below_the_first_is_refused)
{
    struct old_plugin old = build(&abi_minors[0], (enum part)_i);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(record_check(old.plugin, &note, &err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "wanted is at least"));
    release(&old);
}
END_TEST

/* What a plugin hands to a service. */
START_TEST(abi_minors_record_of_each_is_copied)
{
    struct abi_minor ends = ends_of(_i);
    const struct plexctl_http_request request = {.method = "GET", .body_max_bytes = 77};
    const struct plexctl_credential credential = {.profile = "p", .expires_in_s = 78};
    struct plexctl_http_request our_request;
    struct plexctl_credential our_credential;
    void *given = resized_record(&request, sizeof request, ends.records.request);

    ck_assert(host_copy_record(&our_request, sizeof our_request, abi_minors[0].records.request, given));
    ck_assert_str_eq(our_request.method, "GET");
    ck_assert_uint_eq(our_request.body_max_bytes, 77);
    free(given);
    given = resized_record(&credential, sizeof credential, ends.records.credential);
    ck_assert(host_copy_record(&our_credential, sizeof our_credential, abi_minors[0].records.credential, given));
    ck_assert_str_eq(our_credential.profile, "p");
    ck_assert_int_eq(our_credential.expires_in_s, 78);
    free(given);
}
END_TEST

/* What its author had not heard of is zero; what 1.0 had must be there. */
START_TEST(abi_minors_record_that_lacks_members_reads_as_zero)
{
    const struct plexctl_http_request request = {.method = "GET", .path = "/", .timeout_ms = 5, .body_max_bytes = 77};
    const size_t bytes = offsetof(struct plexctl_http_request, timeout_ms);
    struct plexctl_http_request ours;
    void *given = resized_record(&request, sizeof request, bytes);

    memset(&ours, 0xa5, sizeof ours);
    ck_assert(host_copy_record(&ours, sizeof ours, bytes, given));
    ck_assert_str_eq(ours.path, "/");
    ck_assert_int_eq(ours.timeout_ms, 0);
    ck_assert_uint_eq(ours.body_max_bytes, 0);
    ck_assert(!host_copy_record(&ours, sizeof ours, bytes + 1, given));
    free(given);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("abi_minors");
    TCase *tests = tcase_create("abi_minors");

    tcase_add_test(tests, abi_minors_last_row_is_todays);
    tcase_add_loop_test(tests, abi_minors_record_of_each_is_read, 0, LATER + 1);
    tcase_add_loop_test(tests, abi_minors_record_below_the_first_is_refused, 0, PARTS);
    tcase_add_loop_test(tests, abi_minors_record_of_each_is_copied, 0, LATER + 1);
    tcase_add_test(tests, abi_minors_record_that_lacks_members_reads_as_zero);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
