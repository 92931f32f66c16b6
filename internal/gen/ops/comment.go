// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

// accessor names the method of *Op that gives the result.
var accessor = map[effects.Result]string{
	effects.ResErr:        "Err",
	effects.ResIntErr:     "Int",
	effects.ResInt64Err:   "Int64",
	effects.ResUintptrErr: "Uintptr",
	effects.ResInt:        "Val",
	effects.ResNone:       "None",
	effects.ResPtrErr:     "Pointer",
}

// units says what a number of that name counts, for the names that mean the
// same wherever they occur.
var units = map[string]string{
	"offset":  "offset in bytes from the start of the file",
	"off":     "offset in bytes from the start of the file",
	"length":  "length in bytes",
	"dirfd":   "descriptor of the directory at which a relative path begins, or unix.AT_FDCWD",
	"msec":    "time to wait in milliseconds, -1 for ever",
	"whence":  "unix.SEEK_SET, SEEK_CUR or SEEK_END",
	"backlog": "connections that may wait",
}

// verbs says what the kernel does with memory.
var verbs = map[effects.Dir]string{effects.In: "reads", effects.Out: "writes", effects.InOut: "reads and writes"}

// comment is the documentation of a constructor.
func (c *ctor) comment() string {
	var s []string
	what := fmt.Sprintf("%s is the entry that makes the call of %s.%s, %s; its result is %s's.",
		c.name, c.pkg, c.Func.Name, c.man(), accessor[c.Result])
	s = append(s, what)
	memory := make(map[effects.Dir][]string)
	for _, p := range c.params {
		if u := units[p.Name]; u != "" && p.Kind == effects.Integer {
			s = append(s, fmt.Sprintf("%s: %s.", p.Name, u))
		}
		if p.Kind == effects.Sockaddr {
			s = append(s, fmt.Sprintf("%s must be the address of a unix.SockaddrInet4, SockaddrInet6, SockaddrUnix or SockaddrNetlink, "+
				"which has to stay as it is until the table has run; of another type it panics. An address that cannot be encoded gives EINVAL, without a call.", p.Name))
		}
		if p.Kind != effects.Integer && !p.Copied() {
			memory[p.Dir] = append(memory[p.Dir], p.Name)
		}
	}
	for _, d := range []effects.Dir{effects.In, effects.Out, effects.InOut} {
		if names := memory[d]; len(names) == 1 {
			s = append(s, fmt.Sprintf("The call %s what %s points to.", verbs[d], names[0]))
		} else if len(names) > 1 {
			s = append(s, fmt.Sprintf("The call %s what %s point to.", verbs[d], strings.Join(names, " and ")))
		}
	}
	if c.guard() != "" {
		s = append(s, "The error is EINVAL, without a call, if "+c.guard()+".")
	}
	if c.Blocks {
		s = append(s, "It may block.")
	}
	return "// " + wrap(strings.Join(s, " "))
}

func (c *ctor) man() string {
	if c.Man == "" {
		return "a system call without manual page"
	}
	return c.Man
}

func (c *ctor) guard() string {
	for _, e := range c.Linux {
		return c.refused(e, func(p int) string { return c.params[p].Name })
	}
	return ""
}

// wrap breaks a comment's text into lines.
func wrap(text string) string {
	var b strings.Builder
	col := 3
	for i, w := range strings.Fields(text) {
		if i > 0 {
			if col+1+len(w) > 78 {
				b.WriteString("\n// ")
				col = 3
			} else {
				b.WriteByte(' ')
				col++
			}
		}
		b.WriteString(w)
		col += len(w)
	}
	b.WriteByte('\n')
	return b.String()
}
