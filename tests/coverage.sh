#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures which lines and branches of core/base, the credential store, the device flow and the loader, each with what
# belongs to it, their unit tests execute, and fails where a group has fewer than 95 % of its lines or 90 % of its branches. Prints TAP.
#
#   tests/coverage.sh BUILD_DIR [configure's arguments]     BUILD_DIR is made, an instrumented build
set -u -o pipefail
unset CDPATH

source_dir=$(cd "$(dirname "$0")/.." && pwd)
build_dir=$(realpath -m "$1")
shift
cd "$source_dir" || exit 2
lines_min=95
branches_min=90

# Title, pattern of the sources, the unit tests that count
groups=(
    'core/base; core/base/.*; buf error event_sink file* json* key_set late_library secret shell_word shortage suggestion text*'
    'credential store; core/(credential|config_).*; credential credential_doctor credential_splice credential_store credential_store_[!w]* config_*'
    'device flow and keep; plugins/login/(device_flow|keep)[.]c; login_device_flow* login_keep'
    'loader; core/(loader|search_path|trust|plugin_directory|plugin_listing|elf_note)[.]c; loader* search_path trust plugin_directory plugin_listing elf_note'
)

tests=()
for group in "${groups[@]}"; do
    for pattern in ${group##*;}; do
        # shellcheck disable=SC2206 # a pattern
        tests+=(tests/unit/test_$pattern.c)
    done
done
tests=("${tests[@]%.c}")

script/build "$build_dir" "$build_dir/prefix" --disable-hardening --disable-devserver CFLAGS="-O0 -g --coverage" "$@" >&2 ||
    exit 2
cd "$build_dir" || exit 2
# Cases that run as an ordinary user add to what root's have counted.
find core plugins -name '*.gcda' -delete
find core plugins -name '*.gcno' -exec sh -c 'for notes; do : >"${notes%.gcno}.gcda"; done' _ '{}' +
find core plugins -name '*.gcda' -exec chmod a+w '{}' +

count=0
failures=0

# result STATUS TITLE
result() {
    count=$((count + 1))
    [ "$1" -eq 0 ] && echo "ok $count - $2" && return
    echo "not ok $count - $2"
    failures=$((failures + 1))
}

read_counts() {
    gcovr --root "$source_dir" --object-directory . --exclude-throw-branches --exclude '.*/tests/' --json "$1" core plugins/login \
        >gcovr.log 2>&1 || cat gcovr.log >&2
}

# measure COUNTS PATTERN REPORT: 0 where the group reaches both figures, BELOW_BOTH where it reaches neither
readonly BELOW_BOTH=6
measure() {
    gcovr --root "$source_dir" --add-tracefile "$1" --filter "$source_dir/$2" --fail-under-line "$lines_min" \
        --fail-under-branch "$branches_min" --print-summary --txt "$3.lines" >"$3" 2>&1
}

read_counts none.json
make -s -j"$(nproc)" check TESTS="${tests[*]}" check_PROGRAMS="${tests[*]}" >check.log 2>&1
status=$?
[ "$status" -eq 0 ] || tail -n 40 check.log | sed 's/^/# /'
result "$status" "the ${#tests[@]} test programs pass in the instrumented build"
read_counts counts.json

for group in "${groups[@]}"; do
    IFS=';' read -r title pattern _ <<<"${group//; /;}"
    measure none.json "$pattern" report
    result $(($? != BELOW_BOTH)) "$title: without a test it reaches neither figure"
    measure counts.json "$pattern" report
    status=$?
    figures=$(sed -nE 's/^(lines|branches): ([0-9.]+%) \((.*)\)/\1 \2 (\3)/p' report | paste -sd ' ')
    echo "# note: $title: $figures"
    [ "$status" -eq 0 ] || sed 's/^/# /' report report.lines
    result "$status" "$title: $lines_min % of lines, $branches_min % of branches"
done

echo "1..$count"
[ "$failures" -eq 0 ]
