//go:build !purego

package tagged

import "syscall"

// ReadOnly exists on Linux only, but this file may be left out by a tag.
const ReadOnly = syscall.MS_RDONLY
