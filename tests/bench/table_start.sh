# shellcheck shell=bash disable=SC2034,SC2154 # script/bench and its tables share their variables
# SPDX-License-Identifier: Apache-2.0
#
# Start-up, beside the least that a program can cost and beside what else an operator starts.

# What was tried on the way, or before: the same objects, bound and linked otherwise.
build_tried() {
    local variant
    mkdir -p "$work_dir/tried/bin"
    ln -s "$prefix/lib" "$work_dir/tried/lib"
    for variant in lazy linked; do
        if make -s -C "$build_dir" "tests/bench/plexctl_$variant" >"$work_dir/tried.log" 2>&1; then
            cp "$build_dir/tests/bench/plexctl_$variant" "$work_dir/tried/bin/$variant"
        else
            gap "tried-$variant" "$(tail -n 1 "$work_dir/tried.log")"
        fi
    done
}

try() {
    if [ -x "$work_dir/tried/bin/$2" ]; then
        contender "$1" "$work_dir/tried/bin/$2" "${@:3}"
    fi
}

start_why="What is above --version is the command itself, table 1b says of what. help walks to the directories where plugins may \
be, which bare:help does as well, in a tree that has none; reads the plugins' notes; and lays out a page by the widths of its words. \
profile list opens json-c and its plugin, which floor:profile does and nothing else; before that it walks to the plugin, and then \
reads the file and lays out a table. Tried for all of them: json-c and libyaml opened late (\`linked\` is without), packed \
relocations, no search for plugins before a command that has none (done); \`lazy\`, without -z now: fewer instructions, no less \
time. Tried for help: one read of a plugin's file instead of three, no less time."

table_start() {
    local plexctl=$prefix/bin/plexctl bench=$build_dir/tests/bench word json_c
    json_c=$(sed -n 's/.*JSON_C_SONAME=\\"\([^\\]*\)\\".*/\1/p' "$build_dir/Makefile" | head -n 1)
    build_tried
    contender empty "$bench/empty"
    contender --version "$plexctl" --version
    contender help "$plexctl" help
    contender profile-list "$plexctl" profile list
    try lazy:--version lazy --version
    mkdir -p "$work_dir/bare/bin" "$work_dir/bare/lib/plexctl/commands"
    cp "$plexctl" "$work_dir/bare/bin"
    contender bare:help "$work_dir/bare/bin/plexctl" help
    contender floor:profile "$bench/opener" "$json_c" "$prefix/lib/plexctl/commands/profile.so"
    try linked:--version linked --version
    try linked:help linked help
    race_all "1a. Start-up, beside an empty program"
    for word in --version help profile-list; do
        figure "$word: wall time, beside the empty program" "$(ratio $word empty wall)" '<=' 1.25 "$start_why"
        figure "$word: instructions, beside the empty program" "$(ratio $word empty instructions)" '<=' 2
    done
    parts_of empty --version help profile-list
    parts_all "1b. Where the instructions go" '_dl_start:the dynamic linker, before main' \
        '_dl_relocate_object:functions found, relocations; also of what is opened later' 'main:main, and all it calls' \
        'loader_new:where plexctl lies' 'command_list_load:the walk to the plugins, and their notes' \
        'help_rows_print:rows of a page' 'loader_open:a plugin is judged and opened' 'late_library_open:json-c is opened'
    contender --version "$plexctl" --version
    contender git git --version
    contender oidc-token oidc-token --version
    contender curl curl --version
    contender gh gh --version
    contender kubectl kubectl version --client
    race_all "1c. What others need to say their version, beside plexctl"
    figure "gh --version: wall time, beside plexctl --version" "$(ratio gh --version wall)" '>=' 12
    figure "kubectl version: wall time, beside plexctl --version" "$(ratio kubectl --version wall)" '>=' 15
}
