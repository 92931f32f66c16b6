// SPDX-License-Identifier: BSD-3-Clause

//go:build batchrt_fake && linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"github.com/autobatch/autobatch/batchrt/internal/fakedev"
)

// With the build tag batchrt_fake, which the conformance test uses, the module
// is one that runs in this process and interrupts batches at random. Tables
// and all that they point to must be on the heap.

// fake is that module.
var fake = fakedev.New(1)

func init() {
	fake.Refuse, fake.Gone = 4, 4
	UseFake()
}

// UseFake makes the fake module the executor, again after it was lost.
func UseFake() {
	fakeDevice = fake.Run
	for i := range module.allow {
		module.allow[i] = 1<<64 - 1
	}
	module.learn()
	module.on.Store(true)
}
