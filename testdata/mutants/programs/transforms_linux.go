// SPDX-License-Identifier: BSD-3-Clause

package programs

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// Results and fields that later calls are given.

func chainNarrowed(fd, other int) error {
	off, err := unix.Seek(fd, 0, unix.SEEK_END)
	if err != nil {
		return err
	}
	fmt.Println(other)
	off, err = unix.Seek(other, 0, unix.SEEK_END)
	if err != nil {
		return err
	}
	if err := unix.Ftruncate(other, int64(int32(off))); err != nil {
		return err
	}
	fmt.Println(off)
	return nil
}

func chainInBranch(p string, fd int, v bool) (err error) {
	unix.Unlink("lock")
	if v {
		fd, err = unix.Open(p, unix.O_RDONLY, 0)
		if err != nil {
			return err
		}
	}
	if err := unix.Fsync(fd); err != nil {
		return err
	}
	fmt.Println(fd)
	return nil
}

func loadOwner(p, q string) error {
	var st unix.Stat_t
	if err := unix.Lstat(p, &st); err != nil {
		return err
	}
	return unix.Lchown(q, int(st.Uid), int(st.Gid))
}

func loadChanged(p, q string) error {
	var st unix.Stat_t
	if err := unix.Lstat(p, &st); err != nil {
		return err
	}
	st.Mode &= 0o777
	return unix.Chmod(q, st.Mode)
}

func loadOfResult(p string, fd, other int) error {
	var st unix.Stat_t
	err := unix.Lstat(p, &st)
	if err != nil {
		return err
	}
	st.Size, err = unix.Seek(fd, 0, unix.SEEK_END)
	if err != nil {
		return err
	}
	return unix.Ftruncate(other, st.Size)
}

func loadAtIndex(p, q string, i int) error {
	var sts [2]unix.Stat_t
	if err := unix.Lstat(p, &sts[1]); err != nil {
		return err
	}
	return unix.Chmod(q, sts[i].Mode)
}

// Code between the calls that only computes.

func moveHides(p string) {
	{
		unix.Unlink(p)
		p := p + "~"
		unix.Unlink(p)
	}
}

func moveReads(p, q string) error {
	var st unix.Stat_t
	if err := unix.Lstat(p, &st); err != nil {
		return err
	}
	mode := st.Mode | 0o200
	return unix.Chmod(q, mode)
}

func moveOverHandler(p, q string) error {
	if err := unix.Unlink(p); err != nil {
		q = "other"
		fmt.Println(err)
	}
	full := q + "~"
	return unix.Unlink(full)
}

var counter int

func counted(p string) string {
	counter++
	return p + "~"
}

func pureCounts(p, q string) error {
	if err := unix.Unlink(p); err != nil {
		return err
	}
	return unix.Unlink(counted(q))
}

func current() string { return shared.path }

func pureReads(fd int) error {
	var b [8]byte
	if _, err := unix.Read(fd, b[:]); err != nil {
		return err
	}
	return unix.Unlink(current())
}

func (o *object) path() string { return o.name + "~" }

func pureFollows(p string, o *object) error {
	if err := unix.Unlink(p); err != nil {
		return err
	}
	return unix.Unlink(o.path())
}

func forever(p string) string { return forever(p) }

func pureNeverEnds(p, q string) error {
	if err := unix.Unlink(p); err != nil {
		return err
	}
	return unix.Unlink(forever(q))
}

func restReads(fd int, b []byte) (n int, err error) {
	if _, err := unix.Pread(fd, b, 0); err != nil {
		return 0, err
	}
	if len(b) > 0 {
		n = int(b[0])
	}
	_, err = unix.Pread(fd, b, 8)
	return n, err
}

func restSeen(fd int) (n int) {
	var b [8]byte
	unix.Pread(fd, b[:], 0)
	n += int(b[0])
	unix.Pread(fd, b[:], 8)
	return n
}

func restWrites(fd int) {
	b := [8]byte{}
	unix.Fsync(fd)
	b[0] = 1
	unix.Pwrite(fd, b[:], 0)
}

// Calls under conditions.

func predicates(a, b, c string, v, w bool) {
	unix.Unlink(a)
	if v {
		if w {
			unix.Unlink(b)
		}
	} else {
		unix.Rmdir(b)
	}
	unix.Unlink(c)
}

func predicateUnordered(a, b, c string, share float64) {
	unix.Unlink(a)
	if share > 0.5 {
		unix.Unlink(b)
	} else {
		unix.Unlink(c)
	}
}

func predicateOfCall(a, b string) {
	var st unix.Stat_t
	unix.Lstat(a, &st)
	if st.Size > 0 {
		unix.Unlink(b)
	}
}

var verbose bool

func predicateWoken(fd int, b []byte) {
	unix.Write(fd, b)
	if verbose {
		unix.Write(fd, b)
	}
}

func predicateLeaves(a, b string, v bool) {
	unix.Unlink(a)
	if v {
		return
	}
	unix.Unlink(b)
}

// Loops.

func stripSum(paths []string) (sum int64) {
	for _, p := range paths {
		var st unix.Stat_t
		if err := unix.Lstat(p, &st); err != nil {
			fmt.Println(err)
		}
		sum += st.Size
	}
	return sum
}

func stripGuarded(fd int, buf []byte) error {
	for i := 0; i < 40; i++ {
		if _, err := unix.Pread(fd, buf[8*i:8*(i+1)], int64(i)); err != nil {
			return err
		}
	}
	return nil
}

func stripByTwo(paths []string) {
	for i := 0; i < len(paths); i += 2 {
		if i == 4 {
			continue
		}
		unix.Fsync(i)
	}
}

func stripContinue(paths []string) {
	for _, p := range paths {
		if p == "" {
			continue
		}
		unix.Unlink(p)
	}
}

func stripSearch(path string) (int, error) {
	for _, p := range strings.Split(path, ":") {
		fd, err := unix.Open(p, unix.O_RDONLY, 0)
		if err == nil {
			return fd, nil
		}
	}
	return -1, unix.ENOENT
}

func stripChain(list string) (n int, bad []error) {
	for _, p := range strings.Fields(list) {
		fd, err := unix.Creat(p, 0o600)
		if err != nil {
			bad = append(bad, err)
			continue
		}
		if err := unix.Fchmod(fd, 0o640); err != nil {
			bad = append(bad, err)
		}
		unix.Close(fd)
		n++
	}
	return n, bad
}

func stripGathered(dir string, names []string) error {
	for _, n := range names {
		full := fmt.Sprint(dir, n)
		if err := unix.Unlink(full); err != nil {
			return fmt.Errorf("%s: %w", full, err)
		}
	}
	return nil
}

func stripCarried(paths []string) {
	last := "first"
	for _, p := range paths {
		unix.Rename(p, last)
		last = p
	}
}

func stripCarriedByCall(paths []string) {
	var st unix.Stat_t
	for _, p := range paths {
		unix.Truncate("size", st.Size)
		unix.Lstat(p, &st)
	}
}

func stripShared(paths []string) (sum int64) {
	var st unix.Stat_t
	for _, p := range paths {
		unix.Lstat(p, &st)
		sum += st.Size
	}
	return sum
}

func stripSays(paths []string) {
	for _, p := range paths {
		unix.Unlink(p)
		fmt.Println(p)
	}
}

func stripListed(list func() []string) {
	for _, p := range list() {
		unix.Unlink(p)
	}
}

func stripListChanges(paths []string) {
	for _, p := range paths {
		unix.Unlink(p)
		if len(p) > 3 {
			paths = []string{"other"}
		}
	}
}

func stripOverwrites(paths []string) []string {
	out := paths[:0]
	for _, p := range paths {
		unix.Rmdir(p)
		out = append(out, p, p+"~")
	}
	return out
}

func stripCounterChanges(fd, n int) {
	for i := 0; i < n; i++ {
		unix.Ftruncate(fd, int64(i))
		if i == 7 {
			i++
		}
	}
}

func stripStores(fds []int) []int64 {
	sizes := make([]int64, len(fds))
	for i, fd := range fds {
		var st unix.Stat_t
		unix.Fstat(fd, &st)
		sizes[i] = st.Size
	}
	return sizes
}

// Results that nobody looks at, and such that go on at once.

func uncheckedChain(p string) {
	fd, err := unix.Open(p, unix.O_RDONLY, 0)
	if err != nil {
		return
	}
	unix.Fsync(fd)
	unix.Close(fd)
}

func unreadAlone(p, q string) error {
	err := unix.Unlink(p)
	if err != nil {
		return err
	}
	fd, err := unix.Open(q, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	return unix.Fsync(fd)
}

func unreadButResumed(p, q string) error {
	fd, err := unix.Open(p, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	if err := unix.Unlink(q); err != nil {
		fmt.Println(err)
	}
	return unix.Fsync(fd)
}

func dressedByName(p, q string, name func() string) error {
	if err := os.NewSyscallError(name(), unix.Unlink(p)); err != nil {
		return err
	}
	return os.NewSyscallError("unlink", unix.Unlink(q))
}

func always(error) error { return errors.ErrUnsupported }

func dressedAnew(p, q string) error {
	if err := always(unix.Unlink(p)); err != nil {
		return err
	}
	return unix.Unlink(q)
}

func appendedSometimes(p, q string, v bool) (done []bool) {
	done = append(done, v && unix.Unlink(p) == nil)
	done = append(done, unix.Unlink(q) == nil)
	return done
}

// Sends, to sockets and to channels.

func sendZeroCopy(fd int, b []byte) error {
	if err := unix.Send(fd, b, 0x4000000); err != nil {
		return err
	}
	return unix.Fsync(fd)
}

func sendFlags(fd int, b []byte, flags int) error {
	if err := unix.Send(fd, b, flags); err != nil {
		return err
	}
	return unix.Fsync(fd)
}

func sendTo(p, q string, pick func() chan error) {
	unix.Unlink(p)
	pick() <- unix.Unlink(q)
}

func sendOn(p, q string, ch chan error) {
	ch <- unix.Unlink(p)
	unix.Unlink(q)
}

func sendBetween(p, q string, ch chan string) {
	unix.Unlink(p)
	ch <- p
	unix.Unlink(q)
}

func isDevice(st *unix.Stat_t) bool { return st.Mode&unix.S_IFMT == unix.S_IFCHR }

func modeOf(device bool) uint32 {
	if device {
		return 0o600
	}
	return 0o666
}

// A pure function reads by an address what the call before it stores.
func readByAddress(p, q string) error {
	var st unix.Stat_t
	if err := unix.Stat(p, &st); err != nil {
		return err
	}
	device := isDevice(&st)
	return unix.Chmod(q, modeOf(device))
}
