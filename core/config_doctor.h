/* SPDX-License-Identifier: Apache-2.0
 *
 * config_doctor - what is wrong with the config file and what is around it, so that it could not be read or a login not
 * be saved, and what mends it. Reads only: it takes no lock, makes no directory and removes nothing.
 *
 * Judged are, by the modules that read and save: the symlinks on the path, the directory or the place where it is to be
 * made, the lock file, the file's kind, owner and mode, further hard links, and temporary files of killed saves.
 */
#ifndef CORE_CONFIG_DOCTOR_H
#define CORE_CONFIG_DOCTOR_H

#include "base/json.h"
#include "config_file.h"

/* Appends findings (finding.h) about `file`, which the caller initialised with the config path, to `rows`. Where it can
 * be read, `file` holds it afterwards. A file that is unfit is a finding, no failure. */
plexctl_status config_doctor_examine(struct config_file *file, struct plexctl_json *rows, struct error *err);

#endif
