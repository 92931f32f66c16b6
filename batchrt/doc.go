// SPDX-License-Identifier: BSD-3-Clause

// Package batchrt runs several system calls in one go: in one kernel crossing
// where the batch module is loaded, and otherwise under one hand-shake with
// the Go scheduler. It is what code rewritten by batchfix imports; written by
// hand it is as safe as golang.org/x/sys/unix, whose functions it mirrors.
//
// A batch is a table of entries. Constructors have the names and parameters
// of x/sys/unix's functions and return an [Op]; those that take a path or a
// socket address are methods of [Arena], which holds the NUL-terminated copies
// of paths, and what addresses are encoded to:
//
//	var a batchrt.Arena
//	ops := []batchrt.Op{
//		a.Lstat(oldpath, &before),
//		batchrt.Fstat(fd, &after),
//	}
//	batchrt.Run(ops)
//	if err := ops[0].Err(); err != nil {
//		return err
//	}
//	if err := ops[1].Err(); err != nil {
//		return err
//	}
//
// Entries run one at a time, in order, in the calling thread. A failure ends
// the batch, unless the entry says [Op.GoOn]; what else an outcome leads to is
// said by [Op.StopOnSuccess] and its like, and in general by [Op.Jump]. An
// entry that was not reached has not happened; [Op.Ran] tells. One that is left
// out ([Op.If], [Skip]) has not either, and the batch goes on behind it.
// Results are what the x/sys function would have returned, value for value.
//
// An argument of an entry can be the result of an earlier one ([Op.FD],
// [Op.Ref]), or a number that an earlier one wrote to memory ([Load]).
//
// A loop makes its calls in strips: a table is filled entry by entry, what is
// there is run, and the next strip uses table and Arena again:
//
//	var a batchrt.Arena
//	var ops [16]batchrt.Op
//	for len(paths) > 0 {
//		a.Reset()
//		n := min(len(paths), len(ops))
//		for i, p := range paths[:n] {
//			ops[i] = a.Lstat(p, &st[i])
//		}
//		batchrt.Run(ops[:n])
//		...
//
// Nothing handed to a constructor escapes to the heap, and nothing is
// allocated while paths fit the arena. A table may be run again; it must not be
// run by two goroutines at once, nor copied between Run and reading results of
// entries with references.
//
// # Executors
//
// Which executor runs the batches is decided once, when the package is
// initialised, and reported by [Executor]: "module" where /dev/batch exists
// and may be used, "emulator" on linux/amd64 and linux/arm64, "portable"
// elsewhere, with -race, -msan and -asan, and with the build tag
// batchrt_nolinkname. All give the same results. BATCH_EMUL=1 in the environment
// keeps the module out of it; BATCH_VERBOSE=1 reports the executor on standard
// error. SPEC.md beside the source says exactly what a batch means.
//
// # Constructors
//
// They are grouped by topic in the files zops_*.go. Functions of package
// syscall whose structures have types of their own there have constructors
// with the prefix Sys (SysFstat); for the others x/sys's serve both packages.
package batchrt
