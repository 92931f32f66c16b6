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
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrNoStrace is returned by [Open] when strace is not installed.
var ErrNoStrace = errors.New("strace is not installed: install it (Debian: apt-get install strace) to run the trap programs")

// Outcome is everything observable about one run of a program.
type Outcome struct {
	Exit   string // "0", "2", "signal: killed", "timeout"
	Stdout string
	Stderr string // without addresses and without goroutine stacks
	Lanes  []Lane

	raw string // strace's own output
}

// injection is what one run does to one call, in strace's terms.
type injection struct {
	name   string // system call
	when   int    // counted per thread from its start
	action string // "error=EIO" or "retval=3"
}

// run runs one binary under strace in a fresh folder dir.
func run(ctx context.Context, binary, dir string, limit time.Duration, inj *injection) (*Outcome, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	sandbox := filepath.Join(dir, "d")
	if err := os.MkdirAll(sandbox, 0o755); err != nil {
		return nil, err
	}
	trace := filepath.Join(dir, "trace")
	args := []string{"-f", "--seccomp-bpf", "-qq", "-y", "-a", "1", "-s", "16384",
		"-e", "signal=none", "-e", "trace=!?" + strings.Join(runtimeNoise, ",?"), "-o", trace}
	if inj != nil {
		args = append(args, "-e", fmt.Sprintf("inject=%s:%s:when=%d", inj.name, inj.action, inj.when))
	}
	args = append(args, binary, sandbox)

	stdin, err := privateInput(dir)
	if err != nil {
		return nil, err
	}
	defer stdin.Close()
	stdout, err := os.Create(filepath.Join(dir, "stdout"))
	if err != nil {
		return nil, err
	}
	defer stdout.Close()
	stderr, err := os.Create(filepath.Join(dir, "stderr"))
	if err != nil {
		return nil, err
	}
	defer stderr.Close()

	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "strace", args...)
	cmd.Dir = sandbox
	cmd.Env = programEnv()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, stdout, stderr
	// strace and the program form one process group, so that neither outlives a timeout.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second

	o := &Outcome{}
	err = cmd.Run()
	var ee *exec.ExitError
	switch {
	case ctx.Err() != nil:
		o.Exit = "timeout"
	case err == nil:
		o.Exit = "0"
	case errors.As(err, &ee):
		if o.Exit = strconv.Itoa(ee.ExitCode()); ee.ExitCode() < 0 {
			o.Exit = ee.String()
		}
	default:
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
		return nil, fmt.Errorf("strace left no trace of %s (stderr: %s): %w", binary, o.Stderr, err)
	}
	calls, err := parseTrace(strings.NewReader(o.raw))
	if err != nil {
		return nil, err
	}
	o.Lanes = lanes(calls)
	return o, nil
}

// privateInput makes the standard input of a program: an empty file of its own.
// Without one a program would get the machine's /dev/null, and one that runs
// as root and changes the mode of descriptor 0 would change that device.
func privateInput(dir string) (*os.File, error) {
	name := filepath.Join(dir, "stdin")
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err // as an earlier program left it, it would tell the next one something
	}
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
}

func readFile(name string) (string, error) {
	b, err := os.ReadFile(name)
	return string(b), err
}

// programEnv is a fixed environment: preemption signals are off, since strace
// would show them as interruptions at random places.
func programEnv() []string {
	env := []string{"LC_ALL=C", "GODEBUG=asyncpreemptoff=1", "PATH=" + os.Getenv("PATH"), "HOME=/nonexistent"}
	for _, k := range []string{"BATCH_EMUL"} {
		if v, ok := os.LookupEnv(k); ok {
			env = append(env, k+"="+v)
		}
	}
	return env
}

var hexRE = regexp.MustCompile(`\b0x[0-9a-f]+\b`)

// cleanStderr cuts goroutine stacks off and blanks addresses.
func cleanStderr(s string) string {
	lines := strings.SplitAfter(s, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "goroutine ") {
			lines = lines[:i]
			break
		}
	}
	return hexRE.ReplaceAllString(strings.Join(lines, ""), "ADDR")
}
