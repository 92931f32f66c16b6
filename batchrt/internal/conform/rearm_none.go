// SPDX-License-Identifier: BSD-3-Clause

//go:build !batchrt_fake && linux && (amd64 || arm64)

package main

func rearm() {}
