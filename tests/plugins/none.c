/* SPDX-License-Identifier: Apache-2.0
 *
 * none - a library that needs_libraries.c is linked with.
 */
int NONE(void);

int NONE(void)
{
    return 0;
}
