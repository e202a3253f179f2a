#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Hurts saves of the config file in every way that tests/torture knows, and looks at what is left. Prints TAP.
#
#   tests/torture.sh BUILD_DIR [--full]     BUILD_DIR is configured; without --full it takes a minute
set -u -o pipefail

source_dir=$(cd "$(dirname "$0")/.." && pwd)
build_dir=$(cd "$1" && pwd) || exit 2
shift
make -s -C "$build_dir" tests/torture/{cut_power,save_driver,short_io.la} >&2 || exit 2

scratch=$(mktemp -d "${TMPDIR:-/tmp}/plexctl-torture.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT
umask 077
# In a mount namespace of its own, no mount and no loop device is left, however it ends.
own_mounts=()
unshare --mount true 2>/dev/null && own_mounts=(unshare --mount)
"${own_mounts[@]}" node "$source_dir/tests/torture/main.js" \
    "$build_dir"/tests/torture/{save_driver,.libs/short_io.so,cut_power} "$scratch" "$@"
