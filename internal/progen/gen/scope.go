// SPDX-License-Identifier: BSD-3-Clause

package gen

import (
	"fmt"
	"slices"
)

// kind is what a variable is for; it implies its Go type.
type kind uint8

const (
	kInt kind = iota
	kI64
	kU32
	kFd   // int: a descriptor of a file
	kSock // int: a descriptor of a socket
	kStr
	kBytes
	kBuf // [24]byte
	kStat
	kStatP
	kSStat // syscall's
	kSStatP
	kStats  // [3]
	kStatSl // slice
	kErr
	kErrs  // [3]
	kErrSl // slice
	kErrP
	kErrM // map[string]error
	kBox
	kBoxP
	kBool
	kPaths // []string
	kInts  // [4]int
	kIntSl
	kFds   // []int: descriptors of files
	kConfP // *util.Conf, nil now and then
	kChan  // chan int, buffered
	kFn    // func()
	kNoise // anything else: only names count
)

// typeName is the Go type of a kind.
func (g *gen) typeName(k kind) string {
	switch k {
	case kInt, kFd, kSock:
		return "int"
	case kI64:
		return "int64"
	case kU32:
		return "uint32"
	case kStr:
		return "string"
	case kBytes:
		return "[]byte"
	case kBuf:
		return "[24]byte"
	case kStat:
		return g.unix("Stat_t")
	case kStatP:
		return "*" + g.unix("Stat_t")
	case kSStat:
		return g.sys("Stat_t")
	case kSStatP:
		return "*" + g.sys("Stat_t")
	case kStats:
		return "[3]" + g.unix("Stat_t")
	case kStatSl:
		return "[]" + g.unix("Stat_t")
	case kErr:
		return "error"
	case kErrs:
		return "[3]error"
	case kErrSl:
		return "[]error"
	case kErrP:
		return "*error"
	case kErrM:
		return "map[string]error"
	case kBox:
		return "box"
	case kBoxP:
		return "*box"
	case kBool:
		return "bool"
	case kPaths:
		return "[]string"
	case kInts:
		return "[4]int"
	case kIntSl, kFds:
		return "[]int"
	case kConfP:
		return "*util.Conf"
	case kChan:
		return "chan int"
	case kFn:
		return "func()"
	}
	panic("no type")
}

// variable is one variable of a generated program.
type variable struct {
	name   string
	text   string // how it is written as a value; usually the name
	kind   kind
	fixed  bool // must not be assigned to: a loop counter, a type parameter's variable
	global bool
	result bool // a named result of the current function
}

// scope is one block.
type scope struct {
	vars     []*variable
	noDefine bool // a goto passes: nothing may be declared
}

func (g *gen) push() *scope {
	s := &scope{}
	g.scopes = append(g.scopes, s)
	return s
}

// pop ends a block.
func (g *gen) pop() { g.scopes = g.scopes[:len(g.scopes)-1] }

func (g *gen) top() *scope { return g.scopes[len(g.scopes)-1] }

// here is the variable of that name in the innermost block, or nil.
func (g *gen) here(name string) *variable {
	for _, v := range g.top().vars {
		if v.name == name {
			return v
		}
	}
	return nil
}

// lookup is what a name means here.
func (g *gen) lookup(name string) *variable {
	for i := len(g.scopes) - 1; i >= 0; i-- {
		for _, v := range g.scopes[i].vars {
			if v.name == name {
				return v
			}
		}
	}
	return nil
}

// add declares a variable in the innermost block. Whether anything uses it does
// not matter: see [Checker.Tidy].
func (g *gen) add(name string, k kind) *variable {
	v := &variable{name: name, text: name, kind: k}
	g.top().vars = append(g.top().vars, v)
	return v
}

// visible lists the variables of the given kinds that can be named here.
func (g *gen) visible(kinds ...kind) []*variable {
	var out []*variable
	seen := map[string]bool{}
	for i := len(g.scopes) - 1; i >= 0; i-- {
		for _, v := range g.scopes[i].vars {
			if !seen[v.name] && slices.Contains(kinds, v.kind) {
				out = append(out, v)
			}
		}
		for _, v := range g.scopes[i].vars {
			seen[v.name] = true
		}
	}
	return out
}

// pick chooses a variable of one of the kinds, preferring inner ones; nil when
// there is none.
func (g *gen) pick(kinds ...kind) *variable {
	vs := g.visible(kinds...)
	if len(vs) == 0 {
		return nil
	}
	i := g.IntN(len(vs))
	if g.chance(50) {
		i = g.IntN(i + 1)
	}
	return vs[i]
}

// pickLocal is pick without globals.
func (g *gen) pickLocal(kinds ...kind) *variable {
	for range 4 {
		if v := g.pick(kinds...); v == nil || !v.global {
			return v
		}
	}
	return nil
}

// assignable picks a variable that may be assigned to.
func (g *gen) assignable(kinds ...kind) *variable {
	vs := slices.DeleteFunc(g.visible(kinds...), func(v *variable) bool { return v.fixed })
	if len(vs) == 0 {
		return nil
	}
	return vs[g.IntN(len(vs))]
}

// traps are names that a rewriter might like to take, or that hide something.
var traps = []string{"a", "ops", "arena", "batchrt", "n", "x", "e", "res", "table", "batch", "st", "err", "ops2", "paths", "op", "run", "entry"}

// fresh is a name that the innermost block does not declare yet.
func (g *gen) fresh(base string) string {
	if g.chance(25) {
		base = traps[g.IntN(len(traps))]
	}
	name := base
	for g.here(name) != nil || name == g.u || name == g.s || g.reserved[name] {
		g.serial++
		name = fmt.Sprint(base, g.serial)
	}
	return name
}
