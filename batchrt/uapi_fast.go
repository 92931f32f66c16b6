// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

// The module's interface, as in module/batch_uapi.h (a test compares them).
const (
	batchABI = 1

	batchRun  = 0xc028b751 // ioctl: run a request
	batchInfo = 0x8090b752 // ioctl: what the module can do

	// States of a request.
	batchStart   = 0 // entry pos has not run
	batchRestart = 1 // entry pos was interrupted and is to be continued by restart_syscall
	batchRan     = 2 // entry pos ran, its slot could not be written: res is its result

	// Values of the ioctl that are no errors.
	batchDone     = 0 // the batch ended
	batchContinue = 1 // call again

	batchAllowWords = 16

	batchRefs      = 1 << 8 // flag: bits of a number say which arguments are results
	batchRefsShift = 10     // the first of these bits

	batchFWidths = 1 << 0 // wdcpy knows widths
	batchFRefs   = 1 << 4 // batchRefs is known
	batchFNeeded = batchFWidths | batchFRefs
)

// batchReq is struct batch_req.
type batchReq struct {
	calls  uint64 // address of the first entry
	res    int64
	n      uint32
	pos    uint32
	last   uint32
	state  uint32
	flags  uint32
	stride uint32
}

// batchInfoT is struct batch_info.
type batchInfoT struct {
	abi       uint32
	maxStride uint32
	features  uint32
	nbits     uint32
	allow     [batchAllowWords]uint64
}
