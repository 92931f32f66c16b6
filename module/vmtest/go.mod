module github.com/autobatch/autobatch/module/vmtest

go 1.26.0

require (
	github.com/autobatch/autobatch/batchrt v0.0.0
	golang.org/x/sys v0.33.0
)

replace github.com/autobatch/autobatch/batchrt => ../../batchrt
