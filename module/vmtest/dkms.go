// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// dkms runs "dkms build" against the packaged headers of each kernel, in trees
// of its own: nothing of the machine's DKMS state is touched. And "make
// install", which is the other way.
func (h *harness) dkms(only string, verbose bool) error {
	names := []string{"6.1/amd64", "6.12/amd64"}
	if only != "" {
		names = kernelNames(only)
	}
	conf, err := os.ReadFile(filepath.Join(h.module, "dkms.conf"))
	if err != nil {
		return err
	}
	m := regexp.MustCompile(`(?m)^PACKAGE_VERSION="(.*)"$`).FindSubmatch(conf)
	if m == nil {
		return fmt.Errorf("dkms.conf has no PACKAGE_VERSION")
	}
	version := string(m[1])
	for _, name := range names {
		k, err := h.kernel(name)
		if err != nil {
			return err
		}
		base := filepath.Join(h.cache, "dkms", k.release)
		if err := os.RemoveAll(base); err != nil {
			return err
		}
		source, tree := filepath.Join(base, "src"), filepath.Join(base, "tree")
		if err := copySources(filepath.Join(source, "batch-"+version), h.module); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(source, "batch-"+version, "dkms.conf"), conf, 0o644); err != nil {
			return err
		}
		if err := os.MkdirAll(tree, 0o755); err != nil {
			return err
		}
		args := []string{"--dkmstree", tree, "--sourcetree", source, "-k", k.release, "-a", "x86_64", "--kernelsourcedir", k.headers, "-m", "batch", "-v", version}
		if _, err := command("dkms", append([]string{"build"}, args...)...); err != nil {
			log, _ := filepath.Glob(filepath.Join(tree, "batch", version, "build", "make.log"))
			for _, l := range log {
				data, _ := os.ReadFile(l)
				fmt.Fprintf(os.Stderr, "%s", data)
			}
			return err
		}
		built, _ := filepath.Glob(filepath.Join(tree, "batch", version, k.release, "x86_64", "module", "batch.ko*"))
		if len(built) != 1 {
			return fmt.Errorf("dkms build left no module for %s", k.release)
		}
		out, err := command("/sbin/modinfo", "-F", "version", built[0])
		if err != nil {
			return err
		}
		if out != version+"\n" {
			return fmt.Errorf("module version %q, dkms.conf says %q", out, version)
		}
		fmt.Printf("DKMS kernel=%s built=%s\n", k.release, filepath.Base(built[0]))
		if err := h.install(k, filepath.Join(base, "make")); err != nil {
			return err
		}
	}
	return nil
}

// install builds the module by its own Makefile, outside its folder, and
// installs it below another root.
func (h *harness) install(k *kernel, base string) error {
	out, dest := filepath.Join(base, "out"), filepath.Join(base, "root")
	for _, target := range []string{"modules", "install"} {
		if _, err := command("make", "-C", h.module, "KDIR="+k.headers, "MO="+out, "DESTDIR="+dest, target); err != nil {
			return err
		}
	}
	for _, f := range []string{"lib/modules/" + k.release + "/*/batch.ko*", "usr/lib/udev/rules.d/90-batch.rules",
		"usr/include/linux/batch_uapi.h", "usr/share/man/man4/batch.4", "usr/share/doc/batch/modprobe.d-batch.conf"} {
		if m, _ := filepath.Glob(filepath.Join(dest, f)); len(m) != 1 {
			return fmt.Errorf("make install did not install %s", f)
		}
	}
	fmt.Printf("INSTALL kernel=%s\n", k.release)
	return nil
}
