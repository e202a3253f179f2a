#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs one unit test program under valgrind, in one process so that a leak is seen. Without forks Check ends none that hangs.
case $1 in
*_property | *_login_device_flow)
    # They allocate nothing, and the sanitizers' run reads the same code.
    echo "ok 1 # SKIP millions of steps of a machine without memory: minutes under valgrind"
    exit 0
    ;;
esac
exec env CK_FORK=no timeout --foreground --kill-after=10 1200 valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect "$@"
