// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"os"
)

// profile tells the host the kernel's symbols, and makes the same request for
// ever, which the host looks at.
func profile() {
	data, err := os.ReadFile("/proc/kallsyms")
	if err != nil {
		fail("symbols: %v", err)
		return
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(data)
	z.Close()
	text := base64.StdEncoding.EncodeToString(b.Bytes())
	for len(text) > 0 {
		n := min(len(text), 1000)
		fmt.Println("SYM " + text[:n])
		text = text[n:]
	}
	as(0, params["program"], params["size"])
}
