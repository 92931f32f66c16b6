// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

// Executor names what runs the batches of this process: "module", "emulator"
// or "portable".
func Executor() string {
	if module.usable() {
		return "module"
	}
	return "emulator"
}
