// SPDX-License-Identifier: BSD-3-Clause

//go:build bench

package main

import (
	"fmt"

	"golang.org/x/sys/unix"

	"examples.example/examples/measure"
)

// Bench prepares rounds. Descriptors must be open to be closed, and opening
// them is not batched: of the second round about half is other work.
func Bench(string) ([]measure.Round, error) {
	const first, n = 500, 64
	expect := func(closed, want int) error {
		if closed != want {
			return fmt.Errorf("%d closed, want %d", closed, want)
		}
		return nil
	}
	return []measure.Round{
		{
			Name: "64 descriptors that are not open",
			Work: func() error { return expect(closeAll(first, first+n-1), 0) },
		},
		{
			Name: "dup3 of 64 descriptors, and closed",
			Work: func() error {
				for fd := first; fd < first+n; fd++ {
					if err := unix.Dup3(1, fd, unix.O_CLOEXEC); err != nil {
						return err
					}
				}
				return expect(closeAll(first, first+n-1), n)
			},
		},
	}, nil
}
