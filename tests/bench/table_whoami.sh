# shellcheck shell=bash disable=SC2034,SC2154 # script/bench and its tables share their variables
# SPDX-License-Identifier: Apache-2.0
#
# One authenticated request over TLS, beside curl that makes the same.

whoami_why="Both spend most on what libcurl, its TLS library and thirty others do: loading them, a handshake, a request. plexctl \
adds start-up, its plugin and json-c, and saves much of the search for functions by opening the two largest libraries first \
(core/base/late_library.h; table 2b). RTLD_DEEPBIND would save as much again, and take the allocator \
away from whoever preloads one."

# In curl and plexctl the same libraries have most.
whoami_parts() {
    parts_of curl whoami
    parts_all "2b. Where the instructions go, with the CA file" '_dl_relocate_object:the dynamic linker finds functions' \
        '_dl_map_object_deps:it opens libraries' '_dl_init:constructors of libraries' 'setlocale:locale' \
        'curl_global_init_mem:curl_global_init (plexctl)' 'curl_global_init:curl_global_init (curl)' \
        "CONF_modules_load_file_ex:  of which OpenSSL's configuration" 'SSL_CTX_new_ex:TLS is set up' \
        'X509_STORE_load_file_ex:authorities are read' 'RAND_status:random numbers are seeded' \
        'SSL_do_handshake:handshake' 'X509_verify_cert:  of which the certificate'
}

whoami_race() {
    local title=$1 trust=("${@:2}")
    contender curl curl --silent --show-error --fail "${trust[@]}" --header "Authorization: Bearer $PLEXSPHERE_TOKEN" \
        --output /dev/null "$PLEXSPHERE_URL/v1/auth/whoami"
    contender whoami "$prefix/bin/plexctl" whoami
    race_all "$title"
}

# For the one that runs in a mount namespace, where the system's trust store has one more authority.
whoami_system() {
    local store=/etc/ssl/certs copy=$work_dir/certs hash
    cp -a "$store" "$copy"
    hash=$(openssl x509 -hash -noout -in "$work_dir/tls/ca.pem")
    cp "$work_dir/tls/ca.pem" "$copy/$hash.0"
    cat "$work_dir/tls/ca.pem" >>"$copy/ca-certificates.crt"
    mount --bind "$copy" "$store"
    unset SSL_CERT_FILE
    whoami_race "2c. The same with the system's trust store (curl reads the bundle, plexctl the hashed directory)"
    figure "whoami: CPU time, beside curl, system's trust store" "$(ratio whoami curl cpu)" '<=' 0.6
    figure "whoami: peak memory, beside curl, system's trust store" "$(ratio whoami curl peak)" '<=' 1.00
}

table_whoami() {
    start_server whoami --interval 1s --token-expires-in 1d
    export SSL_CERT_FILE=$work_dir/tls/ca.pem
    begin_login "$server"
    "$source_dir/script/approve" "$link" >/dev/null
    end_login
    PLEXSPHERE_TOKEN=$(sed -n 's/^ *"token": "\(.*\)",*$/\1/p' "$XDG_CONFIG_HOME/plexctl/config.json")
    export PLEXSPHERE_TOKEN PLEXSPHERE_URL=$server
    whoami_race "2a. whoami, beside curl (one authenticated GET over TLS, the same CA file)" --cacert "$SSL_CERT_FILE"
    figure "whoami: wall time, beside curl" "$(ratio whoami curl wall)" '<=' 1.00 "$whoami_why"
    figure "whoami: CPU time, beside curl" "$(ratio whoami curl cpu)" '<=' 1.00 "$whoami_why"
    figure "whoami: peak memory, beside curl" "$(ratio whoami curl peak)" '<=' 1.00
    whoami_parts
    export -f whoami_system whoami_race
    if unshare --mount true 2>/dev/null; then
        unshare --mount bash -c "$(declare -p rounds work_dir build_dir prefix); . '$source_dir/tests/bench/lib.sh'; whoami_system"
    else
        gap system-store "no mount namespace for the system's trust store; run as root"
    fi
    unset PLEXSPHERE_TOKEN PLEXSPHERE_URL
}
