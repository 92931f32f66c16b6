// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package traptest

import (
	"strings"
	"testing"
)

// sample is a trace of two marked threads, an unmarked one, and a run-time
// system that maps memory and starts threads between.
const sample = `
100 execve("/x", ["x"], 0x7ffe00000000 /* 3 vars */) = 0
100 openat(AT_FDCWD</w>, "early", O_RDONLY) = 3</w/early>
100 readlinkat(AT_FDCWD</w>, "trap:begin:main", 0xc000012345, 1) = -1 ENOENT (No such file or directory)
100 openat(AT_FDCWD</w>, "a 9</w/b> 0xc000099999", O_RDONLY) = 7</w/a>
101 openat(AT_FDCWD</w>, "stranger", O_RDONLY) = 8</w/stranger>
100 mmap(NULL, 262144, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f5d6422f000
100 read(7</w/a>,  <unfinished ...>
102 readlink("trap:begin:side", 0xc000054321, 1) = -1 ENOENT (No such file or directory)
102 close(9</w/c>) = 0
100 <... read resumed>"x", 4) = 1
100 --- SIGURG {si_signo=SIGURG} ---
100 clone(child_stack=0xc0001, flags=CLONE_VM|CLONE_THREAD <unfinished ...>
100 <... clone resumed>, tls=0xc000090090) = 103
100 fstat(7</w/a>, 0xc000777777) = -1 EFAULT (Bad address)
100 fstat(7</w/a>, NULL) = -1 EFAULT (Bad address)
100 read(5<pipe:[812]>, 0xf5502d5e000, 4) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
100 read(5<pipe:[812]>, "y", 4) = 1
100 poll([{fd=-1}], 1, 10000) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)
100 clone(child_stack=NULL, flags=CLONE_VM|CLONE_VFORK|SIGCHLD) = 104
104 close(3) = 0
100 wait4(104, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 104
100 mmap(NULL, 10, PROT_READ, MAP_SHARED, 7</w/a>, 0) = 0x7f0000001000
100 madvise(0x7f0000001000, 10, MADV_WILLNEED) = 0
100 madvise(0xc000400000, 4194304, MADV_HUGEPAGE) = 0
100 openat(AT_FDCWD</w>, "b", O_RDONLY) = -1 EIO (Input/output error) (INJECTED)
102 read(5<pipe:[812]>,  <unfinished ...>
100 write(2</w/err>, "panic: no", 9) = 9
100 write(2</w/err>, "\n\ngoroutine 1", 9) = 9
100 exit_group(2) = ?
102 <... read resumed> <unfinished ...>) = ?
`

func sampleLanes(t *testing.T) []Lane {
	t.Helper()
	calls, err := parseTrace(strings.NewReader(sample))
	if err != nil {
		t.Fatal(err)
	}
	return lanes(calls)
}

func TestLanes(t *testing.T) {
	got := laneTexts(&Outcome{Lanes: sampleLanes(t)})
	want := map[string]string{
		"main": `--- begin
openat(AT_FDCWD</w>, "a 9</w/b> 0xc000099999", O_RDONLY) = F0</w/a>
read(F0</w/a>, "x", 4) = 1
fstat(F0</w/a>, ADDR) = -1 EFAULT (Bad address)
fstat(F0</w/a>, NULL) = -1 EFAULT (Bad address)
read(F1<pipe:N0>, "y", 4) = 1
poll([{fd=-1}], 1, 10000) = -1 EINTR
clone(child_stack=NULL, flags=CLONE_VM|CLONE_VFORK|SIGCHLD) = P0
wait4(P0, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = P0
mmap(NULL, 10, PROT_READ, MAP_SHARED, F0</w/a>, 0) = ADDR
madvise(ADDR, 10, MADV_WILLNEED) = 0
openat(AT_FDCWD</w>, "b", O_RDONLY) = -1 EIO (Input/output error) (INJECTED)
exit_group(2) = ?
`,
		"side": `--- begin
close(F0</w/c>) = 0
`,
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("lane %s:\n%s\nwant:\n%s", name, got[name], text)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d lanes, want %d", len(got), len(want))
	}
}

// TestFaultPlace follows a fault from the plan to strace's terms and back.
func TestFaultPlace(t *testing.T) {
	o := &Outcome{Lanes: sampleLanes(t)}
	f := Fault{Lane: "main", Index: 10, Action: "error=EIO"}
	inj, err := f.inject(o)
	if err != nil {
		t.Fatal(err)
	}
	// The thread opened a file before its marker, another thread's do not count.
	if inj.name != "openat" || inj.when != 3 {
		t.Errorf("%v is call %d of %s, want 3 of openat", f, inj.when, inj.name)
	}
	if !f.hit(o) {
		t.Errorf("%v was hit in the sample", f)
	}
	if (Fault{Lane: "main", Index: 9}).hit(o) || (Fault{Lane: "side", Index: 0}).hit(o) {
		t.Error("the sample's fault hit another call")
	}
	if _, err := (Fault{Lane: "main", Index: 12}).inject(o); err == nil {
		t.Error("a fault behind the last call is found")
	}
	if _, err := (Fault{Lane: "none"}).inject(o); err == nil {
		t.Error("a fault in no lane is found")
	}
}

func TestFaultPlan(t *testing.T) {
	o := &Outcome{Lanes: sampleLanes(t)}
	all := (&FaultPlan{Errnos: []string{"EIO", "EPERM"}, All: true}).faults("p", o)
	// 8 calls of main can fail (not clone, mmap, madvise, exit_group), 1 of side.
	if len(all) != 2*9 {
		t.Errorf("%d faults, want 18: %v", len(all), all)
	}
	some := (&FaultPlan{Max: 3}).faults("p", o)
	if len(some) != 3 || some[0] != (Fault{"main", 0, "error=EIO"}) || some[2].Lane != "side" {
		t.Errorf("sample %v: want three, the first and the last call among them", some)
	}
	plan := &FaultPlan{Choose: func(program, lane string, calls []string) []Fault {
		if program != "p" || lane == "side" && calls[0] != "close" {
			t.Errorf("chosen for %s, lane %s, calls %v", program, lane, calls)
		}
		return []Fault{{lane, len(calls) - 1, "retval=0"}}
	}}
	if got := plan.faults("p", o); len(got) != 2 || got[0].Index != 11 || got[1].Index != 0 {
		t.Errorf("chosen faults %v", got)
	}
}

func TestCompare(t *testing.T) {
	base := func() *Outcome { return &Outcome{Exit: "0", Stdout: "a\n", Lanes: sampleLanes(t)} }
	if d := Compare(base(), base()); d != "" {
		t.Errorf("equal outcomes differ:\n%s", d)
	}
	for name, change := range map[string]func(*Outcome){
		"exit status":        func(o *Outcome) { o.Exit = "1" },
		"stdout":             func(o *Outcome) { o.Stdout = "b\n" },
		"stderr":             func(o *Outcome) { o.Stderr = "c\n" },
		"calls of lane main": func(o *Outcome) { e := o.Lanes[0].Events; e[1], e[2] = e[2], e[1] },
		"calls of lane side": func(o *Outcome) { o.Lanes = o.Lanes[:1] },
		"calls of lane new":  func(o *Outcome) { o.Lanes = append(o.Lanes, Lane{Name: "new", Events: o.Lanes[0].Events}) },
	} {
		o := base()
		change(o)
		if d := Compare(base(), o); !strings.HasPrefix(d, name+":") {
			t.Errorf("after a change of the %s: %q", name, d)
		}
	}
}
