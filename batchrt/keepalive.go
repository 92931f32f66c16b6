// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import "runtime"

// KeepAlive marks x as used: an object that owns a descriptor of the batch
// before this call is not collected, and its finalizer does not close the
// descriptor, before the batch has run. Rewritten code calls it where the
// original kept the object alive by using it between the calls.
func KeepAlive(x any) { runtime.KeepAlive(x) }
