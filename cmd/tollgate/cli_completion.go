package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish: source <(tollgate completion bash), source <(tollgate completion zsh), or tollgate completion fish | source."`
}

// Run prints what makes a shell complete the names of commands and flags.
func (c *completionCmd) Run(s *session) error {
	parser, err := kong.New(&commands{}, kong.Name("tollgate"))
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(s.stdout, completions[c.Shell].of(parser.Model.Node))
	return err
}

// completion is how a shell is told what may follow. All of them find out first which command
// is typed, one word after another; then they say nothing if a value follows, and the shell
// completes files.
type completion struct {
	script string // with the words <commands>, <valued> and <rows>
	or     string // between the patterns of a case
	row    string // of a command: its name, what may follow it, and its flags
}

var completions = map[string]completion{
	"bash": {`_tollgate() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} at=tollgate subs= flags= word
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case "$at $word" in <commands>) at="$at $word" ;; esac
	done
	case $prev in <valued>) return ;; esac
	case $at in
<rows>	esac
	if [[ $cur == -* ]]; then subs=$flags; fi
	COMPREPLY=($(compgen -W "$subs" -- "$cur"))
}
complete -o default -F _tollgate tollgate
`, "|", "\t'%s') subs='%s' flags='%s' ;;\n"},
	"zsh": {`#compdef tollgate
_tollgate() {
	local prev=${words[CURRENT-1]} at=tollgate subs= flags= word
	for word in "${(@)words[2,CURRENT-1]}"; do
		case "$at $word" in <commands>) at="$at $word" ;; esac
	done
	case $prev in <valued>) _files; return ;; esac
	case $at in
<rows>	esac
	if [[ $PREFIX == -* ]]; then subs=$flags; fi
	if [[ -n $subs ]]; then compadd -- ${=subs}; else _files; fi
}
if [[ ${funcstack[1]} == _tollgate ]]; then _tollgate; else compdef _tollgate tollgate; fi
`, "|", "\t'%s') subs='%s' flags='%s' ;;\n"},
	"fish": {`function __tollgate
	set -l at tollgate
	set -l before (commandline -opc)
	for word in $before[2..]
		switch "$at $word"
			case <commands>
				set at "$at $word"
		end
	end
	switch "$before[-1]"
		case <valued>
			return
	end
	switch $at
<rows>	end
	if string match -q -- '-*' (commandline -ct)
		set subs $flags
	end
	string split -n ' ' -- $subs
end
complete -c tollgate -n 'test -n "$(__tollgate)"' -f -a '(__tollgate)'
`, " ", "\t\tcase '%s'\n\t\t\tset -f subs '%s'\n\t\t\tset -f flags '%s'\n"},
}

// of is the script for a program.
func (c completion) of(program *kong.Node) string {
	var names, valued []string
	rows := ""
	var add func(n *kong.Node, name string)
	add = func(n *kong.Node, name string) {
		var subs, flags []string
		for _, p := range n.Positional {
			subs = append(subs, strings.FieldsFunc(p.Enum, func(r rune) bool { return r == ',' })...)
		}
		for _, sub := range n.Children {
			subs = append(subs, sub.Name)
			add(sub, name+" "+sub.Name)
		}
		for _, f := range slices.Concat(n.AllFlags(true)...) {
			flags = append(flags, "--"+f.Name)
			if f.Tag.Negatable != "" {
				flags = append(flags, "--no-"+f.Name)
			}
			if !f.IsBool() {
				valued = append(valued, "--"+f.Name)
			}
			if !f.IsBool() && f.Short != 0 {
				valued = append(valued, "-"+string(f.Short))
			}
		}
		names = append(names, "'"+name+"'")
		rows += fmt.Sprintf(c.row, name, strings.Join(subs, " "), strings.Join(flags, " "))
	}
	add(program, program.Name)
	slices.Sort(valued)
	return strings.NewReplacer("<commands>", strings.Join(names, c.or), "<valued>", strings.Join(slices.Compact(valued), c.or), "<rows>", rows).Replace(c.script)
}
