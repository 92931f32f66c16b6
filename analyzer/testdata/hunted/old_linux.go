//go:build go1.21

package hunted

import "golang.org/x/sys/unix"

// Before Go 1.22 the iterations share i, which a goroutine has from the first one on.
func sharedLoopVariable(r, w int, b []byte) {
	for i := 0; i < 10; i++ {
		unix.Read(r, b)
		unix.Close(i)
		go func() {
			i += 10
			unix.Write(w, b)
		}()
		w++
	}
}

func ownVariable(r, w int, b []byte) {
	for i := 0; i < 10; i++ {
		fd := i
		unix.Read(r, b) // want `2 calls can share one crossing: Read, Close`
		unix.Close(fd)
		go func() {
			fd += 10
			unix.Write(w, b)
		}()
	}
}
