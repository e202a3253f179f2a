#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Whether script/bench works, not what it measures: figures of time are no tests. Its programs build, a race has its
# rows, and the table that does not depend on time, the fleet's, reaches what is wanted. Prints TAP.
#
#   tests/bench.sh BUILD_DIR INSTALLED_PREFIX
set -u

source_dir=$(cd "$(dirname "$0")/.." && pwd)
build_dir=$1
prefix=$2

# shellcheck source=tests/lib/offences.sh
. "$source_dir/tests/lib/offences.sh"

make -s -C "$build_dir" benches 2>&1 | grep -v '^  [A-Z]' | holds "the programs of script/bench build"
"$build_dir/tests/bench/race" 3 -- empty "$build_dir/tests/bench/empty" -- version "$prefix/bin/plexctl" --version 2>&1 |
    awk '{ names = names " " $1; if (NF != 13) print } END { if (names != " empty version") print "rows:" names }' |
    holds "a race prints a row for each command"
{ ! "$build_dir/tests/bench/race" 1 -- false false >/dev/null 2>&1 || echo "it took one"; } | holds "a race takes no command that fails"
fleet=$("$source_dir/script/bench" --only fleet 1 "$build_dir" "$prefix" 2>&1)
{ [ "$(grep -c 'wanted .* reached$' <<<"$fleet")" = 4 ] || printf '%s\n' "$fleet"; } | holds "a fleet's polls lie apart, none comes early"

last_of_tap
