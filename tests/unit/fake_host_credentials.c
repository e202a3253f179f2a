/* SPDX-License-Identifier: Apache-2.0
 *
 * The fake host's credentials service.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"

static plexctl_status give_profiles(struct fake_host *fake, struct plexctl_json **ret_value)
{
    struct plexctl_json *root = NULL;

    if (!fake->profiles)
        return error_set(&fake->failure, PLEXCTL_NO_TOKEN, "no such profile");
    ck_assert_int_eq(json_parse(fake->profiles, strlen(fake->profiles), &root, &fake->failure), PLEXCTL_OK);
    *ret_value = fake_host_keep_root(fake, root);
    return PLEXCTL_OK;
}

static plexctl_status list(const struct plexctl_host *table, struct plexctl_json **ret_profiles)
{
    return give_profiles(fake_host_of(table), ret_profiles);
}

static plexctl_status describe(const struct plexctl_host *table, const char *name, struct plexctl_json **ret_profile)
{
    free(fake_host_of(table)->described);
    fake_host_of(table)->described = fake_host_copy_of(name);
    return give_profiles(fake_host_of(table), ret_profile);
}

static void release_saved(struct fake_host *fake)
{
    char **const texts[] = {&fake->saved_profile,   &fake->saved_token,          &fake->saved_token_type,
                            &fake->saved_domain_id, &fake->saved_idp_binding_id, &fake->saved_subject};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        free(*texts[i]);
        *texts[i] = NULL;
    }
}

static plexctl_status save(const struct plexctl_host *table, const struct plexctl_credential *credential)
{
    struct fake_host *fake = fake_host_of(table);

    ck_assert_uint_eq(credential->size, sizeof *credential);
    ck_assert_ptr_null(fake->saved_profile);
    ck_assert_uint_lt(fake->save_count, FAKE_HOST_ROWS);
    fake->save_ms[fake->save_count++] = fake->now_ms;
    fake->now_ms += fake->save_takes_ms;
    if (fake->save_status != PLEXCTL_OK && (!fake->saves_that_fail || fake->save_count <= fake->saves_that_fail))
        return error_set(&fake->failure, fake->save_status, "no space left; make room: `df`");
    release_saved(fake);
    fake->saved_profile = fake_host_copy_of(credential->profile);
    fake->saved_token = fake_host_copy_of(credential->token);
    fake->saved_token_type = fake_host_copy_of(credential->token_type);
    fake->saved_domain_id = fake_host_copy_of(credential->domain_id);
    fake->saved_idp_binding_id = fake_host_copy_of(credential->idp_binding_id);
    fake->saved_flags = credential->flags;
    fake->saved_expires_in_s = credential->expires_in_s;
    return PLEXCTL_OK;
}

static plexctl_status set_subject(const struct plexctl_host *table, const char *profile, const char *subject)
{
    struct fake_host *fake = fake_host_of(table);

    ck_assert(fake->saved_profile && !fake->saved_subject);
    ck_assert_str_eq(profile, fake->saved_profile);
    if (fake->set_subject_status != PLEXCTL_OK)
        return error_set(&fake->failure, fake->set_subject_status, "it is not noted");
    fake->saved_subject = fake_host_copy_of(subject);
    return PLEXCTL_OK;
}

const struct plexctl_host_credentials fake_host_credentials = {.size = sizeof fake_host_credentials,
                                                               .list = list,
                                                               .describe = describe,
                                                               .save = save,
                                                               .diagnose = list,
                                                               .set_subject = set_subject};

void fake_host_credentials_release(struct fake_host *fake)
{
    release_saved(fake);
    free(fake->described);
}
