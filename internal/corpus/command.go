// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// environ is the environment of everything that is run: this repository's
// workspace must not reach into the copies.
func environ(dir string, extra ...string) []string {
	return append(append(os.Environ(), "GOWORK=off", "PWD="+dir), extra...)
}

// command runs a program and returns all that it printed.
func (c *corpus) command(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, environ(dir, env...)
	if dir == c.root {
		cmd.Env = append(os.Environ(), "PWD="+dir) // the workspace ties batchrt to the rest
	}
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// stdout runs a program and returns its standard output; what it said on the
// other is in the error.
func (c *corpus) stdout(ctx context.Context, dir string, env []string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, environ(dir, env...)
	cmd.WaitDelay = 5 * time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.Bytes(), fmt.Errorf("%s: %w: %s", strings.Join(args[:min(3, len(args))], " "), err, strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}

// compile compiles packages of the module, with their tests where these are
// of interest, without linking any program, for this system or for port
// ("GOOS/GOARCH").
func (c *corpus) compile(ctx context.Context, m *module, port string, packages []string) (string, error) {
	args := []string{"list", "-export", "-f", " "}
	if !m.NoTests {
		args = append(args, "-test")
	}
	cmd := exec.CommandContext(ctx, "go", append(args, packages...)...)
	cmd.Dir, cmd.Env = m.copy, environ(m.copy, m.env()...)
	if goos, goarch, ok := strings.Cut(port, "/"); ok {
		cmd.Env = append(cmd.Env, "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
	}
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}
