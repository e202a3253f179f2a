#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fuzzes each target of tests/fuzz with libFuzzer, ASan and UBSan, all at a time, starting from its seeds. Before that each
# target is built with a planted fault, which its seeds must show: an oracle that misses it sees nothing. One of them must
# be found without seeds. Nothing is written into the tree; what is found is kept in BUILD_DIR/fuzz/finds. Prints TAP.
#
#   tests/fuzz.sh BUILD_DIR [SECONDS [TARGET...]]     60 seconds each, all targets
set -u -o pipefail

source_dir=$(cd "$(dirname "$0")/.." && pwd)
build_dir=$1
export seconds=${2:-60}
shift $(($# < 2 ? $# : 2))
cd "$source_dir" || exit 2
targets=("$@")
[ $# -gt 0 ] || mapfile -t targets < <(basename -as .c tests/fuzz/fuzz_*.c | sed 's/^fuzz_//')

sanitizers="-g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
script/build "$build_dir" "$build_dir/prefix" --disable-hardening --disable-devserver --without-qrencode CC=clang \
    CFLAGS="$sanitizers -fsanitize=fuzzer-no-link" LDFLAGS="-fsanitize=address,undefined" || exit 2
export work_dir=$build_dir/fuzz # where a target's name meets no file of the build
mkdir -p "$work_dir/finds"

# link OUTPUT TARGET [FLAG...]
link() {
    local output=$1 target=$2
    shift 2
    # shellcheck disable=SC2046,SC2086 # flags are many words
    clang -std=gnu11 -D_GNU_SOURCE $sanitizers -fsanitize=fuzzer "$@" -Iinclude -Icore $(pkg-config --cflags json-c libcurl) \
        -o "$output" "tests/fuzz/fuzz_$target.c" tests/fuzz/{fuzz,login_world,poll_oracle,poll_run,reference_json}.c \
        "$build_dir"/{plugins/login/.libs/liblogin.a,core/http/.libs/libhttp.a,.libs/libcore.a} \
        $(pkg-config --libs json-c libcurl yaml-0.1)
}

# fuzz TARGET: its log is TARGET.log; ends well where nothing was found.
fuzz() {
    local fresh=$work_dir/fresh/$1
    rm -rf "$fresh" && mkdir -p "$fresh"
    "$work_dir/$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=1 \
        -artifact_prefix="$work_dir/finds/$1-" "$fresh" "tests/fuzz/corpus/$1" >"$work_dir/$1.log" 2>&1
}
export -f fuzz

count=0
failures=0

# result STATUS TITLE [LOG]
result() {
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
        return
    fi
    echo "not ok $count - $2"
    failures=$((failures + 1))
    [ $# -lt 3 ] || tail -n 40 "$3" | sed 's/^/# /'
}

# finds_fault LOG COMMAND...: whether the command ends because an oracle's rule is broken, and not in another way.
finds_fault() {
    local log=$1
    shift
    ! "$@" -artifact_prefix="$work_dir/planted/" >"$log" 2>&1 && grep -q ': broken: ' "$log"
}

rm -rf "$work_dir/planted" && mkdir -p "$work_dir/planted/empty"
for target in "${targets[@]}"; do
    planted=$work_dir/planted/$target
    link "$work_dir/$target" "$target" && link "$planted" "$target" -DFUZZ_PLANTED_FAULT || exit 2
    finds_fault "$planted.log" "$planted" -runs=0 "tests/fuzz/corpus/$target"
    result $? "$target: the seeds show a planted fault" "$planted.log"
done
if [ -x "$work_dir/planted/sanitiser" ]; then
    finds_fault "$work_dir/planted/fresh.log" "$work_dir/planted/sanitiser" -max_total_time=60 "$work_dir/planted/empty"
    result $? "sanitiser: a planted fault is found without seeds" "$work_dir/planted/fresh.log"
fi

# shellcheck disable=SC2016 # the inner shell expands them
printf '%s\n' "${targets[@]}" | xargs -P "${#targets[@]}" -I '{}' bash -c 'fuzz "$1"; echo $? >"$work_dir/$1.status"' _ '{}'
for target in "${targets[@]}"; do
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work_dir/$target.log")
    [ -n "$runs" ] && [ "$runs" -gt 0 ] || echo 1 >"$work_dir/$target.status"
    echo "# note: $target: ${runs:-no} runs in $seconds s"
    result "$(cat "$work_dir/$target.status")" "$target: nothing found" "$work_dir/$target.log"
done

echo "1..$count"
[ "$failures" -eq 0 ]
