// SPDX-License-Identifier: BSD-3-Clause

// Package pairs compares the speed of two pieces of code on a machine whose
// speed drifts. Short slices of both alternate, each pair of slices gives one
// ratio, and the median of many ratios is good to about 0.01 where medians of
// whole runs are off by 10 %.
//
// Time is the thread's processor time, which other programs on the machine
// cannot take away: system calls that wait are not for this package.
package pairs

import (
	"math"
	"runtime"
	"sort"
	"time"

	"golang.org/x/sys/unix"
)

// Options says how long to measure. The zero value is the usual: 1,000 pairs
// of slices of 1 ms.
type Options struct {
	Pairs int           // number of pairs of slices
	Slice time.Duration // length of one slice
}

// Result is the comparison of a changed function with the original.
type Result struct {
	Ratio  float64 // median of time(changed) / time(original)
	Spread float64 // half the distance between the ratios' quartiles
	Self   float64 // median of time(original) / time(original), taken between the others
	NS     float64 // median time of one call of the original, in nanoseconds
	Low    float64 // first decile of it: what it takes when little disturbs it
}

// Void reports whether the original differs so much from itself that the
// result says nothing.
func (r Result) Void() bool { return math.Abs(r.Self-1) > 0.02 }

// Compare measures. Both functions must do the same work on each call.
func Compare(original, changed func(), opt Options) Result {
	if opt.Pairs == 0 {
		opt.Pairs = 1000
	}
	if opt.Slice == 0 {
		opt.Slice = time.Millisecond
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	// The clock is read once per step, so that it weighs little.
	step := 1
	for start := now(); ; step *= 2 {
		for range step {
			original()
			changed()
		}
		if now()-start > opt.Slice {
			break
		}
	}
	step = max(1, step/16)
	slice := func(f func()) float64 {
		start, n := now(), 0
		for {
			for range step {
				f()
			}
			n += step
			if d := now() - start; d >= opt.Slice {
				return float64(d) / float64(n)
			}
		}
	}
	ratios, selfs, ns := make([]float64, opt.Pairs), make([]float64, opt.Pairs), make([]float64, opt.Pairs)
	for i := range ratios {
		a := slice(original)
		b := slice(changed)
		c := slice(original)
		// Either neighbour serves, in turn, so that drift cancels out.
		if i%2 == 0 {
			ratios[i], selfs[i] = b/a, c/a
		} else {
			ratios[i], selfs[i] = b/c, a/c
		}
		ns[i] = a
	}
	sort.Float64s(ratios)
	sort.Float64s(ns)
	return Result{
		Ratio:  at(ratios, 0.5),
		Spread: (at(ratios, 0.75) - at(ratios, 0.25)) / 2,
		Self:   median(selfs),
		NS:     at(ns, 0.5),
		Low:    at(ns, 0.1),
	}
}

// now is the processor time that this thread has used.
func now() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err) // there is no Linux without it
	}
	return time.Duration(t.Nano())
}

func median(x []float64) float64 {
	sort.Float64s(x)
	return at(x, 0.5)
}

// at gives a quantile of sorted values.
func at(x []float64, q float64) float64 {
	return x[int(q*float64(len(x)-1)+0.5)]
}
