// SPDX-License-Identifier: BSD-3-Clause

package effects

import (
	"go/types"
	"strings"
)

// NoReturn reports whether a function or method of the standard library never
// returns to its caller: it ends the process, the goroutine or the test, or
// panics.
func NoReturn(fn *types.Func) bool {
	return fn != nil && noReturn[fn.FullName()]
}

var noReturn = map[string]bool{
	"os.Exit": true, "runtime.Goexit": true, "syscall.Exit": true, "golang.org/x/sys/unix.Exit": true,
	"log.Fatal": true, "log.Fatalf": true, "log.Fatalln": true, "log.Panic": true, "log.Panicf": true, "log.Panicln": true,
	"(*log.Logger).Fatal": true, "(*log.Logger).Fatalf": true, "(*log.Logger).Fatalln": true,
	"(*log.Logger).Panic": true, "(*log.Logger).Panicf": true, "(*log.Logger).Panicln": true,
	"(*testing.common).FailNow": true, "(*testing.common).Fatal": true, "(*testing.common).Fatalf": true,
	"(*testing.common).SkipNow": true, "(*testing.common).Skip": true, "(*testing.common).Skipf": true,
}

// KeepsNil reports whether a function of the standard library returns nil for a
// nil error, its last argument, and something else otherwise, and does nothing
// else that could be told.
func KeepsNil(fn *types.Func) bool {
	return fn != nil && fn.Pkg() != nil && strings.TrimPrefix(fn.FullName(), "vendor/") == "os.NewSyscallError"
}

// Prints reports whether a function of the standard library does nothing but
// write text to standard output or standard error.
func Prints(fn *types.Func) bool {
	return fn != nil && prints[fn.FullName()]
}

var prints = map[string]bool{
	"fmt.Print": true, "fmt.Printf": true, "fmt.Println": true,
	"log.Print": true, "log.Printf": true, "log.Println": true,
}
