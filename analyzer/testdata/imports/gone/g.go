package gone

import (
	"fmt"

	"golang.org/x/sys/unix"
)

func f(a, b int) {
	unix.Close(a) // want `2 calls can share one crossing: Close, Close`
	unix.Close(b)
	fmt.Println()
}

func g(a, b int) {
	unix.Close(a) // want `2 calls can share one crossing: Close, Close`
	unix.Close(b)
}
