#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Prints a table of embedded_file.h as C, a row a file. A row has the name of the file's directory, and the file's own
# without ".in", with "dot" before a '.' that would hide it here, and NAME for the command word.
#
#   embed.sh TABLE FILE...
set -eu

table=$1
shift
echo '/* Made by core/embed.sh. */'
echo '#include "embedded_file.h"'
rows=
count=0
for file; do
    directory=$(basename "$(dirname "$file")")
    name=$(basename "$file" .in | sed 's/^dot\././; s/NAME/@name@/')
    echo "static const char text_${count}[] = {"
    od -An -v -tu1 "$file" | sed 's/[0-9][0-9]*/&,/g'
    echo '0};'
    rows="$rows    {\"$directory\", \"$name\", text_$count},
"
    count=$((count + 1))
done
printf 'const struct embedded_file %s[] = {\n%s};\n' "$table" "$rows"
echo "const size_t ${table}_count = $count;"
