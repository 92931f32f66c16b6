// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/mod/modfile"

	"github.com/autobatch/autobatch/rewrite"
)

// required remembers the answer for each directory: a package's files share
// it, and vet runs one process per package.
var required sync.Map

// requiresBatchrt reports whether the module that the file lies in already
// requires batchrt. A fix that imports a package of a module that go.mod does
// not name would break the build.
func requiresBatchrt(file string) bool {
	dir := filepath.Dir(file)
	if v, ok := required.Load(dir); ok {
		return v.(bool)
	}
	yes := false
	for d := dir; ; d = filepath.Dir(d) {
		content, err := os.ReadFile(filepath.Join(d, "go.mod"))
		if err == nil {
			if m, err := modfile.ParseLax("go.mod", content, nil); err == nil {
				yes = m.Module != nil && m.Module.Mod.Path == rewrite.RuntimePath
				for _, r := range m.Require {
					yes = yes || r.Mod.Path == rewrite.RuntimePath
				}
			}
			break
		}
		if d == filepath.Dir(d) {
			break
		}
	}
	required.Store(dir, yes)
	return yes
}
