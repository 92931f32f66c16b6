module test.example/mutants

go 1.24

require (
	github.com/autobatch/autobatch/batchrt v0.0.0
	golang.org/x/sys v0.33.0
)

replace github.com/autobatch/autobatch/batchrt => ../../../batchrt
