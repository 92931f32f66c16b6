// Package pure holds calls with code between them that only computes.
package pure

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"test.example/t/pure/paths"
)

// What a later argument needs moves before the table.
func join(dir, name string, mode uint32) error {
	if err := unix.Mkdir(dir, 0o755); err != nil { // want `2 calls can share one crossing: Mkdir, Chmod`
		return err
	}
	// where it goes
	full := filepath.Join(dir, name)
	return unix.Chmod(full, mode)
}

// A chain of such statements, one of them under a condition.
func several(dir, name string, quick bool) error {
	if err := unix.Unlink(dir + "/lock"); err != nil { // want `3 calls can share one crossing: Unlink, Open, Close`
		return err
	}
	flags := unix.O_RDONLY
	if quick {
		flags |= unix.O_NONBLOCK
	}
	base := strings.TrimSuffix(name, ".tmp")
	full := dir + "/" + base // both
	fd, err := unix.Open(full, flags, 0)
	if err != nil {
		return fmt.Errorf("open %s: %w", full, err)
	}
	return unix.Close(fd)
}

// What nobody needs stays.
func counted(a, b string) (n int, sum int64) {
	var s1, s2 unix.Stat_t
	if err := unix.Lstat(a, &s1); err != nil { // want `2 calls can share one crossing: Lstat, Lstat`
		return 0, 0
	}
	n++
	sum += s1.Size
	if s1.Mode&unix.S_IFMT == unix.S_IFDIR {
		sum = 0
	}
	if err := unix.Lstat(b, &s2); err != nil {
		return n, sum
	}
	return n + 1, sum + s2.Size
}

// Errors are collected.
func collected(a, b, c string) []error {
	var errs []error
	if err := unix.Unlink(a); err != nil { // want `3 calls can share one crossing: Unlink, Unlink, Unlink`
		errs = append(errs, err)
	}
	if err := unix.Unlink(b); err != nil {
		errs = append(errs, err)
	}
	if err := unix.Unlink(c); err != nil {
		errs = append(errs, err)
	}
	return errs
}

// Functions of the program, of this package and of another.
type store struct{ dir string }

func (s *store) path(name string) string { return filepath.Join(s.dir, name) }

func suffix(name string) string {
	if strings.HasSuffix(name, "~") {
		return name
	}
	return name + "~"
}

func own(s *store, name string) error {
	if s == nil {
		return nil
	}
	if err := unix.Chdir(s.dir); err != nil { // want `3 calls can share one crossing: Chdir, Unlink, Unlink`
		return err
	}
	old := s.path(suffix(name))
	if err := unix.Unlink(old); err != nil {
		return err
	}
	return unix.Unlink(paths.In(s.dir, name))
}

// A map that was made here.
func mapped(a, b string) (map[string]int64, error) {
	sizes := map[string]int64{}
	var s1, s2 unix.Stat_t
	if err := unix.Lstat(a, &s1); err != nil { // want `2 calls can share one crossing: Lstat, Lstat`
		return nil, err
	}
	sizes[a] = s1.Size
	if err := unix.Lstat(b, &s2); err != nil {
		return nil, err
	}
	sizes[b] = s2.Size
	return sizes, nil
}

// The index is in range because of the loop around.
func ranged(names []string, modes [8]uint32) {
	for i := range names {
		if err := unix.Unlink(names[i] + "~"); err != nil { // want `2 calls can share a crossing with those of other iterations: Unlink, Chmod`
			return
		}
		unix.Chmod(names[i], 0o600)
	}
}

// Refused: what the handler changes.
func handler(dir, name string) error {
	if err := unix.Mkdir(dir, 0o755); err != nil {
		dir = "/tmp"
		fmt.Println(err)
	}
	full := dir + "/" + name
	return unix.Chmod(full, 0o600)
}

// Refused: it may panic.
func panics(dir string, names []string) error {
	if err := unix.Mkdir(dir, 0o755); err != nil {
		return err
	}
	full := dir + "/" + names[3] // maybe not there
	return unix.Chmod(full, 0o600)
}

// Refused: the function does more than compute.
func effect(dir, name string) error {
	if err := unix.Mkdir(dir, 0o755); err != nil {
		return err
	}
	full := paths.Logged(dir, name)
	return unix.Chmod(full, 0o600)
}

// Refused: it depends on the first call.
func data(a, b string) error {
	var st unix.Stat_t
	if err := unix.Lstat(a, &st); err != nil {
		return err
	}
	mode := st.Mode | 0o100
	return unix.Chmod(b, mode)
}

// Refused: what is written between is what the later call is given.
func written(a, b string, ts *[2]unix.Timespec) error {
	ts[0].Nsec = 0
	if err := unix.Unlink(a); err != nil {
		return err
	}
	ts[0].Sec++
	return unix.UtimesNano(b, ts[:])
}

// Refused: the method may follow a nil pointer.
func receiver(s *store, a string) error {
	if err := unix.Unlink(a); err != nil {
		return err
	}
	return unix.Unlink(s.path("x"))
}

// Refused: others wait for the call and can see the slice.
func shared(fd int, b []byte) error {
	if _, err := unix.Write(fd, b); err != nil {
		return err
	}
	progress++
	_, err := unix.Write(fd, b)
	return err
}

var progress int

// Moves over a handler that may go on, since nothing can change what it reads.
func constant(path string, log func(error)) error {
	fd, err := unix.Open(path, unix.O_RDWR, 0) // want `3 calls can share one crossing: Open, Pwrite, Pwrite`
	if err != nil {
		log(err)
	}
	text := "text"
	zeros := bytes.Repeat([]byte{0}, 512)
	if _, err := unix.Pwrite(fd, []byte(text), 0); err != nil {
		return err
	}
	_, err = unix.Pwrite(fd, zeros, 8)
	return err
}

// The handler may set what the arguments come from.
func handlerSets(path, name string, ask func() string) error {
	if err := unix.Mkdir(path, 0o700); err != nil {
		name = ask()
	}
	full := filepath.Join(name, "x")
	return unix.Chmod(full, 0o600)
}

// How much memory it takes is not known.
func repeated(fd, n int) error {
	if err := unix.Fsync(fd); err != nil {
		return err
	}
	zeros := bytes.Repeat([]byte{0}, n)
	_, err := unix.Pwrite(fd, zeros, 0)
	return err
}

func isDevice(st *unix.Stat_t) bool { return st.Mode&unix.S_IFMT == unix.S_IFCHR }

// What a pure function reads by the address of a variable is a reading of it.
func addressOfVariable(p, q string) error {
	var st unix.Stat_t
	if err := unix.Mkdir(p, 0o700); err != nil { // want `3 calls can share one crossing: Mkdir, Chmod, Stat`
		return err
	}
	device := isDevice(&st)
	if err := unix.Chmod(q, mode(device)); err != nil {
		return err
	}
	if err := unix.Stat(p, &st); err != nil {
		return err
	}
	device = isDevice(&st)
	return unix.Chmod(q, mode(device))
}

func mode(device bool) uint32 {
	if device {
		return 0o600
	}
	return 0o666
}
