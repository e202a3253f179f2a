# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Checks whose input is what offends against them, as TAP. To be sourced; `last_of_tap` is the last command.
shopt -s lastpipe # the last command of a pipe counts in this shell

count=0
failures=0

# holds NAME: what it reads from standard input are the offences; none is a pass.
holds() {
    local offences
    offences=$(cat)
    count=$((count + 1))
    if [ -z "$offences" ]; then
        echo "ok $count - $1"
    else
        echo "not ok $count - $1"
        printf '%s\n' "$offences" | sed 's/^/# /' | head -n 20
        failures=$((failures + 1))
    fi
}

last_of_tap() {
    echo "1..$count"
    [ "$failures" -eq 0 ]
}
