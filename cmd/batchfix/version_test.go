// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"runtime/debug"
	"testing"
)

func TestRuntimeVersion(t *testing.T) {
	defer func() { readBuildInfo = debug.ReadBuildInfo }()
	for own, want := range map[string]string{
		"":                                     "",
		"(devel)":                              "",
		"v0.3.1":                               "v0.3.1",
		"v1.0.0-rc.1":                          "v1.0.0-rc.1",
		"v0.3.1+dirty":                         "",
		"v0.0.0-20261123045000-0123456789ab":   "0123456789ab",
		"v0.3.2-0.20261123045000-0123456789ab": "0123456789ab",
		"v0.3.2-0.20261123045000-0123456789ab+dirty": "",
	} {
		readBuildInfo = func() (*debug.BuildInfo, bool) {
			return &debug.BuildInfo{Main: debug.Module{Version: own}}, true
		}
		if got := runtimeVersion(); got != want {
			t.Errorf("built from %q: requires %q, want %q", own, got, want)
		}
	}
}
