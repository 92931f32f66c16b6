// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package soak

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
)

// Batchfix builds the repository's rewriter into dir and returns its command
// line for [Rewriter].
func Batchfix(ctx context.Context, root, dir string) ([]string, error) {
	exe := filepath.Join(dir, "batchfix")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", exe, "./cmd/batchfix")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("batchfix does not build: %w\n%s", err, out)
	}
	return []string{exe, "-w", "-batchrt", filepath.Join(root, "batchrt"), "./..."}, nil
}
