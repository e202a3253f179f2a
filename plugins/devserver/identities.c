/* SPDX-License-Identifier: Apache-2.0 */
#include "identities.h"

#include <string.h>

const struct identity identities[IDENTITIES_COUNT] = {
    {.email = "alice@example.test",
     .subject = "0190a8b8-a0c0-7a0a-8a0a-00000000a11c",
     .effect = "is admitted: the login succeeds",
     .outcome = IDENTITY_ADMITTED},
    {.email = "denied@example.test",
     .subject = "0190a8b8-a0c0-7a0a-8a0a-00000000de41",
     .effect = "is rejected by the identity provider: access_denied",
     .outcome = IDENTITY_REJECTED},
    {.email = "forbidden@example.test",
     .subject = "0190a8b8-a0c0-7a0a-8a0a-0000000f0b1d",
     .effect = "is forbidden by the control plane: HTTP 403",
     .outcome = IDENTITY_FORBIDDEN},
};

const struct identity *identity_find(const char *email)
{
    for (size_t i = 0; email && i < IDENTITIES_COUNT; i++) {
        if (strcmp(identities[i].email, email) == 0)
            return &identities[i];
    }
    return NULL;
}
