// SPDX-License-Identifier: BSD-3-Clause

package gen

// declarations writes the types, variables and functions that all code uses.
func (g *gen) declarations() {
	st, sys := g.typeName(kStat), g.typeName(kSStat)
	g.p("type box struct {\n\tfd int\n\tpath string\n\tst, lst %s\n\tsys %s\n\tbuf [16]byte\n\terr error\n\terrs [2]error\n\tn int\n\toff int64\n\tnext *box\n}\n", st, sys)
	g.p("func (b *box) touch() { b.n++; b.off++ }\n\nfunc (b box) name() string { return b.path }\n")
	g.need("sync")
	g.p("var (\n\tgfd = -1\n\tgpath = \"a\"\n\tgst %s\n\tgsys %s\n\tgstatx %s\n\tgbox box\n\tgbuf = make([]byte, 12)\n\tgdents [256]byte\n\tgerr error\n\tgerrs [3]error\n\tgi = 1\n\tgn = 2\n\tgoff int64 = 3\n\tgany any = 1\n\tgmap = map[string]string{\"a\": \"b\", \"b\": \"c\"}\n\tgts = [2]%s{{Sec: 100}, {Sec: 200, Nsec: 5}}\n\tgsysts = [2]%s{{Sec: 300}, {Sec: 400}}\n\tgmu sync.Mutex\n\tgbool = true\n\tgconf = util.Conf{NoDelay: true, Mode: 0o640, N: 2, Size: 12, Names: []string{\"c\", \"d/x\", \"a\"}}\n\tgstatic = [...]string{\"a\", \"b\", \"c\", \"none\", \"d/x\", \"l\", \"a\", \"b\", \"c\", \"e\", \"a\", \"b\", \"c\", \"d\", \"d/x\", \"l\", \"a\", \"b\", \"c\", \"a\"}\n\tgchan = make(chan int, 1)\n\tgerrl []error\n\tgnan = func(z float64) float64 { return z / z }(0)\n)\n",
		st, sys, g.unix("Statx_t"), g.unix("Timespec"), g.sys("Timespec"))
	g.p("func logged[T any](k int, v T) T {\n\trt.Log(\"eval\", k)\n\treturn v\n}\n")
	g.p("func printed[T any](k int, v T) T {\n\trt.Print(\"eval\", k)\n\tgn++\n\treturn v\n}\n")
	g.p("func pure(s string) string { return s }\n\nfunc gcount() int {\n\tgn++\n\treturn gn & 3\n}\n\nfunc gset() { gpath, gfd = \"c\", gbox.fd }\n")
	g.p("// boxes are n of them; of boxps those at bad, 2*bad+1 and so on are missing.\nfunc boxes(n int) []box {\n\tlist := make([]box, n)\n\tfor i, name := range util.Names(n) {\n\t\tlist[i] = box{fd: gfd, path: name, n: i, next: &gbox}\n\t}\n\treturn list\n}\n")
	g.p("func boxps(n, bad int) []*box {\n\tlist := make([]*box, n)\n\tfor i := range list {\n\t\tlist[i] = &boxes(n)[i]\n\t}\n\tfor i := bad; i < n; i = 2*i + 1 {\n\t\tlist[i] = nil\n\t}\n\treturn list\n}\n")
	g.p("// fact calls itself, div and at may panic, count does not return before it has counted.\nfunc fact(n int) int {\n\tif n < 2 {\n\t\treturn 1\n\t}\n\treturn n * fact(n-1)\n}\n\nfunc div(a, b int) int { return a / b }\n\nfunc at(list []string, i int) string { return list[i] }\n\nfunc count(n int) (s string) {\n\tfor i := 0; i < n&31; i++ {\n\t\ts += \"x\"\n\t}\n\treturn s\n}\n")
	g.p("// retried calls f as long as it is interrupted.\nfunc retried(f func() error) error {\n\tfor {\n\t\tif err := f(); err != %s.EINTR {\n\t\t\treturn err\n\t\t}\n\t}\n}\n", g.u)
	g.need("fmt")
	g.p("func wrap(err error) error {\n\tif err == nil {\n\t\treturn nil\n\t}\n\treturn fmt.Errorf(\"wrapped: %%w\", err)\n}\n")
	g.add("gpath", kStr).global = true
	g.add("gn", kInt).global = true
	g.add("goff", kI64).global = true
	g.add("gerr", kErr).global = true
	g.add("gst", kStat).global = true
	g.add("gbool", kBool).global = true
	if g.u != "batchrt" && g.chance(15) {
		g.p("var batchrt = \"taken\"\n")
	} else if g.u != "ops" && g.chance(15) {
		g.p("func ops(batch string) string { return batch }\n")
	}
}
