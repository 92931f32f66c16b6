// SPDX-License-Identifier: BSD-3-Clause

package verify

func init() {
	bases["sockaddr"] = base{`
func f(old, port int, addr [4]byte, q *int) (int, error) {
	fd, err := unix.Dup(old)
	if err != nil {
		return -1, err
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Port: port, Addr: addr}); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: "@x"}); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}`, `
func f(old, port int, addr [4]byte, q *int) (int, error) {
	var arena batchrt.Arena
	ops := []batchrt.Op{
		batchrt.Dup(old),
		arena.Bind(-1, &unix.SockaddrInet4{Port: port, Addr: addr}).FD(0),
		arena.Connect(-1, &unix.SockaddrUnix{Name: "@x"}).FD(0),
	}
	batchrt.Run(ops)
	fd, err := ops[0].Int()
	if err != nil {
		return -1, err
	}
	if err := ops[1].Err(); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if err := ops[2].Err(); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}`}
	bases["sockaddr resumed"] = base{`
func f(fd, port int) error {
	if err := unix.Listen(fd, 1); err != nil {
		log.Print(err)
	}
	return unix.Bind(fd, &unix.SockaddrInet6{Port: port})
}`, `
func f(fd, port int) error {
	var arena batchrt.Arena
	ops := []batchrt.Op{
		batchrt.Listen(fd, 1),
		arena.Bind(fd, &unix.SockaddrInet6{Port: port}),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		log.Print(err)
	}
	return ops[1].ErrOr(func() error { return unix.Bind(fd, &unix.SockaddrInet6{Port: port}) })
}`}
	// What others can reach: the encoding writes into it.
	bases["sockaddr shared"] = base{`
func f(fd, port int, sa *unix.SockaddrInet4, any unix.Sockaddr) error {
	if err := unix.Listen(fd, 1); err != nil {
		return err
	}
	return unix.Bind(fd, &unix.SockaddrInet4{Port: port})
}`, `
func f(fd, port int, sa *unix.SockaddrInet4, any unix.Sockaddr) error {
	var arena batchrt.Arena
	ops := []batchrt.Op{
		batchrt.Listen(fd, 1),
		arena.Bind(fd, &unix.SockaddrInet4{Port: port}),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}`}
	const lit = "&unix.SockaddrInet4{Port: port, Addr: addr}"
	wrongs = append(wrongs, []wrong{
		{"address with another port", "sockaddr", []string{"Port: port,", "Port: old,"}, "is made in the place of"},
		{"address without its port", "sockaddr", []string{"Port: port, ", ""}, "is made in the place of"},
		{"address of another kind", "sockaddr", []string{lit, "&unix.SockaddrInet6{Port: port}"}, "is made in the place of"},
		{"address with another name", "sockaddr", []string{`"@x"`, `"@y"`}, "is made in the place of"},
		{"address with a load more", "sockaddr", []string{"Port: port,", "Port: *q,"}, ""},
		{"address that is a variable", "sockaddr", []string{"	var arena", "	sa := " + lit + "\n	var arena", "arena.Bind(-1, " + lit, "arena.Bind(-1, sa"}, "is not a table"},
		{"address of a kind that no entry has", "sockaddr", []string{lit, "&unix.SockaddrLinklayer{}"}, "no constructor of a call that may be an entry"},
		{"address behind a conversion", "sockaddr", []string{lit, "unix.Sockaddr(" + lit + ")"}, "no constructor of a call that may be an entry"},
		{"no address", "sockaddr", []string{lit, "nil"}, "no constructor of a call that may be an entry"},
		{"reference in the address's place", "sockaddr", []string{"arena.Bind(-1, " + lit + ").FD(0)", "arena.Bind(-1, " + lit + ").Ref(1, 0)"}, "cannot be a reference"},
		{"bound in the place of connected", "sockaddr", []string{"arena.Connect(", "arena.Bind("}, "is made in the place of"},
		{"resumed call with another address", "sockaddr resumed", []string{"return unix.Bind(fd, &unix.SockaddrInet6{Port: port}) })", "return unix.Bind(fd, &unix.SockaddrInet6{Port: fd}) })"}, "is made in the place of"},
		{"address that others have", "sockaddr shared", []string{"arena.Bind(fd, &unix.SockaddrInet4{Port: port})", "arena.Bind(fd, sa)"}, "no constructor of a call that may be an entry"},
		{"address of any kind", "sockaddr shared", []string{"arena.Bind(fd, &unix.SockaddrInet4{Port: port})", "arena.Bind(fd, any)"}, "no constructor of a call that may be an entry"},
	}...)
}
