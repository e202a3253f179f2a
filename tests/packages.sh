#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What is released: one version everywhere; a SECURITY.md that names tests that there are; a tarball that is the same bit
# for bit, wherever it is made; Debian packages, built of it by README's command, which lintian has nothing against,
# installed and run. The packages go into a root of their own, with a copy of this machine's dpkg database, so that
# dependencies are checked and the machine stays as it is. Prints TAP.
#
#   tests/packages.sh SOURCE_DIR
set -u -o pipefail
unset CDPATH

source_dir=$(realpath "$1")
cd "$source_dir" || exit 2
# shellcheck source=tests/lib/offences.sh
. tests/lib/offences.sh

scratch=$(mktemp -d)
chmod 755 "$scratch" # an ordinary user runs what is installed there
server_pid=
end() {
    [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null
    rm -rf "$scratch"
}
trap end EXIT
export PATH=$PATH:/usr/sbin:/sbin # dpkg looks for ldconfig
unset SOURCE_DATE_EPOCH PLEXSPHERE_URL PLEXSPHERE_TOKEN PLEXCTL_PLUGIN_PATH PLEXCTL_DEBUG SSL_CERT_FILE SSL_CERT_DIR XDG_CONFIG_HOME

# quietly COMMAND...: complains, with what it said, unless it succeeds.
said=$scratch/said
quietly() {
    local status=0
    "$@" >"$said" 2>&1 || status=$?
    [ "$status" -eq 0 ] || { echo "\`$*\` ends with $status:"; tail -n 40 "$said"; }
}

# refused PATTERN COMMAND...: complains unless it fails and says that.
refused() {
    local pattern=$1
    shift
    ! "$@" >"$said" 2>&1 || echo "\`$*\` succeeds"
    grep -qE -- "$pattern" "$said" || { echo "\`$*\` does not say $pattern:"; tail -n 40 "$said"; }
}

printf '[safe]\n\tdirectory = *\n' >"$scratch/gitconfig" # also as root in the clone of another user
export GIT_CONFIG_GLOBAL=$scratch/gitconfig
clone() {
    git clone -q --no-hardlinks "$source_dir" "$1"
}

# needed FILE...: what follows would hold of nothing where these are not there.
needed() {
    ls "$@" >/dev/null 2>&1 || {
        last_of_tap
        exit 1
    }
}

# The version, of which configure.ac is the source

# versions DIR: of configure.ac, the newest entry of CHANGELOG.md, and that of debian/changelog
versions() {
    sed -n 's/^AC_INIT(\[plexctl\], \[\(.*\)\])$/\1/p' "$1/configure.ac"
    sed -n 's/^## \[\([0-9][^]]*\)\].*/\1/p' "$1/CHANGELOG.md" | head -n 1
    sed -n '1s/^plexctl (\(.*\)-[^-]*) .*/\1/p' "$1/debian/changelog"
}

disagreement() {
    [ "$(versions "$1" | wc -l)" -eq 3 ] && [ "$(versions "$1" | sort -u | wc -l)" -eq 1 ] ||
        echo "configure.ac, CHANGELOG.md, debian/changelog:" "$(versions "$1" | xargs)"
}
disagreement . | holds "configure.ac, CHANGELOG.md and debian/changelog have one version"
version=$(versions . | head -n 1)
for file in configure.ac CHANGELOG.md debian/changelog; do
    rm -rf "$scratch/other" && mkdir "$scratch/other" && cp -R configure.ac CHANGELOG.md debian "$scratch/other"
    sed -i "0,/$version/s//9.9.9/" "$scratch/other/$file"
    [ -n "$(disagreement "$scratch/other")" ] || echo "$file with another version is not noticed"
done | holds "a version that is not raised in one of them is noticed"

# What SECURITY.md calls a proof
tr '\140' '\n' <SECURITY.md | grep -xE '[a-z0-9_/.]+' | sort -u | while read -r file; do
    case $file in
    *.test.js) file=tests/e2e/$file ;;
    test_*.c) file=tests/unit/$file ;;
    */*) ;;
    *.js) file=tests/e2e/hostile/cases/$file ;;
    *) continue ;;
    esac
    [ -e "$file" ] || echo "$file is not there"
done | holds "every test that SECURITY.md names is there"

# The tarball

# dist DIR UMASK [SETTING...]: a tarball of a clone below DIR
dist() {
    (
        umask "$2"
        mkdir -p "$1/build" && clone "$1/src" && cd "$1/src" && export "${@:3}" && autoreconf -fi && cd ../build &&
            ../src/configure --quiet && make -s dist
    )
}
elsewhere="$scratch/a longer path"
mkdir "$scratch/here" "$elsewhere"
said=$scratch/said-elsewhere quietly dist "$elsewhere" 077 TZ=Asia/Tokyo LC_ALL=C.UTF-8 >"$scratch/elsewhere" &
quietly dist "$scratch/here" 022 | holds "make dist makes a tarball"
wait $!
holds "and so it does elsewhere" <"$scratch/elsewhere"
name=plexctl-$version
tarball=$scratch/here/build/$name.tar.xz

needed "$tarball"

# differs TARBALL: says how it differs from the first, which it does not byte for byte.
differs() {
    cmp -s "$tarball" "$1" || {
        echo "$1 is another than $tarball"
        diff <(tar -tvJf "$tarball") <(tar -tvJf "$1")
        return 1
    }
}
differs "$elsewhere/build/$name.tar.xz" |
    holds "another path, umask, time zone, locale and time make the same tarball, bit for bit"
from_tarball() {
    mkdir "$scratch/unpacked" && tar -xJf "$tarball" -C "$scratch/unpacked" && cd "$scratch/unpacked/$name" &&
        ./configure --quiet --disable-devserver && make -s dist
}
{
    quietly from_tarball
    differs "$scratch/unpacked/$name/$name.tar.xz"
} | holds "the tarball makes itself again, without git and with another configuration"
{
    quietly env SOURCE_DATE_EPOCH=86400 make -s -C "$scratch/here/build" distdir
    find "$scratch/here/build/$name" -newermt '1970-01-03 UTC'
} | holds "SOURCE_DATE_EPOCH is the time of every file"
head -c -1 "$tarball" >"$scratch/other-tarball"
refused 'is another than' differs "$scratch/other-tarball" | holds "another tarball is noticed"

# The packages

for tool in dpkg-buildpackage dpkg-source dh lintian fakeroot; do
    command -v "$tool" >/dev/null && continue
    count=$((count + 1))
    echo "ok $count - Debian packages # SKIP $tool is not installed"
    last_of_tap
    exit
done
build_dir=$scratch/packages
mkdir "$build_dir" && cp "$tarball" "$build_dir/plexctl_$version.orig.tar.xz" && clone "$build_dir/plexctl"
command=$(grep -x 'dpkg-buildpackage .*' README.md)
build_packages() {
    # README's command but for its `make check`, of which the tests here are a part and script/test runs the rest: it
    # would run all unit tests a second time. What is not in the tarball and not in debian/ ends dpkg-source.
    cd "$build_dir/plexctl" && dpkg-source -b . && DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" bash -c "${command:-false}"
}
package() {
    echo "$build_dir/$1_${version}-"*.deb
}
quietly build_packages | holds "dpkg-source makes a source package of it, and README's command the packages"
needed "$(package plexctl)" "$(package plexctl-dev)" "$(package plexctl-devserver)"
grep -E 'warning: (".*" redefined|.*\[-W)' "$said" | holds "their flags and configure's own do not clash"
(cd "$build_dir" && lintian --allow-root --fail-on none ./*.changes ./*.dsc) 2>&1 |
    holds "lintian has no errors and no warnings"
git -C "$build_dir/plexctl" status --short | holds "nothing that the build leaves is a change to git"

# The root that they are installed into. What an ordinary user has unpacked there is his own; fakeroot knows better.
root=$scratch/root
mkdir -p "$root"/var/lib/dpkg/{updates,triggers} && cp -R /var/lib/dpkg/{status,info} "$root/var/lib/dpkg"
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(fakeroot -s "$scratch/owners" -i "$scratch/owners")
touch "$scratch/owners"
debian() { # no triggers: what they would run is not in the root
    "${as_root[@]}" dpkg --root="$root" --log="$scratch/dpkg.log" --no-triggers --path-include='/usr/share/*' "$@"
}
installed() {
    find "$root" -mindepth 1 -path "$root/var/lib/dpkg" -prune -o -print | sort
}
installed >"$scratch/before"
home=$scratch/home
mkdir "$home"
as_user=(env HOME="$home" PATH="$root/usr/bin:/usr/bin:/bin" NO_PROXY=localhost no_proxy=localhost)
if [ "$(id -u)" -eq 0 ]; then
    as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups "${as_user[@]}")
    chown 65534:65534 "$home"
fi
cd "$home" || exit 2

for package in plexctl-dev plexctl-devserver; do
    refused "plexctl-.* depends on plexctl \(= $version-" debian -i "$(package "$package")"
    quietly debian --purge "$package"
done | holds "plexctl-dev and plexctl-devserver want plexctl of their version"
dpkg-deb -f "$(package plexctl)" Depends | tr ',' '\n' | awk '{ print $1 }' | sort | xargs |
    diff <(echo libc6 libcurl4 libjson-c5 libqrencode4 libyaml-0-2) - | holds "plexctl depends on its five libraries, and on no more"

quietly debian -i "$(package plexctl)" | holds "plexctl is installed alone"
"${as_user[@]}" plexctl --version 2>&1 | diff <(echo "plexctl $version") - | holds "and tells its version"
refused 'unknown command "devserver"; see .* for what is installed' "${as_user[@]}" plexctl devserver |
    holds "without plexctl-devserver there is no such command"
refused 'install the package plexctl-dev' "${as_user[@]}" plexctl plugin check x.so | holds "without plexctl-dev there is no conformance kit"
quietly debian -i "$(package plexctl-dev)" "$(package plexctl-devserver)" | holds "plexctl-dev and plexctl-devserver are installed"
"${as_root[@]}" find "$root/usr" \( ! -user root -o ! -group root -o -perm /7022 \) ! -type l -printf '%M %u:%g %p\n' 2>&1 |
    holds "every file is root's, and nobody else may write it"
# The manual, and the scripts that `plexctl completion` prints
for page in "$source_dir"/man/*.[1-9]; do
    file=$root/usr/share/man/man${page##*.}/${page##*/}.gz
    zcat "$file" | cmp - "$page"
done 2>&1 | holds "every man page is in a package"
for script in bash:bash-completion/completions/plexctl zsh:zsh/vendor-completions/_plexctl fish:fish/vendor_completions.d/plexctl.fish; do
    "${as_user[@]}" plexctl completion "${script%%:*}" | cmp - "$root/usr/share/${script#*:}"
done 2>&1 | holds "completion is installed for bash, zsh and fish, as plexctl prints it"

# As an operator
server=
"${as_user[@]}" plexctl devserver --port 0 --tls-dir "$home/tls" --interval 1s >"$scratch/server.log" 2>&1 &
server_pid=$!
for _ in $(seq 100); do
    server=$(sed -n 's/^Listening on //p' "$scratch/server.log")
    [ -n "$server" ] && break
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 0.1
done
log_in() {
    export SSL_CERT_FILE=$home/tls/ca.pem
    cat "$scratch/server.log"
    "${as_user[@]}" plexctl login --server "$server" --domain-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0 \
        --idp-binding-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0 2>&1 | while IFS= read -r line; do
        echo "$line"
        case $line in
        https://*"?user_code="*) "$source_dir/script/approve" "$line" ;;
        esac
    done && "${as_user[@]}" plexctl whoami | grep 'alice@example.test'
}
quietly log_in | holds "an ordinary user logs in to the packaged devserver, and whoami answers"
{ kill "$server_pid" && wait "$server_pid"; } 2>/dev/null
server_pid=

# As the author of a plugin, of which only the header's place is not where the compiler looks by itself
export PKG_CONFIG_PATH
PKG_CONFIG_PATH=$(dirname "$root"/usr/lib/*/pkgconfig/plexctl-plugin.pc)
plugindir=$(pkg-config --variable=plugindir plexctl-plugin)
for_everybody() {
    "${as_root[@]}" make "$1" DESTDIR="$root" plugindir="$plugindir" mandir=/usr/share/man
}
write_plugin() {
    "${as_user[@]}" plexctl plugin new hello && cd hello && "${as_user[@]}" make CPPFLAGS="-I$root/usr/include" &&
        "${as_user[@]}" make check && for_everybody install && "${as_user[@]}" plexctl hello world &&
        "${as_user[@]}" plexctl plugin doctor && for_everybody uninstall && "${as_root[@]}" rmdir "$root$plugindir"
}
quietly write_plugin | holds "a new plugin builds, passes the kit, installs where pkg-config says, runs, and goes"
quietly debian --purge plexctl-devserver plexctl-dev plexctl | holds "the packages are purged"
installed | diff "$scratch/before" - | holds "and leave nothing"

last_of_tap
