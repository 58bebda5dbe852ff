# The daily commands; `make` alone lists them.
# Settings of the service come from the environment: GDTX_BIND, GDTX_DATABASE_URL, GDTX_DATA_DIR.

CARGO ?= cargo
BINARY := $(or $(CARGO_TARGET_DIR),target)/debug/gdtx
RELEASE := $(abspath $(or $(CARGO_TARGET_DIR),target)/release/gdtx)
DEMO ?= --province 31 --year 2025 --seed 1

.DEFAULT_GOAL := help
.PHONY: help run test bench artefacts lint check demo clean build
.NOTPARALLEL:

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build and start the service with demonstration data; Ctrl-C ends it
	@exec $(BINARY) serve --demo

test: ## install what is missing, then run every test on SQLite and PostgreSQL, and the outside judges
	.ci/install
	$(CARGO) build --locked --workspace --bins --tests
	$(CARGO) test --locked --workspace
	GDTX_BIN=$(BINARY) node tests/judges/run.mjs

bench: ## measure the release build against a floor, on both databases (BENCH_SCALE=20, see tests/bench/main.rs)
	.ci/install
	$(CARGO) build --release --locked --package gdtx-api --package gdtx-tests --bins --bench load
	GDTX_BIN=$(RELEASE) $(CARGO) bench --locked --package gdtx-api --package gdtx-tests --bench load

# The SQL of both databases is written by the test that otherwise compares it, because
# that test knows how to get a PostgreSQL server.
artefacts: build ## write the generated files of openapi/ and schema/ anew
	@mkdir -p openapi schema
	.ci/write openapi/openapi.json $(BINARY) print openapi
	.ci/write schema/schema.graphql $(BINARY) print graphql
	.ci/write schema/policy.txt $(BINARY) print policy
	.ci/write schema/code-lists.json $(BINARY) print code-lists
	UPDATE_ARTEFACTS=1 $(CARGO) test --locked --quiet --package gdtx-tests --test it artefacts

lint: ## check the format and the lints of the workspace
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets

check: lint test ## everything a change must pass

demo: build ## fill the database with one province of invented people (DEMO="--province 31 --year 2025 --seed 1")
	$(BINARY) demo $(DEMO)

clean: ## delete what was built and installed here; databases stay
	$(CARGO) clean
	rm -rf tests/judges/node_modules tests/judges/python/.venv tests/judges/rust/target tests/judges/rust/.tool

build:
	$(CARGO) build --locked --package gdtx-api --bin gdtx
