# shellcheck shell=bash disable=SC2034,SC2154 # script/bench and its tables share their variables
# SPDX-License-Identifier: Apache-2.0
#
# A login, beside curl's POST for the code; and what it costs to wait. 25 ms are injected each way, 50 for a round trip.

interval_s=1
round_trip_ms=50

# Milliseconds from the start of a command until a line of its output matches.
ms_until() {
    local pattern=$1 line fd began_us=${EPOCHREALTIME/[.,]/}
    shift
    exec {fd}< <(exec "$@" 2>/dev/null)
    # shellcheck disable=SC2053 # a pattern it is
    while IFS= read -r -t 30 -u "$fd" line && [[ $line != $pattern ]]; do :; done
    awk -v us=$((${EPOCHREALTIME/[.,]/} - began_us)) 'BEGIN { printf "%.1f\n", us / 1000 }'
    kill "$!" 2>/dev/null
    exec {fd}<&-
}

login_prompt() {
    local i plexctl=() curl=() body='{"domain_id":"0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0","idp_binding_id":"0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0"}'
    post=(curl --silent --show-error --fail --cacert "$SSL_CERT_FILE" --json "$body" --write-out '\n' "$relayed/v1/auth/device-code")
    for ((i = 0; i < rounds; i++)); do
        curl+=("$(ms_until '*user_code*' "${post[@]}")")
        plexctl+=("$(ms_until 'Go on only if*' "$prefix/bin/plexctl" login --server "$relayed" "${login_flags[@]}")")
    done
    prompt_ms=$(middle "${plexctl[@]}") curl_ms=$(middle "${curl[@]}")
    printf '  %s\n' "medians of $rounds and quartiles, from the start of the process:" \
        "the code is there after: curl $curl_ms ms ($(quartiles "${curl[@]}"))" \
        "the prompt: plexctl $prompt_ms ms ($(quartiles "${plexctl[@]}"))"
}

# In work_dir: a curl that notes when it was started.
time_curl() {
    mkdir "$work_dir/timed"
    cat >"$work_dir/timed/curl" <<EOF
#!/bin/bash
echo "\${EPOCHREALTIME/[.,]/}" >>"$work_dir/requests"
exec $(command -v curl) "\$@"
EOF
    chmod +x "$work_dir/timed/curl"
}

on_a_terminal=(script -qef /dev/null -c)
off_a_terminal=()

# approved_after WHAT SECONDS TERMINAL: the whole of eight logins, approved that long after the prompt and by an eighth of
# an interval more each, so that no moment between two polls is favoured; sets slowest_ms. Approved is when script/approve starts the curl that sends the decision, and saved when the
# config file comes to its name.
approved_after() {
    local what=$1 seconds=$2 i approved_us saved_us saved_ms=()
    local -n terminal=$3
    # In JSON a terminal is not told whose token it is: that would be another request, and another write of the file.
    [ "${#terminal[@]}" -eq 0 ] || local login_flags=("${login_flags[@]}" --output json)
    for i in {0..7}; do
        begin_login "$relayed" "${terminal[@]}"
        rm -f "$XDG_CONFIG_HOME/plexctl/config.json"
        sleep "$(awk -v s="$seconds" -v i="$i" -v interval="$interval_s" 'BEGIN { print s + i * interval / 8 }')"
        PATH=$work_dir/timed:$PATH "$source_dir/script/approve" "$server/${link#https://*/}" >/dev/null
        approved_us=$(tail -n 1 "$work_dir/requests")
        end_login
        saved_us=$(stat -c %.6Z "$XDG_CONFIG_HOME/plexctl/config.json" 2>/dev/null) || { gap login "$what: it saved nothing"; slowest_ms=; return; }
        saved_ms+=($(((${saved_us/[.,]/} - approved_us) / 1000)))
    done
    slowest_ms=$(printf '%s\n' "${saved_ms[@]}" | sort -n | tail -n 1)
    printf '  %s\n' "from approval to saved, $what: ${saved_ms[*]} ms; median $(middle "${saved_ms[@]}"), quartiles $(quartiles "${saved_ms[@]}")"
}

login_whole() {
    time_curl
    approved_after "after the first poll, on a terminal" 1.25 on_a_terminal
    slowest_behind_ms=$slowest_ms
    approved_after "before the first poll, on a terminal" 0 on_a_terminal
    slowest_before_ms=$slowest_ms
    approved_after "before the first poll, in a script" 0 off_a_terminal
    slowest_script_ms=$slowest_ms
}

# The CPU time that a process has had, in ns.
cpu_ns_of() {
    cut -d ' ' -f 1 "/proc/$1/schedstat"
}

# One login that nobody approves, at the interval that servers usually want: its CPU time a poll, its peak, and what wakes it.
# Beside it curl, which sends as many requests of that kind on one connection.
login_wait() {
    local server server_pid relayed relay_log i curl_pid login_ns curl_ns us=() curl_us=()
    start_server wait --interval 5s
    start_relay 25 curl
    curl --silent --cacert "$SSL_CERT_FILE" --rate 12/m --json '{"device_code":"nobody has it"}' --output /dev/null \
        "$relayed/v1/auth/device-token?[1-60]" &
    curl_pid=$!
    started+=("$curl_pid")
    start_relay 25 wait
    begin_login "$relayed"
    start_cpu_ms=$(awk -v ns="$(cpu_ns_of "$login_pid")" 'BEGIN { printf "%.1f", ns / 1e6 }')
    sleep 8
    login_ns=$(cpu_ns_of "$login_pid") curl_ns=$(cpu_ns_of "$curl_pid")
    for i in {1..12}; do
        sleep 5
        us+=($((($(cpu_ns_of "$login_pid") - login_ns) / 1000))) curl_us+=($((($(cpu_ns_of "$curl_pid") - curl_ns) / 1000)))
        login_ns=$(cpu_ns_of "$login_pid") curl_ns=$(cpu_ns_of "$curl_pid")
    done
    peak_kb=$(awk '/^VmHWM:/ { print $2 }' "/proc/$login_pid/status" 2>/dev/null)
    drop_login
    kill "$curl_pid"
    wait "$curl_pid" 2>/dev/null
    [ -n "$peak_kb" ] || { gap login "it ended before a minute was over"; wait_cpu_ms=; return; }
    wait_cpu_ms=$(awk -v us="$(middle "${us[@]}")" 'BEGIN { printf "%.1f", us * 120 / 1000 }')
    printf '  %s\n' "CPU time in 5 s, in which one poll comes: ${us[*]} us; median $(middle "${us[@]}"), quartiles $(quartiles "${us[@]}")" \
        "of 120, ten minutes: $wait_cpu_ms ms; curl beside it, with as many requests of the kind: \
$(awk -v us="$(middle "${curl_us[@]}")" 'BEGIN { printf "%.1f", us * 120 / 1000 }') ms (a median of $(middle "${curl_us[@]}") us, $(quartiles "${curl_us[@]}"))" \
        "CPU time until the prompt: $start_cpu_ms ms"
}

# What wakes a login off a terminal that nobody approves.
login_wake_ups() {
    local polls waits
    timeout --signal=TERM 8 strace -f -qq -o "$work_dir/waits" \
        "$prefix/bin/plexctl" login --server "$server" "${login_flags[@]}" >/dev/null 2>&1 </dev/null
    read -r waits polls < <(awk -f "$source_dir/tests/lib/wake_ups.awk" "$work_dir/waits")
    woken_more=
    [ "$polls" -gt 0 ] && woken_more=$((waits - polls))
    printf '  %s\n' "returns from what may block, between the requests of 8 s off a terminal: $waits, polls: $polls"
}

# Logins that give up, after a few polls and after many: what they differ in is polls.
login_poll_parts() {
    local server server_pid relayed relay_log name polls=()
    for name in few-polls many-polls; do
        start_server "$name" --interval 1s --expires-in "$([ "$name" = few-polls ] && echo 4s || echo 14s)"
        start_relay 0 "$name"
        count_instructions "$name" "$prefix/bin/plexctl" login --server "$relayed" "${login_flags[@]}" >/dev/null
        polls+=("$(grep -c '^sent' "$relay_log")")
    done
    parts_each few-polls many-polls $((polls[1] - polls[0])) "3b. Where a poll's instructions go, of $((polls[1] - polls[0])) polls" \
        'curl_multi_perform:libcurl' 'SSL_write:  of which encryption' 'SSL_read:  of which decryption' \
        'json_parse:the reply is read'
}

login_connections() {
    start_relay 25
    begin_login "$relayed"
    sleep 2.5
    "$source_dir/script/approve" "$server/${link#https://*/}" >/dev/null
    end_login
    connections=$(grep -c '^connection' "$relay_log") hellos=$(grep -c '^hello' "$relay_log")
}

approval_why="Who approves just behind a poll waits longest: for the rest of that round trip, an interval from its reply, since a slow \
server would else be asked again at once, and another round trip. The time that curl takes for the approval comes on top."

first_poll_why="In a script the first poll comes up to half an interval later, so that a fleet's logins, which begin in one moment, do \
not ask in one (table 6): the bound there is an interval and a half, and a round trip."

login_why="A poll is one request on a kept connection, of which libcurl and OpenSSL have most (table 3b), and curl needs as much for \
the like. After seconds of idleness code and data are in no cache, which costs more than the instructions do. Tried: a smaller \
buffer for uploads and no masking of lines that --debug does not want (done); keeping the parsed URL and the lines about waiting \
unwritten (no difference above the noise)."

table_login() {
    start_server login --interval "${interval_s}s"
    export SSL_CERT_FILE=$work_dir/tls/ca.pem
    start_relay 25
    printf '\n%s\n' "3. login, interval $interval_s s, $round_trip_ms ms injected for each round trip"
    login_prompt
    login_whole
    login_wait
    login_wake_ups
    contender curl "${post[@]}"
    race_all "   curl, the POST for a code (for its peak memory)"
    login_connections
    login_poll_parts
    figure "the prompt, beside curl's time for the same POST" "$(awk -v a="$prompt_ms" -v b="$curl_ms" 'BEGIN { printf "%.2f", a / b }')" '<=' 1.1
    figure "TCP connections of a whole login" "$connections" '<=' 1
    figure "TLS handshakes of a whole login" "$hellos" '<=' 1
    figure "slowest from approval to saved, ms, after the first poll" "$slowest_behind_ms" '<=' $((interval_s * 1000 + round_trip_ms)) "$approval_why"
    figure "the same, before the first poll" "$slowest_before_ms" '<=' $((interval_s * 1000 + round_trip_ms)) "$approval_why"
    figure "the same, before the first poll, in a script" "$slowest_script_ms" '<=' $((interval_s * 1000 + round_trip_ms)) "$first_poll_why"
    figure "wake-ups off a terminal besides the polls" "$woken_more" '=' 0
    figure "CPU time of a ten-minute wait, ms" "$wait_cpu_ms" '<=' 50 "$login_why"
    figure "peak memory, beside curl's for the POST" "$(awk -v a="$peak_kb" -v b="$(median curl peak)" 'BEGIN { printf "%.2f", a / b }')" '<=' 1.00
}
