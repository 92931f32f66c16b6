// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package traptest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// goEnv is the environment of go commands and of the rewriter: the copied
// module stands alone, whatever workspace the repository is in.
func goEnv(extra []string) []string {
	return append(append(os.Environ(), "GOWORK=off"), extra...)
}

// command runs one command and returns both outputs together.
func command(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, goEnv(env)
	out, err := cmd.CombinedOutput()
	return string(bytes.TrimRight(out, "\n")), err
}

// build builds programs into bin and returns the compiler's words about those
// that do not build.
func build(ctx context.Context, module, bin string, names []string) (failed map[string]string, err error) {
	if len(names) == 0 {
		return nil, nil
	}
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return nil, err
	}
	_, err = command(ctx, module, nil, append([]string{"go", "build", "-ldflags=-s -w", "-o", bin + "/"}, dots(names)...)...)
	if err == nil {
		return nil, nil
	}
	// Someone failed: ask again one by one, to learn who and why.
	failed = map[string]string{}
	for _, n := range names {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		out, err := command(ctx, module, nil, "go", "build", "-ldflags=-s -w", "-o", filepath.Join(bin, n), "./"+n)
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			failed[n] = out
		} else if err != nil {
			return nil, err
		}
	}
	return failed, nil
}

var vetHeadRE = regexp.MustCompile(`^# \[?([^\s\]]+)\]?$`)

// vet runs go vet and returns its complaints by program.
func vet(ctx context.Context, module string, names []string) map[string]string {
	complaints := map[string]string{}
	if len(names) == 0 {
		return complaints
	}
	out, err := command(ctx, module, nil, append([]string{"go", "vet"}, dots(names)...)...)
	if err == nil {
		return complaints
	}
	current := ""
	for _, l := range strings.Split(out, "\n") {
		if m := vetHeadRE.FindStringSubmatch(l); m != nil {
			current = filepath.Base(m[1])
			continue
		}
		for _, n := range names {
			if strings.HasPrefix(strings.TrimPrefix(strings.TrimPrefix(l, "vet: "), "./"), n+"/") {
				current = n
			}
		}
		complaints[current] += l + "\n"
	}
	return complaints
}

func dots(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = "./" + n
	}
	return out
}
