// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64)

package main

import (
	"encoding/binary"
	"math/rand"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// bytesSource gives the fuzzer's bytes as numbers, and when they end zeros.
type bytesSource struct{ data []byte }

func (s *bytesSource) Uint64() uint64 {
	var b [8]byte
	// The leading bytes are those that small numbers are made of.
	n := copy(b[:], s.data)
	s.data = s.data[min(n, 3):]
	return binary.BigEndian.Uint64(b[:])
}

func (s *bytesSource) Int63() int64 { return int64(s.Uint64() >> 1) }
func (s *bytesSource) Seed(int64)   {}

// FuzzDecode makes batches from bytes and runs each by the reference
// interpreter and by this build's executor, in this process.
func FuzzDecode(f *testing.F) {
	for seed := int64(0); seed < 40; seed++ {
		b := make([]byte, 20+seed*40)
		rand.New(rand.NewSource(seed)).Read(b)
		f.Add(b)
	}
	var once sync.Once
	var keep map[int]bool
	var dir string
	f.Fuzz(func(t *testing.T, data []byte) {
		once.Do(func() {
			// A constant 0 is a descriptor that programs may refer to: it must
			// not be the machine's /dev/null.
			var err error
			if dir, err = os.MkdirTemp("", "fuzz"); err != nil {
				t.Fatal(err)
			}
			in, err := unix.Open(filepath.Join(dir, "stdin"), unix.O_RDWR|unix.O_CREAT|unix.O_CLOEXEC, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			if err := unix.Dup3(in, 0, 0); err != nil {
				t.Fatal(err)
			}
			unix.Close(in)
			if null, err := os.Open("/dev/null"); err == nil {
				null.Close() // the runtime's own descriptors are open now
			}
			if keep, err = openFDs(); err != nil {
				t.Fatal(err)
			}
		})
		p := decode(rand.New(&bytesSource{data}))
		run := func(by func(program, *world) string) string {
			w, err := newWorld(filepath.Join(dir, "world"), len(p.steps))
			if err != nil {
				t.Fatal(err)
			}
			text := by(p, w) + w.state(keep)
			if err := w.clear(keep); err != nil {
				t.Fatal(err)
			}
			return text
		}
		if want, got := run(runReference), run(runBatch); got != want {
			t.Errorf("reference:\n%s\nbatch:\n%s", want, got)
		}
	})
}
