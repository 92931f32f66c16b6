// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import "golang.org/x/sys/unix"

func init() {
	earlyRun = func(path string, fd int, depth int) bool {
		var a, b unix.Stat_t
		var ar Arena
		ops := [...]Op{Fstat(fd, &a), ar.Lstat(path, &b)}
		fill(&ops[0], 0, len(ops), len(ops), true)
		deep(depth)
		loop(&ops[0], 0, len(ops))
		return a.Size == 77 && b.Size == 77
	}
}
