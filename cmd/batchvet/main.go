// SPDX-License-Identifier: BSD-3-Clause

// Batchvet finds system calls that can share one kernel crossing. It is a
// vet tool: the go command loads the packages and runs it on each.
//
//	go install github.com/autobatch/autobatch/cmd/batchvet@latest
//	go vet -vettool=$(which batchvet) ./...           # report
//	go vet -vettool=$(which batchvet) -json ./...     # the same for programs
//	go vet -vettool=$(which batchvet) -fix -diff ./...  # show the rewrites
//	go vet -vettool=$(which batchvet) -fix ./...      # make them
//	go fix -fixtool=$(which batchvet) ./...           # the same
//
// Rewritten code imports github.com/autobatch/autobatch/batchrt. Neither go
// vet nor go fix touches go.mod, so that fixes are offered only where the
// package's module requires it already; elsewhere the report says to run
// batchfix, which adds the requirement.
package main

import (
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/autobatch/autobatch/analyzer"
)

func main() { unitchecker.Main(analyzer.Analyzer) }
