// SPDX-License-Identifier: BSD-3-Clause

//go:build tools

// Package corpus pins the modules that the rewriter is tried on: go.mod has
// their versions, and the imports below keep "go mod tidy" from dropping them.
// Nothing of this is ever compiled; internal/corpus copies the modules' sources
// out of the module cache. A new module is added here, with
// "go get module@version" beside this file.
package corpus

import (
	_ "github.com/containerd/continuity"
	_ "github.com/fsnotify/fsnotify"
	_ "github.com/hanwen/go-fuse/v2/fuse"
	_ "github.com/moby/sys/mount"
	_ "github.com/moby/sys/mountinfo"
	_ "github.com/moby/sys/user"
	_ "github.com/u-root/u-root/pkg/ls"
	_ "github.com/vishvananda/netns"
)
