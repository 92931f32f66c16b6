// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// sysModule is the module whose package unix the table describes.
const sysModule = "golang.org/x/sys"

// newerSys is the x/sys version that the table is held against besides the
// one batchrt requires: functions that only it has get the reason "version",
// and wrappers that it spells differently but that make the same call get a
// second fingerprint. To move to a newer x/sys, change this constant, run the
// generator, and classify in overlay.txt what it names.
const newerSys = "v0.49.0"

var requireSys = regexp.MustCompile(`(?m)^\s*(?:require\s+)?golang\.org/x/sys\s+(v\S+)`)

// requiredSys returns the x/sys version that batchrt's go.mod requires.
func requiredSys(root string) (string, error) {
	name := filepath.Join(root, "batchrt", "go.mod")
	b, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	m := requireSys.FindSubmatch(b)
	if m == nil {
		return "", fmt.Errorf("%s: no requirement of %s; the table is made from the version it requires", name, sysModule)
	}
	return string(m[1]), nil
}

// moduleDir returns the directory of the extracted module, downloading it
// through the ordinary Go client if need be.
func moduleDir(path, version string) (string, error) {
	cmd := exec.Command("go", "mod", "download", "-json", path+"@"+version)
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	cmd.Dir = os.TempDir() // outside any module: nothing of ours may change
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var info struct{ Dir, Error string }
	if jerr := json.Unmarshal(out, &info); jerr != nil && err == nil {
		err = jerr
	}
	if info.Error != "" {
		return "", fmt.Errorf("go mod download %s@%s: %s", path, version, info.Error)
	}
	if err != nil {
		return "", fmt.Errorf("go mod download %s@%s: %v\n%s", path, version, err, stderr.Bytes())
	}
	return info.Dir, nil
}

// goEnv returns the value of one go env variable.
func goEnv(name string) (string, error) {
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		return "", fmt.Errorf("go env %s: %v", name, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// ports returns the GOOS/GOARCH pairs that the go command can build for and
// for which dir (x/sys/unix) holds system call stubs.
func ports(dir string) ([]port, error) {
	out, err := exec.Command("go", "tool", "dist", "list").Output()
	if err != nil {
		return nil, fmt.Errorf("go tool dist list: %v", err)
	}
	// GOOS values whose files are those of another.
	base := map[string]string{"android": "linux", "ios": "darwin", "illumos": "solaris"}
	var list []port
	for _, line := range strings.Fields(string(out)) {
		goos, goarch, _ := strings.Cut(line, "/")
		b := goos
		if base[b] != "" {
			b = base[b]
		}
		if _, err := os.Stat(filepath.Join(dir, "zsyscall_"+b+"_"+goarch+".go")); err != nil {
			continue
		}
		list = append(list, port{goos, goarch})
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s: no zsyscall files for any GOOS/GOARCH of go tool dist list", dir)
	}
	return list, nil
}
