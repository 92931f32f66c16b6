package two

import (
	"syscall" // for one file

	"golang.org/x/sys/unix"
)

//go:generate true

func f(a, b int) {
	syscall.Fsync(a) // portable: nobody says that this is Linux
	unix.Fsync(b)
}
