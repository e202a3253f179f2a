# shellcheck shell=bash disable=SC2034,SC2154 # script/bench and its tables share their variables
# SPDX-License-Identifier: Apache-2.0
#
# A config file of 10,000 profiles, beside json-c's parse of the same bytes: CPU time, since that is all it costs. The
# only table that script/bench fails for.

table_profiles() {
    local name ms of low high
    local -A is=()
    make -s -C "$build_dir" tests/bench/bench_store >&2
    mkdir "$work_dir/bench_store"
    XDG_CONFIG_HOME=$work_dir/bench_store "$build_dir/tests/bench/bench_store" "$rounds" "$prefix/bin/plexctl" >"$work_dir/store.rows"
    printf '\n%s\n%-18s %9s %5s %11s\n' "5. A config file of 10,000 profiles (4.2 MB), beside json-c's parse of it" what 'CPU ms' ratio quartiles
    while read -r name ms of low high; do
        printf '%-18s %9.2f %5.2f %11s\n' "$name" "$ms" "$of" "$low-$high"
        is[$name]=$of
    done <"$work_dir/store.rows"
    figure "resolving a profile" "${is[resolve]}" '<=' 0.5
    figure "profile show NAME, the whole process" "${is[show]}" '<=' 0.5
    figure "a login's save" "${is[save]}" '<=' 1.5
    table_profiles_of_others
    holds "${is[resolve]}" '<=' 0.5 && holds "${is[show]}" '<=' 0.5 && holds "${is[save]}" '<=' 1.5 || slow=1
}

# The same file where git and kubectl keep the like.
table_profiles_of_others() {
    local home=$work_dir/others own_config=$XDG_CONFIG_HOME
    mkdir -p "$home"
    awk 'BEGIN {
        for (i = 0; i < 10000; i++) {
            printf "[profile \"p%d\"]\n\tserver = https://cp-%d.example.com\n\ttoken = t%0127d\n", i, i, i
            print "\tkind = Bearer\n\texpires = 2026-11-24T12:00:00Z"
        }
    }' >"$home/gitconfig"
    {
        echo 'apiVersion: v1'
        echo 'kind: Config'
        echo 'current-context: p7500'
        for kind in cluster context user; do
            awk -v kind="$kind" 'BEGIN {
                print kind "s:"
                for (i = 0; i < 10000; i++) {
                    print "- name: p" i
                    if (kind == "cluster") printf "  cluster:\n    server: https://cp-%d.example.com\n", i
                    if (kind == "context") printf "  context:\n    cluster: p%d\n    user: p%d\n", i, i
                    if (kind == "user") printf "  user:\n    token: t%0127d\n", i
                }
            }'
        done
    } >"$home/kubeconfig"
    export XDG_CONFIG_HOME=$work_dir/bench_store
    contender profile-show "$prefix/bin/plexctl" profile show profile-7500
    contender git git config --file "$home/gitconfig" profile.p7500.token
    local all_rounds=$rounds
    rounds=$(((rounds + 4) / 5)) # kubectl takes a second each
    contender kubectl kubectl --kubeconfig "$home/kubeconfig" config get-contexts p7500
    race_all "5b. One of 10,000 profiles, whole processes, each with a file of its own form"
    rounds=$all_rounds
    export XDG_CONFIG_HOME=$own_config
}
