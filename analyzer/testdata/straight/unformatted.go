package straight

import "golang.org/x/sys/unix"

func oneLine(a, b string) (e1, e2 error) {
	e1 = unix.Unlink(a); e2 = unix.Rmdir(b) // want `2 calls can share one crossing: Unlink, Rmdir`
	return
}

