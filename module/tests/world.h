/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * world.h - what random programs of diff.c find: memory at fixed addresses, a
 * small directory, open descriptors. Made anew for each run, always alike.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include <dirent.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* Pages of the world. */
enum {
	DATA,		/* inputs; word copies go here too */
	SCRATCH,	/* outputs that must agree */
	RDONLY,
	NONE,		/* no access: long reads of the others end here */
	VOLATILE,	/* outputs that need not agree: times, inode numbers */
	MAPS,		/* two pages for mmap and its like to play with */
	PAGES = MAPS + 2,
};

#define WORLD	0x100000000000UL
#define PAGE(n)	(WORLD + (n) * 4096UL)

/* Places in DATA. */
enum { D_IOV = 0, D_TS = 256, D_POLL = 320, D_PATH = 512, D_MISC = 1536 };

static const char *const paths[] = {
	"a", "b", "d", "d/x", "nope", "", "l", "d/../a", "a/b", "new1", "d/new2",
	"loop", "user.k",
};
enum { NPATH = sizeof(paths) / sizeof(paths[0]), FDS = 24 };

static inline uint64_t path_at(int i)
{
	return PAGE(DATA) + D_PATH + 64 * i;
}

static void world_memory(void)
{
	char *m = mmap((void *)WORLD, PAGES * 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	struct iovec *iov = (struct iovec *)(m + D_IOV);
	struct timespec *ts = (struct timespec *)(m + D_TS);
	struct pollfd *pf = (struct pollfd *)(m + D_POLL);

	for (int i = 0; i < 4096; i++) {
		m[i] = i * 37 + 11;
		m[RDONLY * 4096 + i] = i * 13;
	}
	for (int i = 0; i < 4; i++) {
		iov[i] = (struct iovec){ (void *)(PAGE(SCRATCH) + 512 * i), 40 * i };
		ts[i] = (struct timespec){ 0, 1000 * i };
		pf[i] = (struct pollfd){ .fd = 3 + i, .events = POLLIN | POLLOUT };
	}
	iov[4] = (struct iovec){ (void *)8, 8 };
	ts[3].tv_nsec = -1;
	for (int i = 0; i < NPATH; i++)
		strcpy((char *)path_at(i), paths[i]);
	mprotect(m + RDONLY * 4096, 4096, PROT_READ);
	mprotect(m + NONE * 4096, 4096, PROT_NONE);
}

static void make_file(const char *name, size_t size)
{
	int fd = open(name, O_CREAT | O_RDWR | O_TRUNC, 0644);

	char data[128];

	for (size_t i = 0; i < size; i++)
		data[i] = i;
	if (write(fd, data, size) != (ssize_t)size)
		_exit(3);
	close(fd);
}

static void world_files(const char *dir)
{
	int p[2], e;

	for (int i = 0; i < 3; i++)	/* nobody else's */
		if (dup2(memfd_create("std", 0), i) != i)
			_exit(3);
	umask(022);
	if (mkdir(dir, 0755) || chdir(dir) || mkdir("d", 0755) ||
	    symlink("a", "l") || symlink("loop", "loop"))
		_exit(3);
	make_file("a", 100);
	make_file("b", 0);
	make_file("d/x", 10);
	close_range(3, 499, 0);
	open("a", O_RDWR);				/* 3 */
	open("b", O_RDWR | O_APPEND);			/* 4 */
	open("d", O_RDONLY | O_DIRECTORY);		/* 5 */
	if (pipe2(p, O_NONBLOCK) ||			/* 6 7 */
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p)) /* 8 9 */
		_exit(3);
	eventfd(3, EFD_NONBLOCK);			/* 10 */
	e = epoll_create1(0);				/* 11 */
	epoll_ctl(e, EPOLL_CTL_ADD, 10,
		  &(struct epoll_event){ .events = EPOLLIN, .data.u64 = 7 });
	open("a", O_RDONLY);				/* 12 */
}

/* Remove what is below path, whatever its modes. */
static void wipe(const char *path)
{
	DIR *d;
	struct dirent *e;

	if (!unlink(path) || errno == ENOENT)
		return;
	chmod(path, 0700);
	d = opendir(path);
	while (d && (e = readdir(d))) {
		char sub[4096];

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		snprintf(sub, sizeof(sub), "%s/%s", path, e->d_name);
		wipe(sub);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

static uint64_t mix(uint64_t h, const void *p, size_t n)
{
	const unsigned char *c = p;

	for (; n >= 8; n -= 8, c += 8) {
		uint64_t w;

		memcpy(&w, c, 8);
		h = (h ^ w) * 0x9e3779b97f4a7c15;
		h ^= h >> 29;
	}
	for (; n; n--)
		h = (h ^ *c++) * 0x100000001b3;
	return h;
}

/* A file of the world: what must agree. */
struct file_state {
	char name[56];
	long mode, uid, nlink, size;
	uint64_t content;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct file_state *)a)->name,
		      ((const struct file_state *)b)->name);
}

/* Adds what is below path to f, which has room for max; returns how many. */
static int files_state(const char *path, struct file_state *f, int max, int depth)
{
	struct dirent *e;
	DIR *d = opendir(path);
	int n = 0;

	while (d && n < max && (e = readdir(d))) {
		char buf[4096], sub[4096];
		struct stat st;
		ssize_t len;
		int fd;

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		snprintf(sub, sizeof(sub), "%s/%s", path, e->d_name);
		if (lstat(sub, &st))
			continue;
		memset(f + n, 0, sizeof(*f));
		/* a long name is told by its end */
		len = strlen(sub);
		strcpy(f[n].name, len < 56 ? sub : sub + len - 55);
		f[n].mode = st.st_mode;
		f[n].uid = st.st_uid;
		f[n].nlink = st.st_nlink;
		f[n].size = S_ISREG(st.st_mode) ? st.st_size : 0;
		if (S_ISREG(st.st_mode)) {
			fd = open(sub, O_RDONLY | O_NONBLOCK);
			len = read(fd, buf, sizeof(buf));
			f[n].content = mix(1, buf, len > 0 ? len : 0);
			close(fd);
		}
		n++;
		if (S_ISDIR(st.st_mode) && depth < 6)
			n += files_state(sub, f + n, max - n, depth + 1);
	}
	if (d)
		closedir(d);
	if (depth == 0)
		qsort(f, n, sizeof(*f), by_name);
	return n;
}

/* Descriptors: which are open, on what, where they stand. */
struct fd_state { long fd, fl, pos, mode, size; };

static void fds_state(struct fd_state *f, int n)
{
	for (int fd = 0; fd < n; fd++, f++) {
		struct stat st = {};

		f->fd = fcntl(fd, F_GETFD);
		f->fl = fcntl(fd, F_GETFL);
		f->pos = lseek(fd, 0, SEEK_CUR);
		if (!fstat(fd, &st)) {
			/* all anonymous inodes are one, and root's fchmod hits it */
			f->mode = st.st_mode & S_IFMT ? st.st_mode : 0;
			f->size = S_ISREG(st.st_mode) ? st.st_size : 0;
		}
	}
}

static uint64_t page_hash(int page)
{
	static char buf[4096];

	if (peek(buf, PAGE(page), sizeof(buf)))
		return 1;
	return mix(14695981039346656037UL, buf, sizeof(buf));
}

#endif /* TESTS_WORLD_H */
