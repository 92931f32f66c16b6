// SPDX-License-Identifier: BSD-3-Clause

package effects

const wantCounts = "possible 172, never 275, possible in syscall 98, syscall's own 0"
