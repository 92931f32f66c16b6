// Programs that a sound rewriter must not break; see internal/traptest of the
// repository. A module of its own, so that a copy of it builds alone.
module autobatch.test/traps

go 1.23.0

require golang.org/x/sys v0.33.0
