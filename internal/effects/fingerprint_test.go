// SPDX-License-Identifier: BSD-3-Clause

package effects

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
)

const wrapper = `package unix

// Frob frobs.
func Frob(fd int, path string) (err error) {
	return frob(AT_FDCWD, fd, path, flag)
}

func frob(dirfd, fd int, path string, flags int) (err error) {
	var _p0 *byte
	_p0, err = BytePtrFromString(path)
	if err != nil {
		return
	}
	if raceenabled {
		raceReleaseMerge()
	}
	_, _, e1 := Syscall6(SYS_FROB, uintptr(dirfd), uintptr(fd), uintptr(flags), uintptr(unsafe.Pointer(_p0)), 0, 0)
	if e1 != 0 {
		err = errnoErr(e1)
	}
	return
}

const (
	AT_FDCWD = -0x64
	SYS_FROB = 42
)

var flag = 1 << 3

func raceReleaseMerge() {}
func errnoErr(e Errno) error { return e }
func Unrelated() int { return 1 }
`

func printOf(t *testing.T, src, name string) uint64 {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	p, ok := Fingerprint([]*ast.File{f}, name)
	if !ok {
		t.Fatalf("no print of %s", name)
	}
	return p
}

func edit(t *testing.T, src string, oldNew ...string) string {
	t.Helper()
	for i := 0; i < len(oldNew); i += 2 {
		n := replaceAll(src, oldNew[i], oldNew[i+1])
		if n == src {
			t.Fatalf("%q is not in the source", oldNew[i])
		}
		src = n
	}
	return src
}

func replaceAll(s, old, new string) string {
	out := ""
	for i := 0; i < len(s); {
		if len(s)-i >= len(old) && s[i:i+len(old)] == old {
			out += new
			i += len(old)
		} else {
			out += s[i : i+1]
			i++
		}
	}
	return out
}

func TestPrintIgnores(t *testing.T) {
	want := printOf(t, wrapper, "Frob")
	for name, src := range map[string]string{
		"comments":          edit(t, wrapper, "// Frob frobs.", "// Something else.\n//\n//go:nosplit"),
		"local names":       edit(t, wrapper, "_p0", "ptr", "e1", "errno"),
		"parameter names":   edit(t, wrapper, "dirfd", "at"),
		"parameter groups":  edit(t, wrapper, "dirfd, fd int", "dirfd int, fd int"),
		"literal spelling":  edit(t, wrapper, "-0x64", "-100", "= 42", "= 0x2a"),
		"race hooks":        edit(t, wrapper, "\tif raceenabled {\n\t\traceReleaseMerge()\n\t}\n", ""),
		"other functions":   edit(t, wrapper, "func Unrelated() int { return 1 }", "func Another() int { return 2 }"),
		"the errno boxes":   edit(t, wrapper, "error { return e }", "error { if e == 0 { return nil }; return e }"),
		"order of decls":    edit(t, wrapper, "\tAT_FDCWD = -0x64\n\tSYS_FROB = 42\n", "\tX = 1\n\tSYS_FROB = 42\n\tAT_FDCWD = -0x64\n"),
		"other race hooks":  edit(t, wrapper, "func raceReleaseMerge() {}", "func raceReleaseMerge() { panic(1) }"),
		"needless brackets": edit(t, wrapper, "if e1 != 0 {", "if (e1) != (0) {"),
	} {
		if got := printOf(t, src, "Frob"); got != want {
			t.Errorf("%s change the print", name)
		}
	}
}

func TestPrintSees(t *testing.T) {
	want := printOf(t, wrapper, "Frob")
	for name, src := range map[string]string{
		"the call number":       edit(t, wrapper, "= 42", "= 43"),
		"a constant":            edit(t, wrapper, "-0x64", "-0x65"),
		"a variable's value":    edit(t, wrapper, "1 << 3", "1 << 4"),
		"the order of words":    edit(t, wrapper, "uintptr(dirfd), uintptr(fd)", "uintptr(fd), uintptr(dirfd)"),
		"a truncation":          edit(t, wrapper, "uintptr(fd)", "uintptr(int32(fd))"),
		"a parameter's type":    edit(t, wrapper, "flags int", "flags uint32"),
		"another statement":     edit(t, wrapper, "\tif e1 != 0 {", "\tUnrelated()\n\tif e1 != 0 {"),
		"a missing check":       edit(t, wrapper, "\tif err != nil {\n\t\treturn\n\t}\n", ""),
		"an operator":           edit(t, wrapper, "if e1 != 0", "if e1 == 0"),
		"swapped parameters":    edit(t, wrapper, "frob(AT_FDCWD, fd, path, flag)", "frob(fd, AT_FDCWD, path, flag)"),
		"a branch of its own":   edit(t, wrapper, "if raceenabled {", "if flag == 0 {"),
		"a race branch's else":  edit(t, wrapper, "\t\traceReleaseMerge()\n\t}\n", "\t\traceReleaseMerge()\n\t} else {\n\t\treturn\n\t}\n"),
		"a raw call of another": edit(t, wrapper, "Syscall6(", "RawSyscall6("),
	} {
		if printOf(t, src, "Frob") == want {
			t.Errorf("the print does not see %s", name)
		}
	}
}

func TestPrintOfNothing(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", "package unix\nfunc asm(fd int)\nvar V = 1\nfunc (T) M() {}\ntype T int\n", 0)
	if err != nil {
		t.Fatal(err)
	}
	x := NewIndex([]*ast.File{f})
	for _, n := range []string{"asm", "V", "M", "T", "absent"} {
		if _, ok := x.Print(n); ok {
			t.Errorf("%s has a print", n)
		}
	}
}

// TestPrintOfIota: a constant that counts by its place must change with it.
func TestPrintOfIota(t *testing.T) {
	const src = "package unix\nconst (\n\tA = iota\n\tB\n\tC\n)\nfunc F() int { return C }\n"
	if printOf(t, src, "F") == printOf(t, edit(t, src, "\tB\n", ""), "F") {
		t.Error("the print does not see that C moved")
	}
}

const encoder = `package unix

type Sockaddr interface {
	sockaddr() (ptr unsafe.Pointer, len _Socklen, err error)
}

type _Socklen uint32

type RawSockaddr struct {
	Family uint16
	Port   uint16
	Data   [MAX]byte
}

type (
	SockaddrInet4   struct { Port int; raw RawSockaddr }
	SockaddrInet6   struct { Port int; raw RawSockaddr }
	SockaddrNetlink struct { Port int; raw RawSockaddr }
	SockaddrUnix    struct { Name string; raw RawSockaddr }
	SockaddrOther   struct { Name string; raw RawSockaddr }
)

func (sa *SockaddrInet4) sockaddr() (unsafe.Pointer, _Socklen, error) {
	if sa.Port < 0 {
		return nil, 0, EINVAL
	}
	sa.raw.Family = AF_INET
	return unsafe.Pointer(&sa.raw), size, nil
}

func (sa *SockaddrInet6) sockaddr() (unsafe.Pointer, _Socklen, error) { return unsafe.Pointer(&sa.raw), size, nil }
func (sa *SockaddrNetlink) sockaddr() (unsafe.Pointer, _Socklen, error) { return unsafe.Pointer(&sa.raw), size, nil }
func (sa *SockaddrUnix) sockaddr() (unsafe.Pointer, _Socklen, error) {
	for i := range len(sa.Name) {
		sa.raw.Data[i] = sa.Name[i]
	}
	return unsafe.Pointer(&sa.raw), helper(2), nil
}
func (sa *SockaddrOther) sockaddr() (unsafe.Pointer, _Socklen, error) { return unsafe.Pointer(&sa.raw), 3, nil }

func helper(n int) _Socklen { return _Socklen(n + 1) }

func Bind(fd int, sa Sockaddr) (err error) {
	ptr, n, err := sa.sockaddr()
	if err != nil {
		return err
	}
	return bind(fd, ptr, n)
}

func bind(s int, addr unsafe.Pointer, addrlen _Socklen) (err error) {
	_, _, e1 := Syscall(SYS_BIND, uintptr(s), uintptr(addr), uintptr(addrlen))
	return errnoErr(e1)
}

func Listen(fd int) error {
	_, _, e1 := Syscall(SYS_LISTEN, uintptr(fd), 0, 0)
	return errnoErr(e1)
}

const (
	AF_INET    = 2
	MAX        = 12
	SYS_BIND   = 49
	SYS_LISTEN = 50
	size       = 16
)
`

// TestEncodingCounts changes what the methods behind Bind's interface do.
func TestEncodingCounts(t *testing.T) {
	bind, listen := printOf(t, encoder, "Bind"), printOf(t, encoder, "Listen")
	for _, c := range []struct {
		name, old, new string
		same           bool
	}{
		{"a test", "sa.Port < 0", "sa.Port < 1", false},
		{"a constant", "AF_INET    = 2", "AF_INET    = 3", false},
		{"a length", "size       = 16", "size       = 15", false},
		{"a helper", "n + 1", "n", false},
		{"a method that does less", "sa.raw.Family = AF_INET\n", "", false},
		{"order of fields", "Family uint16\n\tPort   uint16", "Port   uint16\n\tFamily uint16", false},
		{"width of a field", "Port   uint16", "Port   uint32", false},
		{"size of a field", "MAX        = 12", "MAX        = 13", false},
		{"type of the length", "type _Socklen uint32", "type _Socklen uint16", false},
		{"a field more", "SockaddrUnix    struct { Name string;", "SockaddrUnix    struct { Name string; Len int;", false},
		{"receiver by another name", "func (sa *SockaddrInet6) sockaddr() (unsafe.Pointer, _Socklen, error) { return unsafe.Pointer(&sa.raw)",
			"func (x *SockaddrInet6) sockaddr() (unsafe.Pointer, _Socklen, error) { return unsafe.Pointer(&x.raw)", true},
		{"a type that no entry has", "return unsafe.Pointer(&sa.raw), 3, nil", "return nil, 4, nil", true},
	} {
		changed := edit(t, encoder, c.old, c.new)
		if got := printOf(t, changed, "Bind") == bind; got != c.same {
			t.Errorf("%s: the same print: %v, want %v", c.name, got, c.same)
		}
		if printOf(t, changed, "Listen") != listen {
			t.Errorf("%s: Listen has another print", c.name)
		}
	}
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", edit(t, encoder, "func (sa *SockaddrNetlink) sockaddr()", "func (sa SockaddrNetlink) sockaddr()"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := Fingerprint([]*ast.File{f}, "Bind"); ok {
		t.Error("a print although one of the methods is not there")
	}
}
