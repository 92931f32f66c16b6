# SPDX-License-Identifier: GPL-2.0-only
# calls.list -> calls.h: two lists of numbers, without what a kernel lacks.

function list(verdict, array,	i) {
	printf "\nstatic const u16 %s[] = {\n", array
	for (i = 1; i <= count[verdict]; i++)
		printf "#ifdef __NR_%s\n\t__NR_%s,\n#endif\n", \
			name[verdict, i], name[verdict, i]
	print "};"
}

/^(allow|never) / {
	name[$1, ++count[$1]] = $2
}

END {
	print "/* SPDX-License-Identifier: GPL-2.0-only */"
	print "/* Made from calls.list: make -C module calls.h */"
	print "#ifndef BATCH_CALLS_H"
	print "#define BATCH_CALLS_H"
	print ""
	print "#include <linux/types.h>"
	print "#include <linux/unistd.h>"
	list("allow", "batch_may")
	list("never", "batch_never")
	print "\n#endif /* BATCH_CALLS_H */"
}
