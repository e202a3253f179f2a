# fish completion for plexctl, printed by `plexctl completion fish`

function __plexctl_answer
    set -l before (commandline -opc)
    set -l raw (commandline -ct)
    set -l typed (string unescape -- $raw; or string unescape -- $raw\'; or string unescape -- $raw\")
    set -g __plexctl_words (command plexctl __complete words $before[2..-1] "$typed" 2>/dev/null | string match -v '~*')
    string match -q 'files*' -- "$__plexctl_words[1]"
    and return 1
    set -e __plexctl_words[1]
    return 0
end

complete -c plexctl -n __plexctl_answer -k -f -a '$__plexctl_words'
