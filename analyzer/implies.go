// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/build/constraint"
	"slices"
)

// maxTags is how many tags besides GOOS and GOARCH are tried in all ways.
const maxTags = 6

// implies reports whether a file of configuration d is compiled whenever one of
// configuration c is: it tries every GOOS and GOARCH, and everything that the
// other tags of both constraints may be.
func (c buildConfig) implies(d buildConfig) bool {
	if c.text == d.text || d.text == "/" {
		return true
	}
	oses, arches := knownNames()
	var tags []string
	for _, e := range []constraint.Expr{c.expr, d.expr} {
		eachTag(e, func(t string) {
			if !oses[t] && !arches[t] && t != "unix" && !slices.Contains(tags, t) {
				tags = append(tags, t)
			}
		})
	}
	if len(tags) > maxTags {
		return false
	}
	var set map[string]bool
	compiled := func(c buildConfig, os, arch string) bool {
		if c.goos != "" && !sameOS(c.goos, os) || c.goarch != "" && c.goarch != arch {
			return false
		}
		return c.expr == nil || c.expr.Eval(func(t string) bool {
			switch {
			case oses[t]:
				return sameOS(t, os)
			case arches[t]:
				return t == arch
			case t == "unix":
				return slices.Contains(unixes, os)
			}
			return set[t]
		})
	}
	for bits := range 1 << len(tags) {
		set = map[string]bool{}
		for i, t := range tags {
			set[t] = bits>>i&1 == 1
		}
		// The empty names stand for systems that are not known yet.
		for _, os := range append(keys(oses), "") {
			for _, arch := range append(keys(arches), "") {
				if compiled(c, os, arch) && !compiled(d, os, arch) {
					return false
				}
			}
		}
	}
	return true
}

func keys(m map[string]bool) []string {
	var l []string
	for k := range m {
		l = append(l, k)
	}
	return l
}

// eachTag calls f for every tag in a constraint.
func eachTag(e constraint.Expr, f func(string)) {
	switch x := e.(type) {
	case *constraint.NotExpr:
		eachTag(x.X, f)
	case *constraint.AndExpr:
		eachTag(x.X, f)
		eachTag(x.Y, f)
	case *constraint.OrExpr:
		eachTag(x.X, f)
		eachTag(x.Y, f)
	case *constraint.TagExpr:
		f(x.Tag)
	}
}
