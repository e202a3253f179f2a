/* SPDX-License-Identifier: Apache-2.0
 *
 * old_host - a fake_host as an older minor would be: each table says that it ends where that minor's did, and what lies
 * behind is poison, so that a plugin that uses it without asking dies.
 *
 *     fake_host_init(&fake);
 *     old_host_cut(&old, &fake, &abi_minors[minor], minor);
 *     ... fake_host_run ...
 *     old_host_release(&old);
 */
#ifndef TESTS_OLD_HOST_H
#define TESTS_OLD_HOST_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "abi_minors.h"
#include "fake_host.h"

#define OLD_HOST_TABLES 13

struct old_host {
    char *tables[OLD_HOST_TABLES]; /* in the order of struct plexctl_host; NULL where the minor has no such table */
};

static inline void old_host_cut(struct old_host *old, struct fake_host *fake, const struct abi_minor *ends,
                                uint32_t minor)
{
#define OLD_HOST_ROW(noun) \
    { \
        offsetof(struct plexctl_host, noun), sizeof(struct plexctl_host_##noun), ends->tables.noun \
    }
    const struct {
        size_t place, size, end;
    } rows[OLD_HOST_TABLES] = {
        OLD_HOST_ROW(error), OLD_HOST_ROW(values), OLD_HOST_ROW(settings),   OLD_HOST_ROW(url),
        OLD_HOST_ROW(json),  OLD_HOST_ROW(http),   OLD_HOST_ROW(output),     OLD_HOST_ROW(credentials),
        OLD_HOST_ROW(clock), OLD_HOST_ROW(log),    OLD_HOST_ROW(completion), OLD_HOST_ROW(events),
        OLD_HOST_ROW(state),
    };
#undef OLD_HOST_ROW

    *old = (struct old_host){0};
    for (size_t i = 0; i < OLD_HOST_TABLES && rows[i].place < ends->tables.host; i++) {
        char *place = (char *)&fake->table + rows[i].place;
        const void *whole;
        memcpy(&whole, place, sizeof whole);
        old->tables[i] = malloc(rows[i].size);
        ck_assert_ptr_nonnull(old->tables[i]);
        memcpy(old->tables[i], whole, rows[i].size);
        fake_host_cut_record(old->tables[i], rows[i].size, rows[i].end);
        memcpy(place, &old->tables[i], sizeof old->tables[i]);
    }
    fake_host_cut_record(&fake->table, sizeof fake->table, ends->tables.host);
    fake->table.abi_minor = minor;
    fake->url_bytes = ends->records.url;
    fake->reply_bytes = ends->records.reply;
}

static inline void old_host_release(struct old_host *old)
{
    for (size_t i = 0; i < OLD_HOST_TABLES; i++)
        free(old->tables[i]);
}

#endif
