// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"strings"
	"testing"
)

// wrong makes one fault in the edited version of a base.
type wrong struct {
	name, base string
	change     []string // old, new, old, new ...; each old occurs once
	want       string   // part of the refusal
}

var wrongs = []wrong{
	{"entry dropped, its statement too", "three", []string{
		"		batchrt.Fchmod(fd, m),\n", "",
		"	err = ops[1].Err()\n	if err != nil {\n		return 1, err\n	}\n", "",
		"ops[2]", "ops[1]"}, "is made in the place of Fchmod"},
	{"entry dropped, made plainly after the batch", "three", []string{
		"		batchrt.Fchmod(fd, m),\n", "",
		"ops[1].Err()", "unix.Fchmod(fd, m)",
		"ops[2]", "ops[1]"}, "is made in the place of Fchmod"},
	{"entries swapped", "two", []string{
		"		arena.Lstat(p, &s1),\n", "",
		"		arena.Lstat(q, &s2),\n", "		arena.Lstat(q, &s2),\n		arena.Lstat(p, &s1),\n"},
		"Lstat(q, &s2) is made in the place of Lstat(p, &s1)"},
	{"entries swapped with their results", "three", []string{
		"		batchrt.Fstat(fd, &st),\n", "",
		"		batchrt.Fchmod(fd, m),\n", "		batchrt.Fchmod(fd, m),\n		batchrt.Fstat(fd, &st),\n",
		"ops[0].Err()", "ops[9].Err()", "ops[1].Err()", "ops[0].Err()", "ops[9].Err()", "ops[1].Err()"},
		"is made in the place of|asked for after a later entry"},
	{"entry twice", "closes", []string{
		"		batchrt.Close(b).GoOn(),\n", "		batchrt.Close(b).GoOn(),\n		batchrt.Close(b).GoOn(),\n",
		"ops[2]", "ops[3]"}, "asked for 0 times"},
	{"entry twice, both asked for", "closes", []string{
		"		batchrt.Close(c),\n", "		batchrt.Close(c).GoOn(),\n		batchrt.Close(c),\n",
		"	_ = ops[2].Err()\n", "	_ = ops[2].Err()\n	_ = ops[3].Err()\n"}, "is made in the place of|lost|though the original does not make it"},
	{"evaluated by the batch and again", "two", []string{
		"ops[1].Err()", "unix.Lstat(q, &s2)"}, "asked for 0 times"},
	{"no stop", "two", []string{"arena.Lstat(p, &s1)", "arena.Lstat(p, &s1).GoOn()"},
		"when Lstat(p, &s1) fails: the call Lstat(q, &s2) is made though the original does not make it"},
	{"no stop before a resume", "resume", []string{"arena.Chmod(p, m)", "arena.Chmod(p, m).GoOn()"}, "log.Print(err)"},
	{"stop on success in place of failure", "three", []string{"batchrt.Fchmod(fd, m)", "batchrt.Fchmod(fd, m).GoOn().StopOnSuccess()"}, "asked for where it has not been called"},
	{"stop too often", "two", []string{"arena.Lstat(p, &s1)", "arena.Lstat(p, &s1).StopOnPositive()"}, "asked for where it has not been called"},
	{"stop on zero forgotten", "eof", []string{".StopOnZero()", ""}, "returns 0: the call Pread(fd, b, 4096) is made"},
	{"stop on positive in place of zero", "eof", []string{".StopOnZero()", ".StopOnPositive()"}, "asked for where it has not been called"},
	{"search goes on", "search", []string{".StopOnSuccess()", ""}, "the call Open(q, unix.O_RDONLY, 0) is made"},
	{"search stops on failure", "search", []string{".GoOn().StopOnSuccess()", ""}, "not"},
	{"jump over an entry", "closes", []string{"batchrt.Close(a)", "batchrt.Close(a).Jump(0, 1, 0)"}, "Close(b)|asked for"},
	{"jump over an entry on failure", "three", []string{"batchrt.Fstat(fd, &st)", "batchrt.Fstat(fd, &st).Jump(1, 0, 0)"}, "fails"},
	{"wrong accessor", "three", []string{"n, err := ops[2].Int()", "n, err := ops[2].Int64()", "return n, nil", "return int(n), nil"}, "has type int64|not how the result of Pread"},
	{"accessor of another form", "forms", []string{"pid := ops[3].ValOr(func() int { return unix.Getpid() })", "pid, _ := ops[3].IntOr(func() (int, error) { return unix.Getpid(), nil })"}, "not how the result of Getpid"},
	{"result of another entry", "two", []string{"ops[0].Err()", "ops[9].Err()", "ops[1].Err()", "ops[0].Err()", "ops[9].Err()", "ops[1].Err()"}, "asked for after a later entry"},
	{"one result twice", "three", []string{"err = ops[1].Err()", "err = ops[0].Err()"}, "asked for 2 times"},
	{"wrong error variable", "resume", []string{"err2 := ops[1]", "err = ops[1]", "errors.Join(err, err2)", "errors.Join(err, err)"}, "changed|lost|is new"},
	{"results changed round", "forms", []string{"n, err = ops[0].Int()", "n, err = func() (int, error) { x, y := ops[0].Int(); return x + 1, y }()"}, ""},
	{"handler changed", "two", []string{`"old: %w"`, `"older: %w"`}, "is changed"},
	{"handler's condition turned", "two", []string{"if err := ops[0].Err(); err != nil", "if err := ops[0].Err(); err == nil"}, "the assignment to err is lost"},
	{"handler goes on", "two", []string{"		return fmt.Errorf(\"old: %w\", err)\n", "		fmt.Println(err)\n"}, "is changed"},
	{"errno changed", "lets", []string{"if err := ops[0].Err(); err != nil && err != unix.ENOENT", "if err := ops[0].Err(); err != nil && err != unix.ENOTDIR"}, ""},
	{"statement after the batch lost", "two", []string{"	fmt.Println(s1.Size, s2.Size)\n", ""}, "is changed|is lost"},
	{"statement after the batch new", "closes", []string{"	fmt.Println(\"closed\")\n", "	fmt.Println(\"closed\")\n	fmt.Println()\n"}, "is new"},
	{"statement after the batch changed", "two", []string{"fmt.Println(s1.Size, s2.Size)", "fmt.Println(s1.Size, s1.Size, s2.Size)"}, "is changed"},
	{"missing Or", "resume", []string{"ops[1].ErrOr(func() error { return unix.Chmod(q, m) })", "ops[1].Err()"},
		"the result of arena.Chmod(q, m) is asked for where it has not been called"},
	{"Or of another call", "resume", []string{"return unix.Chmod(q, m) })", "return unix.Chmod(p, m) })"}, "Chmod(p, m) is made in the place of Chmod(q, m)"},
	{"Or of another function", "resume", []string{"return unix.Chmod(q, m) })", "return unix.Lchown(q, 0, 0) })"}, "is made in the place of"},
	{"Or makes no call", "resume", []string{"func() error { return unix.Chmod(q, m) }", "func() error { return nil }"}, "does not make a plain system call"},
	{"Or does more", "resume", []string{"func() error { return unix.Chmod(q, m) }", "func() error { log.Print(1); return unix.Chmod(q, m) }"}, "does not make a plain system call"},
	{"wrong argument", "three", []string{"batchrt.Fchmod(fd, m)", "batchrt.Fchmod(fd, 0o600)"}, "Fchmod(fd, 0o600) is made in the place of Fchmod(fd, m)"},
	{"argument of another entry", "two", []string{"arena.Lstat(q, &s2)", "arena.Lstat(p, &s2)"}, "is made in the place of"},
	{"destination of another entry", "two", []string{"arena.Lstat(q, &s2)", "arena.Lstat(q, &s1)"}, "is made in the place of"},
	{"arguments change places", "loop", []string{"Lchown(p, 1, 2)", "Lchown(p, 2, 1)"}, "is made in the place of"},
	{"constant written otherwise", "three", []string{"batchrt.Pread(fd, buf, 16)", "batchrt.Pread(fd, buf, 0x10)"}, "is made in the place of"},
	{"buffer shorter", "three", []string{"batchrt.Pread(fd, buf, 16)", "batchrt.Pread(fd, buf[:1], 16)"}, ""},
	{"constructor of another function", "two", []string{"arena.Lstat(q, &s2)", "arena.Stat(q, &s2)"}, "is made in the place of"},
	{"constructor of the other package", "std", []string{"var a, b syscall.Stat_t", "var a syscall.Stat_t; var b unix.Stat_t", "SysFstat", "Fstat"}, "the variable b has type"},
	{"destination of another type", "std", []string{"func f(p string, fd int) error", "func f(p string, fd int) error", "SysFstat(fd, &b)", "SysFstat(fd, func() *syscall.Stat_t { return &b }())"}, "is evaluated before"},
	{"raw call of another number", "raw", []string{"unix.SYS_FSYNC", "unix.SYS_FDATASYNC"}, "is made in the place of"},
	{"raw call of another kind", "raw", []string{"batchrt.RawSyscall", "batchrt.Syscall"}, "is made in the place of"},
	{"comment lost", "two", []string{"	// the new one\n", ""}, `the comment "// the new one" is lost`},
	{"comment changed", "two", []string{"// the new one", "// the other one"}, "is lost"},
	{"table too early", "two", []string{
		"	fmt.Println(s1.Size, s2.Size)\n	return nil", "	return nil",
		"	var s1, s2 unix.Stat_t\n", "	var s1, s2 unix.Stat_t\n	fmt.Println(s1.Size, s2.Size)\n"}, ""},
	{"table not run", "two", []string{"	batchrt.Run(ops)\n", ""}, "the table is not run"},
	{"table run in part", "closes", []string{"batchrt.Run(ops)", "batchrt.Run(ops[:2])"}, "the table is not run"},
	{"table run twice", "closes", []string{"	batchrt.Run(ops)\n", "	batchrt.Run(ops)\n	batchrt.Run(ops)\n"}, ""},
	{"table changed after", "closes", []string{"	_ = ops[1].Err()\n", "	_ = ops[1].Err()\n	ops[2] = ops[1]\n"}, ""},
	{"table escapes", "closes", []string{"fmt.Println(\"closed\")", "fmt.Println(\"closed\", len(ops))"}, "is changed"},
	{"table before the statement's label", "closes", []string{"	_ = ops[1].Err()", "	goto next\nnext:\n	_ = ops[1].Err()"}, ""},
	{"entry without a constructor", "closes", []string{"batchrt.Close(b)", "batchrt.Op{}"}, "not a constructor's call"},
	{"entry with a reference", "closes", []string{"batchrt.Close(b)", "batchrt.Close(b).FD(0)"}, "is given, and a reference too"},
	{"KeepAlive lost", "owner", []string{"	batchrt.KeepAlive(o)\n", ""}, "nothing keeps o alive"},
	{"KeepAlive of another", "owner", []string{"func (o *owner) f() error {", "func (o *owner) f() error {", "batchrt.KeepAlive(o)", "batchrt.KeepAlive(1)"}, "KeepAlive must name a variable"},
	{"KeepAlive with an effect", "owner", []string{"batchrt.KeepAlive(o)", "batchrt.KeepAlive(o.f())"}, "KeepAlive must name a variable"},
	{"literal order", "first", []string{
		"	var ops [2]batchrt.Op\n", "",
		"	ops[0] = arena.Lstat(g(), &st)\n", "	ops := [...]batchrt.Op{arena.Lstat(g(), &st),\n",
		"	ops[1] = arena.Lstat(q, &st2)\n", "	arena.Lstat(q, &st2)}\n"}, "is not defined"},
	{"filled in another order", "first", []string{
		"	ops[0] = arena.Lstat(g(), &st)\n", "",
		"	ops[1] = arena.Lstat(q, &st2)\n", "	ops[1] = arena.Lstat(q, &st2)\n	ops[0] = arena.Lstat(g(), &st)\n"}, "not filled in its turn"},
	{"stores change places", "node", []string{"n.errs[0] = ops[0].Err()", "n.errs[1] = ops[0].Err()", "n.errs[1] = ops[1].Err()", "n.errs[0] = ops[1].Err()"}, "lost"},
	{"nested batch wrong", "nested", []string{"			batchrt.Close(a).GoOn(),\n			batchrt.Close(b),\n		}\n		batchrt.Run(ops2", "			batchrt.Close(b).GoOn(),\n			batchrt.Close(a),\n		}\n		batchrt.Run(ops2"}, "is made in the place of"},
	{"batch in a literal wrong", "nested", []string{"			batchrt.Close(a).GoOn(),\n			batchrt.Close(b),\n		}\n		batchrt.Run(ops3", "			batchrt.Close(a),\n			batchrt.Close(b),\n		}\n		batchrt.Run(ops3"}, "asked for where it has not been called"},
	{"outer table asked in the handler", "nested", []string{"		_ = ops2[1].Err()\n", "		_ = ops[1].Err()\n"}, ""},
	{"loop: continue lost", "loop", []string{"				continue\n", "				break\n"}, ""},
	{"loop: no stop", "loop", []string{"arena.Chmod(p, m)", "arena.Chmod(p, m).GoOn()"}, "Lchown(p, 1, 2)"},
	{"switch: no stop", "switch", []string{"arena.Unlink(p)", "arena.Unlink(p).GoOn()"}, "Unlink(q)|moves over"},
	{"switch: case lost", "switch", []string{"	case nil:\n", ""}, ""},
	{"switch: case changed", "switch", []string{"case unix.ENOENT:", "case unix.EEXIST:"}, ""},
	{"deferred: result stored elsewhere", "deferred", []string{"	err = ops[1].Err()\n	return\n", "	return ops[1].Err()\n"}, ""},
	{"shadowed error", "deferred", []string{"if err = ops[0].Err(); err != nil {", "if err := ops[0].Err(); err != nil {"}, ""},
}

func TestWrong(t *testing.T) {
	for _, w := range wrongs {
		t.Run(w.name, func(t *testing.T) {
			b := bases[w.base]
			edited := b.edited
			for i := 0; i < len(w.change); i += 2 {
				if n := strings.Count(edited, w.change[i]); n != 1 {
					t.Fatalf("%q occurs %d times", w.change[i], n)
				}
				edited = strings.Replace(edited, w.change[i], w.change[i+1], 1)
			}
			refused(t, b.orig, edited, w.want)
		})
	}
}

// refused asks for a refusal with one of the texts in it, which | separates.
func refused(t *testing.T, orig, edited, want string) {
	t.Helper()
	err := pair(t, file(orig), file(edited))
	if err == nil {
		t.Errorf("not refused:\n%s", edited)
		return
	}
	for w := range strings.SplitSeq(want, "|") {
		if strings.Contains(err.Error(), w) {
			t.Log(err)
			return
		}
	}
	t.Errorf("refused, but without %q: %v", want, err)
}
