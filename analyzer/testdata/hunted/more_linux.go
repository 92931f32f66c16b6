package hunted

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// An assignment with a division between the calls.
func divides(x int) int {
	unix.Close(1001) // want `2 calls can share one crossing: Close, Close`
	x /= 2
	x %= 7
	unix.Close(1002)
	return x
}

func dividesBy(x, y int) int {
	unix.Close(1001)
	x /= y
	unix.Close(1002)
	return x
}

// A switch is no loop: continue leaves the statements between the calls.
func continueInSwitch(xs []int) {
	for _, x := range xs {
		unix.Close(1001)
		switch x {
		case 1:
			continue
		}
		unix.Close(1002)
		fmt.Println(x)
	}
}

func continueInHandlersSwitch(xs []int) {
	for _, x := range xs {
		if err := unix.Close(1001); err != nil { // want `2 calls can share one crossing: Close, Close`
			switch {
			case x > 1:
				continue
			}
		}
		unix.Close(1002)
		fmt.Println(x)
	}
}

// The keys of a map are no indexes.
func mapKeys(m map[int]string) {
	sts := make([]unix.Stat_t, len(m))
	for k := range m {
		unix.Close(1001)
		unix.Fstat(0, &sts[k])
		fmt.Println(k)
	}
}

// A map may have grown since the slice was made.
func mapGrows(m map[int]string) {
	sts := make([]unix.Stat_t, len(m))
	m[77] = ""
	for k := 0; k < len(m); k++ {
		unix.Close(1001)
		unix.Fstat(0, &sts[k])
		fmt.Println(k)
	}
}

// Finding the field that is loaded may panic, and the index may change.
func loadIndex(i int) {
	var st [4]unix.Stat_t
	unix.Fstat(0, &st[0])
	unix.Ftruncate(1001, st[i].Size)
}

func loadIndexChanges(i int) {
	var st [4]unix.Stat_t
	unix.Fstat(0, &st[1])
	i++
	unix.Ftruncate(1001, st[i&3].Size)
}

// A conversion that changes the sign of 32 bits changes the number.
func loadSign() {
	var st unix.Stat_t
	unix.Fstat(0, &st)
	unix.Ftruncate(1001, int64(int32(st.Uid)))
}

func loadUnsigned() {
	var st unix.Stat_t
	unix.Fstat(0, &st) // want `2 calls can share one crossing: Fstat, Ftruncate`
	unix.Ftruncate(1001, int64(st.Uid))
}

// The descriptor is not what Open returned any more.
func descriptorChanged(p string) error {
	fd, err := unix.Open(p, 0, 0)
	if err != nil {
		return err
	}
	fd++
	return unix.Close(fd)
}

// After the first check the error says less than the call did.
func errorCleared(a, b string) error {
	err := unix.Unlink(a) // want `2 calls can share one crossing: Unlink, Unlink`
	if err == unix.ENOENT {
		err = nil
	}
	if err != nil {
		return err
	}
	return unix.Unlink(b)
}

func errorSet(fd int, b []byte) error {
	n, err := unix.Read(fd, b) // want `2 calls can share one crossing: Read, Close`
	if n == 0 {
		err = unix.EPIPE
	}
	if err != nil {
		return err
	}
	return unix.Close(fd)
}

type node struct {
	x    int
	name string
	arr  [4]int
}

func (t *node) self() *node    { return t }
func (t *node) of(u *node) int { return u.x }
func two() (*node, *node)      { return nil, nil }
func second2(a, b *node) int   { return b.x }

// The receiver is the first argument here: it is not u that is known to be there.
func methodExpression(t, u *node) {
	fmt.Println(t.x)
	unix.Close(1001)
	unix.Close((*node).of(t, u))
}

// Which of the results may be nil is not known.
func resultsAsArguments() {
	unix.Close(1001)
	unix.Close(second2(two()))
}

// The condition is evaluated again behind the batch.
func conditionOverwritten(a, b string) {
	var st unix.Stat_t
	if st.Size == 0 {
		unix.Unlink(a)
	}
	unix.Stat(b, &st)
}

// Others get at the elements: through their fields, methods and parts.
func elementsMethod() {
	v := make([]node, 3)
	q := v[0].self()
	for j := range v {
		unix.Close(1001)
		if q != nil {
			q.x = 7
		}
		unix.Close(v[j].x)
	}
}

func elementsPart() {
	v := make([][4]string, 3)
	b := v[0][:]
	for i := range b {
		for j := range v {
			unix.Close(1001)
			b[i] = "x"
			unix.Unlink(v[j][0])
		}
	}
}

func elementsField() {
	v := make([]node, 3)
	p := &v[0].name
	for j := range v {
		unix.Close(1001)
		*p = "7"
		unix.Unlink(v[j].name)
	}
}

func elementsParentheses() {
	v := make([]node, 3)
	p := &(v[0])
	for j := range v {
		unix.Close(1001)
		p.x = 7
		unix.Close(v[j].x)
	}
}

// Only system calls have the addresses of the elements.
func elementsConfined(fds []int) (n int64) {
	sts := make([]unix.Stat_t, len(fds))
	for i, fd := range fds {
		if err := unix.Fstat(fd, &sts[i]); err != nil { // want `1 call can share a crossing with those of other iterations: Fstat`
			return 0
		}
		n += sts[i].Size
	}
	return n
}

// Only the length is needed of the array, and t.tab may be nil.
func lengthOnly(t *struct{ tab *[4]int }) {
	for i := range t.tab {
		unix.Close(1000 + i)
	}
}

// The element is read first, and may panic.
func nilArray(p *[4]int) (n int) {
	defer func() { fmt.Println(recover(), n) }()
	for _, v := range p {
		n++
		unix.Close(v)
	}
	return n
}

// A loop that counts very far keeps the call behind it from being made.
func countsFar(n int) (k int) {
	unix.Close(1001)
	for range n {
		k++
	}
	unix.Close(1002)
	return k
}

func nothings(list []struct{}) (k int) {
	unix.Close(1001)
	for range list {
		k++
	}
	unix.Close(1002)
	return k
}

type keyed struct{ s string }

// Under a tag the method has effects.
func taggedMethod(k keyed) {
	unix.Close(1001)
	unix.Unlink(k.path())
}

// Under a tag the comparison may panic.
func taggedComparison(a, b ident) {
	unix.Close(1001)
	if a == b {
		unix.Close(1002)
	}
}

// When the goto has come back, another goroutine has the variable.
func gotoShared(r int, b []byte) {
	x, n := 0, 0
again:
	n++
	unix.Read(r, b)
	unix.Close(x)
	go func() { x = 7; unix.Write(r+1, b) }()
	if n < 3 {
		goto again
	}
}

var pathNow string

func nextPath() int { pathNow += "x"; return len(pathNow) }

// What moves before the table would come before what the first argument calls.
func firstArgumentCalls() {
	unix.Close(nextPath())
	p := pathNow
	unix.Unlink(p)
}

// What stands behind the branch is under more than one condition.
func returnInBranch(k int, a, b, c string) {
	if k > 1 {
		if k > 2 {
			unix.Unlink(a) // want `2 calls can share one crossing: Unlink, Unlink`
		}
		unix.Unlink(b)
		if k > 3 {
			return
		}
	}
	unix.Unlink(c)
}

// The call is made only where force holds.
func callOnTheRight(force bool, p, q string) []bool {
	var oks []bool
	oks = append(oks, force && unix.Unlink(p) == nil)
	unix.Unlink(q)
	return oks
}

// The bounds are the iteration's own, not those of the same names outside.
func boundsOfTheBody(s string, offs []int) (n int) {
	lo, hi := 0, 5
	for i := range offs {
		lo := offs[i]
		hi := lo + 3
		n++
		unix.Unlink(s[lo:hi])
	}
	return n + lo + hi
}

func rangeOverItsName(n int) {
	for n := range n {
		unix.Close(n)
	}
}

type header struct {
	ok   bool
	size float64
}

// Another file may see a structure as bytes.
func seenAsBytes(fd int, b []byte, h *header) {
	if h == nil {
		return
	}
	unix.Read(fd, b)
	if h.ok {
		unix.Close(fd)
	}
}

// For V = uint32 both may be one map.
func sameMap[V ~uint32](modes map[string]uint32, other map[string]V, p, q string) {
	unix.Rmdir(p)
	delete(other, q)
	unix.Chmod(q, modes[q])
}

// Both may be views of one slice.
func sameSlice(p2 *[2]string, p4 *[4]string, p string) {
	_, _ = *p2, *p4
	unix.Rmdir(p)
	*p2 = [2]string{"x", "y"}
	x := *p4
	unix.Unlink(x[0])
}

type named struct {
	name string
	mode *uint32
}

// Each iteration has its own element, which may be nil: the first one's says
// nothing of the others.
func elements(list []*named) {
	for _, e := range list {
		_ = unix.Chmod(e.name, 0o755)
	}
	for _, e := range list {
		_ = unix.Chmod(e.name, *e.mode)
	}
}
