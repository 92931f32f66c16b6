// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"path/filepath"
	"strings"

	"github.com/autobatch/autobatch/batchrt"
	"golang.org/x/sys/unix"
)

// originalSearch looks for a file in a list of folders: what is made ahead is
// lost when it is found early.
//
//go:noinline
func originalSearch(list, name string) (path string, fd int) {
	for _, folder := range strings.Split(list, ":") {
		path := filepath.Join(folder, name)
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err == nil {
			return path, fd
		}
	}
	return "", -1
}

// lookaheadSearch is what batchfix writes.
//
//go:noinline
func lookaheadSearch(list, name string) (path string, fd int) {
	items := strings.Split(list, ":")
	var a batchrt.Arena
	var ops [16]batchrt.Op
	var paths [16]string
	lane, lanes := 0, 0
	for i := range items {
		if lane++; lane >= lanes || !ops[lane].Ran() {
			lane, lanes = 0, 0
			a.Reset()
			for _, folder := range items[i:min(i+16, len(items))] {
				path := filepath.Join(folder, name)
				paths[lanes] = path
				ops[lanes] = a.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0).GoOn().StopOnSuccess()
				lanes++
			}
			batchrt.Run(ops[:lanes])
		}
		path := paths[lane]
		fd, err := ops[lane].Int()
		if err == nil {
			return path, fd
		}
	}
	return "", -1
}

// growingSearch begins with a short strip and doubles it each time: what is
// made in vain is at most as much as was needed, and a few more.
func growingSearch(list, name string, strip int) (path string, fd int) {
	items := strings.Split(list, ":")
	var a batchrt.Arena
	var ops [16]batchrt.Op
	var paths [16]string
	lane, lanes := 0, 0
	for i := range items {
		if lane++; lane >= lanes || !ops[lane].Ran() {
			lane, lanes = 0, 0
			a.Reset()
			for _, folder := range items[i:min(i+strip, len(items))] {
				path := filepath.Join(folder, name)
				paths[lanes] = path
				ops[lanes] = a.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0).GoOn().StopOnSuccess()
				lanes++
			}
			batchrt.Run(ops[:lanes])
			strip = min(2*strip, 16)
		}
		path := paths[lane]
		fd, err := ops[lane].Int()
		if err == nil {
			return path, fd
		}
	}
	return "", -1
}

//go:noinline
func growing1Search(list, name string) (path string, fd int) { return growingSearch(list, name, 1) }

//go:noinline
func growing2Search(list, name string) (path string, fd int) { return growingSearch(list, name, 2) }

// shortSearch has strips of four.
//
//go:noinline
func shortSearch(list, name string) (path string, fd int) {
	items := strings.Split(list, ":")
	var a batchrt.Arena
	var ops [4]batchrt.Op
	var paths [4]string
	lane, lanes := 0, 0
	for i := range items {
		if lane++; lane >= lanes || !ops[lane].Ran() {
			lane, lanes = 0, 0
			a.Reset()
			for _, folder := range items[i:min(i+4, len(items))] {
				path := filepath.Join(folder, name)
				paths[lanes] = path
				ops[lanes] = a.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0).GoOn().StopOnSuccess()
				lanes++
			}
			batchrt.Run(ops[:lanes])
		}
		path := paths[lane]
		fd, err := ops[lane].Int()
		if err == nil {
			return path, fd
		}
	}
	return "", -1
}
