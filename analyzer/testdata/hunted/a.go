//go:build !strict

package hunted

const strict = false

const limit = 4

type tagged struct{ fd int }
