// SPDX-License-Identifier: BSD-3-Clause

// Command mutants shows that an unsound planner or rewriter does not get
// past package verify and the tests. Each patch in testdata/mutants seeds one
// fault; the faulty tool rewrites the programs in testdata/mutants/programs
// and the analyzer's test data, and something must notice:
//
//   - verify refuses a batch that it does not refuse of the unchanged tool;
//   - the rewritten code does not type-check;
//   - failing that, a test of package analyzer fails.
//
// One line for each mutant says what killed it. The last line is
//
//	RESULT mutants seeded=N killed=N by_verify=N
//
// and the exit status is 1 if any mutant is alive.
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

func main() {
	only := flag.String("run", "", "regular expression: names of the mutants to run")
	flag.Parse()
	if err := run(*only); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(only string) error {
	pick, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	t := &tree{dir: dir}
	if err := t.copyFrom(root); err != nil {
		return err
	}
	if err := t.build(); err != nil {
		return fmt.Errorf("the unchanged tool: %w", err)
	}
	was := map[string]bool{}
	for _, in := range inputs {
		lines, err := t.refusals(in)
		if err != nil {
			return fmt.Errorf("the unchanged tool: %w", err)
		}
		maps.Copy(was, lines)
	}
	patches, err := filepath.Glob(filepath.Join(root, "testdata", "mutants", "*.patch"))
	if err != nil {
		return err
	}
	seeded, killed, byVerify := 0, 0, 0
	for _, file := range patches {
		name := strings.TrimSuffix(filepath.Base(file), ".patch")
		if !pick.MatchString(name) {
			continue
		}
		seeded++
		killer, err := t.mutant(file, was)
		switch {
		case err != nil:
			fmt.Printf("%-26s NOT SEEDED: %v\n", name, err)
			continue
		case killer == "":
			fmt.Printf("%-26s ALIVE\n", name)
			continue
		}
		killed++
		if strings.HasPrefix(killer, "verify") {
			byVerify++
		}
		fmt.Printf("%-26s killed by %s\n", name, killer)
	}
	fmt.Printf("RESULT mutants seeded=%d killed=%d by_verify=%d\n", seeded, killed, byVerify)
	if seeded == 0 || killed < seeded {
		return fmt.Errorf("%d of %d mutants are alive or could not be seeded", seeded-killed, seeded)
	}
	return nil
}

// moduleRoot is the directory of the nearest go.mod above the working
// directory.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("no go.work above the working directory: run this inside the repository")
		}
		dir = up
	}
}
