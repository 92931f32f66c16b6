// SPDX-License-Identifier: GPL-2.0-only

package main

func main() {}
