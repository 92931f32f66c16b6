// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestSockaddrOnSockets binds and connects sockets by batches and plainly, and
// compares errors and the names that the kernel then has for them.
func TestSockaddrOnSockets(t *testing.T) {
	dir, err := os.MkdirTemp("", "sa") // not t.TempDir, which is too long a name
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	loop4 := [4]byte{127, 0, 0, 1}
	loop6 := [16]byte{15: 1}
	name := func(n int) string {
		s := filepath.Join(dir, "s")
		return s + strings.Repeat("x", n-len(s))
	}
	cases := []struct {
		name   string
		family int
		make   func() unix.Sockaddr
	}{
		{"inet4", unix.AF_INET, func() unix.Sockaddr { return &unix.SockaddrInet4{Addr: loop4} }},
		{"inet4 port too high", unix.AF_INET, func() unix.Sockaddr { return &unix.SockaddrInet4{Port: 1 << 16, Addr: loop4} }},
		{"inet4 negative port", unix.AF_INET, func() unix.Sockaddr { return &unix.SockaddrInet4{Port: -1, Addr: loop4} }},
		{"inet4 of nobody", unix.AF_INET, func() unix.Sockaddr { return &unix.SockaddrInet4{Addr: [4]byte{192, 0, 2, 1}} }},
		{"inet4 on a unix socket", unix.AF_UNIX, func() unix.Sockaddr { return &unix.SockaddrInet4{Addr: loop4} }},
		{"inet6", unix.AF_INET6, func() unix.Sockaddr { return &unix.SockaddrInet6{Addr: loop6} }},
		{"inet6 port too high", unix.AF_INET6, func() unix.Sockaddr { return &unix.SockaddrInet6{Port: 70000, Addr: loop6} }},
		{"inet6 of no zone", unix.AF_INET6, func() unix.Sockaddr {
			return &unix.SockaddrInet6{ZoneId: 1 << 30, Addr: [16]byte{0: 0xfe, 1: 0x80, 15: 1}}
		}},
		{"unix", unix.AF_UNIX, func() unix.Sockaddr { return &unix.SockaddrUnix{Name: name(40)} }},
		{"unix, longest", unix.AF_UNIX, func() unix.Sockaddr { return &unix.SockaddrUnix{Name: name(107)} }},
		{"unix, too long", unix.AF_UNIX, func() unix.Sockaddr { return &unix.SockaddrUnix{Name: name(108)} }},
		{"unix, no name", unix.AF_UNIX, func() unix.Sockaddr { return &unix.SockaddrUnix{} }},
		{"unix, NUL inside", unix.AF_UNIX, func() unix.Sockaddr { return &unix.SockaddrUnix{Name: name(40) + "\x00z"} }},
		{"unix, abstract", unix.AF_UNIX, func() unix.Sockaddr { return &unix.SockaddrUnix{Name: "@" + name(40)} }},
		{"unix, abstract by NUL", unix.AF_UNIX, func() unix.Sockaddr { return &unix.SockaddrUnix{Name: "\x00" + name(40)} }},
		{"unix, only @", unix.AF_UNIX, func() unix.Sockaddr { return &unix.SockaddrUnix{Name: "@"} }},
		{"unix, only NUL", unix.AF_UNIX, func() unix.Sockaddr { return &unix.SockaddrUnix{Name: "\x00"} }},
		{"unix, no directory", unix.AF_UNIX, func() unix.Sockaddr { return &unix.SockaddrUnix{Name: dir + "/no/s"} }},
		{"netlink", unix.AF_NETLINK, func() unix.Sockaddr { return &unix.SockaddrNetlink{Pid: 4711} }},
	}
	for _, c := range cases {
		batch := sockets(c.family, c.make, func(fd int, sa unix.Sockaddr, connect bool) error {
			var a Arena
			ops := [1]Op{}
			if connect {
				ops[0] = a.Connect(fd, sa)
			} else {
				ops[0] = a.Bind(fd, sa)
			}
			Run(ops[:])
			return ops[0].Err()
		})
		plain := sockets(c.family, c.make, func(fd int, sa unix.Sockaddr, connect bool) error {
			if connect {
				return unix.Connect(fd, sa)
			}
			return unix.Bind(fd, sa)
		})
		if batch != plain {
			t.Errorf("%s: in a batch\n%splainly\n%s", c.name, batch, plain)
		}
	}
}

// sockets binds a socket, listens and connects another one to it, and says what
// came of it, ports that the kernel chose left out.
func sockets(family int, addr func() unix.Sockaddr, call func(fd int, sa unix.Sockaddr, connect bool) error) string {
	kind := unix.SOCK_STREAM
	if family == unix.AF_NETLINK {
		kind = unix.SOCK_RAW
	}
	var b bytes.Buffer
	var fds [2]int
	for i := range fds {
		fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return fmt.Sprintf("socket: %v\n", err)
		}
		defer unix.Close(fd)
		fds[i] = fd
	}
	sa := addr()
	fmt.Fprintf(&b, "bind: %v\n", call(fds[0], sa, false))
	port := 0
	got, err := unix.Getsockname(fds[0])
	switch x := got.(type) {
	case *unix.SockaddrInet4:
		fmt.Fprintf(&b, "bound to %v, %v\n", x.Addr, err)
		port = x.Port
	case *unix.SockaddrInet6:
		fmt.Fprintf(&b, "bound to %v zone %d, %v\n", x.Addr, x.ZoneId, err)
		port = x.Port
	case *unix.SockaddrUnix:
		if sa, ok := sa.(*unix.SockaddrUnix); ok && sa.Name == "" {
			break // the kernel makes a name up
		}
		fmt.Fprintf(&b, "bound to %q, %v\n", x.Name, err)
		defer unix.Unlink(x.Name)
	case *unix.SockaddrNetlink:
		fmt.Fprintf(&b, "bound to %d %d, %v\n", x.Pid, x.Groups, err)
	}
	fmt.Fprintf(&b, "listen: %v\n", unix.Listen(fds[0], 1))
	switch x := sa.(type) {
	case *unix.SockaddrInet4:
		if x.Port == 0 {
			x.Port = port
		}
	case *unix.SockaddrInet6:
		if x.Port == 0 {
			x.Port = port
		}
	}
	fmt.Fprintf(&b, "connect: %v\n", call(fds[1], sa, true))
	peer, err := unix.Getpeername(fds[1])
	if x, ok := peer.(*unix.SockaddrUnix); ok {
		fmt.Fprintf(&b, "peer %q, %v\n", x.Name, err)
	} else {
		fmt.Fprintf(&b, "peer %T, %v\n", peer, err)
	}
	return b.String()
}

// TestSockaddrAllocates nothing: the literal lies on the stack, where the
// function itself would have moved it to the heap.
func TestSockaddrAllocates(t *testing.T) {
	if Executor() == "portable" {
		t.Skip("the functions that make the calls allocate")
	}
	port, name := 0, "/nowhere/at/all"
	n := testing.AllocsPerRun(100, func() {
		var a Arena
		ops := [...]Op{
			a.Bind(-1, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}).GoOn(),
			a.Bind(-1, &unix.SockaddrInet6{Port: port}).GoOn(),
			a.Connect(-1, &unix.SockaddrUnix{Name: name}).GoOn(),
			a.Connect(-1, &unix.SockaddrNetlink{Pid: 1}).GoOn(),
		}
		Run(ops[:])
		port++
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestSockaddrsBeyondArena has more addresses than fit the arena, of lengths that
// leave no room aligned, beside paths.
func TestSockaddrsBeyondArena(t *testing.T) {
	var a Arena
	for range 3 {
		a.Reset()
		var ops []Op
		var fds []int
		for i := range 40 {
			fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
			if err != nil {
				t.Fatal(err)
			}
			fds = append(fds, fd)
			ops = append(ops, a.Bind(fd, &unix.SockaddrUnix{Name: fmt.Sprintf("@batchrt-%d-%0*d", os.Getpid(), i+1, i)}),
				a.Access("/"+strings.Repeat("./", i), unix.R_OK))
		}
		Run(ops)
		for i, fd := range fds {
			if err := ops[2*i].Err(); err != nil {
				t.Error(err)
			}
			if err := ops[2*i+1].Err(); err != nil {
				t.Error(err)
			}
			got, _ := unix.Getsockname(fd)
			want := fmt.Sprintf("@batchrt-%d-%0*d", os.Getpid(), i+1, i)
			if x, ok := got.(*unix.SockaddrUnix); !ok || x.Name != want {
				t.Errorf("bound to %+v, want %s", got, want)
			}
			unix.Close(fd)
		}
	}
}

// TestSockaddrFD binds the socket that an earlier entry gives.
func TestSockaddrFD(t *testing.T) {
	old, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(old)
	name := fmt.Sprintf("@batchrt-fd-%d", os.Getpid())
	var a Arena
	ops := [...]Op{
		Dup(old),
		SetsockoptInt(-1, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1).FD(0),
		a.Bind(-1, &unix.SockaddrUnix{Name: name}).FD(0),
		Listen(-1, 1).FD(0),
		a.Connect(-1, &unix.SockaddrUnix{Name: "\x00no" + name}).Ref(0, 0),
	}
	Run(ops[:])
	fd, err := ops[0].Int()
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	for i := 1; i < 4; i++ {
		if err := ops[i].Err(); err != nil {
			t.Errorf("entry %d: %v", i, err)
		}
	}
	if err := ops[4].Err(); err == nil {
		t.Error("a listening socket was connected")
	}
	if sa, _ := unix.Getsockname(old); sa == nil || sa.(*unix.SockaddrUnix).Name != name {
		t.Errorf("bound to %+v", sa)
	}
}

// TestSockaddrOfNoKind panics, in every build, when the entry is built.
func TestSockaddrOfNoKind(t *testing.T) {
	for _, sa := range []unix.Sockaddr{nil, &unix.SockaddrLinklayer{}, &unix.SockaddrVM{}} {
		func() {
			defer func() {
				if s, ok := recover().(string); !ok || !strings.Contains(s, "socket address") {
					t.Errorf("%T: recovered %q", sa, s)
				}
			}()
			var a Arena
			_ = a.Bind(-1, sa)
			t.Errorf("%T was taken", sa)
		}()
	}
}
