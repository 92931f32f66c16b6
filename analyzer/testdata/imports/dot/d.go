package dot

import . "golang.org/x/sys/unix"

func f(a, b int) error {
	if err := Fsync(a); err != nil { // want `2 calls can share one crossing: Fsync, Fsync`
		return err
	}
	return Fsync(b)
}

func g() int { return O_RDONLY }
