#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs one unit test program under valgrind, in one process so that a leak is seen.
exec env CK_FORK=no valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect "$@"
