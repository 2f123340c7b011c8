# make            build and test
# make check      everything that must hold before a change lands
# make generate   write the assembly again from internal/kernel/_asm
# make bench      the step benchmark of examples/bench

.PHONY: test check generate lint race bench
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

test:
	CGO_ENABLED=0 go test ./...

check:
	bash .ci/run

generate:
	go generate ./internal/kernel/...

lint:
	gofmt -l .
	go vet ./...
	go run $(STATICCHECK) ./...

race:
	CGO_ENABLED=1 go test -race ./internal/kernel/... ./graph/... ./datasets/... ./solvers ./train/...

bench:
	go run ./examples/bench
