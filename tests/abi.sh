#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The plugin ABI cannot change by accident. What holds plugin.h, each with its controls: the lock (core/abi_lock.c, compiled
# by every build), the plugin.h of every released minor (tests/abi/v*/plexctl, never edited once released), abidiff between
# those and today's, and the manual. Prints TAP.
#
#   tests/abi.sh SOURCE_DIR
#
# To grow the ABI: append to plugin.h, raise PLEXCTL_ABI_MINOR, append to core/abi_lock.c, add an entry to CHANGES in
# man/plexctl-plugin.7, and freeze the header: mkdir -p tests/abi/v1.N/plexctl && cp include/plexctl/plugin.h "$_", with a
# plugin beside it that uses what is new. No minor is released yet: until 1.0 is, v1.0's copy may be refreshed by
#     cp include/plexctl/plugin.h tests/abi/v1.0/plexctl/plugin.h
set -u

cd "$1" || exit 2
header=include/plexctl/plugin.h
lock=core/abi_lock.c
page=man/plexctl-plugin.7
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# shellcheck source=tests/lib/offences.sh
. tests/lib/offences.sh

# sees WHAT PATTERN: for controls; complains unless what it reads has the pattern.
sees() {
    local said
    said=$(cat)
    grep -qE -- "$2" <<<"$said" || echo "$1: not seen; said was: $said"
}

# change DIR SED: a copy of the header with that change as DIR/plexctl/plugin.h; complains if it is none.
change() {
    mkdir -p "$1/plexctl"
    sed -E "$2" "$header" >"$1/plexctl/plugin.h"
    ! cmp -s "$header" "$1/plexctl/plugin.h" || echo "nothing is changed by $2"
}

lock_compiles() {
    "${CC:-cc}" -std=gnu11 -fsyntax-only -I "$1" "$lock" 2>&1
}

# surface INCLUDE_DIR OBJECT: an object that has all types of that header.
surface() {
    "${CC:-cc}" -std=gnu11 -g -O0 -shared -fPIC -I "$1" -o "$2" tests/abi/surface.c
}

# broken OLD NEW: what abidiff finds but members appended at the end of a record. A suppression of those would not do:
# abidiff (2.2) then passes over everything else that became of the same record.
broken() {
    local said
    said=$(abidiff --harmless --leaf-changes-only --no-show-locs "$1" "$2")
    local status=$?
    [ $((status & 3)) -eq 0 ] || echo "abidiff ends with $status: $said"
    [ "$status" -eq 0 ] && return
    awk '
        /^(Leaf changes|Changed leaf types) summary:/ || /^$/ { next }
        /^Removed\/Changed\/Added (functions|variables) summary: 0 Removed, 0 Changed, 0 Added/ { next }
        /^.struct plexctl_[a-z_]+. changed:$/ { end = -1; next }
        /^  type size changed from [0-9]+ to [0-9]+ \(in bits\)$/ && $7 > $5 { end = $5; next }
        /^  [0-9]+ data member insertions?:$/ && end >= 0 { next }
        /^    .*, at offset [0-9]+ \(in bits\)$/ && end >= 0 && $(NF - 2) >= end { next }
        { print }' <<<"$said"
}

# uncalled HEADER DIR: its services, as noun->service, that no plugin source of DIR calls.
uncalled() {
    awk '
        /^struct plexctl_host_[a-z]+ \{/ { noun = substr($2, 14) }
        /^}/ { noun = "" }
        noun && match($0, /\(\*[a-z0-9_]+\)\(/) { print noun "->" substr($0, RSTART + 2, RLENGTH - 4) }' "$1" |
        while read -r service; do
            grep -qF -- "$service(" "$2"/*.c || echo "$service is called by no plugin of $2"
        done
}

declarations() {
    "${CC:-cc}" -w -fpreprocessed -dD -E -P "$1" | tr -s '[:space:]' ' '
}

for tool in abidiff abidw clang python3 "${CC:-cc}"; do
    command -v "$tool" >/dev/null || echo "$tool is not installed"
done | holds "the tools that hold the ABI are there"

# The lock
python3 tests/abi/lock_covers.py include "$lock" 2>&1 | holds "the lock names everything in plugin.h, once"
for line in 'CONSTANT\(PLEXCTL_DENIED,' 'MEMBER\(plexctl_flag, letter,' 'SERVICE\(plexctl_host_http, send,' 'RECORD\(plexctl_url,'; do
    sed -E "/^$line/d" "$lock" >"$scratch/lock.c"
    python3 tests/abi/lock_covers.py include "$scratch/lock.c" | sees "$line" "^not locked: "
done | holds "control: a lock with a line less is not whole"
{
    change "$scratch/grown" 's/^    const char \*title;.*/&\n    const char *unit;/'
    python3 tests/abi/lock_covers.py "$scratch/grown" "$lock" | sees "member" "^not locked: MEMBER plexctl_column unit"
    lock_compiles "$scratch/grown" | sees "size" "plexctl_column"
} | holds "control: a member appended without the lock knowing is seen"
for target in i386-linux-gnu armv7-linux-gnueabihf aarch64-linux-gnu x86_64-linux-gnu; do
    clang --target=$target -std=gnu11 -ffreestanding -fsyntax-only -I include "$lock" 2>&1 | sed "s/^/$target: /"
done | holds "the lock holds with pointers of four and of eight bytes"

# The headers of released minors
minor=$(sed -n 's/^#define PLEXCTL_ABI_MINOR //p' "$header")
frozen=tests/abi/v1.$minor/plexctl/plugin.h
refresh="release it under a new minor; or, while 1.$minor is not released: cp $header $frozen"
if [ ! -e "$frozen" ]; then
    echo "$frozen is not there: the minor was raised, so freeze it: mkdir -p ${frozen%/*} && cp $header $frozen"
else
    diff <(declarations "$frozen" | sed 's/; /;\n/g') <(declarations "$header" | sed 's/; /;\n/g') || echo "$refresh"
fi | holds "plugin.h declares what tests/abi/v1.$minor froze"
{
    change "$scratch/word" 's/^    int32_t status;/    int64_t status;/'
    [ "$(declarations "$scratch/word/plexctl/plugin.h")" != "$(declarations "$header")" ] || echo "it is not seen"
} | holds "control: a type that differs is a difference"
{
    change "$scratch/word" 's/what failed, on what/what failed and on what/; s/^    int32_t status; +/    int32_t status; /'
    [ "$(declarations "$scratch/word/plexctl/plugin.h")" = "$(declarations "$header")" ] || echo "it counts"
} | holds "control: other words in a comment, and other layout, are none"

surface include "$scratch/today.so" 2>&1 | holds "an object with today's types builds"
grep -oE '^(RECORD|TABLE)\(\w+' "$lock" | sed 's/.*(//' | while read -r record; do
    grep -q "name='$record'" <(abidw "$scratch/today.so") || echo "abidiff does not reach struct $record"
done | holds "abidiff reaches every record of plugin.h"
for dir in tests/abi/v*/; do
    {
        surface "$dir" "$scratch/old.so" 2>&1
        broken "$scratch/old.so" "$scratch/today.so"
    } | holds "since $(basename "$dir") records have only grown at their end"
    uncalled "$dir/plexctl/plugin.h" "$dir" | holds "the plugins of $(basename "$dir") call every service that it had"
done

# What a break looks like, and who sees it: the change to the header, and what abidiff must say of it; the lock sees all.
# abidiff knows types only; it takes two members of the same type that change places, and a const that goes, for the same.
while IFS='|' read -r name edit by_abidiff; do
    dir=$scratch/break$count
    {
        change "$dir" "$edit"
        lock_compiles "$dir" | sees "by the lock" "static assertion failed|no member|undeclared"
        surface "$dir" "$scratch/new.so" 2>&1
        found=$(broken "$scratch/today.so" "$scratch/new.so")
        if [ "$by_abidiff" = yes ]; then
            [ -n "$found" ] || echo "by abidiff: not seen"
        else
            [ -z "$found" ] || echo "by abidiff: seen after all, so say so: $found"
        fi
    } | holds "control, caught by the lock$([ "$by_abidiff" = yes ] && echo " and by abidiff"): $name"
done <<'TABLE'
two members that change places|s/int64_t minimum, maximum;/int64_t maximum, minimum;/|yes
a member of another type|s/^    int32_t status;/    int64_t status;/|yes
a member that loses its sign|s/^    uint64_t body_size;/    int64_t body_size;/|yes
a member inserted|s/^    const char \*content_type;.*/    const char *reason;\n&/|yes
a member inserted, and one appended|s/^    const char \*content_type;.*/    const char *reason;\n&/; s/^    int64_t retry_after_s;.*/&\n    int64_t more;/|yes
a member taken away|s/^    uint32_t reserved;$//|yes
a longer text in the note|s/summary\[96\];/summary[128];/|yes
a service that answers another type|s/int32_t \(\*format\)\(/int64_t (*format)(/|yes
a service that takes one more|s/\(\*cancelled\)\(const struct plexctl_host \*host\)/(*cancelled)(const struct plexctl_host *host, int32_t now)/|yes
a service of another type, and one appended|s/int32_t \(\*format\)\(/int64_t (*format)(/; s/^    plexctl_status \(\*guard\).*/&\n    int32_t (*more)(const struct plexctl_host *host);/|yes
a wider status|s/^typedef int32_t plexctl_status/typedef int64_t plexctl_status/|yes
an export of another name|s/plexctl_plugin_v1/plexctl_plugin_v2/|yes
two services of one type that change places|s/\(\*prefix\)\(/(*swapped)(/; s/\(\*advise\)\(/(*prefix)(/; s/\(\*swapped\)\(/(*advise)(/|no
a const that goes|s/\(\*line\)\(const struct plexctl_host \*host, const char/(*line)(const struct plexctl_host *host, char/|no
a constant of another value|s/^(#define PLEXCTL_DENIED) 6/\1 12/|no
a constant of another type|s/UINT32_C\(8\)/UINT64_C(8)/|no
a minor raised in the header alone|s/^(#define PLEXCTL_ABI_MINOR) .*/\1 99/|no
TABLE
{
    change "$scratch/appended" '/^struct plexctl_host_output \{/,/^\};/ s/^\};/    int32_t (*more)(const struct plexctl_host *host);\n&/
        /^struct plexctl_host \{/,/^\};/ s/^\};/    const void *more;\n&/'
    surface "$scratch/appended" "$scratch/new.so" 2>&1
    [ -n "$(abidiff "$scratch/today.so" "$scratch/new.so")" ] || echo "abidiff sees no change at all"
    broken "$scratch/today.so" "$scratch/new.so"
} | holds "control: what is appended to two tables is no break"
uncalled "$scratch/appended/plexctl/plugin.h" tests/abi/v1.0 | sees "a new one" "^output->more is called by no" |
    holds "control: a service that no plugin calls is seen"

# The manual
has_entry() {
    sed -n '/^\.Sh CHANGES/,/^\.Sh SEE/p' "$page" | grep -qxF ".It $1"
}
if ! has_entry "1.$minor"; then echo "$page has none"; fi | holds "the manual's CHANGES have an entry for 1.$minor"
if has_entry "1.99"; then echo "it is found"; fi | holds "control: an entry for 1.99 is missed"
# unnamed PAGE: services that it does not name; ghosts that the header does not have.
unnamed() {
    diff <(sed -nE 's/^SERVICE\(plexctl_host_([a-z]+), ([a-z0-9_]+),.*/\1->\2/p' "$lock" | sort) \
        <(grep -oE 'Fn [a-z]+->[a-z0-9_]+' "$1" | sed 's/Fn //' | sort -u)
}
unnamed "$page" | holds "the manual names every service, and no other"
sed 's/Fn http->was_sent/Fn http->was_lost/' "$page" >"$scratch/page"
{
    unnamed "$scratch/page" | sees "missing" '^< http->was_sent'
    unnamed "$scratch/page" | sees "ghost" '^> http->was_lost'
} | holds "control: a service left out and one made up are seen"

last_of_tap
