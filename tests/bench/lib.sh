# shellcheck shell=bash disable=SC2034,SC2154 # script/bench and its tables share their variables
# SPDX-License-Identifier: Apache-2.0
#
# What the tables of script/bench share. It sets source_dir, build_dir, prefix, rounds and work_dir.
#
#   contender NAME COMMAND...   enters a command into the table that comes; one that is not there, or fails, is a gap
#   race_all TITLE              runs them in turns and prints the table; the first is what the others are measured by
#   parts_of NAME... and parts_all TITLE FUNCTION:WHAT...   print how many thousands of the instructions of contenders
#                               each function has, with all that it calls
#   parts_each FEW MANY TIMES TITLE FUNCTION:WHAT...   the same of what MANY does TIMES more than FEW, for one time
#   figure TEXT VALUE <=|>=|= WANTED [WHY]   says whether a figure is reached, and if not, why

unreached=0
contenders=()
declare -A instructions=() opened=() medians=()

gap() {
    printf '%-14s GAP: %s\n' "$1" "$2"
}

# Debian's valgrind is a script that sets LD_LIBRARY_PATH, with which plexctl opens no library ahead (late_library.h).
valgrind=$(command -v valgrind.bin || command -v valgrind)

# What a command executes in user space, in thousands, also behind env; Go's programs take minutes there, and are asked by
# their time.
count_instructions() {
    local name=$1
    shift
    [ -n "$valgrind" ] || return 0
    "$valgrind" --tool=callgrind --trace-children=yes --callgrind-out-file="$work_dir/calls.$name" "$@" 2>&1 >/dev/null </dev/null |
        sed -n 's/,//g; s/.*Collected : *\([0-9]*\)$/\1/p' | awk '{ printf "%.0f", $1 / 1000 }'
}

count_opened() {
    command -v strace >/dev/null || return 0
    strace -f -qq -e trace=open,openat -o "$work_dir/opened" "$@" >/dev/null 2>&1 </dev/null
    grep -cE ' = [0-9]+$' "$work_dir/opened"
}

parts=()

parts_of() {
    local name
    for name in "$@"; do
        if callgrind_annotate --inclusive=yes --threshold=100 "$work_dir/calls.$name" >"$work_dir/parts.$name" 2>&1; then
            parts+=("$name")
        else
            gap "$name" "callgrind, which is valgrind's, does not tell what its instructions are"
        fi
    done
}

# A function has a line for each file that its code is of; the largest is the whole.
part() {
    awk -v name="$2" '
        /^ *[0-9][0-9,]* \(/ && !/=>/ {
            count = $1
            gsub(",", "", count)
            if ((name == "" && /PROGRAM TOTALS/) || (name != "" && index($0, ":" name " ["))) if (count + 0 > most) most = count + 0
        }
        END { if (most) printf "%.0f", most / 1000; else printf "-" }' "$work_dir/parts.$1"
}

parts_all() {
    local name row
    printf '\n%s\n%-64s' "$1" 'thousands of instructions'
    printf ' %13s' "${parts[@]}"
    for row in :all "${@:2}"; do
        printf '\n%-64s' "${row#*:}"
        for name in "${parts[@]}"; do
            printf ' %13s' "$(part "$name" "${row%%:*}")"
        done
    done
    echo
    parts=()
}

parts_each() {
    local few=$1 many=$2 times=$3 row
    parts_of "$few" "$many"
    printf '\n%s\n%-64s %13s\n' "$4" 'thousands of instructions' each
    for row in :all "${@:5}"; do
        printf '%-64s %13s\n' "${row#*:}" "$(awk -v few="$(part "$few" "${row%%:*}")" -v many="$(part "$many" "${row%%:*}")" \
            -v times="$times" 'BEGIN { if (times > 0 && many != "-") printf "%.0f", (many - few) / times; else printf "-" }')"
    done
    parts=()
}

contender() {
    local name=$1
    shift
    if ! command -v "$1" >/dev/null; then
        gap "$name" "$1 is not installed; script/bootstrap --bench installs it"
    elif ! "$@" >/dev/null 2>&1 </dev/null; then
        gap "$name" "\`$*\` fails"
    else
        contenders+=(-- "$name" "$@")
        opened[$name]=$(count_opened "$@")
        case $1 in gh | kubectl) ;; *) instructions[$name]=$(count_instructions "$name" "$@") ;; esac
    fi
}

# median NAME wall|cpu|peak; ratio NAME BASE wall|cpu|peak|instructions. Empty where there is no such row.
median() {
    printf '%s' "${medians[$1.$2]:-}"
}

ratio() {
    local of=${medians[$1.$3]:-} to=${medians[$2.$3]:-}
    [ "$3" = instructions ] && of=${instructions[$1]:-} && to=${instructions[$2]:-}
    [ -n "$of" ] && [ -n "$to" ] && awk -v of="$of" -v to="$to" 'BEGIN { printf "%.2f", of / to }'
    return 0
}

row_of() {
    local base=$1 name=$2 instr_ratio=
    instr_ratio=$(ratio "$name" "$base" instructions)
    shift 2
    printf '%-18s %9.2f %5.2f %11s %9.2f %5.2f %11s %7.0f %5.2f %9s %5s %5s\n' "$name" "$1" "$2" "$(printf '%.2f-%.2f' "$3" "$4")" \
        "$5" "$6" "$(printf '%.2f-%.2f' "$7" "$8")" "$9" "${10}" "${instructions[$name]:--}" "${instr_ratio:--}" "${opened[$name]:--}"
}

race_all() {
    local base=${contenders[1]:-} name rest
    [ -n "$base" ] || return 0
    "$build_dir/tests/bench/race" "$rounds" "${contenders[@]}" >"$work_dir/rows"
    printf '\n%s\n%-18s %9s %5s %11s %9s %5s %11s %7s %5s %9s %5s %5s\n' "$1" what 'wall ms' ratio quartiles 'CPU ms' ratio quartiles \
        'peak KB' ratio 'k instr.' ratio files
    while read -r name rest; do
        read -ra numbers <<<"$rest"
        medians[$name.wall]=${numbers[0]} medians[$name.cpu]=${numbers[4]} medians[$name.peak]=${numbers[8]}
        row_of "$base" "$name" "${numbers[@]}"
    done <"$work_dir/rows"
    contenders=()
}

holds() {
    awk -v value="$1" -v wanted="$3" -v op="$2" 'BEGIN { exit !(op == "=" ? value + 0 == wanted + 0 : op == "<=" ? value + 0 <= wanted + 0 : value + 0 >= wanted + 0) }'
}

figure() {
    local text=$1 value=$2 op=$3 wanted=$4 why=${5:-} verdict=reached
    if [ -z "$value" ]; then
        verdict='GAP: not measured'
    elif ! holds "$value" "$op" "$wanted"; then
        verdict='NOT REACHED'
        unreached=$((unreached + 1))
    fi
    printf '  %-66s %8s  wanted %2s %-6s %s\n' "$text" "${value:--}" "$op" "$wanted" "$verdict"
    [ "$verdict" = 'NOT REACHED' ] && [ -n "$why" ] && fold -s -w 110 <<<"$why" | sed 's/^/      /'
    return 0
}

# start_server NAME [devserver's flags]: sets server, its URL, and server_pid. Stopped at the end.
start_server() {
    local log=$work_dir/$1.log
    shift
    : >"$log"
    "$prefix/bin/plexctl" devserver --port 0 --tls-dir "$work_dir/tls" "$@" >"$log" 2>&1 &
    server_pid=$!
    started+=("$server_pid")
    for _ in {1..100}; do
        server=$(sed -n 's/^Listening on //p' "$log")
        [ -n "$server" ] && return 0
        sleep 0.1
    done
    cat "$log" >&2
    return 1
}

# start_relay WAY_MS [NAME]: sets relayed, the URL of the longer way to $server, and relay_log.
start_relay() {
    local port=
    relay_log=$work_dir/relay.${2:-$1}.log
    : >"$relay_log"
    "$build_dir/tests/bench/relay" "$1" "${server##*:}" >"$relay_log" &
    started+=("$!")
    for _ in {1..100}; do
        port=$(sed -n 's/^port //p' "$relay_log")
        [ -n "$port" ] && break
        sleep 0.1
    done
    relayed=https://localhost:$port
}

login_flags=(--domain-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0 --idp-binding-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0)

# begin_login URL [COMMAND...]: starts a login; when its prompt is out, link and prompt_us are set. Its output goes on in
# login_fd, its process is login_pid, or that of COMMAND, which is given a line for a shell.
begin_login() {
    local url=$1 line command
    shift
    local began_us=${EPOCHREALTIME/[.,]/}
    command=("$prefix/bin/plexctl" login --server "$url" "${login_flags[@]}")
    [ $# -eq 0 ] || command=("$@" "${command[*]@Q}")
    exec {login_fd}< <(exec "${command[@]}" 2>"$work_dir/login.err" </dev/null)
    login_pid=$!
    while IFS= read -r -t 30 -u "$login_fd" line; do
        case ${line%$'\r'} in
        https://*user_code=*) link=${line%$'\r'} ;;
        'Go on only if'*) break ;;
        esac
    done
    prompt_us=$((${EPOCHREALTIME/[.,]/} - began_us))
}

# Reads the login's output to its end.
end_login() {
    local line
    while IFS= read -r -t 30 -u "$login_fd" line; do :; done
    exec {login_fd}<&-
}

drop_login() {
    kill "$login_pid" 2>/dev/null
    exec {login_fd}<&-
}

# middle NUMBER...: their median. quartiles NUMBER...: the two others, as LOW-HIGH.
middle() {
    printf '%s\n' "$@" | sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'
}

quartiles() {
    printf '%s\n' "$@" | sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 3) / 4)] "-" all[int((3 * NR + 3) / 4)] }'
}
