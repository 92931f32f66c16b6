// SPDX-License-Identifier: GPL-2.0-only

package main

const sysFinitModule = 273
