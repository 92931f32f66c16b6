// Package directive holds //batch: comments.
package directive

import (
	"fmt"

	"golang.org/x/sys/unix"
)

//batch:ignore the order is looked at under a debugger
func ignored(a, b string) {
	unix.Unlink(a)
	unix.Unlink(b)
}

func ignoredStatement(a, b, c, d string) {
	unix.Unlink(a)
	unix.Unlink(b) //batch:ignore not this one
	unix.Unlink(c) // want `2 calls can share one crossing: Unlink, Unlink`
	unix.Unlink(d)
}

// Required and given.
//
//batch:require
func required(a, b string) {
	unix.Unlink(a) // want `2 calls can share one crossing: Unlink, Unlink`
	unix.Unlink(b)
}

func requiredLoop(paths []string) {
	//batch:require
	for _, p := range paths {
		unix.Unlink(p) // want `1 call can share a crossing with those of other iterations: Unlink`
	}
	/* want `no calls are batched here, as //batch:require asks` */ //batch:require
	for _, p := range paths {
		fmt.Println(p)
		unix.Unlink(p)
	}
}

// What parameters lead to is nobody else's.
//
//batch:assume unshared
func opened(paths []string) int {
	for _, p := range paths {
		fd, err := unix.Open(p, unix.O_RDONLY, 0) // want `1 call can share a crossing with those of other iterations: Open`
		if err == nil {
			return fd
		}
	}
	return -1
}

func listed(paths []string) {
	//batch:assume prints
	for _, p := range paths {
		var st unix.Stat_t
		if err := unix.Lstat(p, &st); err != nil { // want `1 call can share a crossing with those of other iterations: Lstat`
			fmt.Println(p, err)
			continue
		}
		fmt.Println(p, st.Size)
	}
}

//batch:assume unmapped
func mapped(fd int, sizes []int64) {
	for i := range sizes {
		if _, err := unix.Seek(fd, 0, unix.SEEK_CUR); err != nil { // want `1 call can share a crossing with those of other iterations: Seek`
			return
		}
		sizes[i] = 0
	}
}

/* want `//batch:ignore needs a reason` */ //batch:ignore
func noReason(a, b string) {
	unix.Unlink(a) // want `2 calls can share one crossing: Unlink, Unlink`
	unix.Unlink(b)
}

/* want `there is no assumption "speed": there are prints, unmapped, unshared` */ //batch:assume speed
func noRule() {}

/* want `there is no //batch:please: there are ignore, require and assume` */ //batch:please
func noVerb() {}
