module github.com/autobatch/autobatch/testdata/corpus

go 1.26.0

require (
	github.com/containerd/continuity v0.5.0
	github.com/fsnotify/fsnotify v1.10.1
	github.com/hanwen/go-fuse/v2 v2.12.1
	github.com/moby/sys/mount v0.3.5
	github.com/moby/sys/mountinfo v0.7.3
	github.com/moby/sys/user v0.5.0
	github.com/u-root/u-root v0.16.0
	github.com/vishvananda/netns v0.0.5
)

require (
	github.com/dustin/go-humanize v1.0.1 // indirect
	github.com/opencontainers/go-digest v1.0.0 // indirect
	golang.org/x/sys v0.41.0 // indirect
	google.golang.org/protobuf v1.35.1 // indirect
)
