// SPDX-License-Identifier: GPL-2.0-only
/* hold.c - closes its own descriptor in a batch, then blocks in the batch. */
#include "batch.h"

int main(void)
{
	int dev = open("/dev/batch", O_RDWR), p[2];
	char c;

	if (dev < 0 || pipe(p))
		return 1;
	{
		call_t b[] = { CALL(close, dev), CALL(read, p[0], P(&c), 1) };

		puts("holding");
		fflush(stdout);
		batch_go(dev, b, 2, sizeof(call_t), NULL);
	}
	return 0;
}
