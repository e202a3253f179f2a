/* SPDX-License-Identifier: Apache-2.0
 *
 * careless - a plugin with each fault that main.js looks for: it allocates and, by its first argument,
 *
 *   leak      never frees           crash   does not look whether there is memory
 *   swallow   says less without     blame   says something else without
 *   unwiped   frees its second argument, a secret, as it is
 *   show      prints it
 */
#include <plexctl/plugin.h>

#include <stdlib.h>
#include <string.h>

static const struct plexctl_argument arguments[] = {
    {.name = "FAULT", .help = "Which", .type = PLEXCTL_STRING, .attributes = PLEXCTL_REQUIRED},
    {.name = "TEXT", .help = "What to put into the memory", .type = PLEXCTL_STRING},
};

static plexctl_status careless_run(const struct plexctl_host *host)
{
    const char *fault = host->values->string(host, "FAULT"), *text = host->values->string(host, "TEXT");
    void *(*volatile allocate)(size_t size) = malloc;
    char *copy = allocate(256);

    if (!copy && strcmp(fault, "swallow") == 0)
        return PLEXCTL_OK;
    if (!copy && strcmp(fault, "blame") == 0)
        return host->error->fail(host, PLEXCTL_USAGE, "the moon is full");
    if (!copy && strcmp(fault, "crash") != 0)
        return host->error->fail(host, PLEXCTL_NO_MEMORY, "out of memory");
    copy[0] = '\0';
    strncat(copy, text ? text : "", 255);
    plexctl_status status = host->output->line(host, strcmp(fault, "show") == 0 ? copy : "done");
    if (strcmp(fault, "unwiped") != 0)
        explicit_bzero(copy, 256);
    if (strcmp(fault, "leak") != 0)
        free(copy);
    return status;
}

static const struct plexctl_command careless = {.size = sizeof careless,
                                                .name = "careless",
                                                .summary = "Make one mistake",
                                                .arguments = PLEXCTL_ROWS(arguments),
                                                .run = careless_run};
PLEXCTL_PLUGIN("careless", "1.0.0", "Make one mistake", &careless)
