// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package traptest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Tracing describes one run of any command under strace.
type Tracing struct {
	Args   []string      // the command and its arguments
	Dir    string        // its working directory
	Files  []*os.File    // inherited as descriptors 3, 4, ...
	Out    string        // existing folder for its outputs and the trace
	Inject []string      // what strace's -e inject= takes, e.g. "fstat:error=EIO:when=2"
	Limit  time.Duration // when the run is ended by force

	// Untraced are calls that the command makes for its own ends only: strace
	// does not stop for them, which saves time.
	Untraced []string
}

// Trace runs a command as the trap programs run, and returns what could be
// observed. Threads that set markers make the lanes; there may be many.
func Trace(ctx context.Context, t Tracing) (*Outcome, error) {
	if _, err := exec.LookPath("strace"); err != nil {
		return nil, ErrNoStrace
	}
	trace := filepath.Join(t.Out, "trace")
	args := []string{"-f", "--seccomp-bpf", "-qq", "-y", "-a", "1", "-s", "16384",
		"-e", "signal=none", "-e", "trace=!?" + strings.Join(slices.Concat(runtimeNoise, t.Untraced), ",?"), "-o", trace}
	for _, i := range t.Inject {
		args = append(args, "-e", "inject="+i)
	}
	stdin, err := privateInput(t.Out)
	if err != nil {
		return nil, err
	}
	defer stdin.Close()
	stdout, err := os.Create(filepath.Join(t.Out, "stdout"))
	if err != nil {
		return nil, err
	}
	defer stdout.Close()
	stderr, err := os.Create(filepath.Join(t.Out, "stderr"))
	if err != nil {
		return nil, err
	}
	defer stderr.Close()

	ctx, cancel := context.WithTimeout(ctx, t.Limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "strace", append(args, t.Args...)...)
	cmd.Dir, cmd.Env = t.Dir, programEnv()
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = stdin, stdout, stderr, t.Files
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second

	o := &Outcome{Exit: "0"}
	err = cmd.Run()
	var ee *exec.ExitError
	switch {
	case ctx.Err() != nil:
		o.Exit = "timeout"
	case errors.As(err, &ee):
		if o.Exit = strconv.Itoa(ee.ExitCode()); ee.ExitCode() < 0 {
			o.Exit = ee.String()
		}
	case err != nil:
		return nil, err
	}
	if o.Stdout, err = readFile(stdout.Name()); err != nil {
		return nil, err
	}
	if o.Stderr, err = readFile(stderr.Name()); err != nil {
		return nil, err
	}
	o.Stderr = cleanStderr(o.Stderr)
	if o.raw, err = readFile(trace); err != nil {
		return nil, fmt.Errorf("strace left no trace of %s (stderr: %s): %w", t.Args[0], o.Stderr, err)
	}
	calls, err := parseTrace(strings.NewReader(o.raw))
	if err != nil {
		return nil, err
	}
	o.Lanes = lanes(calls)
	return o, nil
}

// Call names the system call of an event and says the how-manieth of that name
// it was on its thread, counted from 1; name is "" for a marker.
func (e Event) Call() (name string, ordinal int) { return e.name, e.ordinal }

// Injectable says whether strace can make calls of this name fail without
// disturbing the run-time system.
func Injectable(name string) bool {
	if strings.HasPrefix(name, "syscall_") {
		return false
	}
	for _, n := range notInjectable {
		if n == name {
			return false
		}
	}
	return true
}

// CleanStderr cuts goroutine stacks off what a program that crashed wrote, and
// blanks addresses.
func CleanStderr(s string) string { return cleanStderr(s) }

// SourceFaults compares files before and after a rewrite, by name, and says
// what a reviewer would object to: bad formatting, lost or moved comments.
func SourceFaults(before, after map[string]string) []string {
	format, comment := sourceFaults(before, after)
	return append(format, comment...)
}

// SourceDiff is the unified diff of files before and after a rewrite.
func SourceDiff(before, after map[string]string) string { return sourceDiff(before, after) }

// HaveStrace returns [ErrNoStrace] where strace is missing.
func HaveStrace() error {
	if _, err := exec.LookPath("strace"); err != nil {
		return ErrNoStrace
	}
	return nil
}
