//go:build strict

package hunted

const strict = true

var limit = 9

type tagged struct{ *inner }
