/* SPDX-License-Identifier: Apache-2.0
 *
 * user_code - the short code that a person compares: eight of base32 (A-Z, 2-7), shown as ABCD-EFGH (RFC 8628 section
 * 6.1).
 */
#ifndef DEVSERVER_USER_CODE_H
#define DEVSERVER_USER_CODE_H

#include <stdbool.h>

#define USER_CODE_SIZE 10 /* "ABCD-EFGH" and NUL */

/* The wire's form, exactly ^[A-Z2-7]{4}-?[A-Z2-7]{4}$; NULL is refused. ret_code is set, with the dash, on true. */
bool user_code_read(const char *text, char ret_code[USER_CODE_SIZE]);

/* What a person types: either case, blanks and dashes anywhere, otherwise as above. */
bool user_code_read_typed(const char *text, char ret_code[USER_CODE_SIZE]);

/* A fresh code of 40 random bits; false where the kernel gives none. */
bool user_code_random(char ret_code[USER_CODE_SIZE]);

#endif
