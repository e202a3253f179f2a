#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Hurts saves of the config file in every way that tests/torture knows, sends signals to logins, exchanges plugins while
# they are loaded, then, by tests/faults, runs every command with memory that is short; looks at what is left. Prints
# TAP, one plan for each program.
#
#   tests/torture.sh BUILD_DIR [--full]     BUILD_DIR is configured; without --full it takes a minute
#
# The full form runs all that the store has to bear: also damaged and foreign files, odd places and 10,000 profiles, in
# under 15 minutes. What mostly waits runs beside what mostly computes.
set -u -o pipefail

source_dir=$(cd "$(dirname "$0")/.." && pwd)
build_dir=$(cd "$1" && pwd) || exit 2
full=${2:-}
make -s -C "$build_dir" all tests/torture/{cut_power,save_driver,signals,swap} tests/torture/short_io.la \
    tests/plugins/mark.la tests/faults/{own_heap,clock_shim,careless}.la >&2 || exit 2

scratch=$(mktemp -d "${TMPDIR:-/tmp}/plexctl-torture.XXXXXX") || exit 2
# In memory, where there is such a place: what a disk does is for power_cut.js, which has one of its own.
shared_memory=/dev/shm
[ -w "$shared_memory" ] || shared_memory=${TMPDIR:-/tmp}
worlds=$(mktemp -d "$shared_memory/plexctl-torture.XXXXXX") || exit 2
beside_pid=
end() {
    [ -n "$beside_pid" ] && kill -- "-$beside_pid" 2>/dev/null
    rm -rf "$scratch" "$worlds"
}
trap end EXIT
make -s -C "$build_dir" install prefix="$scratch/prefix" >/dev/null 2>&1 || exit 2
umask 077
status=0
time_max_s=900

# part TITLE COMMAND...: notes how long it took.
part() {
    local title=$1 started=$SECONDS code=0
    shift
    "$@" || code=1
    echo "# note: $title: $((SECONDS - started)) s"
    return "$code"
}

save_path() {
    # In a mount namespace of its own, no mount and no loop device is left, however it ends.
    local own_mounts=()
    unshare --mount true 2>/dev/null && own_mounts=(unshare --mount)
    "${own_mounts[@]}" node "$source_dir/tests/torture/main.js" \
        "$build_dir"/tests/torture/{save_driver,.libs/short_io.so,cut_power} "$worlds" "$full"
}

signals() {
    local runs=98
    [ "$full" = --full ] && runs=2002
    mkdir "$scratch/logins"
    "$build_dir/tests/torture/signals" "$scratch/prefix/bin/plexctl" "$scratch/logins" "$runs" "${SIGNALS_SEED:-$(date +%s)}"
}

swaps() {
    local rounds=1000
    [ "$full" = --full ] && rounds=10000
    chmod 755 "$scratch"
    mkdir -m 755 "$scratch/swaps" # another user attacks here
    "$build_dir/tests/torture/swap" "$build_dir/tests/plugins/.libs/mark.so" "$scratch/swaps" "$rounds"
}

memory() {
    mkdir "$scratch"/{shims,faults}
    cp "$build_dir"/tests/faults/.libs/{own_heap,clock_shim,careless}.so "$scratch/shims"
    node "$source_dir/tests/faults/main.js" "$scratch"/{prefix,shims,faults} "$full"
}

places() {
    (umask 022 && chmod 755 "$scratch" && cd "$source_dir" &&
        PLEXCTL_PREFIX=$scratch/prefix node --test --test-reporter=tap tests/e2e/config_places.test.js)
}

bench() {
    local table verdict='ok 1'
    table=$(umask 022 && "$source_dir/script/bench" --only profiles 15 "$build_dir" "$scratch/prefix") || verdict='not ok 1'
    printf '%s\n' "$table" | sed 's/^/# /'
    echo "$verdict - 10,000 profiles cost a fraction of json-c's parse"
    echo 1..1
    [ "$verdict" = 'ok 1' ]
}

# Ticks of the machine's processors so far: all, and those in which they did something, or were not there for us.
ticks() {
    awk '/^cpu / { idle = $5 + $6; for (i = 2; i <= 9; i++) all += $i; print all, all - idle }' /proc/stat
}

# Ours: of every process that has ended.
own_ticks() {
    awk '{ print $16 + $17 }' "/proc/$$/stat"
}

# What others did with the processors is taken off, in proportion: a busy machine is no fault of these tests.
judge_time() {
    local all busy own=$1 took=$2 spent
    read -r all busy < <(ticks)
    spent=$(awk -v all=$((all - all_before)) -v busy=$((busy - busy_before)) -v own="$own" -v took="$took" \
        'BEGIN { others = busy > own ? busy - own : 0; printf "%d", took * (1 - others / all) }')
    echo "# note: all of it: $took s, $spent s without what else the machine did"
    local verdict='ok 1'
    [ "$spent" -le "$time_max_s" ] || verdict='not ok 1'
    echo "$verdict - all of it takes at most $time_max_s s, where the machine does nothing else"
    echo 1..1
    [ "$verdict" = 'ok 1' ]
}

read -r all_before busy_before < <(ticks)
waiting() {
    local code=0
    part signals signals || code=1
    part 'exchanged plugins' swaps || code=1
    part 'odd places' places || code=1
    part 'damaged and foreign files' "$source_dir/tests/damage.sh" "$build_dir" "$scratch/prefix" || code=1
    part '10,000 profiles' bench || code=1
    return "$code"
}

if [ "$full" = --full ]; then
    set -m
    waiting >"$scratch/beside.log" 2>&1 &
    beside_pid=$!
    set +m
    part 'save path' save_path || status=1
    part 'short memory' memory || status=1
    wait "$beside_pid" || status=1
    beside_pid=
    cat "$scratch/beside.log"
    judge_time "$(own_ticks)" "$SECONDS" || status=1
else
    part 'save path' save_path || status=1
    part signals signals || status=1
    part 'exchanged plugins' swaps || status=1
    part 'short memory' memory || status=1
fi
[ "$status" -eq 0 ]
