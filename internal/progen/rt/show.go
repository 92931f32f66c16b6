// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package rt

import (
	"fmt"
	"syscall"
)

// showSyscall knows the twins that package syscall has of unix's types.
func showSyscall(b []byte, v any) []byte {
	switch v := v.(type) {
	case syscall.Stat_t:
		return fmt.Appendf(b, "{%o %d %d %d:%d}", v.Mode, v.Nlink, v.Size, v.Uid, v.Gid)
	case *syscall.Stat_t:
		if v == nil {
			return append(b, "nil"...)
		}
		return showSyscall(b, *v)
	}
	return fmt.Appendf(b, "%v", v)
}
