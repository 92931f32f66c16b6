// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// apt fetches Debian packages without installing them and without touching
// the machine's own apt state: it has its own lists, made from the machine's
// sources by naming further suites. Versions vanish from the archive, so the
// newest is looked up on every run (lists are refreshed every few hours).
type apt struct {
	root  string   // lists, sources, downloaded and unpacked packages
	archs []string // architectures whose packages it knows, the machine's first
}

// Suites besides those the machine has itself.
var extraSuites = []string{"bookworm", "bookworm-updates", "bookworm-backports", "bookworm-security", "trixie", "trixie-updates", "trixie-backports", "trixie-security"}

const listsMaxAge = 6 * time.Hour

// newApt keeps its state in root and knows the given suites only.
func newApt(root string, suites []string, archs ...string) (*apt, error) {
	a := &apt{root: root, archs: archs}
	for _, d := range []string{"lists/partial", "archives/partial", "sources", "unpacked"} {
		if err := os.MkdirAll(filepath.Join(a.root, d), 0o755); err != nil {
			return nil, err
		}
	}
	sources, err := derivedSources(suites)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(a.root, "sources", "derived.sources")
	old, _ := os.ReadFile(path)
	stamp := filepath.Join(a.root, "updated")
	st, err := os.Stat(stamp)
	if err == nil && time.Since(st.ModTime()) < listsMaxAge && bytes.Equal(old, sources) {
		return a, nil
	}
	if err := os.WriteFile(path, sources, 0o644); err != nil {
		return nil, err
	}
	if _, err := a.run(a.root, "apt-get", "update", "-q"); err != nil {
		return nil, err
	}
	return a, os.WriteFile(stamp, nil, 0o644)
}

var suiteField = regexp.MustCompile(`(?m)^Suites:.*$`)

// derivedSources returns the machine's own stanzas for Debian's main archive
// and its security archive, with the given suites instead of their own.
func derivedSources(suites []string) ([]byte, error) {
	var main, security []string
	for _, s := range suites {
		if strings.HasSuffix(s, "-security") {
			security = append(security, s)
		} else {
			main = append(main, s)
		}
	}
	files, _ := filepath.Glob("/etc/apt/sources.list.d/*.sources")
	var out bytes.Buffer
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		for _, stanza := range strings.Split(string(data), "\n\n") {
			uri := regexp.MustCompile(`(?m)^URIs:\s*(\S+)`).FindStringSubmatch(stanza)
			switch {
			case uri == nil:
			case strings.HasSuffix(strings.TrimRight(uri[1], "/"), "/debian"):
				out.WriteString(suiteField.ReplaceAllString(stanza, "Suites: "+strings.Join(main, " ")) + "\n\n")
			case strings.HasSuffix(strings.TrimRight(uri[1], "/"), "/debian-security"):
				out.WriteString(suiteField.ReplaceAllString(stanza, "Suites: "+strings.Join(security, " ")) + "\n\n")
			}
		}
	}
	if out.Len() > 0 {
		return out.Bytes(), nil
	}
	list, _ := os.ReadFile("/etc/apt/sources.list")
	line := regexp.MustCompile(`(?m)^deb\s+(\[[^\]]*\]\s+)?(\S+/debian/?)\s+\S+\s+main`).FindStringSubmatch(string(list))
	if line == nil {
		return nil, errors.New("no Debian archive in /etc/apt/sources.list.d or /etc/apt/sources.list: kernels come from Debian's packages, so add one")
	}
	fmt.Fprintf(&out, "Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nTrusted: yes\n", line[2], strings.Join(main, " "))
	return out.Bytes(), nil
}

// run runs an apt command with this apt's own state, in the folder dir.
func (a *apt) run(dir, name string, args ...string) (string, error) {
	opts := []string{
		"-o", "Dir::State::lists=" + a.root + "/lists",
		"-o", "Dir::State::status=/dev/null",
		"-o", "APT::Architecture=" + a.archs[0],
		"-o", "Dir::Etc::sourcelist=/dev/null",
		"-o", "Dir::Etc::sourceparts=" + a.root + "/sources",
		"-o", "Dir::Cache=" + a.root,
		"-o", "Dir::Cache::archives=archives",
		"-o", "APT::Sandbox::User=",
	}
	for _, arch := range a.archs {
		opts = append(opts, "-o", "APT::Architectures::="+arch)
	}
	cmd := exec.Command(name, append(opts, args...)...)
	cmd.Dir = dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", name, strings.Join(args, " "), err, out.String(), errs.String())
	}
	return out.String(), nil
}

// field returns a field of the named package's record, the newest version
// whose version string matches like.
func (a *apt) field(pkg, field string, like *regexp.Regexp) (string, error) {
	out, err := a.run(a.root, "apt-cache", "show", pkg)
	if err != nil {
		return "", err
	}
	best, val := "", ""
	for _, rec := range strings.Split(out, "\n\n") {
		v := stanzaField(rec, "Version")
		if v == "" || !like.MatchString(v) {
			continue
		}
		if best == "" || exec.Command("dpkg", "--compare-versions", v, "gt", best).Run() == nil {
			best, val = v, stanzaField(rec, field)
		}
	}
	if best == "" {
		return "", fmt.Errorf("no version of package %s matches %s", pkg, like)
	}
	return val, nil
}

func stanzaField(rec, field string) string {
	m := regexp.MustCompile(`(?m)^` + field + `:\s*(.*)$`).FindStringSubmatch(rec)
	if m == nil {
		return ""
	}
	return m[1]
}

// unpack downloads the packages (name, name:arch or name=version) and unpacks
// each below one directory of the given name, once.
func (a *apt) unpack(dir string, pkgs ...string) (string, error) {
	dst := filepath.Join(a.root, "unpacked", dir)
	done := filepath.Join(dst, ".done")
	want := strings.Join(pkgs, "\n")
	if have, err := os.ReadFile(done); err == nil && string(have) == want {
		return dst, nil
	}
	if err := os.RemoveAll(dst); err != nil {
		return "", err
	}
	for _, p := range pkgs {
		if err := a.unpackOne(dst, p); err != nil {
			return "", err
		}
	}
	return dst, os.WriteFile(done, []byte(want), 0o644)
}

func (a *apt) unpackOne(dst, pkg string) error {
	tmp, err := os.MkdirTemp(filepath.Join(a.root, "archives"), "get")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if _, err := a.run(tmp, "apt-get", "download", "-q", pkg); err != nil {
		return err
	}
	debs, _ := filepath.Glob(filepath.Join(tmp, "*.deb"))
	if len(debs) != 1 {
		return fmt.Errorf("apt-get download %s left %d packages", pkg, len(debs))
	}
	if err := os.MkdirAll(dst, 0o755); err != nil {
		return err
	}
	_, err = command("dpkg-deb", "-x", debs[0], dst)
	return err
}
