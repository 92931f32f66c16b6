package hunted

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// An assignment with a division between the calls.
func divides(x int) int {
	unix.Close(1001) // want `2 calls can share one crossing: Close, Close`
	x /= 2
	x %= 7
	unix.Close(1002)
	return x
}

func dividesBy(x, y int) int {
	unix.Close(1001)
	x /= y
	unix.Close(1002)
	return x
}

// A switch is no loop: continue leaves the statements between the calls.
func continueInSwitch(xs []int) {
	for _, x := range xs {
		unix.Close(1001)
		switch x {
		case 1:
			continue
		}
		unix.Close(1002)
		fmt.Println(x)
	}
}

func continueInHandlersSwitch(xs []int) {
	for _, x := range xs {
		if err := unix.Close(1001); err != nil { // want `2 calls can share one crossing: Close, Close`
			switch {
			case x > 1:
				continue
			}
		}
		unix.Close(1002)
		fmt.Println(x)
	}
}
