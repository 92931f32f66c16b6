// SPDX-License-Identifier: BSD-3-Clause

// Corpus rewrites real modules and looks whether they are still the same.
//
//	go run ./internal/corpus [flags] [module ...]
//
// The modules and their versions are those that testdata/corpus/go.mod
// requires directly. Each is fetched by the go command, copied out of the
// module cache into a directory outside of the repository, and there
//
//   - its x/sys is raised to the version that batchrt needs, if it is older;
//   - it is analysed, for the counts: calls, groups, what stood in the way;
//   - the tests of the packages that will change run a first time;
//   - batchfix, built from this tree, rewrites every package with its tests;
//   - everything is compiled, and what changed is vetted: complaints that
//     were not there before count. The changed packages are compiled for other
//     systems too;
//   - files that were formatted still are, and no comment is lost;
//   - a second run of batchfix changes nothing;
//   - the tests run again, first as their authors wrote them, then rewritten:
//     what passed must pass. One that does not is run again, with and without
//     the rewrite, before it is called a difference.
//
// Tests run in a mount namespace of their own where the user is root.
//
// What the tool does is also held against testdata/corpus/sites.txt, a list of
// sites that was made by reading: which of them are rewritten, and which are
// refused for the listed reason. -sites does only that; with -strict, sites
// about which tool and list differ make the status 1; -baseline COMMIT asks
// the tool of another commit as well. The list also says which packages of a
// module are worked on, whether its tests run, and whether it is compiled for
// other systems.
//
// Exit status: 0 nothing differs, 1 something does or a step failed, 2 wrong
// usage. -update writes the counts into docs/corpus.md.
package main
