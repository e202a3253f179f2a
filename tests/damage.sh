#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Reads and saves over config files that are damaged, foreign, or full of what plexctl does not know, and has an
# independent reader judge what comes of it. Prints TAP.
#
#   tests/damage.sh BUILD_DIR PREFIX [SEED]
set -u -o pipefail

source_dir=$(cd "$(dirname "$0")/.." && pwd)
build_dir=$(cd "$1" && pwd) || exit 2
make -s -C "$build_dir" tests/damage/store_server >&2 || exit 2

# In memory, where there is such a place: ten thousand saves are not about the disk.
shared_memory=/dev/shm
[ -w "$shared_memory" ] || shared_memory=${TMPDIR:-/tmp}
scratch=$(mktemp -d "$shared_memory/plexctl-damage.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT
umask 022
PYTHONDONTWRITEBYTECODE=1 timeout 300 python3 "$source_dir/tests/damage/main.py" "$build_dir/tests/damage/store_server" \
    "$2/bin/plexctl" "$scratch" "${@:3}"
