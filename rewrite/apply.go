// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"bytes"
	"fmt"
	"go/format"
	"slices"
	"strings"

	"github.com/autobatch/autobatch/plan"
)

// Apply returns src with the edits made. The edits may come in any order;
// those at the same place are made in the order given. Overlapping edits are
// an error. If src was formatted as gofmt does, so is the result.
func Apply(src []byte, edits []plan.Edit) ([]byte, error) {
	out, err := splice(src, edits)
	if err != nil {
		return nil, err
	}
	if was, err := format.Source(src); err != nil || !bytes.Equal(was, src) {
		return out, nil
	}
	formatted, err := format.Source(out)
	if err != nil {
		return nil, fmt.Errorf("the rewritten file does not parse: %w", err)
	}
	return formatted, nil
}

func splice(src []byte, edits []plan.Edit) ([]byte, error) {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b plan.Edit) int { return a.Start - b.Start })
	var b strings.Builder
	at := 0
	for _, e := range sorted {
		if e.Start < at || e.End < e.Start || e.End > len(src) {
			return nil, fmt.Errorf("edits overlap or lie outside the file at byte %d", e.Start)
		}
		b.Write(src[at:e.Start])
		b.WriteString(e.New)
		at = e.End
	}
	b.Write(src[at:])
	return []byte(b.String()), nil
}
