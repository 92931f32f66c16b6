// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sort"
	"strings"
)

// A GOOS whose build tag also holds for another one.
var implied = map[string]string{"android": "linux", "ios": "darwin", "illumos": "solaris"}

// universe lists all architectures of each GOOS that some constructor has.
func universe(ctors []*ctor) map[string][]string {
	seen := make(map[string]map[string]bool)
	for _, c := range ctors {
		for _, p := range c.ports {
			goos, arch, _ := strings.Cut(p, "/")
			if seen[goos] == nil {
				seen[goos] = make(map[string]bool)
			}
			seen[goos][arch] = true
		}
	}
	all := make(map[string][]string)
	for goos, arches := range seen {
		all[goos] = sortedKeys(arches)
	}
	return all
}

// constraint is a build constraint that holds on exactly the given pairs, of
// those in all.
func constraint(ports []string, all map[string][]string) string {
	byOS := make(map[string][]string)
	for _, p := range ports {
		goos, arch, _ := strings.Cut(p, "/")
		byOS[goos] = append(byOS[goos], arch)
	}
	var terms []string
	for _, goos := range sortedKeys(all) {
		arches := byOS[goos]
		sort.Strings(arches)
		if base, ok := implied[goos]; ok {
			if sub(byOS[base], arches, all[goos]) {
				continue // the base system's term says it all
			}
			if len(arches) == 0 {
				continue // cut out of the base system's term below
			}
		}
		if len(arches) == 0 {
			continue
		}
		term := goos
		if len(arches) < len(all[goos]) {
			term += " && (" + strings.Join(arches, " || ") + ")"
		}
		for _, derived := range sortedKeys(implied) {
			if implied[derived] == goos && all[derived] != nil && len(byOS[derived]) == 0 {
				term += " && !" + derived
			}
		}
		if strings.Contains(term, "&&") {
			term = "(" + term + ")"
		}
		terms = append(terms, term)
	}
	return strings.Join(terms, " || ")
}

// sub reports whether a derived system has exactly those architectures of its
// own that its base system has.
func sub(base, derived, all []string) bool {
	for _, a := range all {
		if has(base, a) != has(derived, a) {
			return false
		}
	}
	return true
}
