//go:build strict

package hunted

import "fmt"

func (x keyed) path() string { fmt.Println(x.s); return x.s }

type ident any
