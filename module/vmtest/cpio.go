// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"io"
	"os"
)

// cpioWriter writes an initramfs in the kernel's "newc" format: a header of
// hexadecimal fields, the name, the data, each padded to 4 bytes.
type cpioWriter struct {
	w   io.Writer
	ino int
	err error
}

const (
	modeDir  = 0o040000
	modeFile = 0o100000
	modeLink = 0o120000
	modeChar = 0o020000
)

func (c *cpioWriter) entry(name string, mode, major, minor int, data []byte) {
	if c.err != nil {
		return
	}
	c.ino++
	head := fmt.Sprintf("070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
		c.ino, mode, 0, 0, 1, 0, len(data), 0, 0, major, minor, len(name)+1, 0)
	c.write([]byte(head), []byte(name), []byte{0})
	c.pad(len(head) + len(name) + 1)
	c.write(data)
	c.pad(len(data))
}

func (c *cpioWriter) write(parts ...[]byte) {
	for _, p := range parts {
		if c.err == nil {
			_, c.err = c.w.Write(p)
		}
	}
}

func (c *cpioWriter) pad(n int) { c.write(make([]byte, (4-n%4)%4)) }

func (c *cpioWriter) dir(name string)            { c.entry(name, modeDir|0o755, 0, 0, nil) }
func (c *cpioWriter) link(name, target string)   { c.entry(name, modeLink|0o777, 0, 0, []byte(target)) }
func (c *cpioWriter) char(name string, a, b int) { c.entry(name, modeChar|0o600, a, b, nil) }

// file adds the file at path on this machine, executable, as name.
func (c *cpioWriter) file(name, path string) {
	data, err := os.ReadFile(path)
	if c.err == nil {
		c.err = err
	}
	c.entry(name, modeFile|0o755, 0, 0, data)
}

func (c *cpioWriter) close() error {
	c.entry("TRAILER!!!", 0, 0, 0, nil)
	return c.err
}
