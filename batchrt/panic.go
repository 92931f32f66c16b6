// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import "strconv"

//go:noinline
func panicNotRun() {
	panic("batchrt: result of an entry that did not run; ask Ran first, or use the Or form (ErrOr, IntOr, ...)")
}

//go:noinline
func panicRef(arg int) {
	panic("batchrt: argument " + strconv.Itoa(arg) + " of this entry is not a plain integer: it cannot refer to a result")
}

//go:noinline
func panicEntry(entry int) {
	panic("batchrt: entry " + strconv.Itoa(entry) + " refers to an entry that is not before it in the table, or by an argument that is no integer, or carries a word to an entry that is not behind it")
}

//go:noinline
func panicSockaddr() {
	panic("batchrt: a socket address of a type that no entry can have: only the addresses of unix.SockaddrInet4, SockaddrInet6, SockaddrNetlink and SockaddrUnix are encoded")
}
