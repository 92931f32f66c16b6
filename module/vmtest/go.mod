module github.com/autobatch/autobatch/module/vmtest

go 1.26.0
