// SPDX-License-Identifier: BSD-3-Clause

//go:build batchrt_fake && linux && (amd64 || arm64)

package main

import "github.com/autobatch/autobatch/batchrt"

// rearm brings the fake module back for the next program.
func rearm() { batchrt.UseFake() }
