// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// Package util is another package of the module that generated programs are
// part of: functions that a rewriter sees from outside only, some of which do
// nothing but calculate, and some of which just look like it.
package util

import (
	"iter"
	"strings"

	"github.com/autobatch/autobatch/internal/progen/rt"
)

// Conf is what a program's user chose; programs are often handed none (nil).
type Conf struct {
	NoDelay, Sync bool
	Mode          uint32
	N             int
	Size          int64
	Names         []string
	Next          *Conf
}

// Want only looks at its receiver, and panics when there is none.
func (c *Conf) Want(n int) bool { return c.N > n }

// ModeOr copes with none.
func (c *Conf) ModeOr(mode uint32) uint32 {
	if c == nil || c.Mode == 0 {
		return mode
	}
	return c.Mode
}

// Title is given a copy.
func (c Conf) Title() string {
	if len(c.Names) > 0 {
		return c.Names[0]
	}
	return "a"
}

// Here is the same file by another name.
func Here(name string) string { return "./" + name }

// Twice calculates.
func Twice(n int) int { return 2 * n }

// Mode makes a mode of any number.
func Mode(n int) uint32 { return 0o600 | uint32(n)&0o77 }

// Plain says whether a name has no folder in it.
func Plain(name string) bool { return !strings.Contains(name, "/") }

// Digits has a loop in it, which ends.
func Digits(n int) string {
	s := ""
	for n = n & 0xff; n > 0; n /= 10 {
		s = string(rune('0'+n%10)) + s
	}
	return "n" + s
}

// Depth calls itself.
func Depth(n int) int {
	if n <= 0 || n > 9 {
		return 0
	}
	return 1 + Depth(n-1)
}

// Known panics for one name.
func Known(name string) string {
	if name == "none" {
		panic("util: nobody knows " + name)
	}
	return name
}

var ticks int

func init() { rt.OnReset(func() { ticks = 0 }) }

// Tick gives another number every time.
func Tick() int {
	ticks++
	return ticks & 3
}

// Current reads what Tick writes.
func Current() string { return Names(4)[ticks&3] }

// Say is heard.
func Say(name string) string {
	rt.Print("util", name)
	return name
}

// Shown counts how often it is shown: formatting one has an effect.
type Shown struct{ Name string }

func (s Shown) String() string {
	ticks++
	return s.Name
}

// Names lists n files that exist when a program starts.
func Names(n int) []string {
	all := [...]string{"a", "b", "c", "d/x", "l", "d", "e", "a", "./b", "d/../c"}
	list := make([]string, n)
	for i := range list {
		list[i] = all[i%len(all)]
	}
	return list
}

// Mixed is Names with a name that does not exist at bad, 2*bad+1, and so on.
func Mixed(n, bad int) []string {
	list := Names(n)
	for i := bad; i < n; i = 2*i + 1 {
		list[i] = "none"
	}
	return list
}

// New lists n names of which no file exists when a program starts.
func New(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = "e/" + Digits(i+1)
	}
	return list
}

// Ints repeats the values until there are n.
func Ints(n int, values ...int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = values[i%len(values)]
	}
	return list
}

// Chan is a closed channel with the list in it.
func Chan[T any](list []T) chan T {
	c := make(chan T, len(list))
	for _, v := range list {
		c <- v
	}
	close(c)
	return c
}

// Each goes over a list.
func Each[T any](list []T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i, v := range list {
			if !yield(i, v) {
				return
			}
		}
	}
}

// Noisy goes over a list, and one hears where it is.
func Noisy[T any](list []T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i, v := range list {
			if i%8 == 0 {
				rt.Print("noisy", i)
			}
			if !yield(i, v) {
				rt.Print("enough", i)
				return
			}
		}
	}
}
