// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package soak

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/autobatch/autobatch/internal/progen/rt"
	"github.com/autobatch/autobatch/internal/traptest"
)

// result is everything observable about one run of one program.
type result struct {
	exit   string
	log    string
	stdout string
	stderr string
	files  string
	lanes  string           // calls, one a line
	calls  []traptest.Event // of the main goroutine
	hits   int              // injected faults among them
}

// text is the result as compared.
func (r *result) text() string {
	return "exit " + r.exit + "\n--- log\n" + r.log + "--- stdout\n" + r.stdout + "--- stderr\n" + r.stderr +
		"--- calls\n" + r.lanes + "--- files\n" + r.files
}

// slot is a scratch folder for one process at a time. Programs see the same
// paths in every run in one slot.
type slot struct {
	dir   string
	log   *os.File
	limit time.Duration // for a process to end, besides what each program adds
}

const (
	usualLimit = 10 * time.Second
	// shortLimit is for candidates that may hang although the failing program did not.
	shortLimit = 3 * time.Second
)

func newSlot(dir string) (*slot, error) {
	if err := os.MkdirAll(filepath.Join(dir, "d"), 0o755); err != nil {
		return nil, err
	}
	f, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	return &slot{dir: dir, log: f, limit: usualLimit}, nil
}

// run runs programs, in one process as long as none of them ends it.
func (s *slot) run(ctx context.Context, binary string, ids []string, inject []string) (map[string]*result, error) {
	out := map[string]*result{}
	for len(ids) > 0 {
		done, err := s.once(ctx, binary, ids, inject, out)
		if err != nil {
			return nil, err
		}
		if done == 0 {
			return nil, fmt.Errorf("%s %s began no program (injecting %q); its outputs are in %s", binary, ids[0], inject, s.dir)
		}
		ids = ids[done:]
	}
	return out, nil
}

// once runs one process and notes the results of the programs that it began;
// the last of them may have ended it.
func (s *slot) once(ctx context.Context, binary string, ids, inject []string, out map[string]*result) (done int, err error) {
	root := filepath.Join(s.dir, "d")
	if err := os.RemoveAll(root); err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := rt.Setup(filepath.Join(root, id)); err != nil {
			return 0, err
		}
	}
	if err := s.log.Truncate(0); err != nil {
		return 0, err
	}
	if err := s.log.Truncate(rt.LogSize); err != nil {
		return 0, err
	}
	o, err := traptest.Trace(ctx, traptest.Tracing{
		Args:   append([]string{binary, root}, ids...),
		Dir:    root,
		Files:  []*os.File{s.log},
		Out:    s.dir,
		Inject: inject,
		// The runner's own, which no program makes.
		Untraced: []string{"openat2", "fchdir", "writev"},
		Limit:    s.limit + time.Duration(len(ids))*300*time.Millisecond,
	})
	if err != nil {
		return 0, err
	}
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	logs, err := s.logs()
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		log, began := logs[id]
		if !began {
			break
		}
		r := &result{exit: "0", log: log}
		if err := r.left(root, id); err != nil {
			return 0, err
		}
		out[id] = r
		done++
		if !strings.HasSuffix(log, "\nend\n") && log != "end\n" {
			r.exit = o.Exit
			if slices.ContainsFunc(inject, func(s string) bool { return strings.HasPrefix(s, "write:") }) {
				r.stderr = "" // pieces of what the run-time system says are lost: addresses cannot be told any more
			}
			break
		}
	}
	for _, l := range o.Lanes {
		id, _, sub := strings.Cut(l.Name, ".")
		r := out[id]
		if r == nil {
			continue
		}
		var b strings.Builder
		fmt.Fprintf(&b, "lane %s\n", l.Name)
		for _, e := range l.Events {
			if name, _ := e.Call(); name == "exit_group" {
				continue // shown or not as chance will have it; the status says the same
			}
			b.WriteString(e.Text)
			b.WriteByte('\n')
			if strings.HasSuffix(e.Text, "(INJECTED)") {
				r.hits++
			}
		}
		r.lanes += b.String()
		if !sub {
			r.calls = l.Events
		}
	}
	return done, nil
}

// left notes what a program left behind: what it wrote, and its files.
func (r *result) left(root, id string) error {
	out, err := os.ReadFile(filepath.Join(root, id+rt.Standard[1]))
	if err != nil {
		return err
	}
	errs, err := os.ReadFile(filepath.Join(root, id+rt.Standard[2]))
	if err != nil {
		return err
	}
	r.stdout, r.stderr = string(out), traptest.CleanStderr(string(errs))
	for _, name := range rt.Standard {
		line, err := describe(filepath.Join(root, id+name), name)
		if err != nil {
			return err
		}
		if name == rt.Standard[2] {
			line, _, _ = strings.Cut(line, " bytes ") // addresses of a program that crashed
			line = strings.TrimRight(line, "0123456789") + "\n"
		}
		r.files += line
	}
	files, err := snapshot(filepath.Join(root, id))
	r.files += files
	return err
}

// logs reads the log by program. It ends at the first byte that nobody wrote.
func (s *slot) logs() (map[string]string, error) {
	var b []byte
	for part := make([]byte, 1<<16); len(b) < rt.LogSize; {
		n, err := s.log.ReadAt(part, int64(len(b)))
		if err != nil {
			return nil, err
		}
		if i := bytes.IndexByte(part[:n], 0); i >= 0 {
			return split(string(append(b, part[:i]...))), nil
		}
		b = append(b, part[:n]...)
	}
	return nil, fmt.Errorf("the programs log more than %d bytes: make packs smaller", rt.LogSize)
}

// split takes apart what the runner wrote headings into.
func split(s string) map[string]string {
	m := map[string]string{}
	for _, part := range strings.Split(s, "\n=== ")[1:] {
		id, rest, _ := strings.Cut(part, "\n")
		m[id] = rest
	}
	return m
}

// snapshot describes all files under dir.
func snapshot(dir string) (string, error) {
	var lines []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		line, err := describe(path, rel)
		lines = append(lines, line)
		return err
	})
	slices.Sort(lines)
	return strings.Join(lines, ""), err
}

// describe is one line about a file; times only where a program set them.
func describe(path, name string) (string, error) {
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		return "", err
	}
	l := fmt.Sprintf("%.60s %o %d:%d", name, st.Mode, st.Uid, st.Gid)
	if st.Mtim.Sec < 1e6 {
		l += fmt.Sprintf(" mtime %d.%d", st.Mtim.Sec, st.Mtim.Nsec)
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		b, err := content(path, st.Size)
		if err != nil {
			return "", err
		}
		l += fmt.Sprintf(" %d links, %d bytes %s", st.Nlink, st.Size, b)
	case unix.S_IFLNK:
		to, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		l += " -> " + to
	}
	return l + xattrs(path) + "\n", nil
}

func content(path string, size int64) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b := make([]byte, min(size, 4096))
	n, err := f.Read(b)
	if err != nil && size > 0 {
		return "", err
	}
	if n > 200 {
		return fmt.Sprintf("%x", sha256.Sum256(b[:n])), nil
	}
	return fmt.Sprintf("%q", b[:n]), nil
}

func xattrs(path string) string {
	var names, value [256]byte
	n, err := unix.Llistxattr(path, names[:])
	if err != nil || n <= 0 {
		return ""
	}
	s := ""
	for _, name := range strings.Split(strings.TrimRight(string(names[:n]), "\x00"), "\x00") {
		if m, err := unix.Lgetxattr(path, name, value[:]); err == nil && strings.HasPrefix(name, "user.") {
			s += fmt.Sprintf(" %s=%q", name, value[:m])
		}
	}
	return s
}
