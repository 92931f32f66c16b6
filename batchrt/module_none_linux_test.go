// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && !((amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname)

package batchrt

import "testing"

// withoutModule does nothing where the module is never used.
func withoutModule(*testing.T) {}
