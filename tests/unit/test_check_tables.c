/* SPDX-License-Identifier: Apache-2.0 */
#include "check/tables.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

static void nothing(void)
{
}

/* Each with its size, and the address of `nothing` as its last member. */
static struct {
    uint32_t size, reserved;
    void (*members[40])(void);
} filled[13];

static const size_t sizes[] = {
    sizeof(struct plexctl_host_error),  sizeof(struct plexctl_host_values),      sizeof(struct plexctl_host_settings),
    sizeof(struct plexctl_host_url),    sizeof(struct plexctl_host_json),        sizeof(struct plexctl_host_http),
    sizeof(struct plexctl_host_output), sizeof(struct plexctl_host_credentials), sizeof(struct plexctl_host_clock),
    sizeof(struct plexctl_host_log),    sizeof(struct plexctl_host_completion),  sizeof(struct plexctl_host_events),
    sizeof(struct plexctl_host_state)};
#define TABLE_COUNT (sizeof sizes / sizeof sizes[0])

/* A host's tables lie one behind the other from `error` on. */
static void fill(struct plexctl_host *host)
{
    const void *tables[TABLE_COUNT];

    for (size_t i = 0; i < TABLE_COUNT; i++) {
        filled[i].size = (uint32_t)sizes[i];
        for (size_t k = 0; k < sizeof filled[i].members / sizeof filled[i].members[0]; k++)
            filled[i].members[k] = nothing;
        tables[i] = &filled[i];
    }
    *host = (struct plexctl_host){.size = sizeof *host, .abi_minor = PLEXCTL_ABI_MINOR};
    memcpy(&host->error, tables, sizeof tables);
}

/* Without a signal where it cannot. */
static bool can_be_read(const void *at, size_t size)
{
    int ends[2];

    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    ssize_t count = write(ends[1], at, size);
    ck_assert(count == (ssize_t)size || errno == EFAULT);
    (void)close(ends[0]);
    (void)close(ends[1]);
    return count == (ssize_t)size;
}

static const struct {
    bool is_later;
    size_t more;
} ages[] = {{false, 0}, {true, 64}};

START_TEST(tables_age_walls_each_table_in)
{
    struct plexctl_host host;
    struct error err = ERROR_INIT;
    const char *tables[TABLE_COUNT];

    fill(&host);
    ck_assert_int_eq(tables_age(&host, PLEXCTL_ABI_MINOR, ages[_i].is_later, &err), PLEXCTL_OK);
    ck_assert_uint_eq(host.size, sizeof host + ages[_i].more);
    ck_assert_uint_eq(host.abi_minor, PLEXCTL_ABI_MINOR + (ages[_i].is_later ? 1 : 0));
    memcpy(tables, &host.error, sizeof tables);
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        size_t size = sizes[i] + ages[_i].more;
        uint32_t told;
        memcpy(&told, tables[i], sizeof told);
        ck_assert_uint_eq(told, size);
        ck_assert_int_eq(
            memcmp(tables[i] + sizeof told, (const char *)&filled[i] + sizeof told, sizes[i] - sizeof told), 0);
        ck_assert(can_be_read(tables[i], size));
        ck_assert(!can_be_read(tables[i] + size, 1));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_tables");
    TCase *cases = tcase_create("cases");

    tcase_add_loop_test(cases, tables_age_walls_each_table_in, 0, sizeof ages / sizeof ages[0]);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
