/* SPDX-License-Identifier: Apache-2.0
 *
 * remedy - what a person is told to do about a path: words with commands in `...`, to be copied as they stand. '@' in
 * them is where the path comes, as a shell word. A path that cannot be shown whole is in no command: PATH stands there.
 */
#ifndef CORE_REMEDY_H
#define CORE_REMEDY_H

#include "base/buf.h"
#include "base/error.h"

/* Never over what was moved away before. */
#define REMEDY_MOVE "move it away: `mv --backup=numbered @ @.old`"
#define REMEDY_UNMARK "run `sudo chattr -i -a @`"
/* For root, of what is another user's. */
#define REMEDY_SUDO "run plexctl as its owner, without sudo, or as root with `sudo -H`"
/* Where neither variable, or the wrong one, says where the user's own files are. */
#define REMEDY_HOME "run `export HOME=\"$(getent passwd \"$(id -u)\" | cut -d: -f6)\"`"

void remedy_append(struct buf *out, const char *remedy, const char *path);

/* error_advise with that. */
plexctl_status remedy_advise(struct error *err, const char *remedy, const char *path);

/* PLEXCTL_USAGE: "<path> <what>; <remedy>" */
plexctl_status remedy_refuse(struct error *err, const char *path, const char *what, const char *remedy);

#endif
