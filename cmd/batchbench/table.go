// SPDX-License-Identifier: BSD-3-Clause

package main

import "fmt"

// print writes the table.
func (f figures) print(n int) {
	fmt.Printf("executor %s, %d pairs of slices of 1 ms of processor time per row\n\n", f.Executor, n)
	fmt.Printf("%-24s %9s %6s %7s %6s %13s  %s\n", "", "ns before", "ratio", "spread", "self", "allocs", "goal")
	for _, r := range f.Rows {
		verdict := "met"
		switch {
		case r.Goal == 0:
			verdict = ""
		case r.Result.Void():
			verdict = "void: the machine was too restless"
		case r.Result.Ratio > r.Goal:
			verdict = "missed"
		}
		goal := fmt.Sprintf("%.2f %s", r.Goal, verdict)
		if r.Goal == 0 {
			goal = "(no goal: the same calls without hand-shake, one by one)"
		}
		fmt.Printf("%-24s %9.0f %6.3f %7.3f %6.3f %6.0f -> %3.0f  %s\n", r.Name, r.Result.NS, r.Result.Ratio, r.Result.Spread, r.Result.Self,
			r.Before, r.Allocs, goal)
	}
}

// printSeries writes what the plots show. Ratios are good, times are not: one
// process's plain calls are the measure for all.
func printSeries(all []figures) {
	for _, call := range []string{"fstat", "lstat"} {
		fmt.Printf("\n%s, ns for each call in a batch of N\n%6s %9s", call, "N", "plain")
		for _, f := range all {
			fmt.Printf(" %9s", f.Executor)
		}
		fmt.Println()
		for i, p := range all[0].Series {
			if p.Call != call {
				continue
			}
			fmt.Printf("%6d %9.0f", p.N, p.Plain)
			for _, f := range all {
				fmt.Printf(" %9.0f", p.Plain*f.Series[i].Ratio)
			}
			fmt.Println()
		}
	}
}
