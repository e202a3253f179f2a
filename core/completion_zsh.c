/* SPDX-License-Identifier: Apache-2.0
 *
 * The script for zsh. Foreign text stands in single quotes and goes to _describe only: the specifications of _arguments
 * are evaluated.
 */
#include "completion_model.h"
#include "options.h"

static const char head[] = "#compdef plexctl\n"
                           "# zsh completion for plexctl, printed by `plexctl completion zsh`\n\n";

static const char body[] = "_plexctl_offer_value() {\n"
                           "    if [[ -n $files ]]; then\n"
                           "        _files\n"
                           "    elif (( $#choices )); then\n"
                           "        compadd -- \"${choices[@]}\"\n"
                           "    fi\n"
                           "}\n\n"
                           "_plexctl() {\n"
                           "    emulate -L zsh\n"
                           "    local at='' flag='' ended='' files='' word name\n"
                           "    local -a choices names flags\n"
                           "    for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
                           "        if [[ -n $flag ]]; then\n"
                           "            flag=''\n"
                           "        elif [[ -n $ended || $word == --*=* ]]; then\n"
                           "            :\n"
                           "        elif [[ $word == -- ]]; then\n"
                           "            ended=1\n"
                           "        elif [[ $word == -* ]]; then\n"
                           "            ! _plexctl_value \"$at\" \"$word\" || flag=$word\n"
                           "        else\n"
                           "            _plexctl_names \"$at\"\n"
                           "            for name in \"${names[@]}\"; do\n"
                           "                [[ ${name%%:*} != \"$word\" ]] || at=\"${at:+$at }$word\"\n"
                           "            done\n"
                           "            [[ -n $at ]] || at='?'\n"
                           "        fi\n"
                           "    done\n"
                           "    if [[ -n $flag ]]; then\n"
                           "        ! _plexctl_value \"$at\" \"$flag\" || _plexctl_offer_value\n"
                           "    elif [[ -z $ended && $PREFIX == --*=* ]]; then\n"
                           "        if _plexctl_value \"$at\" \"${PREFIX%%=*}\"; then\n"
                           "            compset -P '*='\n"
                           "            _plexctl_offer_value\n"
                           "        fi\n"
                           "    elif [[ -z $ended && $PREFIX == -* ]]; then\n"
                           "        _plexctl_flags \"$at\"\n"
                           "        _describe -o flag flags\n"
                           "    else\n"
                           "        _plexctl_names \"$at\"\n"
                           "        (( $#names )) && _describe command names\n"
                           "    fi\n"
                           "}\n\n"
                           "if [[ ${funcstack[1]} == _plexctl ]]; then\n"
                           "    _plexctl \"$@\"\n"
                           "else\n"
                           "    compdef _plexctl plexctl\n"
                           "fi\n";

/* 'word:description'; a word holds no colon. */
static void append_entry(struct buf *out, const char *dashes, const char *word, const char *description)
{
    auto_buf struct buf entry = BUF_INIT(SIZE_MAX / 2);

    buf_appendf(&entry, "%s%s:", dashes, word);
    completion_safe(&entry, description);
    buf_append_text(out, "\n        ");
    completion_quote(out, buf_text(&entry));
    if (entry.failed != PLEXCTL_OK)
        out->failed = entry.failed;
}

static void print_name(struct buf *out, const char *word, const char *summary)
{
    append_entry(out, "", word, summary);
}

static void print_flag(struct buf *out, const char *path, const struct plexctl_flag *flag)
{
    const char letter[] = {(char)flag->letter, '\0'};

    (void)path;
    append_entry(out, "--", flag->name, flag->help);
    if (flag->letter)
        append_entry(out, "-", letter, flag->help);
}

void completion_zsh(const struct completion_model *model, struct buf *out)
{
    buf_append_text(out, head);
    completion_value_function(model, out);
    completion_name_function(model, print_name, out);
    completion_flag_function(model, print_flag, out);
    buf_append_text(out, body);
}
