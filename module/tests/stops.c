// SPDX-License-Identifier: GPL-2.0-only
/*
 * stops.c - batches that are stopped and continued, and killed. Stopping is
 * not seen by the calls: what was waiting goes on waiting.
 */
#include "batch.h"
#include "signals.h"

#include <linux/futex.h>
#include <poll.h>
#include <sys/mman.h>

/* Stopped and continued, a sleep goes on with what is left (RESTART_BLOCK). */
static void stopped_and_continued(void)
{
	for (int way = 0; way < 2; way++) {
		pid_t pid = fork();
		int status;
		double t0 = now();

		if (!pid) {
			struct timespec ts = { 0, 600 * 1000 * 1000 };
			struct batch_stat st;

			alarm(20);
			signal(SIGALRM, SIG_DFL);
			_exit(make(way, CALL(nanosleep, P(&ts), 0), &st) == 0 &&
			      st.eintr == 0 ? 0 : 1);
		}
		usleep(150000);
		kill(pid, SIGSTOP);
		waitpid(pid, &status, WUNTRACED);
		CHECK(WIFSTOPPED(status));
		usleep(100000);
		kill(pid, SIGCONT);
		usleep(50000);
		kill(pid, SIGSTOP);
		waitpid(pid, &status, WUNTRACED);
		kill(pid, SIGCONT);
		EQ(waitpid(pid, &status, 0), pid);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x", status);
		CHECK(now() - t0 < 1.15, "slept again from the start: %f", now() - t0);
		CHECK(now() - t0 > 0.55);
	}
}

/* Every other call that waits, stopped and continued: no EINTR is seen. */
static void stops_are_invisible(void)
{
	int word = 1, p[2];
	struct timespec ts = { 0, 300 * 1000 * 1000 };
	struct pollfd pf;
	char ch;
	call_t k[5];

	EQ(pipe(p), 0);
	pf = (struct pollfd){ .fd = p[0], .events = POLLIN };
	k[0] = CALL(futex, P(&word), FUTEX_WAIT_PRIVATE, 1, P(&ts));
	k[1] = CALL(ppoll, P(&pf), 1, P(&ts), 0, 8);
	k[2] = CALL(read, p[0], P(&ch), 1);
	k[3] = CALL(clock_nanosleep, CLOCK_MONOTONIC, 0, P(&ts), 0);
	k[4] = CALL(getpid);
	for (int i = 0; i < 5; i++) {
		int64_t res[2];

		for (int way = 0; way < 2; way++) {
			int out[2], status;
			pid_t pid;

			EQ(pipe(out), 0);
			pid = fork();
			if (!pid) {
				struct batch_stat st;
				int64_t r;

				alarm(20);
				signal(SIGALRM, SIG_DFL);
				r = make(way, k[i], &st);
				if (k[i].nr == SYS_getpid)
					r = r == getpid();
				_exit(write(out[1], &r, 8) != 8);
			}
			usleep(80000);
			kill(pid, SIGSTOP);
			waitpid(pid, &status, WUNTRACED);
			kill(pid, SIGCONT);
			if (k[i].nr == SYS_read) {
				usleep(20000);
				EQ(write(p[1], "x", 1), 1);
			}
			EQ(read(out[0], &res[way], 8), 8);
			waitpid(pid, &status, 0);
			close(out[0]);
			close(out[1]);
		}
		EQ(res[0], res[1]);
	}
	close(p[0]);
	close(p[1]);
}

/* SIGKILL ends a blocked batch and a long one, at once. */
static void kill_works(void)
{
	for (int way = 0; way < 2; way++) {
		pid_t pid = fork();
		int status;
		double t0;

		if (!pid) {
			int p[2];
			char ch;
			size_t n = 4000000;
			call_t *c = mmap(NULL, n * sizeof(*c), PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS |
					 MAP_NORESERVE, -1, 0);

			if (pipe(p))
				_exit(1);
			c[0] = CALL(read, p[0], P(&ch), 1);
			if (way)	/* n entries of zeros: read(0, NULL, 0) */
				c[0] = CALL(getpid);
			batch_go(dev, c, n, sizeof(*c), NULL);
			pause();
		}
		usleep(50000);
		t0 = now();
		kill(pid, SIGKILL);
		EQ(waitpid(pid, &status, 0), pid);
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		CHECK(now() - t0 < 2, "%f", now() - t0);
	}
}

/* State 1 with nothing to continue is EINTR, as restart_syscall() says. */
static void restart_of_nothing(void)
{
	call_t c[] = { CALL(getpid), CALL(getppid) };
	struct batch_req q = { .calls = P(c), .n = 2, .stride = 64,
			       .state = BATCH_RESTART };
	long plain;

	on(SIGUSR1, 0);
	raise(SIGUSR1);		/* a handler's return forgets what was waiting */
	plain = raw6(SYS_restart_syscall, 0, 0, 0, 0, 0, 0);
	EQ(plain, -EINTR);
	EQ(raw6(SYS_ioctl, dev, BATCH_RUN, P(&q), 0, 0, 0), BATCH_DONE);
	EQ(c[0].ret, -EINTR);
	EQ(c[1].ret, getppid());
}

int main(void)
{
	dev = open_batch();
	TEST(stopped_and_continued);
	TEST(stops_are_invisible);
	TEST(kill_works);
	TEST(restart_of_nothing);
	return tests_end();
}
