// SPDX-License-Identifier: BSD-3-Clause

// Total prints the sum of all bytes of every file that is named.
//
//	total path...
package main

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(paths []string) int {
	status := 0
	for _, path := range paths {
		n, err := total(path)
		if err != nil {
			fmt.Fprintf(os.Stderr, "total: %s: %v\n", path, err)
			status = 1
			continue
		}
		fmt.Printf("%d\t%s\n", n, path)
	}
	return status
}

// total adds up a file's bytes where the kernel keeps them.
func total(path string) (sum uint64, err error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		unix.Close(fd)
		return 0, err
	}
	p, err := unix.MmapPtr(fd, 0, nil, uintptr(st.Size), unix.PROT_READ, unix.MAP_PRIVATE)
	unix.Close(fd) // the mapping needs no descriptor
	if err != nil {
		if st.Size == 0 && err == unix.EINVAL {
			return 0, nil // an empty file cannot be mapped
		}
		return 0, err
	}
	for _, b := range unsafe.Slice((*byte)(p), st.Size) {
		sum += uint64(b)
	}
	return sum, unix.MunmapPtr(p, uintptr(st.Size))
}
