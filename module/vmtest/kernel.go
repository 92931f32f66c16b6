// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// kernel is a Debian kernel on this machine, unpacked, not installed.
type kernel struct {
	series  string // "6.12"
	release string // "6.12.95+deb12-cloud-amd64"
	arch    string // Debian's name: "amd64"
	image   string // the file qemu boots
	headers string // what modules are built against (KDIR)
	tree    *tree  // the Debian system that has its compiler; nil: this machine
}

// series says where a kernel series is found and what builds it.
type series struct {
	name    string
	arch    string
	meta    string         // metapackages are linux-{image,headers}-meta
	version *regexp.Regexp // which of the metapackages' versions
	suite   string         // Debian release whose compiler builds it
}

var allSeries = []series{
	{"6.1", "amd64", "cloud-amd64", regexp.MustCompile(`^6\.1\.`), "bookworm"},
	{"6.12", "amd64", "cloud-amd64", regexp.MustCompile(`^6\.12\..*~bpo12`), "bookworm"},
	{"7", "amd64", "cloud-amd64", regexp.MustCompile(`^[7-9]\..*~bpo13`), "trixie"},
	{"6.12", "arm64", "cloud-arm64", regexp.MustCompile(`^6\.12\..*~bpo12`), "bookworm"},
}

var dependency = regexp.MustCompile(`^([^\s(|:]+)(?::\w+)?(?: \((\S+) ([^)]+)\))?`)

// depends returns the first alternative of every dependency of the newest
// matching version of a package, as name or name=version.
func (a *apt) depends(pkg string, like *regexp.Regexp) ([]string, error) {
	deps, err := a.field(pkg, "Depends", like)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, d := range strings.Split(deps, ", ") {
		m := dependency.FindStringSubmatch(d)
		if m == nil {
			continue
		}
		if m[2] == "=" {
			m[1] += "=" + m[3]
		}
		out = append(out, m[1])
	}
	return out, nil
}

func pick(deps []string, re string) (name, spec string) {
	r := regexp.MustCompile(re)
	for _, d := range deps {
		n, _, _ := strings.Cut(d, "=")
		if r.MatchString(n) {
			return n, d
		}
	}
	return "", ""
}

// fetch finds the newest kernel of a series and unpacks it with its headers.
func (a *apt) fetch(s series) (*kernel, error) {
	q := ""
	if s.arch != "amd64" {
		q = ":" + s.arch
	}
	images, err := a.depends("linux-image-"+s.meta+q, s.version)
	if err != nil {
		return nil, err
	}
	image, imageSpec := pick(images, `^linux-image-[0-9]`)
	if image == "" {
		return nil, fmt.Errorf("linux-image-%s depends on no image: %v", s.meta, images)
	}
	k := &kernel{series: s.name, arch: s.arch, release: strings.TrimPrefix(image, "linux-image-")}
	exact := func(spec string) *regexp.Regexp {
		if _, v, ok := strings.Cut(spec, "="); ok {
			return regexp.MustCompile("^" + regexp.QuoteMeta(v) + "$")
		}
		return s.version
	}
	pkgs := []string{qualify(imageSpec, q)}
	// Newer packaging splits the image into several packages.
	parts, err := a.depends(image+q, exact(imageSpec))
	if err != nil {
		return nil, err
	}
	if _, spec := pick(parts, `^linux-binary-[0-9]`); spec != "" {
		pkgs = append(pkgs, qualify(spec, q))
	}
	headers := "linux-headers-" + k.release
	headDeps, err := a.depends(headers+q, exact(imageSpec))
	if err != nil {
		return nil, err
	}
	_, version, _ := strings.Cut(imageSpec, "=")
	headersSpec := headers
	if version != "" {
		headersSpec += "=" + version
	}
	pkgs = append(pkgs, qualify(headersSpec, q))
	for _, re := range []string{`^linux-headers-.*-common$`, `^linux-base-[0-9].*-` + s.meta + `$`} {
		if _, spec := pick(headDeps, re); spec != "" {
			pkgs = append(pkgs, qualify(spec, q))
		}
	}
	kbuild, spec := pick(headDeps, `^linux-kbuild-`)
	if kbuild == "" {
		return nil, fmt.Errorf("%s depends on no linux-kbuild: %v", headers, headDeps)
	}
	if spec == kbuild && version != "" { // 6.1's kbuild is not named by version
		spec += "=" + version
	}
	pkgs = append(pkgs, spec) // programs that run here: this machine's architecture
	dir, err := a.unpack(k.release+"_"+s.arch, pkgs...)
	if err != nil {
		return nil, err
	}
	for _, pattern := range []string{"boot/vmlinuz-" + k.release, "boot/vmlinux-" + k.release, "usr/lib/modules/" + k.release + "/vmlinuz", "lib/modules/" + k.release + "/vmlinuz"} {
		if _, err := os.Stat(filepath.Join(dir, pattern)); err == nil {
			k.image = filepath.Join(dir, pattern)
		}
	}
	if k.image == "" {
		return nil, fmt.Errorf("no kernel image among the files of %v in %s", pkgs, dir)
	}
	k.headers = filepath.Join(dir, "usr/src/linux-headers-"+k.release)
	return k, relocate(dir, k.headers)
}

// qualify adds an architecture (":arm64" or "") to a name or name=version.
func qualify(spec, q string) string {
	n, v, ok := strings.Cut(spec, "=")
	if ok {
		return n + q + "=" + v
	}
	return n + q
}

var absolute = regexp.MustCompile(`(?m)^(include |KBUILD_OUTPUT=)/usr/src/`)

// relocate makes the headers' absolute references to themselves and the common
// ones follow them to where they were unpacked.
func relocate(root, headers string) error {
	path := filepath.Join(headers, "Makefile")
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	data = absolute.ReplaceAll(data, []byte("${1}"+root+"/usr/src/"))
	return os.WriteFile(path, data, 0o644)
}
