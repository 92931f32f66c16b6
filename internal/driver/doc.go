// SPDX-License-Identifier: BSD-3-Clause

// Package driver loads Go packages, runs an analyzer over them and type-checks
// what became of them, for commands that do more with the result than print
// diagnostics.
//
// It differs from go/analysis/checker in what a rewriting command needs: every
// file is handled once although test variants repeat it, the bytes that were
// parsed are kept so that a file that changes meanwhile is recognised, a
// package that fails is reported and does not stop the others, and only two
// packages are analysed at a time so that memory stays bounded.
//
// Packages are type-checked from source only where they were asked for; what
// they import comes from export data. Packages whose facts the analyzer needs
// although nobody asked for them (Config.FactPackages) are loaded apart: were
// they loaded together, everything that imports them would have to be
// type-checked from source too.
package driver
