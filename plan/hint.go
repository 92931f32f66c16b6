// SPDX-License-Identifier: BSD-3-Clause

package plan

// Hints say in one line, for each reason, how code could be changed that the
// reason stands in the way of. docs/remarks.md says more, under the reason's
// name.
var Hints = map[Reason]string{
	Data:      "let the later call's arguments be known before the earlier one, or be nothing but its result",
	Alias:     "use a local variable that nothing else has the address of",
	Control:   "test the call's error first and nothing else, so that what comes next follows from it",
	Panic:     "evaluate what may panic before the first call",
	Effect:    "move it before the first call or behind the last one, if its place does not matter",
	Block:     "receive the result in a local variable",
	Sync:      "copy what others may write into local variables before the calls",
	State:     "leave it: the call changes what the thread or process is",
	Wrapper:   "leave it: the function does more than one plain call",
	Lifetime:  "keep the descriptor's owner in use until behind the calls",
	Build:     "move the declaration into a file that is compiled whenever this one is",
	Module:    "raise the module's versions yourself first (batchfix -upgrade does it)",
	Portable:  "say with a //go:build line for which systems the file is",
	Version:   "use a version of x/sys that this version of the tool knows",
	Verify:    "please report it: the analysis should have seen it",
	Consume:   "collect what the loop prints or sends, and do that behind the loop",
	Loop:      "range over a slice or a number, with variables declared in the loop",
	Between:   "move it before the first call or behind the last one",
	Call:      "rename what hides the basic type, or call the function in a statement of its own",
	Price:     "leave it: plain calls are as fast",
	Directive: "correct the //batch: comment",
	Ignored:   "delete the //batch:ignore comment",
}
