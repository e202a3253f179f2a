# shellcheck shell=bash disable=SC2034,SC2154 # script/bench and its tables share their variables
# SPDX-License-Identifier: Apache-2.0
#
# A thousand plugins, beside one.

# The others are the first one's bytes with another name of the same length.
install_plugins() {
    local directory=$1 count=$2 word i
    mkdir "$directory"
    for ((i = 0; i < count; i++)); do
        word=$(printf 'h%04d' "$i")
        LC_ALL=C sed "s/hello/$word/g" "$work_dir/hello.so" >"$directory/$word.so"
    done
}

table_plugins() {
    local plexctl=$prefix/bin/plexctl
    cc -shared -fPIC -s -I "$prefix/include" -o "$work_dir/hello.so" "$source_dir/tests/plugins/hello.c"
    install_plugins "$work_dir/one" 1
    install_plugins "$work_dir/thousand" 1000
    contender one env PLEXCTL_PLUGIN_PATH="$work_dir/one" "$plexctl" h0000
    contender thousand env PLEXCTL_PLUGIN_PATH="$work_dir/thousand" "$plexctl" h0000
    contender help-of-thousand env PLEXCTL_PLUGIN_PATH="$work_dir/thousand" "$plexctl" help
    race_all "4. One command with 1,000 plugins installed, beside the same with one (each started by env)"
    figure "a command among 1,000 plugins: wall time, beside one" "$(ratio thousand one wall)" '<=' 1.05
    figure "a command among 1,000 plugins: instructions, beside one" "$(ratio thousand one instructions)" '<=' 1.05
    figure "help over 1,000 plugins: ms of wall time" "$(median help-of-thousand wall)" '<=' 50
}
