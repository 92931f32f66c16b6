// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// accepted are right edits in forms that the goldens do not have.
var accepted = []struct{ name, orig, edited string }{
	{"a nil check in front", `
type node struct {
	fd   int
	path string
	name string
}

func f(n *node, q string) error {
	if n == nil || q == "" {
		return nil
	}
	if err := unix.Unlink(q); err != nil {
		return err
	}
	if err := unix.Chmod(n.path, 0o600); err != nil {
		return err
	}
	fmt.Println(n)
	return nil
}`, `
type node struct {
	fd   int
	path string
	name string
}

func f(n *node, q string) error {
	if n == nil || q == "" {
		return nil
	}
	var arena batchrt.Arena
	ops := []batchrt.Op{
		arena.Unlink(q),
		arena.Chmod(n.path, 0o600),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		return err
	}
	if err := ops[1].Err(); err != nil {
		return err
	}
	fmt.Println(n)
	return nil
}`},
	{"a pointer to a new object", `
func f(p, q string) (*unix.Stat_t, *unix.Stat_t, error) {
	a, b := new(unix.Stat_t), &unix.Stat_t{}
	if err := unix.Lstat(p, a); err != nil {
		return nil, nil, err
	}
	err := unix.Lstat(q, b)
	return a, b, err
}`, `
func f(p, q string) (*unix.Stat_t, *unix.Stat_t, error) {
	a, b := new(unix.Stat_t), &unix.Stat_t{}
	var arena batchrt.Arena
	ops := []batchrt.Op{
		arena.Lstat(p, a),
		arena.Lstat(q, b),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		return nil, nil, err
	}
	err := ops[1].Err()
	return a, b, err
}`},
	{"else if", `
func f(p, q string) error {
	if err := unix.Unlink(p); err != nil {
		return err
	} else if err := unix.Unlink(q); err != nil {
		return fmt.Errorf("q: %w", err)
	}
	return nil
}`, `
func f(p, q string) error {
	var arena batchrt.Arena
	ops := []batchrt.Op{
		arena.Unlink(p),
		arena.Unlink(q),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		return err
	} else if err := ops[1].Err(); err != nil {
		return fmt.Errorf("q: %w", err)
	}
	return nil
}`},
	{"two calls in one assignment", `
func f(p, q string) error {
	e1, e2 := unix.Unlink(p), unix.Unlink(q)
	return errors.Join(e1, e2)
}`, `
func f(p, q string) error {
	var arena batchrt.Arena
	ops := []batchrt.Op{
		arena.Unlink(p).GoOn(),
		arena.Unlink(q),
	}
	batchrt.Run(ops)
	e1, e2 := ops[0].Err(), ops[1].Err()
	return errors.Join(e1, e2)
}`},
	{"short circuit that stops", `
func f(p, q string) bool {
	if unix.Access(p, 0) != nil || unix.Access(q, 0) != nil {
		return false
	}
	return true
}`, `
func f(p, q string) bool {
	var arena batchrt.Arena
	ops := []batchrt.Op{
		arena.Access(p, 0),
		arena.Access(q, 0),
	}
	batchrt.Run(ops)
	if ops[0].Err() != nil || ops[1].Err() != nil {
		return false
	}
	return true
}`},
	{"values that are converted and declared", `
func f() (uint32, int) {
	var old = uint32(unix.Umask(0o22))
	var pid int = unix.Getpid()
	unix.Umask(int(0o22))
	return old, pid
}`, `
func f() (uint32, int) {
	ops := []batchrt.Op{
		batchrt.Umask(0o22).GoOn(),
		batchrt.Getpid().GoOn(),
		batchrt.Umask(int(0o22)),
	}
	batchrt.Run(ops)
	var old = uint32(ops[0].Val())
	var pid int = ops[1].Val()
	_ = ops[2].Val()
	return old, pid
}`},
	{"the same place read again after a read", `
type conn struct {
	fd   int
	name string
}

func (c *conn) f(h, t *[8]byte) error {
	var a, b [8]byte
	if _, err := unix.Read(c.fd, a[:]); err != nil {
		return err
	}
	if _, err := unix.Read(c.fd, b[:]); err != nil {
		return err
	}
	*h, *t = a, b
	fmt.Println(c.name)
	return nil
}`, `
type conn struct {
	fd   int
	name string
}

func (c *conn) f(h, t *[8]byte) error {
	var a, b [8]byte
	ops := []batchrt.Op{
		batchrt.Read(c.fd, a[:]),
		batchrt.Read(c.fd, b[:]),
	}
	batchrt.Run(ops)
	if _, err := ops[0].Int(); err != nil {
		return err
	}
	if _, err := ops[1].Int(); err != nil {
		return err
	}
	*h, *t = a, b
	fmt.Println(c.name)
	return nil
}`},
	{"captured variables that nobody changes", `
func f(a, b int, start func(func())) {
	start(func() { fmt.Println(a, b) })
	unix.Close(a)
	unix.Close(b)
}`, `
func f(a, b int, start func(func())) {
	start(func() { fmt.Println(a, b) })
	ops := []batchrt.Op{
		batchrt.Close(a).GoOn(),
		batchrt.Close(b),
	}
	batchrt.Run(ops)
	_ = ops[0].Err()
	_ = ops[1].Err()
}`},
	{"jumps spelled out", `
func f(p, q string) error {
	if err := unix.Unlink(p); err != nil {
		return err
	}
	return unix.Unlink(q)
}`, `
func f(p, q string) error {
	var arena batchrt.Arena
	ops := []batchrt.Op{
		arena.Unlink(p).Jump(-1, 0, 0),
		arena.Unlink(q).Jump(0, 0, 0),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}`},
	{"generic function", `
func f[T ~string](p, q T, r string) error {
	if err := unix.Unlink(string(p)); err != nil {
		return err
	}
	return unix.Unlink(r)
}`, `
func f[T ~string](p, q T, r string) error {
	var arena batchrt.Arena
	var ops [2]batchrt.Op
	ops[0] = arena.Unlink(string(p))
	ops[1] = arena.Unlink(r)
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}`},
	{"two batches in one list", `
func f(a, b, c, d int) {
	unix.Close(a)
	unix.Close(b)
	fmt.Println("half")
	unix.Close(c)
	unix.Close(d)
}`, `
func f(a, b, c, d int) {
	ops := []batchrt.Op{
		batchrt.Close(a).GoOn(),
		batchrt.Close(b),
	}
	batchrt.Run(ops)
	_ = ops[0].Err()
	_ = ops[1].Err()
	fmt.Println("half")
	ops2 := []batchrt.Op{
		batchrt.Close(c).GoOn(),
		batchrt.Close(d),
	}
	batchrt.Run(ops2)
	_ = ops2[0].Err()
	_ = ops2[1].Err()
}`},
	{"a select, a type switch and a labelled loop around", `
func f(c chan int, x any, p, q string) {
loop:
	for {
		select {
		case <-c:
			switch x := x.(type) {
			case int:
				unix.Unlink(p)
				unix.Unlink(q)
				fmt.Println(x)
			default:
				break loop
			}
		default:
		}
	}
}`, `
func f(c chan int, x any, p, q string) {
loop:
	for {
		select {
		case <-c:
			switch x := x.(type) {
			case int:
				var arena batchrt.Arena
				ops := []batchrt.Op{
					arena.Unlink(p).GoOn(),
					arena.Unlink(q),
				}
				batchrt.Run(ops)
				_ = ops[0].Err()
				_ = ops[1].Err()
				fmt.Println(x)
			default:
				break loop
			}
		default:
		}
	}
}`},
	{"kept alive by the next iteration", `
type owner struct{ fd int }

func f(o *owner, n int) {
	for range n {
		unix.Fsync(o.fd)
		unix.Listen(o.fd, 16)
	}
}`, `
type owner struct{ fd int }

func f(o *owner, n int) {
	for range n {
		ops := []batchrt.Op{
			batchrt.Fsync(o.fd).GoOn(),
			batchrt.Listen(o.fd, 16),
		}
		batchrt.Run(ops)
		_ = ops[0].Err()
		_ = ops[1].Err()
	}
}`},
}

func TestAccepted(t *testing.T) {
	for _, a := range accepted {
		t.Run(a.name, func(t *testing.T) {
			if err := pair(t, file(a.orig), file(a.edited)); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestManyEntries is about time: paths multiply only where they differ.
func TestManyEntries(t *testing.T) {
	for _, form := range []struct{ name, orig, entry, edited string }{
		{"unchecked", "unix.Close(fd + %d)", "batchrt.Close(fd + %d).GoOn()", "_ = ops[%d].Err()"},
		{"checked", "if err := unix.Fchmod(fd, %d); err != nil {\nreturn\n}", "batchrt.Fchmod(fd, %d)", "if err := ops[%d].Err(); err != nil {\nreturn\n}"},
		{"logged", "if err := unix.Fchmod(fd, %d); err != nil {\nlog.Print(err)\n}", "batchrt.Fchmod(fd, %[1]d)",
			"if err := ops[%[1]d].ErrOr(func() error { return unix.Fchmod(fd, %[1]d) }); err != nil {\nlog.Print(err)\n}"},
	} {
		t.Run(form.name, func(t *testing.T) {
			var orig, table, edited strings.Builder
			for i := range 60 {
				fmt.Fprintf(&orig, form.orig+"\n", i)
				fmt.Fprintf(&table, form.entry+",\n", i)
				fmt.Fprintf(&edited, form.edited+"\n", i)
			}
			start := time.Now()
			err := pair(t, file("func f(fd int) {\n"+orig.String()+"}"),
				file("func f(fd int) {\nops := []batchrt.Op{\n"+table.String()+"}\nbatchrt.Run(ops)\n"+edited.String()+"}"))
			if err != nil {
				t.Error(err)
			}
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("took %v", d)
			} else {
				t.Log(d)
			}
		})
	}
}
