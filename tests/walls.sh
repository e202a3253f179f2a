#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The walls of the house, each a check (CONTRIBUTING.md says why each stands). Prints TAP.
#
#   tests/walls.sh SOURCE_DIR INSTALLED_PREFIX
set -u

source_dir=$1
prefix=$2
cd "$source_dir" || exit 2

# shellcheck source=tests/lib/offences.sh
. tests/lib/offences.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

needed() {
    readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}

sources() {
    find core include plugins tests/abi tests/unit tests/plugins tests/fuzz tests/torture tests/faults tests/damage tests/bench tests/seeded_faults tests/e2e/lib -name '*.[ch]' | sort
}

# What the walls below read: a wall around nothing would stand for ever.
for tool in readelf nm git cc c++; do
    command -v "$tool" >/dev/null || echo "$tool is not installed"
done | holds "the tools that the walls use are there"
for file in bin/plexctl lib/plexctl/plexctl-http.so include/plexctl/plugin.h \
    lib/plexctl/commands/{login,whoami,profile,devserver}.so; do
    [ -s "$prefix/$file" ] || echo "$prefix/$file is not there"
done | holds "the installed tree is there"
files() {
    git -c safe.directory="*" ls-files # also as root in the clone of another user
}
for list in "sources" "files"; do
    [ "$($list 2>/dev/null | wc -l)" -gt 100 ] || echo "\`$list\` names next to nothing"
done | holds "the source tree is a clone, and is there"

files 2>/dev/null | cut -d / -f 1 | sort -u |
    grep -vxE '\.ci|\.clang-(format|tidy)|\.gitignore|(CHANGELOG|CONTRIBUTING|README|SECURITY)\.md|LICENSE|Makefile\.am|configure\.ac|core|debian|include|man|plexctl-plugin\.pc\.in|plugins|script|tests' |
    holds "nothing else has come to the top of the tree"

# Who includes what
grep -rlE '#include [<"](json-c/|json\.h>|json_)' core plugins | grep -vxE 'core/base/json\.c|.*json_scan\.[ch]' |
    xargs -r grep -nE '#include <json' | holds "json-c is used in core/base/json.c only"
grep -rnE '#include <curl/' core plugins | grep -v '^core/http/' | holds "libcurl is used in core/http only"
grep -rnE '#include <(gelf|libelf)' core plugins | grep -v '^core/check/elf_object\.c:' | holds "libelf is used in core/check/elf_object.c only"
grep -rnE '\bdlopen *\(' core plugins --include='*.c' | grep -vE '^core/(loader|base/late_library)\.c:' |
    holds "dlopen stands in core/loader.c, and for libraries of the system in core/base/late_library.c"
grep -rlE '^LATE_LIBRARY\(' core plugins | grep -vxE 'core/base/json\.c|core/render_yaml\.c' |
    holds "only json-c and libyaml are opened late"
grep -rnE '#include <yaml\.h>' core plugins | grep -v '^core/render_yaml\.c:' | holds "libyaml is used in core/render_yaml.c only"
# Every quoted include of a plugin is a file of that plugin's own directory.
grep -rnE '#include "' plugins --include='*.[ch]' | while IFS=: read -r file line text; do
    included=${text#*\"}
    included=$(realpath -m --relative-to=. "$(dirname "$file")/${included%\"*}")
    [ -f "$included" ] && [ "${included%%/*}/$(cut -d/ -f2 <<<"$included")" = "plugins/$(cut -d/ -f2 <<<"$file")" ] ||
        echo "$file:$line:$text"
done | holds "plugins include plugin.h and their own files only"
grep -rnE '#include "(\.\./)*(plugins|http/client)' core --include='*.[ch]' | holds "core includes nothing of plugins"

# Who does what
grep -rnE '\b(rename|renameat|fsync|mkstemp|unlinkat|O_CREAT|fopen|ftruncate) *[(|]' core --include='*.c' |
    grep -vE '^core/base/file(_lock|_replacement)?\.c:' |
    holds "files are written in core/base/file.c, replaced in file_replacement.c, and locked in file_lock.c, only"
# The lock file is made and stays: whatever else touches files is none of its business.
grep -nE '\b(rename|renameat|fsync|mkstemp|unlinkat|fopen|ftruncate) *\(' core/base/file_lock.c | holds "file_lock only makes its file"
grep -rnE '\bflock *\(|\bF_(OFD_)?SETLKW?\b' core --include='*.c' | grep -v '^core/base/file_lock\.c:' |
    holds "core locks files in core/base/file_lock.c only"
grep -rnE '\b(v?printf|puts|putchar|perror) *\(|\bv?f(printf|puts|putc|write) *\(.*\b(stdout|stderr)\b|\b(dprintf|write) *\( *(1|2|STDOUT_FILENO|STDERR_FILENO)\b' \
    core plugins --include='*.c' | grep -vE '^core/(output|main)\.c:' | holds "libraries never print"
grep -rnE 'config\.json|plexctl/config' core plugins --include='*.c' | grep -vE '^core/(credential_store|config_[a-z]+)\.c:' |
    holds "nobody but the credential store knows the config file's path"
# "profile" is also the name of a persistent flag, so it cannot be looked for.
grep -rnE '"(login|whoami|devserver)(\.so)?"' core --include='*.[ch]' | grep -vE ':[0-9]+: \*|/\*' | holds "core names no plugin"
grep -rnE '\b(exit|_exit|abort|signal|sigaction|setenv|putenv|system|popen|getenv) *\(' plugins --include='*.c' |
    holds "plugins neither exit, nor catch signals, nor read or write the environment"

# Size
sources | xargs wc -l | awk '$2 != "total" && $1 > 400 && $2 !~ /\/plexctl\/plugin\.h$/ { print $2 ": " $1 " lines" }' |
    holds "no source file has more than 400 lines"
sources | grep '\.c$' | xargs awk '
    FNR == 1 { start = 0 }
    /^{$/ { start = FNR }
    /^}/ { if (start && FNR - start - 1 > 60) print FILENAME ":" start ": " FNR - start - 1 " lines"; start = 0 }
' | holds "no function has more than 60 lines"
too_wide() {
    xargs awk 'length > 120 { print FILENAME ":" FNR ": " length " columns" }'
}
printf '%120s\n%121s\n' "" "" >"$scratch/wide.c"
found=$(echo "$scratch/wide.c" | too_wide)
{ [ "$found" = "$scratch/wide.c:2: 121 columns" ] || echo "of 120 and 121 columns it finds: $found"; } | holds "a line that is too wide is found"
sources | too_wide | holds "no line of a source file is wider than 120 columns"
sources | xargs grep -L 'SPDX-License-Identifier: Apache-2.0' | holds "every source file carries its licence"
files 2>/dev/null | xargs -r -d '\n' grep -lI -E '\.\./shared|/work/' 2>/dev/null | grep -v '^tests/walls\.sh$' |
    holds "nothing points outside the repository"

# What is linked
needed "$prefix/bin/plexctl" | grep -vE '^(libc\.so|ld-linux)' | holds "the executable needs libc only"
noted=$(readelf -p .note.dlopen "$prefix/bin/plexctl" | grep -oE 'lib[^"]*\.so\.[0-9]+' | sort | tr '\n' ' ')
{ [[ $noted =~ ^libjson-c\.so\.[0-9]+\ libyaml-0\.so\.[0-9]+\ $ ]] || echo "they name: $noted"; } | holds "what it opens late stands in its notes"
needed "$prefix/lib/plexctl/plugin-check" | grep -vE '^(libc\.so|libelf\.so|ld-linux)' | holds "the conformance kit needs libelf as well, and nothing else"
for plugin in whoami profile; do
    needed "$prefix/lib/plexctl/commands/$plugin.so" | grep -vE '^libc\.so'
done | holds "the plugins need libc only"
needed "$prefix/lib/plexctl/commands/login.so" | grep -vE '^(libc\.so|libqrencode\.so)' | holds "login needs libqrencode as well, and nothing else"
for plugin in "$prefix"/lib/plexctl/commands/*.so; do
    nm -D --defined-only "$plugin" | awk '{ print $3 }' | grep -vxE 'plexctl_plugin_v1|__bss_start|_edata|_end|_init|_fini' | sed "s|^|$plugin: |"
done | holds "a plugin exports one symbol"

# The public header stands alone
printf '#include <plexctl/plugin.h>\nint main(void) { return 0; }\n' >"$scratch/alone.c"
cp "$scratch/alone.c" "$scratch/alone.cc"
"${CC:-cc}" -std=c99 -pedantic -Wall -Wextra -Werror -I "$prefix/include" -fsyntax-only "$scratch/alone.c" 2>&1 |
    holds "plugin.h compiles alone as C99"
"${CXX:-c++}" -std=c++11 -pedantic -Wall -Wextra -Werror -I "$prefix/include" -fsyntax-only "$scratch/alone.cc" 2>&1 |
    holds "plugin.h compiles alone as C++"
grep -vE '^ ?\*|^/\*|/\*' "$prefix/include/plexctl/plugin.h" | grep -nE '\b(long|time_t|FILE|errno|va_list|enum|bool)\b' |
    holds "plugin.h has standard fixed-width types only"

last_of_tap
