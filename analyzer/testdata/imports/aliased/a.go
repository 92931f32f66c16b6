package aliased

import (
	"errors"

	sys "golang.org/x/sys/unix"
)

func f(a, b int) error {
	if err := sys.Fsync(a); err != nil { // want `2 calls can share one crossing: Fsync, Fsync`
		return errors.Join(err)
	}
	return sys.Fsync(b)
}

func g(unix, sys2 int) int { return sys.O_RDONLY + unix + sys2 }
