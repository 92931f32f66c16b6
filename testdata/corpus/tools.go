// SPDX-License-Identifier: BSD-3-Clause

//go:build tools

// Package corpus pins the modules that the rewriter is tried on: go.mod has
// their versions, and the imports below keep "go mod tidy" from dropping them.
// Nothing of this is ever compiled; internal/corpus copies the modules' sources
// out of the module cache. A new module is added here, with
// "go get module@version" beside this file.
package corpus

import (
	_ "github.com/cloudwego/netpoll"
	_ "github.com/containerd/cgroups/v3/cgroup2"
	_ "github.com/containerd/containerd/v2/core/mount"
	_ "github.com/containerd/continuity"
	_ "github.com/containers/storage/drivers/overlay"
	_ "github.com/cyphar/filepath-securejoin"
	_ "github.com/fsnotify/fsnotify"
	_ "github.com/google/gopacket/pcapgo"
	_ "github.com/hanwen/go-fuse/v2/fuse"
	_ "github.com/hugelgupf/p9/fsimpl/xattr"
	_ "github.com/insomniacslk/dhcp/dhcpv4"
	_ "github.com/mdlayher/socket"
	_ "github.com/moby/moby/v2/daemon/graphdriver/overlay2"
	_ "github.com/moby/sys/mount"
	_ "github.com/moby/sys/mountinfo"
	_ "github.com/moby/sys/user"
	_ "github.com/opencontainers/cgroups"
	_ "github.com/opencontainers/runc/libcontainer"
	_ "github.com/opencontainers/selinux/go-selinux"
	_ "github.com/opencontainers/umoci"
	_ "github.com/panjf2000/gnet/v2"
	_ "github.com/shirou/gopsutil/v4/process"
	_ "github.com/syncthing/syncthing/lib/fs"
	_ "github.com/u-root/u-root/pkg/ls"
	_ "github.com/vishvananda/netlink"
	_ "github.com/vishvananda/netns"
	_ "golang.zx2c4.com/wireguard/tun"
	_ "gvisor.dev/gvisor/pkg/unet"
)
