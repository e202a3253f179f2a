# shellcheck shell=bash disable=SC2034,SC2154 # script/bench and its tables share their variables
# SPDX-License-Identifier: Apache-2.0
#
# 10,000 logins at once: when their polls come. Simulated, see storm.c.

# curve START_MS TITLE: sets peak_ratio, early and slow_down.
curve() {
    "$build_dir/tests/bench/storm" "$1" >"$work_dir/storm"
    printf '\n%s\n%8s   %-34s %s\n' "$2" second 'polls in 250 ms, without the jitter' 'with it (# = 100)'
    awk '
        function bar(count,   text) {
            for (text = ""; count >= 100; count -= 100)
                text = text "#"
            return text
        }
        $1 == "poll" && $2 >= 4.75 && $2 < 11.25 { printf "%8.2f   %5d %-28s %5d %s\n", $2, $3, bar($3), $4, bar($4) }' "$work_dir/storm"
    read -r peak_ratio early slow_down < <(awk '
        $1 == "peak" { ratio = sprintf("%.2f", $3 / $2) }
        $1 == "early" { early = $2 + $3 }
        $1 == "slow_down" { print ratio, early, $2 + $3 }' "$work_dir/storm")
    awk '$1 == "peak" || $1 == "polls" { printf "  %s: without %d, with the jitter %d\n", $1 == "peak" ? "most in 250 ms" : "polls in a minute", $2, $3 }' \
        "$work_dir/storm"
}

table_fleet() {
    if ! make -s -C "$build_dir" tests/bench/storm >/dev/null 2>&1; then
        gap fleet "plexctl is built without devserver"
        return
    fi
    curve 1000 "6. 10,000 logins started within one second, interval 5 s (simulated: login's schedules, devserver's accounting)"
    figure "most polls in 250 ms, beside the same without the jitter (our bound)" "$peak_ratio" '<=' 0.5
    figure "polls that come before they may" "$early" '<=' 0
    figure "replies of slow_down" "$slow_down" '<=' 0
    "$build_dir/tests/bench/storm" 20 >"$work_dir/storm"
    figure "the same peak, where all start within 20 ms" "$(awk '$1 == "peak" { printf "%.2f", $3 / $2 }' "$work_dir/storm")" '<=' 0.5
}
