// SPDX-License-Identifier: BSD-3-Clause

package verify

func init() {
	bases["chain"] = base{`
func f(p, q string, buf []byte) (int, error) {
	fd, err := unix.Open(p, unix.O_RDONLY, 0)
	if err != nil {
		return 0, err
	}
	defer unix.Close(fd)
	defer func() { log.Print(fd) }()
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return 0, err
	}
	to, err := unix.Open(q, unix.O_WRONLY, 0)
	if err != nil {
		return 0, err
	}
	if err := unix.Dup3(fd, to, unix.O_CLOEXEC); err != nil {
		unix.Close(to)
		return 0, err
	}
	n, err := unix.Pread(fd, buf, 0)
	if err != nil {
		return 0, fmt.Errorf("size %d: %w", st.Size, err)
	}
	return n, nil
}`, `
func f(p, q string, buf []byte) (int, error) {
	var st unix.Stat_t
	var arena batchrt.Arena
	ops := []batchrt.Op{
		arena.Open(p, unix.O_RDONLY, 0),
		batchrt.Fstat(-1, &st).FD(0),
		arena.Open(q, unix.O_WRONLY, 0),
		batchrt.Dup3(-1, -1, unix.O_CLOEXEC).FD(0).Ref(1, 2),
		batchrt.Pread(-1, buf, 0).FD(0),
	}
	batchrt.Run(ops)
	fd, err := ops[0].Int()
	if err != nil {
		return 0, err
	}
	defer unix.Close(fd)
	defer func() { log.Print(fd) }()
	if err := ops[1].Err(); err != nil {
		return 0, err
	}
	to, err := ops[2].Int()
	if err != nil {
		return 0, err
	}
	if err := ops[3].Err(); err != nil {
		unix.Close(to)
		return 0, err
	}
	n, err := ops[4].Int()
	if err != nil {
		return 0, fmt.Errorf("size %d: %w", st.Size, err)
	}
	return n, nil
}`}
	bases["chain resumed"] = base{`
func f(p string, fd int) error {
	var st unix.Stat_t
	fd, err := unix.Open(p, unix.O_RDONLY, 0)
	if err != nil {
		fd = 0
	}
	return unix.Fstat(fd, &st)
}`, `
func f(p string, fd int) error {
	var st unix.Stat_t
	var arena batchrt.Arena
	ops := []batchrt.Op{
		arena.Open(p, unix.O_RDONLY, 0),
		batchrt.Fstat(-1, &st).FD(0),
	}
	batchrt.Run(ops)
	fd, err := ops[0].Int()
	if err != nil {
		fd = 0
	}
	return ops[1].ErrOr(func() error { return unix.Fstat(fd, &st) })
}`}
	bases["chain mapped"] = base{`
func f(p string) (unsafe.Pointer, error) {
	fd, err := unix.Open(p, unix.O_RDONLY, 0)
	defer unix.Close(fd)
	if err != nil {
		return nil, err
	}
	return unix.MmapPtr(fd, 0, nil, 4096, unix.PROT_READ, unix.MAP_PRIVATE)
}`, `
func f(p string) (unsafe.Pointer, error) {
	var arena batchrt.Arena
	ops := []batchrt.Op{
		arena.Open(p, unix.O_RDONLY, 0),
		batchrt.MmapPtr(-1, 0, nil, 4096, unix.PROT_READ, unix.MAP_PRIVATE).Ref(0, 0),
	}
	batchrt.Run(ops)
	fd, err := ops[0].Int()
	defer unix.Close(fd)
	if err != nil {
		return nil, err
	}
	return ops[1].Pointer()
}`}
	bases["given"] = base{`
func f(dir int, name string) error {
	if err := unix.Mkdirat(dir, name, 0o700); err != nil {
		return err
	}
	return unix.Fchmodat(dir, name, 0o755, 0)
}

func g(dir int, name string) error {
	if err := unix.Mkdirat(dir, name, 0o700); err != nil {
		return err
	}
	return unix.Fchmodat(dir, name, 0o755, 256)
}`, `
func f(dir int, name string) error {
	var arena batchrt.Arena
	ops := []batchrt.Op{
		arena.Mkdirat(dir, name, 0o700),
		arena.Fchmodat(dir, name, 0o755, 0),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}

func g(dir int, name string) error {
	if err := unix.Mkdirat(dir, name, 0o700); err != nil {
		return err
	}
	return unix.Fchmodat(dir, name, 0o755, 256)
}`}
	bases["chain int"] = base{`
func f(p string, fd int) error {
	fd2, err := unix.Open(p, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	log.Print(fd2)
	if err := unix.Fsync(0); err != nil {
		return err
	}
	return unix.SetsockoptInt(0, 1, 2, fd)
}`, `
func f(p string, fd int) error {
	fd2, err := unix.Open(p, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	log.Print(fd2)
	ops := []batchrt.Op{
		batchrt.Fsync(0),
		batchrt.SetsockoptInt(0, 1, 2, fd),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}`}
	wrongs = append(wrongs, []wrong{
		{"flags that make another call", "given", []string{"arena.Fchmodat(dir, name, 0o755, 0)", "arena.Fchmodat(dir, name, 0o755, 256)"}, "is no constructor of a call"},
		{"reference by the wrong register", "chain mapped", []string{".Ref(0, 0)", ".FD(0)"}, "not in its first register"},
		{"reference to another entry", "chain", []string{"batchrt.Pread(-1, buf, 0).FD(0)", "batchrt.Pread(-1, buf, 0).FD(2)"}, "is made in the place of"},
		{"reference to a later entry", "chain", []string{"batchrt.Fstat(-1, &st).FD(0)", "batchrt.Fstat(-1, &st).FD(2)"}, "refers to an entry that has not run"},
		{"reference to no number", "chain", []string{"batchrt.Pread(-1, buf, 0).FD(0)", "batchrt.Pread(-1, buf, 0).FD(1)"}, "returns no int"},
		{"reference of another argument", "chain", []string{".FD(0).Ref(1, 2)", ".FD(2).Ref(1, 0)"}, "is made in the place of"},
		{"reference missing", "chain", []string{"batchrt.Fstat(-1, &st).FD(0)", "batchrt.Fstat(-1, &st)"}, "is made in the place of"},
		{"reference beside a value", "chain", []string{"batchrt.Fstat(-1, &st).FD(0)", "batchrt.Fstat(len(p), &st).FD(0)"}, "a reference too"},
		{"reference twice", "chain", []string{"batchrt.Fstat(-1, &st).FD(0)", "batchrt.Fstat(-1, &st).FD(0).Ref(0, 0)"}, "a reference twice"},
		{"reference to a failure", "chain", []string{"arena.Open(q, unix.O_WRONLY, 0)", "arena.Open(q, unix.O_WRONLY, 0).GoOn()"}, "even when that fails"},
		{"reference where a constant was", "chain", []string{"batchrt.Dup3(-1, -1, unix.O_CLOEXEC).FD(0).Ref(1, 2)", "batchrt.Dup3(-1, -1, unix.O_CLOEXEC).FD(0).Ref(1, 2).Ref(2, 0)"}, "a reference twice|is made in the place of"},
		{"deferred call lost", "chain", []string{"	defer unix.Close(fd)\n", ""}, ""},
		{"deferred calls change places", "chain", []string{
			"	defer unix.Close(fd)\n	defer func() { log.Print(fd) }()\n", "	defer func() { log.Print(fd) }()\n	defer unix.Close(fd)\n"}, "moves over|is changed|place"},
		{"deferred call of another", "chain", []string{"	defer unix.Close(fd)\n", "	defer unix.Fsync(fd)\n"}, ""},
		{"declaration twice", "chain", []string{"	if err := ops[1].Err(); err != nil {", "	{\n	var st unix.Stat_t\n	_ = st\n	}\n	if err := ops[1].Err(); err != nil {"}, ""},
		{"declaration of another type", "chain", []string{"	var st unix.Stat_t\n", "	var st struct{ unix.Stat_t }\n", "&st)", "&st.Stat_t)"}, ""},
		{"reference to what is no register", "chain int", []string{"batchrt.SetsockoptInt(0, 1, 2, fd)", "batchrt.SetsockoptInt(0, 1, 2, -1).Ref(3, 0)"}, "cannot be a reference"},
		{"resumed call with the reference's argument", "chain resumed", []string{"return unix.Fstat(fd, &st) })", "return unix.Fstat(0, &st) })"}, "is made in the place of"},
		{"resumed reference without its stop", "chain resumed", []string{"arena.Open(p, unix.O_RDONLY, 0)", "arena.Open(p, unix.O_RDONLY, 0).GoOn()"}, "even when that fails"},
	}...)
}
