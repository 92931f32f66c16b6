// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/autobatch/autobatch/plan"
)

// Options are what a driver may ask for.
type Options struct {
	Min    int                     // smallest number of calls that is worth a batch; at least 2
	Assume []string                // rules that are relaxed everywhere, by their names in Assumptions
	Only   func(*plan.Region) bool // whether a region is wanted; nil = all are
}

// Assumptions are the rules that can be relaxed by name, each with what is then
// taken for granted. docs/remarks.md says what can be observed where it does not
// hold.
var Assumptions = map[string]string{
	"unshared": "no other goroutine writes memory that the function's parameters, receivers and globals lead to while the function runs",
	"unmapped": "no memory that the function reads or writes is mapped to a file that its calls read or change",
	"prints":   "what fmt.Print and log.Print write may come later than calls that follow it",
}

// New makes an analyzer of its own with fixed options and no flags. Its result
// is a *Result.
func New(o Options) (*analysis.Analyzer, error) {
	if err := CheckAssumptions(o.Assume); err != nil {
		return nil, err
	}
	return &analysis.Analyzer{
		Name: Analyzer.Name, Doc: Analyzer.Doc, URL: Analyzer.URL,
		ResultType: reflect.TypeFor[*Result](), FactTypes: Analyzer.FactTypes,
		Run: func(pass *analysis.Pass) (any, error) { return runWith(pass, o) },
	}, nil
}

// CheckAssumptions returns an error for names that are no assumption.
func CheckAssumptions(names []string) error {
	for _, n := range names {
		if _, ok := Assumptions[n]; !ok {
			var all []string
			for k := range Assumptions {
				all = append(all, k)
			}
			slices.Sort(all)
			return fmt.Errorf("there is no assumption %q: there are %s", n, strings.Join(all, ", "))
		}
	}
	return nil
}

// assumeFlag is a list of names.
type assumeFlag []string

func (f *assumeFlag) String() string { return strings.Join(*f, ",") }

// Set implements flag.Value.
func (f *assumeFlag) Set(s string) error {
	names := strings.FieldsFunc(s, func(r rune) bool { return r == ',' })
	if err := CheckAssumptions(names); err != nil {
		return err
	}
	*f = names
	return nil
}
