// Package tagged can be compiled for js with the tag purego.
package tagged

import "syscall"

func drop(fd int, path string) {
	syscall.Close(fd)
	syscall.Unlink(path)
}
