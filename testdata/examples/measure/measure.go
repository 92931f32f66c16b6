// SPDX-License-Identifier: BSD-3-Clause

// Package measure compares the speed of two pieces of code on a noisy machine.
package measure

import (
	"slices"
	"time"
)

// Slice is about how long each side runs before the other one's turn. Short
// slices see the same weather.
const Slice = time.Millisecond

// Ratios runs a and b in alternating slices, pairs times, and returns the
// median of the pairs' ratios b/a, and of a/a, which says how far the machine
// can be trusted: off by more than 0.02, the figures are void.
func Ratios(a, b func(), pairs int) (ratio, null float64) {
	n := calibrate(a)
	var rb, ra []float64
	for i := range pairs {
		var ta, tb, tn time.Duration
		// Three turns in rotating order, so that no place is favoured.
		for k := range 3 {
			switch (i + k) % 3 {
			case 0:
				ta = slice(a, n)
			case 1:
				tb = slice(b, n)
			case 2:
				tn = slice(a, n)
			}
		}
		rb = append(rb, float64(tb)/float64(ta))
		ra = append(ra, float64(tn)/float64(ta))
	}
	return median(rb), median(ra)
}

// calibrate is how often f runs in a slice.
func calibrate(f func()) int {
	for n := 1; ; n *= 2 {
		if d := slice(f, n); d >= Slice {
			return max(1, int(float64(n)*float64(Slice)/float64(d)))
		}
	}
}

func slice(f func(), n int) time.Duration {
	start := time.Now()
	for range n {
		f()
	}
	return time.Since(start)
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}
