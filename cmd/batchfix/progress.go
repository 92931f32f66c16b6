// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// patience is how long the program stays silent.
const patience = time.Second

// progress shows what a long run is doing on one line of a terminal.
type progress struct {
	w     io.Writer // nil: not a terminal
	start time.Time

	mu    sync.Mutex
	last  time.Time
	shown bool
}

func newProgress(w io.Writer) *progress {
	p := &progress{start: time.Now()}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.w = w
		// A load may take long without a word: say what it is.
		time.AfterFunc(patience, func() { p.show("loading", 0, 0) })
	}
	return p
}

// show replaces the line. It is a driver.Config.Progress.
func (p *progress) show(stage string, done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.w == nil || now.Sub(p.start) < patience || done != total && now.Sub(p.last) < 100*time.Millisecond {
		return
	}
	p.last, p.shown = now, true
	if total == 0 {
		fmt.Fprintf(p.w, "\r\x1b[Kbatchfix: %s packages ...", stage)
	} else {
		fmt.Fprintf(p.w, "\r\x1b[Kbatchfix: %s packages: %d of %d", stage, done, total)
	}
}

// clear takes the line away before something else is printed.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
