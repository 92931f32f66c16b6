// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"iter"

	"github.com/autobatch/autobatch/batchrt"
)

// strips runs n iterations in strips: fill makes the entries of iteration i in
// a lane of the table, which has room for per entries in each. It yields the
// lane of each iteration.
func strips(n, per int, ops []batchrt.Op, fill func(i, lane int)) iter.Seq[int] {
	return func(yield func(int) bool) {
		for first := 0; first < n; {
			lanes := min(len(ops)/per, n-first)
			for lane := range lanes {
				fill(first+lane, lane)
			}
			batchrt.Run(ops[:per*lanes])
			for lane := 0; lane < lanes && (lane == 0 || ops[per*lane].Ran()); lane++ {
				first++
				if !yield(lane) {
					return
				}
			}
		}
	}
}
