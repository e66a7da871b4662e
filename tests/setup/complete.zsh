# SPDX-License-Identifier: BSD-2-Clause
# What zsh offers behind each command line, which is an argument: its words, then a line with a dot.
# Usage: zsh -f complete.zsh FOLDER LINE...; FOLDER has the completion.
zmodload zsh/zpty || exit 2
folder=$1
shift

# Completion works on a terminal only: a second zsh has one, and prints there what it finds.
zpty zsh env "FOLDER=$folder" TERM=dumb zsh -f -i
zpty -w zsh 'PS1= PS2= RPS1=; unsetopt zle_bracketed_paste prompt_cr prompt_sp; stty -echo'
zpty -w zsh 'fpath=("$FOLDER" $fpath); autoload -Uz compinit; compinit -D -u'
# A compadd that fills arrays offers nothing.
zpty -w zsh 'compadd() {
    if [[ " ${@[1,(i)(-|--)]} " == *" -"(O|A|D)" "* ]]; then builtin compadd "$@"; return; fi
    local -a found
    builtin compadd -O found "$@"
    (( $#found )) && print -l -- "<<"${^found}">>"
    builtin compadd "$@"
}'
zpty -w zsh 'offered() { compstate[insert]=; compstate[list]=; print "<<.>>" }'
zpty -w zsh 'all() { comppostfuncs=(offered); _main_complete; }'
zpty -w zsh 'zle -C all list-choices all; bindkey "^I" all; print "<<"ready">>"'
zpty -r zsh answer '*<<ready>>*' || exit 1

for line; do
    zpty -w -n zsh "$line"$'\t'
    zpty -r zsh answer '*<<.>>*' || exit 1
    print -r -- "$answer" | sed -n 's/.*<<\(.*\)>>.*/\1/p'
    zpty -w -n zsh $'\C-u'
done
zpty -d zsh
