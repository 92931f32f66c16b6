// SPDX-License-Identifier: BSD-3-Clause

package analyzer

// loop is a loop that may be strip-mined.
type loop struct{}
