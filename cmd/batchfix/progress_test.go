// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	var b bytes.Buffer
	quiet := newProgress(&b)
	quiet.start = time.Now().Add(-time.Hour)
	quiet.show("loading", 0, 0)
	quiet.clear()
	if b.Len() > 0 {
		t.Errorf("printed %q although it is not a terminal", &b)
	}

	p := &progress{w: &b, start: time.Now()}
	p.show("loading", 0, 0)
	if b.Len() > 0 {
		t.Errorf("printed %q right away", &b)
	}
	p.start = time.Now().Add(-time.Hour)
	p.show("analysing", 1, 30)
	p.show("analysing", 2, 30) // too soon
	p.show("analysing", 30, 30)
	p.clear()
	p.clear()
	const want = "\r\x1b[Kbatchfix: analysing packages: 1 of 30" +
		"\r\x1b[Kbatchfix: analysing packages: 30 of 30" +
		"\r\x1b[K"
	if got := b.String(); got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}
