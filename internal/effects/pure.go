// SPDX-License-Identifier: BSD-3-Clause

package effects

import (
	"go/types"
	"strings"
)

// Pure is what the table says of a function that only computes: it does not
// panic, ends soon, changes nothing and waits for nobody.
type Pure struct {
	// Reads says that it reads memory behind its arguments (the elements of a
	// slice), not only the arguments themselves.
	Reads bool
	// Allocates says that it takes memory for its result: what it costs to
	// evaluate it twice.
	Allocates bool
	// Fresh says that it returns a slice that nothing else refers to.
	Fresh bool
	// Formats says that methods of the arguments may be called: it is pure only
	// for arguments of the predeclared types.
	Formats bool
	// Base, if not 0, is the number of an argument (from 1) that must be a
	// constant from 2 to 36: the function panics otherwise.
	Base int
}

// PureFunc looks a function or method up among those of the standard library
// and x/sys that are known to be pure, by what their documentation and source
// say. Methods of interface types never are.
func PureFunc(fn *types.Func) (Pure, bool) {
	if fn == nil || fn.Pkg() == nil {
		return Pure{}, false
	}
	p, ok := pure[pureKey(fn)]
	return p, ok
}

// pureKey is "path.Name" or "path.Type.Name"; a method with a pointer
// receiver has none, for the pointer may be nil.
func pureKey(fn *types.Func) string {
	path := strings.TrimPrefix(fn.Pkg().Path(), "vendor/")
	recv := fn.Signature().Recv()
	if recv == nil {
		return path + "." + fn.Name()
	}
	n, ok := types.Unalias(recv.Type()).(*types.Named)
	if !ok || types.IsInterface(n) {
		return ""
	}
	return path + "." + n.Obj().Name() + "." + fn.Name()
}

var pure = pureTable()

func pureTable() map[string]Pure {
	t := map[string]Pure{}
	add := func(p Pure, pkg string, names ...string) {
		for _, n := range names {
			t[pkg+"."+n] = p
		}
	}
	plain, makes, reads := Pure{}, Pure{Allocates: true}, Pure{Reads: true}
	both := Pure{Reads: true, Allocates: true}

	add(plain, "path/filepath", "Base", "Ext", "IsAbs", "VolumeName")
	add(makes, "path/filepath", "Clean", "Dir", "FromSlash", "ToSlash")
	add(both, "path/filepath", "Join")
	add(plain, "path", "Base", "Ext", "IsAbs", "Split")
	add(makes, "path", "Clean", "Dir")
	add(both, "path", "Join")

	add(plain, "strings", "Compare", "Contains", "ContainsAny", "ContainsRune", "Count", "Cut", "CutPrefix", "CutSuffix", "EqualFold",
		"HasPrefix", "HasSuffix", "Index", "IndexAny", "IndexByte", "IndexRune", "LastIndex", "LastIndexAny", "LastIndexByte",
		"Trim", "TrimLeft", "TrimPrefix", "TrimRight", "TrimSpace", "TrimSuffix")
	add(Pure{Allocates: true, Fresh: true}, "strings", "Fields", "Split", "SplitAfter", "SplitN")
	add(makes, "strings", "Clone", "Replace", "ReplaceAll", "Title", "ToLower", "ToTitle", "ToUpper")
	add(both, "strings", "Join")

	add(plain, "strconv", "Atoi", "ParseBool", "ParseFloat", "ParseInt", "ParseUint", "FormatBool")
	add(makes, "strconv", "Itoa", "Quote")
	add(Pure{Allocates: true, Base: 2}, "strconv", "FormatInt", "FormatUint")

	add(reads, "bytes", "Compare", "Contains", "Count", "Equal", "HasPrefix", "HasSuffix", "Index", "IndexByte", "LastIndexByte")

	add(Pure{Reads: true, Allocates: true, Formats: true}, "fmt", "Sprint", "Sprintf", "Sprintln")

	add(plain, "math", "Abs", "Ceil", "Floor", "Max", "Min", "Mod", "Round", "Sqrt", "Trunc")
	add(plain, "math/bits", "LeadingZeros", "LeadingZeros32", "LeadingZeros64", "Len", "Len32", "Len64", "OnesCount", "OnesCount32", "OnesCount64",
		"TrailingZeros", "TrailingZeros32", "TrailingZeros64")
	add(plain, "unicode", "IsDigit", "IsLetter", "IsLower", "IsSpace", "IsUpper", "ToLower", "ToUpper")
	add(plain, "unicode/utf8", "RuneCountInString", "RuneLen", "ValidRune", "ValidString")

	add(plain, "time", "Unix",
		"Duration.Microseconds", "Duration.Milliseconds", "Duration.Minutes", "Duration.Nanoseconds", "Duration.Seconds",
		"Time.After", "Time.Before", "Time.Equal", "Time.IsZero", "Time.Nanosecond", "Time.Sub", "Time.Unix", "Time.UnixMicro", "Time.UnixMilli", "Time.UnixNano")
	add(plain, "io/fs", "FileMode.IsDir", "FileMode.IsRegular", "FileMode.Perm", "FileMode.Type")

	for _, pkg := range []string{"golang.org/x/sys/unix", "syscall"} {
		add(plain, pkg, "NsecToTimespec", "NsecToTimeval", "TimespecToNsec", "TimevalToNsec",
			"WaitStatus.Continued", "WaitStatus.CoreDump", "WaitStatus.ExitStatus", "WaitStatus.Exited", "WaitStatus.Signaled", "WaitStatus.Stopped")
	}
	add(plain, "golang.org/x/sys/unix", "Major", "Minor", "Mkdev")
	add(both, "golang.org/x/sys/unix", "ByteSliceToString")
	return t
}

// PureArgs reports whether a call of fn with arguments of these types is pure
// as far as the types tell.
func (p Pure) PureArgs(args []types.Type) bool {
	if !p.Formats {
		return true
	}
	for _, a := range args {
		if _, ok := types.Unalias(a).(*types.Basic); !ok {
			return false
		}
	}
	return true
}
