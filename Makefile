# SPDX-License-Identifier: BSD-3-Clause

GO ?= go
N ?= 20000
SVG ?= cmd/batchbench
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
MODULES = . ./batchrt
CROSS = linux/amd64 linux/arm64 linux/386 linux/riscv64 darwin/arm64 freebsd/amd64

.PHONY: help demo test lint cross ports generate corpus tools bench bench-examples bench-loops conformance stress mutants soak fuzz vm-test vm-soak vm-kasan vm-bench vm-dkms vm-profile

help:
	@echo "make demo      rewrite an example program, run both versions, compare"
	@echo "make test      all tests that need no virtual machine"
	@echo "make lint      vet, staticcheck, gofmt, generated files"
	@echo "make cross     build for other systems"
	@echo "make ports     batchrt's tests on linux/386 and, by qemu's user mode, linux/arm64"
	@echo "make corpus    rewrite real modules and run their tests"
	@echo "make bench     measure batches against plain calls on this machine"
	@echo "make bench-examples  the example programs, rewritten against original; mdu against GNU du"
	@echo "make bench-loops  shapes of rewritten loops, numbers of lanes and of iterations"
	@echo "make mutants   seed faults into planner and rewriter and see what finds them"
	@echo "make soak      random programs, original and rewritten (N=$(N))"
	@echo "make conformance  random batches on every executor (N=$(N))"
	@echo "make stress    batches on moving stacks beside a restless collector, in every build mode"
	@echo "make fuzz      a minute of each fuzz target"
	@echo "make vm-test   the kernel module in virtual machines (docs/module.md has the others)"
	@echo "make generate  write all generated files anew"

demo:
	@$(GO) run ./internal/demo

# strace is what the tests see system calls with; fuse3 is for the tests of one
# of the corpus's modules.
tools:
	@for t in strace:strace fusermount3:fuse3; do \
	  command -v $${t%:*} >/dev/null && continue; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $${t#*:} >/dev/null; \
	  elif [ $${t%:*} = strace ]; then echo "strace is missing; run: sudo apt-get install strace" >&2; exit 1; fi; \
	done

test: tools
	$(GO) test -timeout 30m ./...
	cd batchrt && GOWORK=off $(GO) test ./...
	cd cmd/batchbench && GOWORK=off $(GO) test ./...
	cd module/vmtest && GOWORK=off $(GO) test ./...

lint:
	@test -z "$$(gofmt -l $$(git ls-files '*.go' | grep -v /testdata/))" || { gofmt -l $$(git ls-files '*.go' | grep -v /testdata/); echo "run gofmt -w on these" >&2; exit 1; }
	$(GO) run ./internal/effects/gen -check
	$(GO) run ./internal/gen/ops -check
	$(GO) vet ./...
	cd batchrt && GOWORK=off $(GO) vet ./...
	cd cmd/batchbench && GOWORK=off $(GO) vet ./...
	cd module/vmtest && GOWORK=off $(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	cd batchrt && GOWORK=off $(GO) run $(STATICCHECK) ./...
	cd cmd/batchbench && GOWORK=off $(GO) run $(STATICCHECK) ./...
	cd module/vmtest && GOWORK=off $(GO) run $(STATICCHECK) ./...

cross:
	@for p in $(CROSS); do echo "build $$p"; \
	  (cd batchrt && GOWORK=off GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build ./... ) || exit 1; \
	  GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build ./analyzer ./rewrite ./plan ./internal/effects ./cmd/... || exit 1; \
	done

# qemu's user mode knows no seccomp notifications: the test of every constructor
# is skipped there.
ports:
	cd batchrt && GOWORK=off GOARCH=386 $(GO) test .
	@command -v qemu-aarch64 >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq qemu-user >/dev/null; } || \
	  { echo "qemu-aarch64 is missing; run: sudo apt-get install qemu-user" >&2; exit 1; }
	cd batchrt && GOWORK=off GOARCH=arm64 $(GO) test -exec qemu-aarch64 .
	cd batchrt && GOWORK=off $(GO) build -o ../bin/conform ./internal/conform && \
	  GOWORK=off GOARCH=arm64 ../bin/conform -n 500 -with qemu-aarch64

generate:
	$(GO) generate ./internal/effects
	$(GO) run ./internal/gen/ops

# MODULES are those whose path contains one of the words (default: all).
corpus: tools
	$(GO) run ./internal/corpus $(MODULES)

# SVG is where the plots go.
bench:
	cd cmd/batchbench && GOWORK=off $(GO) run . -svg $(abspath $(SVG))

bench-examples:
	$(GO) run ./internal/examples/bench

bench-loops:
	cd cmd/batchbench && GOWORK=off $(GO) run ./loops

conformance:
	cd batchrt && GOWORK=off $(GO) run ./internal/conform -n $(N)

# NEWEST=go1.X.Y tests with that release, too.
stress:
	cd batchrt && GOWORK=off $(GO) run ./internal/stress $(if $(NEWEST),-newest $(NEWEST))

mutants:
	$(GO) run ./internal/mutants

soak: tools
	$(GO) run ./internal/progen -n $(N) -resume -figures docs/figures/progen.txt

fuzz:
	$(GO) test -run '^$$' -fuzz FuzzRewrite -fuzztime 60s ./analyzer
	$(GO) test -run '^$$' -fuzz FuzzOverlay -fuzztime 60s ./internal/effects/gen
	$(GO) test -run '^$$' -fuzz FuzzFlags -fuzztime 60s ./cmd/batchfix
	cd batchrt && GOWORK=off $(GO) test -run '^$$' -fuzz FuzzDecode -fuzztime 60s ./internal/conform

vm-test vm-soak vm-kasan vm-bench vm-dkms vm-profile:
	$(MAKE) -C module $@
