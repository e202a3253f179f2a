#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Prints core/plugin_template.c: the templates as C. A template lies in the directory of its build system, or in all/;
# its file's name is without ".in", with "dot" before a '.' that would hide it here, and NAME for the command word.
#
#   embed.sh TEMPLATE...
set -eu

echo '/* Made by core/plugin_template/embed.sh. */'
echo '#include "plugin_template.h"'
rows=
count=0
for template; do
    build=$(basename "$(dirname "$template")")
    file=$(basename "$template" .in | sed 's/^dot\././; s/NAME/@name@/')
    echo "static const char template_${count}[] = {"
    od -An -v -tu1 "$template" | sed 's/[0-9][0-9]*/&,/g'
    echo '0};'
    rows="$rows    {\"$build\", \"$file\", template_$count},
"
    count=$((count + 1))
done
printf 'const struct plugin_template plugin_templates[] = {\n%s};\n' "$rows"
echo "const size_t plugin_templates_count = $count;"
