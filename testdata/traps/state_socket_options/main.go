// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: batch
// why: a row of socket options, set and read back
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func tune(fd int) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1); err != nil {
		return fmt.Errorf("keepalive: %w", err)
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 30); err != nil {
		return fmt.Errorf("idle: %w", err)
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 10); err != nil {
		return fmt.Errorf("interval: %w", err)
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return fmt.Errorf("nodelay: %w", err)
	}
	return nil
}

func main() {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	trap.Must(err)
	plain := trap.Fd("a", "")
	trap.Begin()
	e1, e2, e3 := tune(fd), tune(plain), tune(-1)
	idle, e4 := unix.GetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE)
	nodelay, e5 := unix.GetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY)
	alive, e6 := unix.GetsockoptInt(plain, unix.SOL_SOCKET, unix.SO_KEEPALIVE)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5, e6), idle, nodelay, alive)
}
