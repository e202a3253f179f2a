/* SPDX-License-Identifier: Apache-2.0
 *
 * emits-twice - prints a second result, and takes no notice of being refused.
 */
#include <plexctl/plugin.h>

static plexctl_status emit(const struct plexctl_host *host, const char *text)
{
    struct plexctl_json *result = host->json->object(host);

    (void)host->json->set_string(result, "result", text);
    return host->output->emit(host, result);
}

static plexctl_status emits_twice_run(const struct plexctl_host *host)
{
    plexctl_status status = emit(host, "first");

    (void)emit(host, "second");
    return status;
}

static const struct plexctl_command emits_twice = {
    .size = sizeof emits_twice, .name = "emits-twice", .summary = "Print two results", .run = emits_twice_run};
PLEXCTL_PLUGIN("emits-twice", "1.0.0", "Print two results", &emits_twice)
