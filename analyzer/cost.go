// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"github.com/autobatch/autobatch/plan"
)

// The cost model: what a batch saves and costs under the emulator, in tenths of
// nanoseconds on the machines of docs/measured.md, where each figure comes from
// (cmd/batchbench prints them for another machine). With the module a batch
// saves more, so what pays here pays there.
const (
	costHandshake = 250 // saved for each call but the first: entersyscall and exitsyscall
	costPath      = 150 // saved for each path: the copy on the heap against the one in the arena
	costRun       = 90  // of a batch: Run, its checks, the table on the stack
	costEntry     = 45  // to fill an entry that takes descriptors and numbers
	costPathEntry = 120 // to fill one that takes a path
	costLoad      = 30  // of a field that is loaded
	costPredicate = 15  // of a condition that is tested once more
	costByte      = 50  // to clear and copy 100 bytes of a lane's variable
	costTable     = 15  // to clear 100 bytes of a table, once for each time the loop is come to
	costOp        = 96  // bytes of an entry

	// goesOn is how often, in a hundred times, the batch goes on behind a call
	// whose failure ends it; goesOnMostly behind one that ends it when it returns
	// zero, too, and goesOnRarely behind one that ends it when it succeeds.
	goesOn       = 95
	goesOnMostly = 85
	goesOnRarely = 60
	// trips is how many iterations a loop is taken to have whose number is not
	// known.
	trips = 8
)

// cost estimates a group in a straight line.
func (f *function) cost(g *group) plan.Cost {
	c := plan.Cost{Spent: costRun}
	reach := 100.0
	for i, s := range g.steps {
		entry(&c, s, reach, i > 0)
		c.Spent += costLoad*len(g.loadsOf(i)) + costPredicate*len(s.preds)
		switch {
		case s.goOn == plan.Any:
		case s.goOn&plan.Success == plan.Success:
			reach *= goesOn / 100.0
		case s.goOn&plan.Success != 0:
			reach *= goesOnMostly / 100.0
		default:
			reach *= goesOnRarely / 100.0
		}
	}
	return c
}

// entry adds one entry that is reached so often in a hundred times.
func entry(c *plan.Cost, s *step, reach float64, later bool) {
	if later {
		c.Saved += int(costHandshake * reach / 100)
	}
	if s.call.copies() {
		c.Saved += int(costPath * reach / 100)
		c.Spent += costPathEntry
	} else {
		c.Spent += costEntry
	}
}

// stripCost estimates a strip-mined loop, all its iterations together.
func (x *stripper) stripCost() plan.Cost {
	n := x.tripCount()
	var lane plan.Cost
	for i, s := range x.g.steps {
		entry(&lane, s, 100, true)
		lane.Spent += costLoad*len(x.g.loadsOf(i)) + costPredicate*len(s.preds)
	}
	for _, v := range x.out.Vars {
		lane.Spent += costByte * int(v.Bytes) / 100
	}
	strips := (n + x.out.Lanes - 1) / x.out.Lanes
	c := plan.Cost{Saved: n*lane.Saved - strips*costHandshake, Spent: n*lane.Spent + strips*costRun}
	bytes := costOp * x.g.slots()
	for _, v := range x.out.Vars {
		bytes += int(v.Bytes)
	}
	c.Spent += costTable * bytes * x.out.Lanes / 100
	c.Saved /= n
	c.Spent /= n
	return c
}

// tripCount is how many iterations the loop has, if that is a constant, else a
// guess.
func (x *stripper) tripCount() int {
	if n, ok := x.constantTrips(); ok {
		return max(int(n), 1)
	}
	return trips
}
