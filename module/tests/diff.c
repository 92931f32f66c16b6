// SPDX-License-Identifier: GPL-2.0-only
/*
 * diff.c PROGRAMS SEED - random batches, made plainly (batch.h's reference)
 * and through the module, in worlds that are alike. Every slot, every argument
 * word, the memory, the files and the descriptors must be alike afterwards.
 *
 * Programs come in groups, each group run in a process of its own per way.
 * Some groups run under a storm of signals on the module's side only.
 */
#include "batch.h"
#include "world.h"
#include "generate.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

enum { GROUP = 32, NFDS = 64, NFILES = 48 };

struct record {
	bool done;
	struct {
		long last;
		uint64_t entries[MAXN * 8];	/* nr and jumps, slot, arguments */
		uint64_t gaps, data, scratch, rdonly;
	} prog[GROUP];
	struct file_state files[NFILES];
	struct fd_state fds[NFDS];
	struct batch_stat stat;
	unsigned long signals;
};

static struct record *recs;	/* shared: plain, module */
static volatile unsigned long signals;

static void on_signal(int sig)
{
	(void)sig;
	signals++;
}

static void run_group(uint64_t seed, bool module, const char *dir)
{
	struct record *rec = &recs[module];
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct itimerval it = { { 0, 300 }, { 0, 300 } }, off = { };
	char *mem = mmap((void *)0x110000000000UL, MAXN * MAXSTRIDE + 4096,
			 PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	uint64_t s = seed;
	bool storm = draw(&s) % 4 == 0;

	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1 << 20, 1 << 20 });
	world_files(dir);
	world_memory();
	sigaction(SIGPIPE, &sa, NULL);
	sigaction(SIGALRM, &sa, NULL);
	sigaction(SIGXFSZ, &sa, NULL);
	if (storm && module)
		setitimer(ITIMER_REAL, &it, NULL);
	for (int g = 0; g < GROUP; g++) {
		size_t stride, n = generate(&s, mem, &stride, storm);

		rec->prog[g].last = module
			? batch_go(dev, mem, n, stride, &rec->stat)
			: ref_run(mem, n, stride);
		for (size_t i = 0; i < n; i++) {
			uint64_t *w = (uint64_t *)call_at(mem, stride, i);

			memcpy(&rec->prog[g].entries[i * 8], w, 64);
			rec->prog[g].gaps = mix(rec->prog[g].gaps, w + 8, stride - 64);
		}
		rec->prog[g].data = page_hash(DATA);
		rec->prog[g].scratch = page_hash(SCRATCH);
		rec->prog[g].rdonly = page_hash(RDONLY);
	}
	setitimer(ITIMER_REAL, &off, NULL);
	fds_state(rec->fds, NFDS);
	if (chdir(dir))
		_exit(4);
	files_state(".", rec->files, NFILES, 0);
	rec->signals = signals;
	rec->done = true;
	_exit(0);
}

static volatile pid_t running;

/* A group that takes this long hangs. */
static void too_long(int sig)
{
	char path[64], buf[200] = "";
	int fd;

	(void)sig;
	snprintf(path, sizeof(path), "/proc/%d/syscall", running);
	fd = open(path, O_RDONLY);
	if (read(fd, buf, sizeof(buf) - 1) < 0)
		buf[0] = 0;
	close(fd);
	printf("diff: hangs in call %s\n", buf);
	kill(running, SIGKILL);
}

/* Runs a group one way; false if it hung and had to be killed. */
static bool one_way(uint64_t seed, bool module, const char *dir, int *status,
		    int limit)
{
	memset(&recs[module], 0, sizeof(recs[module]));
	wipe(dir);
	running = fork();
	if (!running) {
		signal(SIGALRM, SIG_IGN);
		run_group(seed, module, dir);
	}
	alarm(limit);
	while (waitpid(running, status, 0) != running)
		;
	alarm(0);
	return !(WIFSIGNALED(*status) && WTERMSIG(*status) == SIGKILL);
}

static void show(uint64_t seed, int g)
{
	printf("DIFFERENCE seed %llu program %d: last %ld and %ld, memory %d %d %d\n",
	       (unsigned long long)seed, g, recs[0].prog[g].last,
	       recs[1].prog[g].last,
	       recs[0].prog[g].data == recs[1].prog[g].data,
	       recs[0].prog[g].scratch == recs[1].prog[g].scratch,
	       recs[0].prog[g].rdonly == recs[1].prog[g].rdonly);
	for (int i = 0; i < MAXN; i++) {
		uint64_t *a = &recs[0].prog[g].entries[i * 8];
		uint64_t *b = &recs[1].prog[g].entries[i * 8];

		if (memcmp(a, b, 64) == 0 && i > recs[0].prog[g].last)
			continue;
		printf("DIFFERENCE %c entry %d nr %d jumps %d %d %d: %lld and %lld;",
		       memcmp(a, b, 64) ? '*' : ' ', i, (short)a[0],
		       (short)(a[0] >> 16), (short)(a[0] >> 32),
		       (short)(a[0] >> 48), (long long)a[1], (long long)b[1]);
		for (int k = 2; k < 8; k++)
			printf(" %llx%s", (unsigned long long)a[k],
			       a[k] == b[k] ? "" : "!");
		printf("\n");
	}
}

/* The number of programs of a group that differ. */
static int compare(uint64_t seed)
{
	for (int g = 0; g < GROUP; g++) {
		if (memcmp(&recs[0].prog[g], &recs[1].prog[g], sizeof(recs[0].prog[g]))) {
			show(seed, g);
			return 1;	/* what follows in the group differs too */
		}
	}
	for (int i = 0; i < NFILES; i++) {
		struct file_state *a = &recs[0].files[i], *b = &recs[1].files[i];

		if (!memcmp(a, b, sizeof(*a)))
			continue;
		printf("DIFFERENCE seed %llu: file %s and %s: mode %lo %lo, owner %ld %ld, links %ld %ld, size %ld %ld, content %llx %llx\n",
		       (unsigned long long)seed, a->name, b->name, a->mode, b->mode,
		       a->uid, b->uid, a->nlink, b->nlink, a->size, b->size,
		       (unsigned long long)a->content,
		       (unsigned long long)b->content);
		return 1;
	}
	for (int i = 0; i < NFDS; i++) {
		struct fd_state *a = &recs[0].fds[i], *b = &recs[1].fds[i];

		if (!memcmp(a, b, sizeof(*a)))
			continue;
		printf("DIFFERENCE seed %llu: descriptor %d: flags %ld %ld, %lo %lo, at %ld %ld, mode %lo %lo, size %ld %ld\n",
		       (unsigned long long)seed, i, a->fd, b->fd, a->fl, b->fl,
		       a->pos, b->pos, a->mode, b->mode, a->size, b->size);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	long programs = argc > 1 ? atol(argv[1]) : 1000, done = 0;
	uint64_t seed = argc > 2 ? atoll(argv[2]) : 1, s = seed;
	long differences = 0, hung = 0, ended = 0, groups = 0;
	struct batch_stat sum = {};
	unsigned long handlers = 0;
	char dir[64];

	dev = open_batch();
	recs = mmap(NULL, 2 * sizeof(*recs), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	snprintf(dir, sizeof(dir), "/tmp/diff%d", getuid());
	signal(SIGALRM, too_long);
	generate_init();
	while (done < programs) {
		uint64_t g = draw(&s);
		int st[2];
		bool ok[2];

		fflush(stdout);
		for (int way = 0; way < 2; way++)
			ok[way] = one_way(g, way, dir, &st[way], 4);
		/* if only one did, the machine may be slow: give it time */
		for (int way = 0; way < 2 && ok[0] != ok[1]; way++)
			ok[way] = one_way(g, way, dir, &st[way], 30);
		groups++;
		done += GROUP;
		if (!ok[0] || !ok[1] || !recs[0].done || !recs[1].done) {
			/* it hung or ended itself: then both ways alike */
			hung += !ok[0];
			ended += !recs[0].done && ok[0];
			printf("diff: group %llu ended %x %x\n",
			       (unsigned long long)g, st[0], st[1]);
			if (ok[0] != ok[1] || recs[0].done != recs[1].done ||
			    st[0] != st[1]) {
				printf("DIFFERENCE seed %llu: ended %x and %x\n",
				       (unsigned long long)g, st[0], st[1]);
				differences++;
			}
			continue;
		}
		differences += compare(g);
		sum.ioctls += recs[1].stat.ioctls;
		sum.again += recs[1].stat.again;
		sum.eintr += recs[1].stat.eintr;
		sum.plain += recs[1].stat.plain;
		sum.ran += recs[1].stat.ran;
		handlers += recs[1].signals;
		if (differences > 10)
			break;
	}
	wipe(dir);
	printf("diff: seed %llu, %ld groups, %ld hung, %ld ended; %lu requests, %lu continued, %lu interrupted, %lu entries made plainly, %lu handlers\n",
	       (unsigned long long)seed, groups, hung, ended, sum.ioctls, sum.again,
	       sum.eintr, sum.plain, handlers);
	printf("DIFF programs=%ld differences=%ld\n", done, differences);
	/* a comparison that seldom takes place is none */
	return differences || hung + ended > groups / 20 + 2 ||
		sum.ioctls < (unsigned long)done / 2;
}
