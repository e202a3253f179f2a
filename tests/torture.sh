#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Hurts saves of the config file in every way that tests/torture knows, and then, by tests/faults, every command by memory
# that is short; looks at what is left. Prints TAP.
#
#   tests/torture.sh BUILD_DIR [--full]     BUILD_DIR is configured; without --full it takes a minute
set -u -o pipefail

source_dir=$(cd "$(dirname "$0")/.." && pwd)
build_dir=$(cd "$1" && pwd) || exit 2
shift
make -s -C "$build_dir" tests/torture/save_driver tests/torture/short_io.la tests/faults/{own_heap,clock_shim,careless}.la >&2 || exit 2

scratch=$(mktemp -d "${TMPDIR:-/tmp}/plexctl-torture.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT
make -s -C "$build_dir" install prefix="$scratch/prefix" >/dev/null 2>&1 || exit 2
umask 077
mkdir "$scratch"/{shims,faults}
cp "$build_dir"/tests/faults/.libs/{own_heap,clock_shim,careless}.so "$scratch/shims"
status=0
node "$source_dir/tests/torture/main.js" "$build_dir"/tests/torture/{save_driver,.libs/short_io.so} "$scratch" "$@" || status=1
node "$source_dir/tests/faults/main.js" "$scratch"/{prefix,shims,faults} "$@" || status=1
exit "$status"
