// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// connections is where fusectl shows the FUSE connections of the machine.
const connections = "/sys/fs/fuse/connections"

// patience is for how long a thread may wait uninterruptibly, in seconds.
const patience = 6

// freeStuck frees test processes that nothing else can end. One that serves
// a FUSE file system to itself and exits while a request is under way waits
// for its own answer: its threads are dead, and its descriptors stay open
// until the last one is. That happens at random and has nothing to do with
// what is tested. Aborting the connection ends it.
//
// Connections that were there before, and those of file systems that are
// mounted outside of this namespace, are not touched.
func freeStuck(before map[string]bool) {
	waited := map[string]int{} // by thread
	for {
		time.Sleep(time.Second)
		now := map[string]int{}
		stuck := false
		for _, t := range waitingThreads() {
			now[t] = waited[t] + 1
			stuck = stuck || now[t] >= patience
		}
		waited = now
		if !stuck {
			continue
		}
		outside := outsideNumbers()
		for n := range connectionNumbers() {
			if !before[n] && !outside[n] {
				_ = os.WriteFile(filepath.Join(connections, n, "abort"), []byte("1"), 0)
			}
		}
		waited = map[string]int{}
	}
}

// connectionNumbers lists the FUSE connections of the whole machine.
func connectionNumbers() map[string]bool {
	all := map[string]bool{}
	l, _ := os.ReadDir(connections) // empty where there is no FUSE
	for _, e := range l {
		all[e.Name()] = true
	}
	return all
}

// outsideNumbers lists the device numbers, which are the connections', of the
// file systems that the parent process sees.
func outsideNumbers() map[string]bool {
	all := map[string]bool{}
	data, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(os.Getppid()), "mountinfo"))
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) > 2 {
			_, minor, _ := strings.Cut(f[2], ":")
			all[minor] = true
		}
	}
	return all
}

// waitingThreads lists the threads of this process group that wait
// uninterruptibly.
func waitingThreads() []string {
	group := strconv.Itoa(syscall.Getpgrp())
	var list []string
	processes, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range processes {
		if f := statFields(filepath.Join(p, "stat")); len(f) < 3 || f[2] != group {
			continue
		}
		threads, _ := filepath.Glob(filepath.Join(p, "task", "[0-9]*"))
		for _, t := range threads {
			if f := statFields(filepath.Join(t, "stat")); len(f) > 0 && f[0] == "D" {
				list = append(list, t)
			}
		}
	}
	return list
}

// statFields are the fields of a stat file behind the command's name: state,
// parent, process group, ... A process may have ended meanwhile.
func statFields(path string) []string {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
}
