// SPDX-License-Identifier: BSD-3-Clause

// Package rtdecl holds the declarations of batchrt.
package rtdecl

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

var word = regexp.MustCompile(`\b[A-Z]\w*`)

// Source returns the declarations of package batchrt as Go source.
func Source() string {
	var b strings.Builder
	b.WriteString("package batchrt\nimport (\"unsafe\"; \"syscall\"; \"golang.org/x/sys/unix\")\nvar _ unsafe.Pointer; var _ syscall.Errno; var _ unix.Errno\n")
	b.WriteString(`type Op struct{}
type Arena struct{}
func Run(ops []Op)
func KeepAlive(x any)
func (o Op) OrStop() Op
func (o Op) StopOnSuccess() Op
func (o Op) StopOnZero() Op
func (o Op) StopOnPositive() Op
func (o *Op) Ran() bool
func (o *Op) Err() error
func (o *Op) Int() (int, error)
func (o *Op) Int64() (int64, error)
func (o *Op) Uintptr() (uintptr, error)
func (o *Op) Val() int
func (o *Op) None()
func (o *Op) ErrOr(func() error) error
func (o *Op) IntOr(func() (int, error)) (int, error)
func (o *Op) Int64Or(func() (int64, error)) (int64, error)
func (o *Op) UintptrOr(func() (uintptr, error)) (uintptr, error)
func (o *Op) ValOr(func() int) int
func (o *Op) NoneOr(func())
`)
	emit := func(name, q string, ps []effects.Param) {
		recv := ""
		var l []string
		for i, p := range ps {
			if p.Kind == effects.Path {
				recv = "(a *Arena) "
			}
			t := p.Type
			if q == "unix." && !strings.Contains(t, ".") {
				t = word.ReplaceAllString(t, q+"$0")
			}
			l = append(l, fmt.Sprintf("p%d %s", i, t))
		}
		fmt.Fprintf(&b, "func %s%s(%s) Op\n", recv, name, strings.Join(l, ", "))
	}
	for _, f := range effects.All() {
		if !f.Possible() {
			continue
		}
		emit(f.Name, "unix.", f.Params)
		if f.StdParams != nil {
			emit("Sys"+f.Name, "", f.StdParams)
		}
	}
	return b.String()
}
