// Package paths has functions that other packages call.
package paths

import "os"

// In is pure.
func In(dir, name string) string { // want In:"pure"
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

// Logged is not.
func Logged(dir, name string) string {
	os.Stderr.WriteString(name)
	return dir + "/" + name
}
