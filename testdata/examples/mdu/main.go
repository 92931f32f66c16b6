// SPDX-License-Identifier: BSD-3-Clause

// Mdu prints how much trees take, as `du -sbl` does: the sizes that files and
// folders say they have, and a file with several names counts several times.
//
//	mdu [path...]
package main

import (
	"fmt"
	"os"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(roots []string) int {
	if len(roots) == 0 {
		roots = []string{"."}
	}
	w := &walker{}
	for _, root := range roots {
		bytes, err := w.tree(root)
		if err != nil {
			w.failed = append(w.failed, err)
			continue
		}
		fmt.Printf("%d\t%s\n", bytes, root)
	}
	for _, err := range w.failed {
		fmt.Fprintln(os.Stderr, "mdu:", err)
	}
	if len(w.failed) > 0 {
		return 1
	}
	return 0
}
