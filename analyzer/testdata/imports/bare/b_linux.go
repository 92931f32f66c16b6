package bare

import "syscall"

func drop(fd int, path string) {
	syscall.Close(fd) // want `2 calls can share one crossing: Close, Unlink`
	syscall.Unlink(path)
}
