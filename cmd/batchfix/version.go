// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"runtime/debug"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// readBuildInfo is replaced in tests.
var readBuildInfo = debug.ReadBuildInfo

// ownVersion returns the version of this program's module, "(devel)" if it
// has none.
func ownVersion() string {
	if info, ok := readBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// runtimeVersion returns the version of batchrt that belongs to this program:
// the two are released together under one number. Of a version between
// releases the commit is returned, which the go command resolves. It is empty
// if the program was built from a working copy.
func runtimeVersion() string {
	v := ownVersion()
	switch {
	case !semver.IsValid(v) || strings.Contains(v, "+dirty"):
		return ""
	case module.IsPseudoVersion(v):
		rev, err := module.PseudoVersionRev(v)
		if err != nil {
			return ""
		}
		return rev
	}
	return v
}
