#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Seeds faults into core/base, the credential store and the device flow, one at a time: comparisons flipped, calls dropped,
# conditions negated, numbers off by one. At least 90 % must be caught by the unit tests of the file. Prints TAP.
#
#   tests/seeded_faults.sh BUILD_DIR SANITIZED_DIR [--sample N] [--seed TEXT] [FILE...]     N faults of each file
#
# Both directories are configured, the second as script/test does it for ASan and UBSan.
set -u -o pipefail
umask 022

source_dir=$(cd "$(dirname "$0")/.." && pwd)
build_dir=$(cd "$1" && pwd) || exit 2
sanitized_dir=$(cd "$2" && pwd) || exit 2
shift 2
cd "$source_dir" || exit 2
mapfile -t tests < <(jq -r '.[][] | "tests/unit/test_" + .' tests/seeded_faults/files.json | sort -u)
for dir in "$build_dir" "$sanitized_dir"; do
    make -s -j2 -C "$dir" "${tests[@]}" >&2 || exit 2
done

scratch=$(mktemp -d "${TMPDIR:-/tmp}/plexctl-faults.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT
node tests/seeded_faults/main.js "$build_dir" "$sanitized_dir" "$scratch" "$@"
