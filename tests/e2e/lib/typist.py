# SPDX-License-Identifier: Apache-2.0
#
# Types into an interactive shell on a pseudo-terminal, and tells what then stands on its command line.
#
#   typist.py bash|zsh|fish SCRIPT DIRECTORY   standard input: a JSON array of keys to type, a line each;
#                                         standard output: a JSON array of the lines that came of them
#
# SCRIPT is the shell's completion script. "\t" in the keys is Tab, "\u0018a" (C-x a) puts all candidates in.
import json
import os
import pty
import select
import sys

LIMIT_S = 60  # ends only a shell that hangs

RC = {
    "bash": r"""
source "$SCRIPT"
bind 'set enable-bracketed-paste off' 'set bell-style none' 2>/dev/null
bind 'set bell-style none'
bind '"\C-xa": insert-completions'
bind -x '"\C-xd": printf "%s\0" "$READLINE_LINE" >"$REPORT"; READLINE_LINE='
PROMPT_COMMAND='printf "ready\0" >"$REPORT"; PROMPT_COMMAND='
""",
    "zsh": r"""
autoload -Uz compinit
compinit -u -D
source "$SCRIPT"
unsetopt beep auto_menu
setopt interactive_comments
report() { print -rn -- "$BUFFER"$'\0' >$REPORT; BUFFER= }
zle -N report
bindkey '^Xd' report
zle -C all-matches complete-word _generic
zstyle ':completion:all-matches:*' completer _all_matches _complete
zstyle ':completion:all-matches:*' insert true
bindkey '^Xa' all-matches
zle-line-init() { print -rn -- $'ready\0' >$REPORT; zle -D zle-line-init }
zle -N zle-line-init
""",
    "fish": r"""
source $SCRIPT
set -g fish_greeting
set -g fish_autosuggestion_enabled 0
bind \cxd 'printf "%s\0" (commandline | string collect) >$REPORT; commandline ""'
function ready --on-event fish_prompt; functions -e ready; printf "ready\0" >$REPORT; end
""",
}
RC_FILE = {"bash": "rc", "zsh": ".zshrc", "fish": "rc"}
COMMAND = {
    "bash": ["bash", "--noprofile", "--rcfile", "rc", "-i"],
    "zsh": ["zsh", "-d", "-i"],
    "fish": ["fish", "--no-config", "-i", "-C", "source rc"],
}


def start(shell, script, directory):
    with open(os.path.join(directory, RC_FILE[shell]), "w", encoding="utf-8") as file:
        file.write(RC[shell])
    report = os.path.join(directory, "report")
    os.mkfifo(report)
    reports = os.open(report, os.O_RDWR)
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(directory)
        os.environ.update(SCRIPT=script, REPORT=report, ZDOTDIR=directory, TERM="dumb", PS1="> ", HISTFILE="/dev/null")
        os.execvp(COMMAND[shell][0], COMMAND[shell])
    return terminal, reports


def next_report(terminal, reports, kept=bytearray()):
    while b"\0" not in kept:
        ready, _, _ = select.select([terminal, reports], [], [], LIMIT_S)
        if not ready:
            sys.exit("the shell does not answer")
        if terminal in ready:
            sys.stderr.buffer.write(os.read(terminal, 65536))
        if reports in ready:
            kept += os.read(reports, 65536)
    text, _, rest = bytes(kept).partition(b"\0")
    kept[:] = rest
    return text.decode()


def main():
    terminal, reports = start(*sys.argv[1:])
    next_report(terminal, reports)
    lines = []
    for keys in json.load(sys.stdin):
        os.write(terminal, keys.encode() + b"\x18d")
        lines.append(next_report(terminal, reports))
    json.dump(lines, sys.stdout)


main()
