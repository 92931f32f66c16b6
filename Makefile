# SPDX-License-Identifier: BSD-3-Clause

GO ?= go
N ?= 20000
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
MODULES = . ./batchrt
CROSS = linux/amd64 linux/arm64 linux/386 linux/riscv64 darwin/arm64 freebsd/amd64

.PHONY: help demo test lint cross generate corpus tools

help:
	@echo "make demo      rewrite an example program, run both versions, compare"
	@echo "make test      all tests that need no virtual machine"
	@echo "make lint      vet, staticcheck, gofmt, generated files"
	@echo "make cross     build for other systems"
	@echo "make corpus    rewrite real modules and run their tests"
	@echo "make generate  write all generated files anew"

demo:
	@$(GO) run ./internal/demo

# strace is what the tests see system calls with.
tools:
	@command -v strace >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq strace >/dev/null; \
	  else echo "strace is missing; run: sudo apt-get install strace" >&2; exit 1; fi; }

test: tools
	$(GO) test ./...
	cd batchrt && GOWORK=off $(GO) test ./...

lint:
	@test -z "$$(gofmt -l $$(git ls-files '*.go' | grep -v /testdata/))" || { gofmt -l $$(git ls-files '*.go' | grep -v /testdata/); echo "run gofmt -w on these" >&2; exit 1; }
	$(GO) run ./internal/effects/gen -check
	$(GO) run ./internal/gen/ops -check
	$(GO) vet ./...
	cd batchrt && GOWORK=off $(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	cd batchrt && GOWORK=off $(GO) run $(STATICCHECK) ./...

cross:
	@for p in $(CROSS); do echo "build $$p"; \
	  (cd batchrt && GOWORK=off GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build ./... ) || exit 1; \
	  GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build ./analyzer ./rewrite ./plan ./internal/effects ./cmd/... || exit 1; \
	done

generate:
	$(GO) generate ./internal/effects
	$(GO) run ./internal/gen/ops

corpus:
	$(GO) run ./internal/corpus
