// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package soak

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Batchfix builds the repository's rewriter into dir, copies the run-time
// library there, so that both stay as they are while a soak runs, and returns
// the rewriter's command line for [Rewriter]. It rewrites the programs and
// what they share of the tested module, but not the runner.
func Batchfix(ctx context.Context, root, dir string) ([]string, error) {
	exe := filepath.Join(dir, "batchfix")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", exe, "./cmd/batchfix")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("batchfix does not build: %w\n%s", err, out)
	}
	batchrt := filepath.Join(dir, "batchrt")
	if err := os.RemoveAll(batchrt); err != nil {
		return nil, err
	}
	if err := os.CopyFS(batchrt, os.DirFS(filepath.Join(root, "batchrt"))); err != nil {
		return nil, err
	}
	return []string{exe, "-w", "-explain", "-batchrt", batchrt, "./p...", "./util"}, nil
}
