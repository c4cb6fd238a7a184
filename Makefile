# SPDX-License-Identifier: Apache-2.0
# `make` alone prints the commands. Everything here is one line of shell that may also be typed by hand.

HTTP ?= 127.0.0.1:8080
PROGRAM = .build/debug/sanyan
# Tests with programs, sockets and browsers run by themselves: beside a thousand busy ones they would wait for a processor.
OUTSIDE = IntegrationTests|BrowserTests

.PHONY: help setup build run demo test check lint format day storybook golden words release

help: ## prints this
	@echo "สัญญาณ · Sanyan"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18
	@echo "  HTTP=127.0.0.1:9000 make run     another address;   DATA=var/demo make run   a demo that is kept"

setup: ## installs what is missing from Debian (asks for sudo when needed)
	@scripts/setup.sh

build: ## builds the program for debugging
	swift build --product sanyan

run: setup build ## sets up, builds, and serves the demo office at http://127.0.0.1:8080
	$(PROGRAM) demo $(if $(DATA),--data $(DATA)) --http $(HTTP)

demo: build ## the same without the setup
	$(PROGRAM) demo $(if $(DATA),--data $(DATA)) --http $(HTTP)

test: ## every test, the browser's too (ONLY=DeskTests make test   for some)
	@scripts/setup.sh --tests
	swift build --build-tests
	$(if $(ONLY),swift test --skip-build --disable-xctest --filter "$(ONLY)",\
	swift test --skip-build --disable-xctest --skip "$(OUTSIDE)" && swift test --skip-build --disable-xctest --no-parallel --filter "$(OUTSIDE)")

lint: ## says where the format differs
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Tools Plugins

format: ## rewrites the format
	swift format --in-place --recursive --parallel Package.swift Sources Tests Tools Plugins

check: lint test ## what must hold before anything lands: format, build, tests

day: build ## plays a working day, told line by line
	$(PROGRAM) day

storybook: build ## serves every page with sample data
	$(PROGRAM) storybook

golden: ## rewrites the golden files and shows the difference
	@scripts/setup.sh --tests
	-SANYAN_GOLDEN=write swift test --disable-xctest $(if $(ONLY),--filter "$(ONLY)")
	git --no-pager diff --stat -- Tests docs

words: ## sorts th.json and en.json and names the keys that only one of them has
	@scripts/words.py

release: setup ## builds the program as it is installed, and prints its path and size
	swift build -c release --product sanyan --static-swift-stdlib -Xlinker -s
	@du -h "$$(realpath "$$(swift build -c release --product sanyan --static-swift-stdlib --show-bin-path)/sanyan")"
