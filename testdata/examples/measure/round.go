// SPDX-License-Identifier: BSD-3-Clause

package measure

// Round is a piece of a program's work that can be done again and again.
type Round struct {
	Name string
	Goal float64 // the largest ratio of rewritten to original time; 0 if none was set
	Work func() error
}
