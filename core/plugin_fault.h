/* SPDX-License-Identifier: Apache-2.0
 *
 * plugin_fault - what is a plugin's own fault is called that: one line that names the plugin, its version, its file and
 * what it was doing, and the exit code of PLEXCTL_INVALID.
 *
 * A plugin that comes back with something odd is reported by plugin_fault_set. One that does not come back, because it
 * crashed or ended the process, is reported by a signal handler on a stack of its own (an overflow of the main one is
 * reported too) or by what runs at exit(). These remove the progress line, give the terminal back the modes that it
 * had, touch no file and no lock, and end the process at once, or by the signal that asked it to stop. From the first
 * plugin on this holds until the process has ended, since an object that was loaded may run code at any time. A crash
 * in plexctl's own code, called by the plugin, is one of the plugin's as well: a bad pointer looks no different.
 *
 * Not seen: _exit() and the like, which no process can see of itself; a crash while the plugin has the signal blocked,
 * handled by itself, or in the handler: then the process dies by that signal. One that another process sent is nobody's
 * fault and kills. Where SIGSEGV has a handler before the first plugin is loaded, as with a sanitizer, crashes are left
 * to whose it is.
 */
#ifndef CORE_PLUGIN_FAULT_H
#define CORE_PLUGIN_FAULT_H

#include <stdbool.h>

#include "base/error.h"

/* The code of that plugin is about to be run, by loading it. What is passed is copied. */
void plugin_fault_loading(const struct plexctl_note *note, const char *path, bool is_built_in);

/* The run of a command of the plugin that was loaded last is about to begin. `subcommand` is NULL for none. */
void plugin_fault_running(const char *command, const char *subcommand);

/* It has come back: to end the process is plexctl's own business again. */
void plugin_fault_returned(void);

/* For a process that exists to see a plugin fail: from now on nothing is caught. */
void plugin_fault_ignore(void);

/* 'plugin "hello" 1.0.0 (/path/hello.so) <what> while running `plexctl hello list`: <why>; <whom to report it to>';
 * `why` may be NULL. Returns `status`. */
plexctl_status plugin_fault_set(struct error *err, plexctl_status status, const char *what, const char *why);

#endif
