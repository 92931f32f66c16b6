// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"errors"
	"flag"
	"strings"
	"testing"
)

// FuzzFlags parses arbitrary command lines: the answer is options that hold
// together, or a message and a usage error, never a panic.
func FuzzFlags(f *testing.F) {
	for _, s := range []string{"-w ./...", "-d -l", "-min 1", "-C / -tags a,b .", "-check -w", "-h", "-batchrt /nowhere", "--", "-", "-min=x", ". -w"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		var stderr bytes.Buffer
		o, err := parse(strings.Fields(line), &stderr)
		switch {
		case err == nil:
			if o == nil || len(o.patterns) == 0 || o.min < 2 || o.write && o.check || o.dir == "" {
				t.Errorf("%q: accepted as %+v", line, o)
			}
		case errors.Is(err, flag.ErrHelp):
		case !errors.Is(err, errUsage) || stderr.Len() == 0:
			t.Errorf("%q: error %v, message %q", line, err, stderr.String())
		}
	})
}
