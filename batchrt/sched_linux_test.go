// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import (
	"math"
	"runtime"
	"sort"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func pipe(t *testing.T) (r, w int) {
	t.Helper()
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(p[0]); unix.Close(p[1]) })
	return p[0], p[1]
}

// TestBlocking lets an entry wait for another goroutine when there is one
// processor only.
func TestBlocking(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	r, w := pipe(t)
	for i := 0; i < 20; i++ {
		go func() {
			time.Sleep(time.Millisecond)
			unix.Write(w, []byte("ab"))
		}()
		var one, two [1]byte
		ops := [...]Op{Read(r, one[:]), Read(r, two[:])}
		Run(ops[:])
		n, err := ops[0].Int()
		m, err2 := ops[1].Int()
		if n != 1 || m != 1 || err != nil || err2 != nil || one[0] != 'a' || two[0] != 'b' {
			t.Fatal(n, err, m, err2, one, two)
		}
	}
}

// TestNoExtraEINTR sends preemption signals to threads that wait in a batch:
// the calls must be restarted, as plain calls are.
func TestNoExtraEINTR(t *testing.T) {
	pid := unix.Getpid()
	for i := 0; i < 10; i++ {
		tid := make(chan int)
		done := make(chan error)
		r, w := pipe(t)
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			tid <- unix.Gettid()
			var b [1]byte
			ops := [...]Op{Read(r, b[:]), Read(r, b[:])}
			Run(ops[:])
			if _, err := ops[0].Int(); err != nil {
				done <- err
				return
			}
			_, err := ops[1].Int()
			done <- err
		}()
		id := <-tid
		for j := 0; j < 20; j++ {
			unix.Tgkill(pid, id, syscall.SIGURG)
			time.Sleep(100 * time.Microsecond)
		}
		unix.Write(w, []byte("x"))
		for j := 0; j < 20; j++ {
			unix.Tgkill(pid, id, syscall.SIGURG)
			time.Sleep(100 * time.Microsecond)
		}
		unix.Write(w, []byte("y"))
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
}

// TestTimers compares how late timers are while one goroutine makes calls
// without pause, in batches and plainly, on one processor.
func TestTimers(t *testing.T) {
	disturbed(t, "a timer's lateness", func() time.Duration {
		start := time.Now()
		time.Sleep(time.Millisecond)
		return time.Since(start) - time.Millisecond
	})
}

// TestCollections compares how long the collector takes then, which stops all
// goroutines twice.
func TestCollections(t *testing.T) {
	disturbed(t, "a collection", func() time.Duration {
		start := time.Now()
		runtime.GC()
		return time.Since(start)
	})
}

// disturbed measures something beside a goroutine that makes calls without
// pause, in batches and plainly, on one processor.
func disturbed(t *testing.T, what string, measure func() time.Duration) {
	if testing.Short() || sanitized {
		t.Skip()
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	_, fd := tmpFile(t, 1)
	// most gives the ninth decile of some measurements.
	most := func(work func()) time.Duration {
		stop, stopped := make(chan bool), make(chan bool)
		go func() {
			defer close(stopped)
			for {
				select {
				case <-stop:
					return
				default:
					work()
				}
			}
		}()
		d := make([]time.Duration, 100)
		for i := range d {
			d[i] = measure()
		}
		close(stop)
		<-stopped
		sort.Slice(d, func(i, j int) bool { return d[i] < d[j] })
		return d[90]
	}
	ops := make([]Op, 256)
	var st unix.Stat_t
	for i := range ops {
		ops[i] = Fstat(fd, &st)
	}
	// The machine may be busy with other things: the best of a few tries. A
	// batch comes back from the kernel to the scheduler after 64 entries only,
	// some 20 microseconds.
	best := math.Inf(1)
	for try := 0; try < 8 && best > 1.1; try++ {
		plain := most(func() {
			for range ops {
				unix.Fstat(fd, &st)
			}
		})
		batch := most(func() { Run(ops) })
		best = min(best, float64(batch)/float64(plain))
		t.Logf("%s, nine times of ten at most: %v beside batches, %v beside plain calls", what, batch, plain)
	}
	if best > 1.5 {
		t.Errorf("%s is %.2f times as much beside batches as beside plain calls", what, best)
	}
}
