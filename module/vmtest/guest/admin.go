// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	paramAllow = "/sys/module/batch/parameters/allow"
	paramDeny  = "/sys/module/batch/parameters/deny"
)

// access tests who may open the device.
func access() {
	st, err := os.Stat("/dev/batch")
	check(err == nil && st.Mode().Perm() == 0o660, "device mode: %v %v", st, err)
	out, err := command(stranger, "abi").CombinedOutput()
	check(err != nil && strings.Contains(string(out), "Permission denied"), "a stranger opened the device: %s", out)
}

// policy tests the parameters that only root may write.
func policy() {
	for _, p := range []string{paramAllow, paramDeny} {
		st, err := os.Stat(p)
		check(err == nil && st.Mode().Perm() == 0o600, "%s: %v %v", p, st, err)
	}
	write := func(path, s string) error { return os.WriteFile(path, []byte(s), 0) }
	never := strconv.Itoa(syscall.SYS_EXIT_GROUP)
	check(errors.Is(write(paramAllow, never), syscall.EPERM), "a call that never may be was allowed")
	check(write(paramAllow, "nonsense") != nil, "nonsense was taken")
	check(write(paramAllow, "99999") != nil, "a number outside was taken")
	// widened by kill(2), narrowed by getpid(2): policy.c sees both
	check(write(paramAllow, strconv.Itoa(syscall.SYS_KILL)) == nil, "allow kill")
	check(write(paramDeny, strconv.Itoa(syscall.SYS_GETPID)) == nil, "deny getpid")
	as(0, "policy", "wide")
	as(nobody, "policy", "wide")
	// deny wins over allow
	check(write(paramDeny, strconv.Itoa(syscall.SYS_KILL)) == nil, "deny kill")
	as(nobody, "policy", "plain")
	check(write(paramAllow, "\n") == nil && write(paramDeny, "\n") == nil, "back to the list compiled in")
	as(nobody, "policy", "plain")
	data, err := os.ReadFile(paramAllow)
	check(err == nil && strings.TrimSpace(string(data)) == "", "allow reads %q, %v", data, err)
}

// busy tests that the module stays while a batch blocks in it, even one that
// closed its own descriptor, and goes afterwards.
func busy() {
	cmd := command(nobody, "hold")
	out, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		fail("hold: %v", err)
		return
	}
	bufio.NewReader(out).ReadString('\n')
	time.Sleep(300 * time.Millisecond)
	err := rmmod()
	check(err == syscall.EAGAIN || err == syscall.EBUSY, "unloading with a batch in it: %v", err)
	cmd.Process.Kill()
	cmd.Wait()
	for i := 0; i < 50; i++ {
		if err = rmmod(); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	check(err == nil, "unloading after it: %v", err)
	load("")
}

// slot tests the seed's system call: absent by default, there on request.
func slot() {
	if _, err := os.Stat("/bin/seed"); err != nil {
		return // the slot is x86-64's
	}
	as(nobody, "seed", "absent")
	check(rmmod() == nil, "unload before slot=1")
	load("slot=1")
	both("seed")
	both("seedfaults")
	as(nobody, "abi")
	cmd := command(nobody, "seed", "hold")
	out, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		fail("seed hold: %v", err)
		return
	}
	bufio.NewReader(out).ReadString('\n')
	time.Sleep(300 * time.Millisecond)
	err := rmmod()
	check(err == syscall.EAGAIN || err == syscall.EBUSY, "unloading with a slot batch in it: %v", err)
	cmd.Process.Kill()
	cmd.Wait()
	for i := range param("cycles") {
		if err := rmmod(); err != nil {
			fail("unload %d with slot=1: %v", i, err)
		}
		as(nobody, "seed", "absent")
		load("slot=1")
		as(nobody, "seed")
	}
	as(nobody, "fuzz", strconv.Itoa(max(1, param("fuzz")/10)), strconv.Itoa(param("seed")), "slot")
}

// race unloads and loads the module while others call the number.
func race() {
	if _, err := os.Stat("/bin/seed"); err != nil {
		return
	}
	var wg sync.WaitGroup
	var hammers []*exec.Cmd
	for range 2 {
		cmd := command(nobody, "seed", "hammer")
		wg.Go(func() { run(cmd) })
		hammers = append(hammers, cmd)
	}
	for i := range 2 * param("cycles") {
		var err error
		for range 1000 { // whoever is in a batch holds the module
			if err = rmmod(); err == nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
		if err != nil {
			fail("unload %d with slot=1: %v", i, err)
			break
		}
		as(nobody, "seed", "absent")
		load("slot=1")
		as(nobody, "seed")
	}
	for _, cmd := range hammers {
		cmd.Process.Signal(syscall.SIGTERM)
	}
	wg.Wait()
}
