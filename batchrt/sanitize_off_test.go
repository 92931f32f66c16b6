// SPDX-License-Identifier: BSD-3-Clause

//go:build !race && !msan && !asan

package batchrt

// sanitized says that x/sys's functions look at the memory that a call says it
// has filled.
const sanitized = false
