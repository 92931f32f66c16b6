// Package loop holds loops that are strip-mined.
package loop

import (
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// The plainest loop.
func chmodAll(paths []string, mode uint32) error {
	for i, path := range paths {
		if err := unix.Chmod(path, mode); err != nil { // want `1 call can share a crossing with those of other iterations: Chmod`
			return fmt.Errorf("chmod #%d %s: %w", i, path, err)
		}
	}
	return nil
}

// A destination of the body, and costly code before the call.
func total(dir string, names []string) (sum int64, err error) {
	for _, name := range names {
		full := filepath.Join(dir, name)
		var st unix.Stat_t
		if err := unix.Lstat(full, &st); err != nil { // want `1 call can share a crossing with those of other iterations: Lstat`
			return sum, fmt.Errorf("%s: %w", full, err)
		}
		sum += st.Size
	}
	return sum, nil
}

// Costly code that only the call needs.
func sizes(dir string, names []string) (list []int64, errs []error) {
	for _, name := range names {
		full := filepath.Join(dir, name)
		var st unix.Stat_t
		err := unix.Lstat(full, &st) // want `1 call can share a crossing with those of other iterations: Lstat`
		list = append(list, st.Size)
		errs = append(errs, err)
	}
	return list, errs
}

// A counted loop.
func truncAll(paths []string, n int64) (int, error) {
	for i := 0; i < len(paths); i++ {
		if err := unix.Truncate(paths[i], n); err != nil { // want `1 call can share a crossing with those of other iterations: Truncate`
			return i, err
		}
	}
	return len(paths), nil
}

// Iterations that end before the call.
func visible(dir string, names []string) (sum int64, bad []string) {
	for _, n := range names {
		if n == "" || strings.HasPrefix(n, ".") {
			continue
		}
		var st unix.Stat_t
		if err := unix.Lstat(dir+"/"+n, &st); err != nil { // want `1 call can share a crossing with those of other iterations: Lstat`
			bad = append(bad, n)
			continue
		}
		sum += st.Size
	}
	return sum, bad
}

// A chain in each iteration.
func chain(list string, mode uint32) (n int) {
	for _, path := range strings.Fields(list) {
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0) // want `3 calls can share a crossing with those of other iterations: Open, Fchmod, Close`
		if err != nil {
			continue
		}
		if err := unix.Fchmod(fd, mode); err != nil {
			fmt.Println(err)
		}
		unix.Close(fd)
		n++
	}
	return n
}

// Elements addressed by the index; a label; no name for the index.
func indexed(paths []string) []unix.Stat_t {
	sts := make([]unix.Stat_t, len(paths))
outer:
	for i := range paths {
		if err := unix.Lstat(paths[i], &sts[i]); err != nil { // want `1 call can share a crossing with those of other iterations: Lstat`
			break outer
		}
		sts[i].Atim = unix.Timespec{}
	}
	for range 20 {
		unix.Sync() // want `1 call can share a crossing with those of other iterations: Sync`
	}
	return sts
}

// The range expression is evaluated once.
func bound(list func() []string) {
	for _, p := range list() {
		_ = unix.Unlink(p) // want `1 call can share a crossing with those of other iterations: Unlink`
	}
}

// Guards cut the strip where the next iteration would panic.
func guarded(fd int, buf []byte, paths []string, errs []error) {
	for i := 0; i < 12; i++ {
		n, err := unix.Pread(fd, buf[i*32:(i+1)*32], int64(i)*32) // want `1 call can share a crossing with those of other iterations: Pread`
		if err != nil || n == 0 {
			break
		}
	}
	for i, p := range paths {
		errs[i] = unix.Access(p, unix.F_OK) // want `1 call can share a crossing with those of other iterations: Access`
	}
}

// A search ends with the first success.
func search(path, name string) (int, error) {
	dirs := strings.Split(path, ":")
	for _, dir := range dirs {
		p := dir + "/" + name
		fd, err := unix.Open(p, unix.O_RDONLY, 0) // want `1 call can share a crossing with those of other iterations: Open`
		if err == nil {
			return fd, nil
		}
	}
	return -1, unix.ENOENT
}

// Refused: others may wait for the open, and change what the loop is over.
func shared(paths []string) {
	for _, p := range paths {
		fd, err := unix.Open(p, unix.O_RDONLY, 0) // want `2 calls can share one crossing: Open, Fsync`
		if err == nil {
			unix.Fsync(fd)
		}
	}
}

// Appended at once.
func appended(paths []string) (errs []error) {
	for _, p := range paths {
		errs = append(errs, unix.Rmdir(p)) // want `1 call can share a crossing with those of other iterations: Rmdir`
	}
	return errs
}

type watcher struct {
	fd    int
	names []string
}

// A field of the caller's variable among the arguments.
func (w *watcher) forget(wds []uint32) error {
	w.names = nil
	for _, wd := range wds {
		if _, err := unix.InotifyRmWatch(w.fd, wd); err != nil { // want `1 call can share a crossing with those of other iterations: InotifyRmWatch`
			return err
		}
	}
	return nil
}

// What the first call follows the others need not test.
func (w *watcher) forgetAll(wds []uint32) error {
	for _, wd := range wds {
		if _, err := unix.InotifyRmWatch(w.fd, wd); err != nil { // want `1 call can share a crossing with those of other iterations: InotifyRmWatch`
			return err
		}
	}
	return nil
}

// A constant number of iterations has one table, with a lane for each.
func folders(mode uint32) error {
	for _, p := range []string{"/run/a", "/run/b", "/run/c"} {
		if err := unix.Mkdir(p, mode); err != nil && err != unix.EEXIST { // want `1 call can share a crossing with those of other iterations: Mkdir`
			return err
		}
	}
	return nil
}

func standardStreams(null int) error {
	for fd := range 3 {
		if err := unix.Dup3(null, fd+10, 0); err != nil { // want `1 call can share a crossing with those of other iterations: Dup3`
			return err
		}
	}
	return nil
}

func oddOnes(fds [4]int, keep int) {
	for i := 1; i <= 9; i += 2 {
		if i == keep {
			continue
		}
		unix.Close(i) // want `1 call can share a crossing with those of other iterations: Close`
	}
	for i, fd := range fds {
		if fd == keep {
			continue
		}
		unix.Fchmod(fd, uint32(i)) // want `1 call can share a crossing with those of other iterations: Fchmod`
	}
}

func once(fd int) {
	for range 1 {
		unix.Fsync(fd)
	}
	for i := 3; i < 4; i++ {
		unix.Fsync(i)
	}
}
