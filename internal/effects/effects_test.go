// SPDX-License-Identifier: BSD-3-Clause

package effects

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// show writes an encoding the way the truths below are written: pN a
// parameter, sN the copy of a string, dN/lN a slice's data and length, aN a
// pointer, iN an in-entry word, eN a socket address as it is encoded.
func show(e Enc) string {
	var w []string
	for _, x := range e.Words {
		s := map[WordKind]string{WordParam: "p", WordPath: "s", WordPtr: "a", WordData: "d", WordDataNil: "n", WordLen: "l",
			WordImm: "i", WordParam32: "p", WordPathNil: "z", WordSockaddr: "e", WordSockaddrLen: "l"}[x.Kind]
		if x.Kind == WordConst {
			s = fmt.Sprint(int64(x.Const))
		} else {
			s += fmt.Sprint(x.Param)
		}
		if x.Kind == WordParam32 {
			s += fmt.Sprintf("|%#x", x.Const)
		}
		if x.Trunc != "" {
			s += "." + x.Trunc
		}
		w = append(w, s)
	}
	return fmt.Sprintf("%d(%s)", e.NR, strings.Join(w, " "))
}

// truths were written by hand from the kernel's tables (asm/unistd_64.h and
// asm-generic/unistd.h), not from x/sys. O_LARGEFILE is 0 for user space on
// both, but the word still says that the parameter is or'ed.
var truths = []struct{ name, amd64, arm64 string }{
	{"Access", "269(-100 s0 p1)", "48(-100 s0 p1)"},
	{"Bind", "49(p0 e1 l1)", "200(p0 e1 l1)"},
	{"Chmod", "268(-100 s0 p1)", "53(-100 s0 p1)"},
	{"Chown", "260(-100 s0 p1 p2)", "54(-100 s0 p1 p2)"},
	{"Close", "3(p0)", "57(p0)"},
	{"CloseOnExec", "72(p0 2 1)", "25(p0 2 1)"},
	{"Connect", "42(p0 e1 l1)", "203(p0 e1 l1)"},
	{"Creat", "257(-100 s0 577 p1)", "56(-100 s0 577 p1)"},
	{"Dup2", "292(p0 p1)", "24(p0 p1)"},
	{"EpollCtl", "233(p0 p1 p2 a3)", "21(p0 p1 p2 a3)"},
	{"EpollWait", "232(p0 d1 l1 p2)", "22(p0 d1 l1 p2)"},
	{"Eventfd", "290(p0 p1)", "19(p0 p1)"},
	{"Fadvise", "221(p0 p1 p2 p3)", "223(p0 p1 p2 p3)"},
	{"Fallocate", "285(p0 p1 p2 p3)", "47(p0 p1 p2 p3)"},
	{"FanotifyMark", "301(p0 p1 p2 p3 z4)", "263(p0 p1 p2 p3 z4)"},
	{"Fchdir", "81(p0)", "50(p0)"},
	{"Fchmod", "91(p0 p1)", "52(p0 p1)"},
	{"Fchownat", "260(p0 s1 p2 p3 p4)", "54(p0 s1 p2 p3 p4)"},
	{"FcntlInt", "72(p0 p1 p2)", "25(p0 p1 p2)"},
	{"Fgetxattr", "193(p0 s1 d2 l2)", "10(p0 s1 d2 l2)"},
	{"Flock", "73(p0 p1)", "32(p0 p1)"},
	{"Fstat", "5(p0 a1)", "80(p0 a1)"},
	{"Fstatat", "262(p0 s1 a2 p3)", "79(p0 s1 a2 p3)"},
	{"FsconfigSetString", "431(p0 1 s1 s2)", "431(p0 1 s1 s2)"},
	{"Fsync", "74(p0)", "82(p0)"},
	{"Ftruncate", "77(p0 p1)", "46(p0 p1)"},
	{"Getcwd", "79(d0 l0)", "17(d0 l0)"},
	{"Getdents", "217(p0 d1 l1)", "61(p0 d1 l1)"},
	{"Getpid", "39()", "172()"},
	{"Getxattr", "191(s0 s1 d2 l2)", "8(s0 s1 d2 l2)"},
	{"InotifyInit", "294()", "26()"},
	{"Kill", "62(p0 p1)", "129(p0 p1)"},
	{"Lchown", "94(s0 p1 p2)", "54(-100 s0 p1 p2 256)"},
	{"Link", "265(-100 s0 -100 s1)", "37(-100 s0 -100 s1)"},
	{"Lstat", "262(-100 s0 a1 256)", "79(-100 s0 a1 256)"},
	{"Madvise", "28(d0 l0 p1)", "233(d0 l0 p1)"},
	{"Mkdir", "258(-100 s0 p1)", "34(-100 s0 p1)"},
	{"Mkfifo", "259(-100 s0 p1|0x1000)", "33(-100 s0 p1|0x1000)"},
	{"Mknod", "259(-100 s0 p1 p2)", "33(-100 s0 p1 p2)"},
	{"MmapPtr", "9(a2 p3 p4 p5 p0 p1)", "222(a2 p3 p4 p5 p0 p1)"},
	{"Mount", "165(s0 s1 s2 p3 z4)", "40(s0 s1 s2 p3 z4)"},
	{"MunmapPtr", "11(a0 p1)", "215(a0 p1)"},
	{"Open", "257(-100 s0 p1|0x0 p2)", "56(-100 s0 p1|0x0 p2)"},
	{"Openat", "257(p0 s1 p2|0x0 p3)", "56(p0 s1 p2|0x0 p3)"},
	{"Openat2", "437(p0 s1 a2 24)", "437(p0 s1 a2 24)"},
	{"Pread", "17(p0 d1 l1 p2)", "67(p0 d1 l1 p2)"},
	{"Pwrite", "18(p0 d1 l1 p2)", "68(p0 d1 l1 p2)"},
	{"Read", "0(p0 d1 l1)", "63(p0 d1 l1)"},
	{"Readlink", "267(-100 s0 d1 l1)", "78(-100 s0 d1 l1)"},
	{"Rename", "264(-100 s0 -100 s1)", "38(-100 s0 -100 s1)"},
	{"Rmdir", "263(-100 s0 512)", "35(-100 s0 512)"},
	{"Seek", "8(p0 p1 p2)", "62(p0 p1 p2)"},
	{"Send", "44(p0 d1 l1 p2)", "206(p0 d1 l1 p2)"},
	{"SetsockoptByte", "54(p0 p1 p2 i3 1)", "208(p0 p1 p2 i3 1)"},
	{"SetsockoptInt", "54(p0 p1 p2 i3.int32 4)", "208(p0 p1 p2 i3.int32 4)"},
	{"SetsockoptLinger", "54(p0 p1 p2 a3 8)", "208(p0 p1 p2 a3 8)"},
	{"SetsockoptTimeval", "54(p0 p1 p2 a3 16)", "208(p0 p1 p2 a3 16)"},
	{"SetsockoptUint64", "54(p0 p1 p2 i3 8)", "208(p0 p1 p2 i3 8)"},
	{"Signalfd", "289(p0 a1 8 p2)", "74(p0 a1 8 p2)"},
	{"Stat", "262(-100 s0 a1)", "79(-100 s0 a1)"},
	{"Statx", "332(p0 s1 p2 p3 a4)", "291(p0 s1 p2 p3 a4)"},
	{"Symlink", "266(s0 -100 s1)", "36(s0 -100 s1)"},
	{"Sync", "162()", "81()"},
	{"Umask", "95(p0)", "166(p0)"},
	{"Unlink", "263(-100 s0)", "35(-100 s0)"},
	{"Unmount", "166(s0 p1)", "39(s0 p1)"},
	{"UtimesNanoAt", "280(p0 s1 n2 p3)", "88(p0 s1 n2 p3)"},
	{"Write", "1(p0 d1 l1)", "64(p0 d1 l1)"},
}

// stdTruths are package syscall's own.
var stdTruths = []struct{ name, amd64, arm64 string }{
	{"Dup2", "33(p0 p1)", "0()"}, // there is none on arm64
	{"InotifyInit", "253()", "26()"},
	{"Lchown", "260(-100 s0 p1 p2 256)", "54(-100 s0 p1 p2 256)"},
	{"Unlinkat", "263(p0 s1)", "35(p0 s1)"},
	{"UtimesNano", "280(-100 s0 n1)", "88(-100 s0 n1)"},
	{"Lstat", "262(-100 s0 a1 256)", "79(-100 s0 a1 256)"},
	{"Write", "1(p0 d1 l1)", "64(p0 d1 l1)"},
}

func TestEncodings(t *testing.T) {
	for _, c := range truths {
		f := Lookup("golang.org/x/sys/unix", c.name)
		if f == nil || !f.Possible() {
			t.Errorf("%s is not a possible entry", c.name)
			continue
		}
		for arch, want := range map[string]string{"amd64": c.amd64, "arm64": c.arm64} {
			if got := show(f.Linux[arch]); got != want {
				t.Errorf("%s on %s: %s, want %s", c.name, arch, got, want)
			}
		}
	}
}

func TestStdEncodings(t *testing.T) {
	for _, c := range stdTruths {
		f := Lookup("syscall", c.name)
		if f == nil || !f.Possible() {
			t.Errorf("syscall.%s is not a possible entry", c.name)
			continue
		}
		for arch, want := range map[string]string{"amd64": c.amd64, "arm64": c.arm64} {
			if got := show(f.Linux[arch]); got != want {
				t.Errorf("syscall.%s on %s: %s, want %s", c.name, arch, got, want)
			}
		}
	}
}

func TestGuards(t *testing.T) {
	for _, f := range All() {
		for arch, e := range f.Linux {
			want := ""
			if f.Name == "UtimesNano" || f.Name == "UtimesNanoAt" {
				want = "ts != nil && len(ts) != 2"
				if f.StdOnly {
					want = "len(ts) != 2"
				}
			}
			if f.Possible() && e.Guard != want {
				t.Errorf("%s on %s: guard %q, want %q", f.Name, arch, e.Guard, want)
			}
		}
	}
}

// TestCounts holds the numbers that the documentation prints. A change is
// fine, but somebody must have meant it.
func TestCounts(t *testing.T) {
	possible, never, std, own := 0, 0, 0, 0
	for _, f := range All() {
		switch {
		case f.StdOnly:
			own++
		case f.Possible():
			possible++
			if f.Std {
				std++
			}
		default:
			never++
		}
	}
	got := fmt.Sprintf("possible %d, never %d, possible in syscall %d, syscall's own %d", possible, never, std, own)
	if want := "possible 177, never 270, possible in syscall 103, syscall's own 5"; got != want {
		t.Errorf("%s; the test expects %s", got, want)
	}
}

// TestRows checks what every consumer relies on.
func TestRows(t *testing.T) {
	seen := map[string]bool{}
	var last string
	for _, f := range All() {
		key := f.Name + fmt.Sprint(f.StdOnly)
		if seen[key] || f.Name < last {
			t.Errorf("%s: twice or out of order", f.Name)
		}
		seen[key], last = true, f.Name
		if !f.Possible() {
			if Reasons[f.Reason] == "" || f.Why == "" {
				t.Errorf("%s: reason %q, why %q", f.Name, f.Reason, f.Why)
			}
			continue
		}
		if len(f.Linux) == 0 || f.Man == "" || f.Topic == "" {
			t.Errorf("%s: encodings %d, manual %q, topic %q", f.Name, len(f.Linux), f.Man, f.Topic)
		}
		if f.Result > ResPtrErr || f.Result == ResRaw {
			t.Errorf("%s: result form %d", f.Name, f.Result)
		}
		for _, p := range slices.Concat(f.Params, f.StdParams) {
			memory := p.Kind != Integer
			if p.Kind == Other || memory != (p.Dir != NoMem) || p.Copied() && p.Dir != In {
				t.Errorf("%s: parameter %+v", f.Name, p)
			}
		}
		for arch, e := range f.Linux {
			checkWords(t, f, arch, e)
		}
		if f.StdParams != nil && len(f.StdParams) != len(f.Params) {
			t.Errorf("%s: %d parameters, %d in package syscall", f.Name, len(f.Params), len(f.StdParams))
		}
		if f.Std != (len(f.StdPorts) > 0) || f.StdOnly && (!f.Std || len(f.Ports) > 0 || f.StdParams == nil) {
			t.Errorf("%s: Std %v, StdOnly %v, %d ports, %d in package syscall", f.Name, f.Std, f.StdOnly, len(f.Ports), len(f.StdPorts))
		}
		if !slices.IsSorted(f.Ports) || !slices.IsSorted(f.StdPorts) {
			t.Errorf("%s: ports are not sorted", f.Name)
		}
	}
}

func checkWords(t *testing.T, f *Func, arch string, e Enc) {
	if len(e.Words) > 6 {
		t.Errorf("%s on %s: %d words", f.Name, arch, len(e.Words))
	}
	used := map[int]bool{}
	for _, w := range e.Words {
		if w.Kind == WordConst {
			continue
		}
		used[w.Param] = true
		kinds := map[WordKind][]ParamKind{WordParam: {Integer}, WordParam32: {Integer}, WordImm: {Integer}, WordPath: {Path},
			WordPathNil: {Path}, WordPtr: {Pointer}, WordData: {Bytes, Slice}, WordDataNil: {Bytes, Slice}, WordLen: {Bytes, Slice},
			WordSockaddr: {Sockaddr}, WordSockaddrLen: {Sockaddr}}
		if w.Param >= len(f.Params) || !slices.Contains(kinds[w.Kind], f.Params[w.Param].Kind) {
			t.Errorf("%s on %s: word %+v does not fit its parameter", f.Name, arch, w)
		}
	}
	for _, g := range f.Given {
		if !g.Not {
			used[g.Param] = true // its one value is the wrapper's choice of the call
		}
	}
	if len(used) != len(f.Params) {
		t.Errorf("%s on %s: %d parameters, %d used", f.Name, arch, len(f.Params), len(used))
	}
	key := "unix/" + arch
	if f.StdOnly {
		key = "syscall/" + arch
	}
	if len(f.Prints[key]) == 0 {
		t.Errorf("%s has no fingerprint for %s", f.Name, key)
	}
}

// TestClasses spot-checks the sync classes against the rule "sync".
func TestClasses(t *testing.T) {
	for name, want := range map[string]Sync{"Read": Acquire, "Write": Release, "Close": Release, "Flock": Acquire | Release,
		"Open": Acquire | Release, "EpollWait": Acquire, "EpollCtl": Release, "Kill": Release, "Shutdown": Release, "Dup3": Release,
		"Waitid": Acquire | Release, "FcntlFlock": Acquire | Release, "Lstat": NoSync, "Unlink": NoSync, "SetsockoptInt": NoSync,
		"Fsync": NoSync, "Seek": NoSync, "Getxattr": NoSync, "Sendfile": Acquire | Release, "Bind": NoSync, "Connect": Acquire | Release, "Nanosleep": Acquire | Release} {
		if f := Lookup("golang.org/x/sys/unix", name); f == nil || f.Sync != want {
			t.Errorf("%s: sync %v, want %v", name, f.Sync, want)
		}
	}
	for name, want := range map[string]Reason{"Setuid": ReasonState, "Prctl": ReasonState, "Unshare": ReasonState, "Wait4": ReasonWrapper,
		"Mmap": ReasonWrapper, "Vmsplice": ReasonOutlive, "Readv": ReasonNested, "Getrandom": ReasonVDSO, "IoctlSetInt": ReasonDevice,
		"Major": ReasonNoCall, "ByteSliceFromString": ReasonNoCall, "Listns": ReasonVersion, "Syscall6": ReasonRaw, "Socket": "", "Fchmodat": "",
		"Pipe2": ReasonWrapper, "Sendto": ReasonWrapper, "Setrlimit": ReasonState, "Exec": ReasonState, "SchedSetaffinity": ReasonState} {
		if f := Lookup("golang.org/x/sys/unix", name); f == nil || f.Reason != want {
			t.Errorf("%s: reason %q, want %q", name, f.Reason, want)
		}
	}
}

func TestLookup(t *testing.T) {
	if Lookup("golang.org/x/sys/unix", "NoSuchCall") != nil || Lookup("os", "Open") != nil {
		t.Error("found what is not there")
	}
	if f := Lookup("syscall", "Fstat"); f == nil || f.StdParams[1].Type != "*syscall.Stat_t" || f.StdParams[1].Dir != Out {
		t.Errorf("syscall.Fstat: %+v", f)
	}
	if f := Lookup("syscall", "Close"); f == nil || f.StdParams != nil {
		t.Errorf("syscall.Close: %+v", f)
	}
	if f := Lookup("syscall", "Bind"); f != nil {
		t.Errorf("syscall.Bind encodes other types: found %+v", f)
	}
	if f := Lookup("syscall", "Statx"); f != nil {
		t.Errorf("package syscall has no Statx, found %+v", f)
	}
	var names []string
	for _, f := range ByNumber("amd64", 262) {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "Fstatat Lstat Stat" {
		t.Errorf("newfstatat on amd64: %s", got)
	}
}
