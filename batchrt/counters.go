// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import "sync/atomic"

// Snapshot is what has happened since counting began.
type Snapshot struct {
	Batches   uint64 // calls of Run with at least one entry
	Entries   uint64 // entries that ran
	SideExits uint64 // batches that ended before their last entry
	Fallbacks uint64 // batches that the module left to the emulator, in whole or in part
	Saved     uint64 // kernel crossings that the module saved; an emulator saves none
}

// counting is set by the first call of Counters. Until then a Run pays one
// load for it.
var counting atomic.Bool

var counts struct {
	batches, entries, sideExits, fallbacks, saved atomic.Uint64
}

// Counters returns what has been counted since its first call, which begins
// the counting and returns zeros. The numbers of one snapshot may be of
// slightly different moments.
func Counters() Snapshot {
	counting.Store(true)
	return Snapshot{
		Batches:   counts.batches.Load(),
		Entries:   counts.entries.Load(),
		SideExits: counts.sideExits.Load(),
		Fallbacks: counts.fallbacks.Load(),
		Saved:     counts.saved.Load(),
	}
}

// count adds a table that has just run.
func count(ops []Op) {
	ran, whole := 0, true
	for i := range ops {
		if ops[i].Ran() {
			ran++
			whole = true
		} else if !ops[i].skipped() {
			whole = false
		}
	}
	counts.batches.Add(1)
	counts.entries.Add(uint64(ran))
	if !whole {
		counts.sideExits.Add(1)
	}
}
