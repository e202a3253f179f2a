/* SPDX-License-Identifier: Apache-2.0
 *
 * reply_fixture - a fake host, and bodies of replies that it has parsed.
 */
#ifndef TESTS_REPLY_FIXTURE_H
#define TESTS_REPLY_FIXTURE_H

#include <string.h>

#include "../../plugins/login/device_reply.h"
#include "fake_host.h"
#include "unit.h"

static struct fake_host fake;

static void set_up(void)
{
    fake_host_init(&fake);
}

static void tear_down(void)
{
    fake_host_release(&fake);
}

static struct plexctl_json *parse(const char *text)
{
    struct plexctl_json *root = NULL;

    ck_assert_msg(json_parse(text, strlen(text), &root, &fake.failure) == PLEXCTL_OK, "%s: %s", text,
                  fake.failure.text);
    error_clear(&fake.failure);
    return fake_host_keep_root(&fake, root);
}

#endif
