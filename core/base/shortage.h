/* SPDX-License-Identifier: Apache-2.0
 *
 * shortage - what to do where a limit of the process, and nothing that plexctl was told, stood in the way.
 */
#ifndef CORE_BASE_SHORTAGE_H
#define CORE_BASE_SHORTAGE_H

/* For an errno: of descriptors. NULL for any other. */
const char *shortage_remedy(int number);

/* For what dlerror() said, which is all that the dynamic linker leaves: of descriptors, or of memory to map a library
 * into. NULL for any other reason. */
const char *shortage_remedy_of_linker(const char *reason);

#endif
