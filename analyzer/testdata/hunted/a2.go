//go:build !strict

package hunted

func (x keyed) path() string { return x.s }

type ident int
