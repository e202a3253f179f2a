/* SPDX-License-Identifier: Apache-2.0
 *
 * In these scripts nothing that was typed or answered is ever evaluated: it is passed on in quoted words.
 */
#include "completion.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"

/* For 4.3 and later, without the bash-completion package. The answer is quoted as bash wants it, and begins where the
 * text begins that bash replaces. */
static const char bash[] = "# bash completion for plexctl, printed by `plexctl completion bash`\n"
                           "# shellcheck shell=bash\n\n"
                           "_plexctl() {\n"
                           "    local -a answer=()\n"
                           "    COMPREPLY=()\n"
                           "    mapfile -t answer < <(command plexctl __complete bash \"${COMP_LINE:0:COMP_POINT}\" "
                           "\"$COMP_WORDBREAKS\" 2>/dev/null)\n"
                           "    case ${answer[0]-} in\n"
                           "    words) COMPREPLY=(\"${answer[@]:1}\") ;;\n"
                           "    files*) compopt -o default ;;\n"
                           "    esac\n"
                           "}\n\n"
                           "complete -F _plexctl plexctl\n";

static const char zsh[] = "#compdef plexctl\n"
                          "# zsh completion for plexctl, printed by `plexctl completion zsh`\n\n"
                          "_plexctl() {\n"
                          "    local line tab=$'\\t' expl\n"
                          "    local -a answer found shown\n"
                          "    local -i width=0\n"
                          "    answer=(\"${(@f)$(command plexctl __complete words \"${(@Q)words[2,CURRENT-1]}\" "
                          "\"${(Q)PREFIX}\" 2>/dev/null)}\")\n"
                          "    if [[ $answer[1] == files* ]]; then\n"
                          "        compset -p ${answer[1]#files }\n"
                          "        _files\n"
                          "        return\n"
                          "    fi\n"
                          "    [[ $answer[1] == words && $#answer -gt 1 ]] || return\n"
                          "    found=(\"${(@)answer[2,-1]%%$tab*}\")\n"
                          "    for line in \"${(@)found}\"; do\n"
                          "        (( $#line <= width )) || width=$#line\n"
                          "    done\n"
                          "    for line in \"${(@)answer[2,-1]}\"; do\n"
                          "        if [[ -n ${line#*$tab} ]]; then\n"
                          "            shown+=(\"${(r:width:)line%%$tab*}  -- ${line#*$tab}\")\n"
                          "        else\n"
                          "            shown+=(\"${line%$tab}\")\n"
                          "        fi\n"
                          "    done\n"
                          "    _wanted words expl word compadd -l -d shown -a found\n"
                          "}\n\n"
                          "if [[ ${funcstack[1]} == _plexctl ]]; then\n"
                          "    _plexctl \"$@\"\n"
                          "else\n"
                          "    compdef _plexctl plexctl\n"
                          "fi\n";

/* Without -f in force fish offers files. It puts in a leading "~" without a backslash, so that another word would come
 * of it. */
static const char fish[] =
    "# fish completion for plexctl, printed by `plexctl completion fish`\n\n"
    "function __plexctl_answer\n"
    "    set -l before (commandline -opc)\n"
    "    set -l raw (commandline -ct)\n"
    "    set -l typed (string unescape -- $raw; or string unescape -- $raw\\'; or string unescape -- $raw\\\")\n"
    "    set -g __plexctl_words (command plexctl __complete words $before[2..-1] \"$typed\" 2>/dev/null | "
    "string match -v '~*')\n"
    "    string match -q 'files*' -- \"$__plexctl_words[1]\"\n"
    "    and return 1\n"
    "    set -e __plexctl_words[1]\n"
    "    return 0\n"
    "end\n\n"
    "complete -c plexctl -n __plexctl_answer -k -f -a '$__plexctl_words'\n";

static const struct script {
    const char *shell, *text;
} scripts[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};

plexctl_status completion_script(const char *shell, const char **ret_script, struct error *err)
{
    auto_buf struct buf shown = BUF_FIXED(ERROR_TEXT_SIZE);

    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        if (strcmp(shell, scripts[i].shell) == 0) {
            *ret_script = scripts[i].text;
            return PLEXCTL_OK;
        }
    }
    text_sanitise(&shown, shell, strlen(shell), TEXT_SERVER_MAX_BYTES);
    return error_set(err, PLEXCTL_USAGE, "there is no completion for \"%s\"; use bash, zsh or fish", buf_text(&shown));
}
