/* SPDX-License-Identifier: GPL-2.0-only */
/* seed.h - the seed's interface (slot=1), as a program would write it. */
#ifndef TESTS_SEED_H
#define TESTS_SEED_H

struct scall {
	short nr, neg, zero, pos;
	char argc;
	long arg[6];
};

#define WD (-2)
#define S(NR, NEG, ZERO, POS, ARGC, ...) \
	((struct scall){ (NR), (NEG), (ZERO), (POS), (ARGC), { __VA_ARGS__ } })
#define MARK 0x7e57

static inline long seed(long *rets, struct scall *c, unsigned long n)
{
	return syscall(183, rets, c, n, 0, 0);
}

#endif /* TESTS_SEED_H */
