#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# script/demo as README promises it: twice in a row, from another directory, with port 8080 taken, nothing left. Prints TAP.
#
#   tests/demo.sh SOURCE_DIR
set -u -o pipefail

source_dir=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 2
export TMPDIR=$scratch HOME=$scratch/home
mkdir -p "$HOME"
count=0
failures=0

check() {
    count=$((count + 1))
    if "${@:2}" >"$scratch/check.log" 2>&1; then
        echo "ok $count - $1"
    else
        echo "not ok $count - $1"
        sed 's/^/# /' "$scratch/check.log" "$scratch/demo.log"
        failures=$((failures + 1))
    fi
}

demo() {
    "$source_dir/script/demo" </dev/null >"$scratch/demo.log" 2>&1
}

says() {
    grep -qF -- "$1" "$scratch/demo.log"
}

leaves_nothing() {
    local left
    left=$(find "$scratch" -mindepth 1 -maxdepth 1 ! -name '*.log' ! -name home)
    [ -z "$left" ] || { echo "left behind: $left"; return 1; }
    [ -z "$(ls -A "$HOME")" ]
}

check "the demo logs in without a terminal" demo
check "it says that it approves by HTTP calls" says "approving by the same HTTP calls"
check "login reports the saved profile" says 'Logged in. Saved profile "default".'
check "whoami answers" says "alice@example.test"
check "it cleans up after itself" leaves_nothing
check "the demo works a second time" demo

# Somebody else has port 8080.
python3 -c '
import socket, time
taken = socket.socket()
taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    taken.bind(("127.0.0.1", 8080))
    taken.listen()
except OSError:
    pass  # taken already: as good
print("ready", flush=True)
time.sleep(600)
' >"$scratch/ready.log" &
holder=$!
for _ in $(seq 100); do
    grep -q ready "$scratch/ready.log" && break
    sleep 0.05
done
check "the demo finds another port when 8080 is taken" demo
check "and says so" says "Port 8080 is taken"
kill "$holder" 2>/dev/null
wait "$holder" 2>/dev/null
usage_fault() {
    "$source_dir/script/demo" --nonsense
    [ $? -eq 2 ]
}
check "an unknown argument is a usage fault" usage_fault

echo "1..$count"
[ "$failures" -eq 0 ]
