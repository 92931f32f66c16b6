// Package stdport can be compiled where x/sys/unix does not exist.
package stdport

import "syscall"

func everywhere(p, q string) error {
	if err := syscall.Rmdir(p); err != nil {
		return err
	}
	return syscall.Rmdir(q)
}
