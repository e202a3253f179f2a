// SPDX-License-Identifier: Apache-2.0
//
// thrower - lets a C++ exception escape.
#include <stdexcept>

#include <plexctl/plugin.h>

static plexctl_status thrower_run(const struct plexctl_host *)
{
    throw std::runtime_error("thrown");
}

static struct plexctl_command make_command()
{
    struct plexctl_command command = {};

    command.size = sizeof command;
    command.name = "thrower";
    command.summary = "Throw";
    command.run = thrower_run;
    return command;
}

static const struct plexctl_command thrower = make_command();
PLEXCTL_PLUGIN("thrower", "1.0.0", "Throw", &thrower)
