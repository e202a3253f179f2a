#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Hurts saves of the config file in every way that tests/torture knows, sends signals to logins, exchanges plugins while
# they are loaded, then, by tests/faults, runs every command with memory that is short; looks at what is left. Prints
# TAP, one plan for each program.
#
#   tests/torture.sh BUILD_DIR [--full]     BUILD_DIR is configured; without --full it takes a minute
set -u -o pipefail

source_dir=$(cd "$(dirname "$0")/.." && pwd)
build_dir=$(cd "$1" && pwd) || exit 2
shift
make -s -C "$build_dir" all tests/torture/{cut_power,save_driver,signals,swap} tests/torture/short_io.la \
    tests/plugins/mark.la tests/faults/{own_heap,clock_shim,careless}.la >&2 || exit 2

scratch=$(mktemp -d "${TMPDIR:-/tmp}/plexctl-torture.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT
make -s -C "$build_dir" install prefix="$scratch/prefix" >/dev/null 2>&1 || exit 2
umask 077
status=0
# In a mount namespace of its own, no mount and no loop device is left, however it ends.
own_mounts=()
unshare --mount true 2>/dev/null && own_mounts=(unshare --mount)
"${own_mounts[@]}" node "$source_dir/tests/torture/main.js" \
    "$build_dir"/tests/torture/{save_driver,.libs/short_io.so,cut_power} "$scratch" "$@" || status=1

mkdir "$scratch"/{logins,shims,faults}
runs=98
[ "${1:-}" = --full ] && runs=2002
"$build_dir/tests/torture/signals" "$scratch/prefix/bin/plexctl" "$scratch/logins" "$runs" "${SIGNALS_SEED:-$(date +%s)}" ||
    status=1

swaps=$(mktemp -d "${TMPDIR:-/tmp}/plexctl-swap.XXXXXX") || exit 2
trap 'rm -rf "$scratch" "$swaps"' EXIT
chmod 755 "$swaps" # another user attacks here
runs=1000
[ "${1:-}" = --full ] && runs=10000
"$build_dir/tests/torture/swap" "$build_dir/tests/plugins/.libs/mark.so" "$swaps" "$runs" || status=1

cp "$build_dir"/tests/faults/.libs/{own_heap,clock_shim,careless}.so "$scratch/shims"
node "$source_dir/tests/faults/main.js" "$scratch"/{prefix,shims,faults} "$@" || status=1
exit "$status"
