// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net"
	"time"
)

// gdb speaks to qemu's debugger stub: as much of the remote protocol as
// stepping through a system call takes.
type gdb struct {
	conn net.Conn
	in   *bufio.Reader
}

// dialGDB stops the machine whose stub listens at the socket path.
func dialGDB(path string) (*gdb, error) {
	conn, err := net.Dial("unix", path)
	if err != nil {
		return nil, err
	}
	g := &gdb{conn: conn, in: bufio.NewReader(conn)}
	if _, err := g.ask("?"); err != nil {
		return nil, err
	}
	// The stop itself may be told as well, unasked.
	conn.SetReadDeadline(time.Now().Add(time.Second / 2))
	for err == nil {
		_, err = g.in.ReadByte()
	}
	// Single registers are told only to who has asked for their description.
	_, err = g.ask("qXfer:features:read:target.xml:0,fff")
	return g, err
}

// ask sends a command and returns the reply's text.
func (g *gdb) ask(cmd string) (string, error) {
	var sum byte
	for _, b := range []byte(cmd) {
		sum += b
	}
	g.conn.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := fmt.Fprintf(g.conn, "$%s#%02x", cmd, sum); err != nil {
		return "", err
	}
	if _, err := g.in.ReadString('$'); err != nil { // whatever acknowledgements
		return "", fmt.Errorf("debugger stub, %q: %w", cmd, err)
	}
	reply, err := g.in.ReadString('#')
	if err != nil {
		return "", fmt.Errorf("debugger stub, %q: %w", cmd, err)
	}
	if _, err := g.in.Discard(2); err != nil {
		return "", err
	}
	_, err = g.conn.Write([]byte("+"))
	return reply[:len(reply)-1], err
}

// Numbers of x86-64's registers in the protocol.
const (
	regAX = 0
	regPC = 16
)

func (g *gdb) register(n int) (uint64, error) {
	text, err := g.ask(fmt.Sprintf("p%x", n))
	if err != nil {
		return 0, err
	}
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != 8 {
		return 0, fmt.Errorf("debugger stub: register %d is %q", n, text)
	}
	return binary.LittleEndian.Uint64(b), nil
}

// runTo lets the machine run until it comes to an address.
func (g *gdb) runTo(addr uint64) error {
	for _, cmd := range []string{fmt.Sprintf("Z1,%x,1", addr), "c", fmt.Sprintf("z1,%x,1", addr)} {
		if reply, err := g.ask(cmd); err != nil {
			return err
		} else if reply == "" || reply[0] == 'E' {
			return fmt.Errorf("debugger stub: %q gives %q", cmd, reply)
		}
	}
	return nil
}

// step executes one instruction and returns the address of the next.
func (g *gdb) step() (uint64, error) {
	if _, err := g.ask("s"); err != nil {
		return 0, err
	}
	return g.register(regPC)
}
