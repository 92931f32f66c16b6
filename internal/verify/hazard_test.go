// SPDX-License-Identifier: BSD-3-Clause

package verify

import "testing"

// hazards are originals that must not be batched, each with the edit that a
// rewriter would make that had missed the reason.
var hazards = []struct{ name, orig, edited, want string }{
	{"data: a struct's field", `
func f(p, q string) error {
	var st unix.Stat_t
	if err := unix.Lstat(p, &st); err != nil {
		return err
	}
	return unix.Truncate(q, st.Size)
}`, `
func f(p, q string) error {
	var st unix.Stat_t
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Lstat(p, &st).OrStop(),
		arena.Truncate(q, st.Size),
	}
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}`, "st.Size moves over Lstat(p, &st), which may write the same memory"},
	{"data: a struct's field through a pointer", `
func f(p string, fd int) error {
	var st unix.Stat_t
	q := &st
	if err := unix.Lstat(p, &st); err != nil {
		return err
	}
	return unix.Ftruncate(fd, q.Size)
}`, `
func f(p string, fd int) error {
	var st unix.Stat_t
	q := &st
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Lstat(p, &st).OrStop(),
		batchrt.Ftruncate(fd, q.Size),
	}
	batchrt.Run(ops[:])
	batchrt.KeepAlive(q)
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}`, "which may write the same memory"},
	{"data: parameters that may be one object", `
type holder struct{ size int64 }

func f(p string, st *unix.Stat_t, h *holder) error {
	fmt.Println(h.size)
	if err := unix.Lstat(p, st); err != nil {
		return err
	}
	return unix.Truncate(p, h.size)
}`, `
type holder struct{ size int64 }

func f(p string, st *unix.Stat_t, h *holder) error {
	fmt.Println(h.size)
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Lstat(p, st).OrStop(),
		arena.Truncate(p, h.size),
	}
	batchrt.Run(ops[:])
	batchrt.KeepAlive(h)
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}`, "which may write the same memory"},
	{"data: the number of a call", `
func f(a, b int, buf [8]byte) error {
	n, err := unix.Getdents(a, buf[:])
	if err != nil {
		return err
	}
	return unix.Ftruncate(b, int64(n))
}`, `
func f(a, b int, buf [8]byte) error {
	var n int
	ops := [...]batchrt.Op{
		batchrt.Getdents(a, buf[:]).OrStop(),
		batchrt.Ftruncate(b, int64(n)),
	}
	batchrt.Run(ops[:])
	n, err := ops[0].Int()
	if err != nil {
		return err
	}
	return ops[1].Err()
}`, ""},
	{"data: the destination is read before it is written again", `
func f(p, q string) (int64, error) {
	var st unix.Stat_t
	if err := unix.Lstat(p, &st); err != nil {
		return 0, err
	}
	if st.Size == 0 {
		fmt.Println("empty")
	}
	if err := unix.Lstat(q, &st); err != nil {
		return 0, err
	}
	return st.Size, nil
}`, `
func f(p, q string) (int64, error) {
	var st unix.Stat_t
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Lstat(p, &st).OrStop(),
		arena.Lstat(q, &st).OrStop(),
	}
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		return 0, err
	}
	if st.Size == 0 {
		fmt.Println("empty")
	}
	if err := ops[1].Err(); err != nil {
		return 0, err
	}
	return st.Size, nil
}`, "st.Size"},
	{"data: the result is stored where the next call reads", `
type T struct{ fd int; err error }

func f(fd int, p string, buf []error) {
	var x [2]error
	x[0] = unix.Fsync(fd)
	_ = unix.Fsync(len(x))
	n, _ := unix.Open(p, 0, 0)
	_, _ = unix.Seek(n, 0, 0)
}`, `
type T struct{ fd int; err error }

func f(fd int, p string, buf []error) {
	var x [2]error
	x[0] = unix.Fsync(fd)
	_ = unix.Fsync(len(x))
	var n int
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Open(p, 0, 0),
		batchrt.Seek(n, 0, 0),
	}
	batchrt.Run(ops[:])
	n, _ = ops[0].Int()
	_, _ = ops[1].Int64()
}`, ""},
	{"data: a variable that the result goes to", `
func f(fd int, p string) {
	fd, _ = unix.Open(p, 0, 0)
	_ = unix.Fsync(fd)
}`, `
func f(fd int, p string) {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Open(p, 0, 0),
		batchrt.Fsync(fd),
	}
	batchrt.Run(ops[:])
	fd, _ = ops[0].Int()
	_ = ops[1].Err()
}`, "is made in the place of"},
	{"data: a short read", `
func f(fd int, a, b []byte) (int, error) {
	n, err := unix.Pread(fd, a, 0)
	if err != nil {
		return 0, err
	}
	if n != len(a) {
		return 0, errors.New("short")
	}
	return unix.Pread(fd, b, 4096)
}`, `
func f(fd int, a, b []byte) (int, error) {
	ops := [...]batchrt.Op{
		batchrt.Pread(fd, a, 0).OrStop(),
		batchrt.Pread(fd, b, 4096),
	}
	batchrt.Run(ops[:])
	n, err := ops[0].Int()
	if err != nil {
		return 0, err
	}
	if n != len(a) {
		return 0, errors.New("short")
	}
	return ops[1].Int()
}`, "the call Pread(fd, b, 4096) is made though"},
	{"control: leaves on what the call wrote", `
func f(p, q string) error {
	var st unix.Stat_t
	if err := unix.Lstat(p, &st); err != nil {
		return err
	}
	if st.Size == 0 {
		return nil
	}
	return unix.Unlink(q)
}`, `
func f(p, q string) error {
	var st unix.Stat_t
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Lstat(p, &st).OrStop(),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		return err
	}
	if st.Size == 0 {
		return nil
	}
	return ops[1].Err()
}`, "the call Unlink(q) is made though"},
	{"control: an unknown check", `
func check(err error) bool { return err != nil }

func f(p, q string) error {
	if err := unix.Unlink(p); check(err) {
		return err
	}
	return unix.Unlink(q)
}`, `
func check(err error) bool { return err != nil }

func f(p, q string) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p).OrStop(),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	if err := ops[0].Err(); check(err) {
		return err
	}
	return ops[1].Err()
}`, "q moves over check(err)"},
	{"control: a check that is not of this call", `
func f(p, q string, verbose bool) error {
	err := unix.Unlink(p)
	if verbose {
		return err
	}
	return unix.Unlink(q)
}`, `
func f(p, q string, verbose bool) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	err := ops[0].Err()
	if verbose {
		return err
	}
	return ops[1].Err()
}`, "verbose holds: the call Unlink(q) is made though"},
	{"control: a break of a switch does not leave", `
func f(p, q string) error {
	err := unix.Unlink(p)
	switch err {
	case nil:
	case unix.ENOENT:
		break
	default:
		return err
	}
	return unix.Unlink(q)
}`, `
func f(p, q string) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p).OrStop(),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	err := ops[0].Err()
	switch err {
	case nil:
	case unix.ENOENT:
		break
	default:
		return err
	}
	return ops[1].Err()
}`, "asked for where it has not been called"},
	{"control: an if that leaves in one branch only", `
func f(p, q string, v bool) error {
	if err := unix.Unlink(p); err != nil {
		if v {
			return err
		}
	}
	return unix.Unlink(q)
}`, `
func f(p, q string, v bool) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p).OrStop(),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		if v {
			return err
		}
	}
	return ops[1].Err()
}`, "asked for where it has not been called"},
	{"control: a label between", `
func f(p, q string) {
	unix.Unlink(p)
again:
	if err := unix.Unlink(q); err == unix.EINTR {
		goto again
	}
}`, `
func f(p, q string) {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	_ = ops[0].Err()
again:
	if err := ops[1].Err(); err == unix.EINTR {
		goto again
	}
}`, "the label again"},
	{"control: a goto inside a handler", `
func f(p, q string) error {
	if err := unix.Unlink(p); err != nil {
		goto out
		return err
	out:
	}
	return unix.Unlink(q)
}`, `
func f(p, q string) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p).OrStop(),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		goto out
		return err
	out:
	}
	return ops[1].Err()
}`, "asked for where it has not been called"},
	{"control: a panic that is none", `
func panic(x any) { fmt.Println(x) }

func f(p, q string) error {
	if err := unix.Unlink(p); err != nil {
		panic(err)
	}
	return unix.Unlink(q)
}`, `
func panic(x any) { fmt.Println(x) }

func f(p, q string) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p).OrStop(),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		panic(err)
	}
	return ops[1].Err()
}`, "asked for where it has not been called"},
	{"control: short circuit", `
func f(p, q string, v bool) error {
	if unix.Unlink(p) != nil || v && unix.Unlink(q) != nil {
		return nil
	}
	return nil
}`, `
func f(p, q string, v bool) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p).OrStop(),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	if ops[0].Err() != nil || v && ops[1].Err() != nil {
		return nil
	}
	return nil
}`, "the call Unlink(q) is made though"},
	{"control: EINTR is not the only failure", `
func f(p, q string) error {
	err := unix.Unlink(p)
	if err == unix.EINTR {
		return err
	}
	return unix.Unlink(q)
}`, `
func f(p, q string) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p).OrStop(),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	err := ops[0].Err()
	if err == unix.EINTR {
		return err
	}
	return ops[1].Err()
}`, "asked for where it has not been called"},
	{"control: the check is of an older error", `
func f(p, q, r string) error {
	err := unix.Unlink(p)
	err2 := unix.Unlink(q)
	if err != nil {
		return err2
	}
	return unix.Unlink(r)
}`, `
func f(p, q, r string) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p),
		arena.Unlink(q).OrStop(),
		arena.Unlink(r),
	}
	batchrt.Run(ops[:])
	err := ops[0].Err()
	err2 := ops[1].Err()
	if err != nil {
		return err2
	}
	return ops[2].Err()
}`, "Unlink(p) fails"},
}

// moreHazards are about what may not move.
var moreHazards = []struct{ name, orig, edited, want string }{
	{"panic: an index", `
func f(p string, sts []unix.Stat_t, i int) (error, error) {
	e1 := unix.Lstat(p, &sts[0])
	e2 := unix.Lstat(p, &sts[i])
	return e1, e2
}`, `
func f(p string, sts []unix.Stat_t, i int) (error, error) {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Lstat(p, &sts[0]),
		arena.Lstat(p, &sts[i]),
	}
	batchrt.Run(ops[:])
	e1 := ops[0].Err()
	e2 := ops[1].Err()
	return e1, e2
}`, "the index i may be out of range"},
	{"panic: a division", `
func f(fd int, n, k int64) {
	_ = unix.Fsync(fd)
	_ = unix.Ftruncate(fd, n/k)
}`, `
func f(fd int, n, k int64) {
	ops := [...]batchrt.Op{
		batchrt.Fsync(fd),
		batchrt.Ftruncate(fd, n/k),
	}
	batchrt.Run(ops[:])
	_ = ops[0].Err()
	_ = ops[1].Err()
}`, "may be by zero"},
	{"panic: a shift", `
func f(fd int, n int64, k int) {
	_ = unix.Fsync(fd)
	_ = unix.Ftruncate(fd, n<<k)
}`, `
func f(fd int, n int64, k int) {
	ops := [...]batchrt.Op{
		batchrt.Fsync(fd),
		batchrt.Ftruncate(fd, n<<k),
	}
	batchrt.Run(ops[:])
	_ = ops[0].Err()
	_ = ops[1].Err()
}`, "may be negative"},
	{"panic: a nil pointer", `
type holder struct{ size int64 }

func f(p string, h *holder) {
	_ = unix.Unlink(p)
	_ = unix.Truncate(p, h.size)
	fmt.Println(h)
}`, `
type holder struct{ size int64 }

func f(p string, h *holder) {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p),
		arena.Truncate(p, h.size),
	}
	batchrt.Run(ops[:])
	_ = ops[0].Err()
	_ = ops[1].Err()
	fmt.Println(h)
}`, "h may be nil"},
	{"panic: a pointer that was followed on one way only", `
type holder struct{ size int64 }

func f(p string, h *holder, v bool) {
	if v {
		fmt.Println(h.size)
	}
	_ = unix.Unlink(p)
	_ = unix.Truncate(p, h.size)
	fmt.Println(h)
}`, `
type holder struct{ size int64 }

func f(p string, h *holder, v bool) {
	if v {
		fmt.Println(h.size)
	}
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p),
		arena.Truncate(p, h.size),
	}
	batchrt.Run(ops[:])
	_ = ops[0].Err()
	_ = ops[1].Err()
	fmt.Println(h)
}`, "h may be nil"},
	{"panic: a pointer that changed since", `
type holder struct{ size int64; next *holder }

func f(p string, h *holder) {
	fmt.Println(h.size)
	h = h.next
	_ = unix.Unlink(p)
	_ = unix.Truncate(p, h.size)
	fmt.Println(h)
}`, `
type holder struct{ size int64; next *holder }

func f(p string, h *holder) {
	fmt.Println(h.size)
	h = h.next
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p),
		arena.Truncate(p, h.size),
	}
	batchrt.Run(ops[:])
	_ = ops[0].Err()
	_ = ops[1].Err()
	fmt.Println(h)
}`, "h may be nil"},
	{"panic: the store of a result", `
func f(fds []int, p, q string) (err error) {
	fds[0], err = unix.Open(p, 0, 0)
	if err != nil {
		return err
	}
	return unix.Unlink(q)
}`, `
func f(fds []int, p, q string) (err error) {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Open(p, 0, 0).OrStop(),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	fds[0], err = ops[0].Int()
	if err != nil {
		return err
	}
	return ops[1].Err()
}`, "out of range"},
	{"panic: a map store", `
func f(m map[string]error, p, q string) error {
	m[p] = unix.Unlink(p)
	return unix.Unlink(q)
}`, `
func f(m map[string]error, p, q string) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	m[p] = ops[0].Err()
	return ops[1].Err()
}`, "is not modelled"},
	{"effect: an argument calls", `
func f(p string, next func() string) error {
	if err := unix.Unlink(p); err != nil {
		return err
	}
	return unix.Unlink(next())
}`, `
func f(p string, next func() string) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p).OrStop(),
		arena.Unlink(next()),
	}
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}`, "next is called"},
	{"effect: a print between", `
func f(p, q string) error {
	if err := unix.Unlink(p); err != nil {
		return err
	}
	fmt.Println("unlinked")
	return unix.Unlink(q)
}`, `
func f(p, q string) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p).OrStop(),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		return err
	}
	fmt.Println("unlinked")
	return ops[1].Err()
}`, `moves over fmt.Println("unlinked")`},
	{"effect: a plain call between", `
func f(a, b, c int) {
	unix.Fsync(a)
	unix.Fsync(b)
	unix.Fsync(c)
}`, `
func f(a, b, c int) {
	ops := [...]batchrt.Op{
		batchrt.Fsync(a),
		batchrt.Fsync(c),
	}
	batchrt.Run(ops[:])
	_ = ops[0].Err()
	unix.Fsync(b)
	_ = ops[1].Err()
}`, "is made in the place of"},
	{"effect: a channel", `
func f(a, b int, c chan int) {
	unix.Fsync(a)
	<-c
	unix.Fsync(b)
}`, `
func f(a, b int, c chan int) {
	ops := [...]batchrt.Op{
		batchrt.Fsync(a),
		batchrt.Fsync(b),
	}
	batchrt.Run(ops[:])
	_ = ops[0].Err()
	<-c
	_ = ops[1].Err()
}`, "moves over <-c"},
	{"effect: a deferred call between", `
func f(p, q string, fd int) error {
	if err := unix.Unlink(p); err != nil {
		return err
	}
	defer fmt.Println(len(p) / fd)
	return unix.Unlink(q)
}`, `
func f(p, q string, fd int) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p).OrStop(),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		return err
	}
	defer fmt.Println(len(p) / fd)
	return ops[1].Err()
}`, "moves over defer"},
	{"effect: a result passed on", `
func f(p, q string, note func(error)) error {
	note(unix.Unlink(p))
	return unix.Unlink(q)
}`, `
func f(p, q string, note func(error)) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	note(ops[0].Err())
	return ops[1].Err()
}`, "moves over note"},
	{"effect: an unknown error's method", `
func f(p, q string, err error) error {
	e := unix.Unlink(p)
	if errors.Is(err, unix.ENOENT) {
		log.Print(e)
	}
	return unix.Unlink(q)
}`, `
func f(p, q string, err error) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	e := ops[0].Err()
	if errors.Is(err, unix.ENOENT) {
		log.Print(e)
	}
	return ops[1].Err()
}`, "moves over errors.Is"},
	{"alias: memory that the file may be mapped to", `
type header struct{ at, end int64 }

func f(fd int, h *header, a, b []byte) {
	unix.Pwrite(fd, a, h.at)
	unix.Pwrite(fd, b, h.end)
	fmt.Println(h)
}`, `
type header struct{ at, end int64 }

func f(fd int, h *header, a, b []byte) {
	ops := [...]batchrt.Op{
		batchrt.Pwrite(fd, a, h.at),
		batchrt.Pwrite(fd, b, h.end),
	}
	batchrt.Run(ops[:])
	_, _ = ops[0].Int()
	_, _ = ops[1].Int()
	fmt.Println(h)
}`, "a file is mapped to"},
	{"alias: a store to memory that the file may be mapped to", `
type header struct{ mask int }

func f(fd int, h *header, a []byte) {
	fmt.Println(h.mask)
	h.mask = unix.Umask(0)
	unix.Fsync(fd)
}`, `
type header struct{ mask int }

func f(fd int, h *header, a []byte) {
	fmt.Println(h.mask)
	ops := [...]batchrt.Op{
		batchrt.Umask(0),
		batchrt.Fsync(fd),
	}
	batchrt.Run(ops[:])
	h.mask = ops[0].Val()
	_ = ops[1].Err()
}`, "a file is mapped to"},
	{"sync: a load over a read", `
var shared struct{ path string }

func f(fd int) error {
	var b [8]byte
	if _, err := unix.Read(fd, b[:]); err != nil {
		return err
	}
	return unix.Unlink(shared.path)
}`, `
var shared struct{ path string }

func f(fd int) error {
	var b [8]byte
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		batchrt.Read(fd, b[:]).OrStop(),
		arena.Unlink(shared.path),
	}
	batchrt.Run(ops[:])
	if _, err := ops[0].Int(); err != nil {
		return err
	}
	return ops[1].Err()
}`, "which may wait for others that write it"},
	{"sync: a captured variable over a read", `
func f(fd int, p string, start func(func())) error {
	start(func() { p = "q" })
	var b [8]byte
	if _, err := unix.Read(fd, b[:]); err != nil {
		return err
	}
	return unix.Unlink(p)
}`, `
func f(fd int, p string, start func(func())) error {
	start(func() { p = "q" })
	var b [8]byte
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		batchrt.Read(fd, b[:]).OrStop(),
		arena.Unlink(p),
	}
	batchrt.Run(ops[:])
	if _, err := ops[0].Int(); err != nil {
		return err
	}
	return ops[1].Err()
}`, "which may wait for others that write it"},
	{"sync: memory behind a pointer over an open", `
type holder struct {
	size int64
	name string
}

func f(p, q string, h *holder) {
	fmt.Println(h.size)
	unix.Open(p, 0, 0)
	unix.Truncate(q, h.size)
	fmt.Println(h)
}`, `
type holder struct {
	size int64
	name string
}

func f(p, q string, h *holder) {
	fmt.Println(h.size)
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Open(p, 0, 0),
		arena.Truncate(q, h.size),
	}
	batchrt.Run(ops[:])
	_, _ = ops[0].Int()
	_ = ops[1].Err()
	fmt.Println(h)
}`, "which may wait for others that write it"},
	{"sync: a store over a write", `
var last error

func f(p string, fd int) {
	var b [8]byte
	last = unix.Unlink(p)
	unix.Write(fd, b[:])
}`, `
var last error

func f(p string, fd int) {
	var b [8]byte
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p),
		batchrt.Write(fd, b[:]),
	}
	batchrt.Run(ops[:])
	last = ops[0].Err()
	_, _ = ops[1].Int()
}`, "which synchronises with others"},
	{"block: a store over a read", `
var last error

func f(p string, fd int) {
	var b [8]byte
	last = unix.Unlink(p)
	unix.Read(fd, b[:])
}`, `
var last error

func f(p string, fd int) {
	var b [8]byte
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p),
		batchrt.Read(fd, b[:]),
	}
	batchrt.Run(ops[:])
	last = ops[0].Err()
	_, _ = ops[1].Int()
}`, "which synchronises with others"},
	{"sync: a captured error over a close", `
func f(a, b int, start func(func())) (err error) {
	start(func() { log.Print(err) })
	if err = unix.Fsync(a); err != nil {
		return err
	}
	return unix.Close(b)
}`, `
func f(a, b int, start func(func())) (err error) {
	start(func() { log.Print(err) })
	ops := [...]batchrt.Op{
		batchrt.Fsync(a).OrStop(),
		batchrt.Close(b),
	}
	batchrt.Run(ops[:])
	if err = ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}`, "which synchronises with others"},
	{"data: the kernel writes where the result goes", `
func f(p, q string, e *error) {
	var st struct {
		err error
		s   unix.Stat_t
	}
	x := &st
	fmt.Println(x.err)
	*e = unix.Unlink(p)
	unix.Lstat(q, &x.s)
}`, `
func f(p, q string, e *error) {
	var st struct {
		err error
		s   unix.Stat_t
	}
	x := &st
	fmt.Println(x.err)
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p),
		arena.Lstat(q, &x.s),
	}
	batchrt.Run(ops[:])
	*e = ops[0].Err()
	_ = ops[1].Err()
}`, "moves over"},
	{"data: the call reads what the result is stored to", `
func f(fd int, p string) {
	var b [8]byte
	var n [1]int
	b[0] = byte(unix.Umask(0))
	unix.Pwrite(fd, b[:], int64(n[0]))
}`, `
func f(fd int, p string) {
	var b [8]byte
	var n [1]int
	ops := [...]batchrt.Op{
		batchrt.Umask(0),
		batchrt.Pwrite(fd, b[:], int64(n[0])),
	}
	batchrt.Run(ops[:])
	b[0] = byte(ops[0].Val())
	_, _ = ops[1].Int()
}`, "which may write the same memory"},
	{"order: an operand beside the call", `
func f(p string) (int64, error) {
	var st unix.Stat_t
	if err := unix.Access(p, 0); err != nil {
		return 0, err
	}
	return st.Size, unix.Lstat(p, &st)
}`, `
func f(p string) (int64, error) {
	var st unix.Stat_t
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Access(p, 0).OrStop(),
		arena.Lstat(p, &st),
	}
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		return 0, err
	}
	return st.Size, ops[1].Err()
}`, "st.Size"},
	{"order: a call beside the call", `
func f(p, q string, n func() int) (int, error) {
	unix.Unlink(p)
	return n(), unix.Unlink(q)
}`, `
func f(p, q string, n func() int) (int, error) {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p),
		arena.Unlink(q),
	}
	batchrt.Run(ops[:])
	_ = ops[0].Err()
	return n(), ops[1].Err()
}`, "moves over n()"},
	{"names: the new name is in use", `
func f(a, b int) (ops int) {
	{
		unix.Fsync(a)
		unix.Fsync(b)
	}
	return ops
}`, `
func f(a, b int) (ops int) {
	{
		ops := [...]batchrt.Op{
			batchrt.Fsync(a),
			batchrt.Fsync(b),
		}
		batchrt.Run(ops[:])
		_ = ops[0].Err()
		_ = ops[1].Err()
	}
	return ops
}`, "the new name ops is in use"},
	{"names: a package-level name is hidden", `
var ops = 1

func f(a, b int) int {
	unix.Fsync(a)
	unix.Fsync(b)
	return ops
}`, `
var ops = 1

func f(a, b int) int {
	ops := [...]batchrt.Op{
		batchrt.Fsync(a),
		batchrt.Fsync(b),
	}
	batchrt.Run(ops[:])
	_ = ops[0].Err()
	_ = ops[1].Err()
	return len(ops)
}`, "the new name ops is in use"},
	{"names: a variable is shadowed", `
func f(a, b int) (err error) {
	if a > 0 {
		err = unix.Fsync(a)
		err = unix.Fsync(b)
	}
	return
}`, `
func f(a, b int) (err error) {
	if a > 0 {
		ops := [...]batchrt.Op{
			batchrt.Fsync(a),
			batchrt.Fsync(b),
		}
		batchrt.Run(ops[:])
		err := ops[0].Err()
		err = ops[1].Err()
		_ = err
	}
	return
}`, ""},
	{"state: not an entry", `
func f(p string) error {
	if err := unix.Unlink(p); err != nil {
		return err
	}
	return unix.Setns(3, 0)
}`, `
func f(p string) error {
	var arena batchrt.Arena
	ops := [...]batchrt.Op{
		arena.Unlink(p).OrStop(),
		batchrt.Fsync(3),
	}
	batchrt.Run(ops[:])
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}`, "Fsync(3)"},
	{"state: the function forks", `
func f(a, b int) {
	unix.RawSyscall(unix.SYS_FORK, 0, 0, 0)
	unix.Fsync(a)
	unix.Fsync(b)
}`, `
func f(a, b int) {
	unix.RawSyscall(unix.SYS_FORK, 0, 0, 0)
	ops := [...]batchrt.Op{
		batchrt.Fsync(a),
		batchrt.Fsync(b),
	}
	batchrt.Run(ops[:])
	_ = ops[0].Err()
	_ = ops[1].Err()
}`, "makes a new process"},
	{"state: a marked function", `
//go:nosplit
func f(a, b int) {
	unix.Fsync(a)
	unix.Fsync(b)
}`, `
//go:nosplit
func f(a, b int) {
	ops := [...]batchrt.Op{
		batchrt.Fsync(a),
		batchrt.Fsync(b),
	}
	batchrt.Run(ops[:])
	_ = ops[0].Err()
	_ = ops[1].Err()
}`, "//go:nosplit"},
	{"wrapper: an address as a number", `
func f(a int, st *unix.Stat_t) {
	unix.Fsync(a)
	unix.Seek(a, int64(uintptr(unsafe.Pointer(st))), 0)
}`, `
func f(a int, st *unix.Stat_t) {
	ops := [...]batchrt.Op{
		batchrt.Fsync(a),
		batchrt.Seek(a, int64(uintptr(unsafe.Pointer(st))), 0),
	}
	batchrt.Run(ops[:])
	_ = ops[0].Err()
	_, _ = ops[1].Int64()
}`, "unsafe pointer"},
	{"wrapper: the second result of a raw call", `
func f(a int) uintptr {
	_, r2, _ := unix.Syscall(unix.SYS_FSYNC, uintptr(a), 0, 0)
	unix.Syscall(unix.SYS_FSYNC, uintptr(a), 0, 0)
	return r2
}`, `
func f(a int) uintptr {
	ops := [...]batchrt.Op{
		batchrt.Syscall(unix.SYS_FSYNC, uintptr(a), 0, 0),
		batchrt.Syscall(unix.SYS_FSYNC, uintptr(a), 0, 0),
	}
	batchrt.Run(ops[:])
	_, r2, _ := ops[0].Raw()
	_, _, _ = ops[1].Raw()
	return r2
}`, "second result"},
	{"wrapper: a raw call that passes an address", `
func f(a int, p uintptr) {
	unix.Syscall(unix.SYS_FSTAT, uintptr(a), p, 0)
	unix.Syscall(unix.SYS_FSTAT, uintptr(a), p, 0)
}`, `
func f(a int, p uintptr) {
	ops := [...]batchrt.Op{
		batchrt.Syscall(unix.SYS_FSTAT, uintptr(a), p, 0),
		batchrt.Syscall(unix.SYS_FSTAT, uintptr(a), p, 0),
	}
	batchrt.Run(ops[:])
	_, _, _ = ops[0].Raw()
	_, _, _ = ops[1].Raw()
}`, "no constructor of a call that may be an entry"},
	{"lifetime: the owner is kept in one branch only", `
type owner struct{ fd int }

func f(o *owner, v bool) {
	if v {
		unix.Fsync(o.fd)
		unix.Listen(o.fd, 16)
	} else {
		fmt.Println(o)
	}
}`, `
type owner struct{ fd int }

func f(o *owner, v bool) {
	if v {
		ops := [...]batchrt.Op{
			batchrt.Fsync(o.fd),
			batchrt.Listen(o.fd, 16),
		}
		batchrt.Run(ops[:])
		_ = ops[0].Err()
		_ = ops[1].Err()
	} else {
		fmt.Println(o)
	}
}`, "nothing keeps o alive"},
	{"lifetime: used after the function literal only", `
type owner struct{ fd int }

func f(o *owner) {
	go func() {
		unix.Fsync(o.fd)
		unix.Listen(o.fd, 16)
	}()
	fmt.Println(o)
}`, `
type owner struct{ fd int }

func f(o *owner) {
	go func() {
		ops := [...]batchrt.Op{
			batchrt.Fsync(o.fd),
			batchrt.Listen(o.fd, 16),
		}
		batchrt.Run(ops[:])
		_ = ops[0].Err()
		_ = ops[1].Err()
	}()
	fmt.Println(o)
}`, "nothing keeps o alive"},
}

func TestHazards(t *testing.T) {
	for _, h := range append(hazards, moreHazards...) {
		t.Run(h.name, func(t *testing.T) {
			if err := pair(t, file(h.orig), file(h.orig)); err != nil {
				t.Fatalf("the original is not equal to itself: %v", err)
			}
			refused(t, h.orig, h.edited, h.want)
		})
	}
}
