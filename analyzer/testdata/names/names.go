// Package names takes the names that a rewriter would like to use.
package names

import "golang.org/x/sys/unix"

var batchrt = "not a package"

func ops(s string) string { return s + batchrt[:0] }

func taken(a, b string) (res error) {
	arena, table := 1, 2
	var st, st2 unix.Stat_t
	if err := unix.Lstat(a, &st); err != nil { // want `2 calls can share one crossing: Lstat, Lstat`
		return err
	}
	if err := unix.Lstat(b, &st2); err != nil {
		return err
	}
	_, _ = arena, table
	return nil
}

func straight(a, b string) error {
	var st, st2 unix.Stat_t
	if err := unix.Lstat(a, &st); err != nil { // want `2 calls can share one crossing: Lstat, Lstat`
		return err
	}
	return unix.Lstat(b, &st2)
}

// The basic types that a resumed call needs are not what they seem.
func hidden(a, b string) {
	type error int
	unix.Unlink(a)
	unix.Unlink(b)
	if err := unix.Unlink(a); err != nil {
		println("a")
	}
	unix.Unlink(b)
}
