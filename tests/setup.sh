#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# README's commands that set up a machine, as it promises them. script/demo: with a terminal and without, twice in a row,
# from another directory, with port 8080 taken, in a clone of another user, nothing left. The install block: in a clone,
# in one shell. (script/test is what runs this.) Prints TAP.
#
#   tests/setup.sh SOURCE_DIR
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

# A terminal, and a person at a browser: the demo waits until they have approved.
on_a_terminal() {
    local link
    : >"$scratch/demo.log" # else the link of the demo before is found while `script` has not begun
    # A terminal of no name is told no links, which would stand in the line twice.
    TERM=dumb script -qefc "$source_dir/script/demo" "$scratch/demo.log" </dev/null >/dev/null 2>&1 &
    local terminal=$!
    for _ in $(seq 1200); do
        link=$(grep -Eo 'https://[^ ]+\?user_code=[A-Za-z0-9-]+' "$scratch/demo.log") && break
        kill -0 "$terminal" 2>/dev/null || break
        sleep 0.1
    done
    SSL_CERT_FILE=$(echo "$scratch"/plexctl-demo.*/tls/ca.pem) "$source_dir/script/approve" "$link" && wait "$terminal" && return
    kill -KILL "$terminal" 2>/dev/null # the hangup ends the demo
    return 1
}
check "on a terminal the demo waits for a person" on_a_terminal
check "it tells what the browser will say" says "Your browser does not know this demo's certificate"
check "and login goes on by itself" says 'Logged in. Saved profile "default".'
check "and whoami answers there too" says "alice@example.test"

# What umask 002 and sudo in another user's clone leave: directories that others may write.
stage=$source_dir/build-demo/stage
find "$stage" -type d -exec chmod g+w {} +
[ "$(id -u)" -ne 0 ] || chown -R 65534 "$stage"
check "the demo works in a clone that others own or may write" demo
[ "$(id -u)" -ne 0 ] || chown -R 0 "$stage"
find "$stage" -type d -exec chmod g-w {} +

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
for _ in $(seq 600); do
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

# README's install block, word for word, as a newcomer pastes it. What it builds is tested elsewhere, as it is shipped and by
# all of `make check`: here that runs what one program has.
few=tests/unit/test_text
install_block() {
    local commands
    commands=$(awk '/^```sh$/ { block = ""; inside = 1; next }
        /^```$/ { if (inside && block ~ /make install/) print block; inside = 0 }
        inside { block = block $0 "\n" }' "$source_dir/README.md")
    printf '[safe]\n\tdirectory = *\n' >"$scratch/git.log" # also as root in the clone of another user
    GIT_CONFIG_GLOBAL=$scratch/git.log git clone -q "$source_dir" "$scratch/clone" && cd "$scratch/clone" &&
        CFLAGS=-O1 MAKEFLAGS="-j$(nproc) -- TESTS=$few check_PROGRAMS=$few" bash -e -c "$commands"
}
install_block >"$scratch/demo.log" 2>&1
installed=$?
check "README's install block ends well" [ "$installed" -eq 0 ]
check "make check ran unit tests" grep -Eq '^# PASS: +[1-9]' "$scratch/demo.log"
check "and installed a plexctl that runs" "$HOME/plexctl/bin/plexctl" help
configured_in_place() {
    cd "$scratch/clone" && (./configure --quiet && ! script/build "$scratch/build" "$scratch/prefix") 2>&1 |
        grep -F "configured in place; run"
}
check "script/build says what to do in a tree configured in place" configured_in_place

echo "1..$count"
[ "$failures" -eq 0 ]
