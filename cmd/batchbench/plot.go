// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
)

// draw writes one SVG for each call: what it costs against the number of calls
// in a batch, a line for each executor and one for plain calls.
func draw(all []figures, dir string) error {
	for _, call := range []string{"fstat", "lstat"} {
		p := plot.New()
		p.Title.Text = call + " in a batch, building it included"
		p.X.Label.Text = "calls in the batch"
		p.Y.Label.Text = "ns for each call"
		p.X.Scale = plot.LogScale{}
		p.X.Tick.Marker = plot.ConstantTicks(powers(1, 64))
		p.Add(plotter.NewGrid())
		line := func(name string, i int, ratio func(k int) float64) error {
			var xy plotter.XYs
			for k, c := range all[0].Series {
				if c.Call == call {
					xy = append(xy, plotter.XY{X: float64(c.N), Y: c.Plain * ratio(k)})
				}
			}
			l, s, err := plotter.NewLinePoints(xy)
			if err != nil {
				return err
			}
			l.Color, s.Color = plotutil.Color(i), plotutil.Color(i)
			l.Dashes, s.Shape = plotutil.Dashes(i), plotutil.Shape(i)
			p.Add(l, s)
			p.Legend.Add(name, l, s)
			return nil
		}
		if err := line("plain calls", 0, func(int) float64 { return 1 }); err != nil {
			return err
		}
		for i, f := range all {
			if err := line(f.Executor, i+1, func(k int) float64 { return f.Series[k].Ratio }); err != nil {
				return err
			}
		}
		// Below the lines there is room for the legend.
		p.Y.Min, p.Y.Max = 0, 1.1*p.Y.Max
		p.Legend.Left, p.Legend.XOffs, p.Legend.YOffs = true, 5*vg.Millimeter, 5*vg.Millimeter
		name := filepath.Join(dir, "cost-"+call+".svg")
		if err := p.Save(14*vg.Centimeter, 9*vg.Centimeter, name); err != nil {
			return err
		}
		fmt.Println("drawn:", name)
	}
	return nil
}

// powers are the tick marks at powers of two.
func powers(from, to int) (ticks []plot.Tick) {
	for n := from; n <= to; n *= 2 {
		ticks = append(ticks, plot.Tick{Value: float64(n), Label: fmt.Sprint(n)})
	}
	return ticks
}
