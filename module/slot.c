// SPDX-License-Identifier: GPL-2.0-only
#include "batch.h"
int batch_slot_init(void) { return 0; }
void batch_slot_exit(void) {}
