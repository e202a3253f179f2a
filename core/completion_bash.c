/* SPDX-License-Identifier: Apache-2.0
 *
 * The script for bash 4.2 and later, without the bash-completion package. Foreign text stands in single quotes and is
 * never given to compgen -W, which evaluates its words.
 */
#include "completion_model.h"
#include "options.h"

static const char head[] = "# bash completion for plexctl, printed by `plexctl completion bash`\n"
                           "# shellcheck shell=bash\n\n";

static const char body[] =
    "# Offers the words that begin with what is typed.\n"
    "_plexctl_offer() {\n"
    "    local candidate quoted\n"
    "    for candidate in \"$@\"; do\n"
    "        [[ $candidate == \"$typed\"* ]] || continue\n"
    "        printf -v quoted %q \"$candidate\"\n"
    "        COMPREPLY+=(\"$before$quoted\")\n"
    "    done\n"
    "}\n\n"
    "_plexctl_offer_value() {\n"
    "    _plexctl_offer \"${choices[@]}\"\n"
    "    [[ -n $files ]] || return 0\n"
    "    mapfile -t COMPREPLY < <(compgen -f -- \"$typed\")\n"
    "    COMPREPLY=(\"${COMPREPLY[@]/#/$before}\")\n"
    "    compopt -o filenames 2>/dev/null\n"
    "}\n\n"
    "# Reads the words before the cursor: sets at (command words), flag (whose value is due), ended (by --).\n"
    "_plexctl_read() {\n"
    "    local i word name\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        if [[ -n $flag ]]; then\n"
    "            [[ $word == '=' ]] || flag=''\n"
    "        elif [[ -n $ended ]]; then\n"
    "            :\n"
    "        elif [[ $word == '--' ]]; then\n"
    "            ended=1\n"
    "        elif [[ $word == '=' ]]; then\n"
    "            flag='='\n"
    "        elif [[ $word == -* ]]; then\n"
    "            ! _plexctl_value \"$at\" \"$word\" || flag=$word\n"
    "        else\n"
    "            _plexctl_names \"$at\"\n"
    "            for name in \"${names[@]}\"; do\n"
    "                [[ $name != \"$word\" ]] || at=\"${at:+$at }$word\"\n"
    "            done\n"
    "            [[ -n $at ]] || at='?'\n"
    "        fi\n"
    "    done\n"
    "}\n\n"
    "_plexctl() {\n"
    "    local typed=${COMP_WORDS[COMP_CWORD]} before='' at='' flag='' ended='' files=''\n"
    "    local -a choices=() names=() flags=()\n"
    "    COMPREPLY=()\n"
    "    _plexctl_read\n"
    "    [[ $typed != '=' ]] || typed=''\n"
    "    if [[ -n $flag ]]; then\n"
    "        ! _plexctl_value \"$at\" \"$flag\" || _plexctl_offer_value\n"
    "    elif [[ -z $ended && $typed == --*=* ]]; then\n"
    "        before=${typed%%=*}=\n"
    "        typed=${typed#*=}\n"
    "        ! _plexctl_value \"$at\" \"${before%=}\" || _plexctl_offer_value\n"
    "    elif [[ -z $ended && $typed == -* ]]; then\n"
    "        _plexctl_flags \"$at\"\n"
    "        _plexctl_offer \"${flags[@]}\"\n"
    "    else\n"
    "        _plexctl_names \"$at\"\n"
    "        _plexctl_offer \"${names[@]}\"\n"
    "    fi\n"
    "}\n\n"
    "complete -F _plexctl plexctl\n";

static void print_name(struct buf *out, const char *word, const char *summary)
{
    (void)summary;
    buf_appendf(out, " %s", word);
}

static void print_flag(struct buf *out, const char *path, const struct plexctl_flag *flag)
{
    (void)path;
    buf_appendf(out, " --%s", flag->name);
    if (flag->letter)
        buf_appendf(out, " -%c", (char)flag->letter);
}

void completion_bash(const struct completion_model *model, struct buf *out)
{
    buf_append_text(out, head);
    completion_value_function(model, out);
    completion_name_function(model, print_name, out);
    completion_flag_function(model, print_flag, out);
    buf_append_text(out, body);
}
