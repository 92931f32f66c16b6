// SPDX-License-Identifier: BSD-3-Clause

//go:build !(linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname)

package batchrt

// Arena holds the NUL-terminated copies of the paths of a table's entries, and
// its encoded socket addresses; the constructors that take these are its methods.
// The zero value is ready. It belongs on the stack, beside the table. In this build
// the functions that make the calls do both themselves, and an Arena is empty.
type Arena struct{ _ [0]byte }

// Reset forgets all that the Arena holds, for a table that is built anew: no table
// with paths or addresses from before may be run again.
func (a *Arena) Reset() {}
