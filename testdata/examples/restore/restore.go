// SPDX-License-Identifier: BSD-3-Clause

// Package restore puts owners, modes and times back on files, as a backup
// program does once it has written their contents.
package restore

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Entry is what the archive says about one file.
type Entry struct {
	Path     string
	UID, GID int
	Mode     uint32 // permission bits
	Times    [2]unix.Timespec
}

// Apply gives the file the recorded owner, mode and times. The owner comes
// first, because changing it clears set-user-ID bits.
func Apply(e *Entry) error {
	if err := unix.Lchown(e.Path, e.UID, e.GID); err != nil {
		return fmt.Errorf("owner of %s: %w", e.Path, err)
	}
	if err := unix.Chmod(e.Path, e.Mode); err != nil {
		return fmt.Errorf("mode of %s: %w", e.Path, err)
	}
	// Times come last: the calls above touch the file.
	if err := unix.UtimesNanoAt(unix.AT_FDCWD, e.Path, e.Times[:], unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return fmt.Errorf("times of %s: %w", e.Path, err)
	}
	return nil
}

// Check reports in which way the file differs from its entry, if it does.
func Check(e *Entry) error {
	var st unix.Stat_t
	if err := unix.Lstat(e.Path, &st); err != nil {
		return fmt.Errorf("%s: %w", e.Path, err)
	}
	switch {
	case st.Mode&0o7777 != e.Mode:
		return fmt.Errorf("%s: mode %o, want %o", e.Path, st.Mode&0o7777, e.Mode)
	case st.Mtim != e.Times[1]:
		return fmt.Errorf("%s: modified %v, want %v", e.Path, st.Mtim, e.Times[1])
	}
	return nil
}
