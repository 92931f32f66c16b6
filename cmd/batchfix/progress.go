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

	mu          sync.Mutex
	stage       string
	done, total int
	last        time.Time
	shown       bool
}

func newProgress(w io.Writer) *progress {
	p := &progress{start: time.Now()}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.w = w
		// A stage may last long without a word: say which one it is.
		time.AfterFunc(patience, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.draw()
		})
	}
	return p
}

// show replaces the line. It is a driver.Config.Progress.
func (p *progress) show(stage string, done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fresh := stage != p.stage || done == total
	p.stage, p.done, p.total = stage, done, total
	if fresh || time.Since(p.last) >= 100*time.Millisecond {
		p.draw()
	}
}

func (p *progress) draw() {
	if p.w == nil || p.stage == "" || time.Since(p.start) < patience {
		return
	}
	p.last, p.shown = time.Now(), true
	if p.total == 0 {
		fmt.Fprintf(p.w, "\r\x1b[Kbatchfix: %s packages ...", p.stage)
	} else {
		fmt.Fprintf(p.w, "\r\x1b[Kbatchfix: %s packages: %d of %d", p.stage, p.done, p.total)
	}
}

// clear takes the line away before something else is printed. Nothing is shown
// again before the next stage.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stage = ""
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
