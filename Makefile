# make            builds the library (.so and .a) and the command in target/release
# make install    installs what make has built: PREFIX=/usr/local, DESTDIR= for packagers
# make demo       an order from CSR to fullchain.pem, by the command and by a C program
# make deps       installs the Debian packages that the tests need (as root), and lists them
# make test       runs all tests, and installs first what make deps installs
# make check      the inner loop: format, structure, clippy and unit tests of what changed since BASE=main
# make bench      libwotrus and the usual alternatives, measured in one run: ROUNDS=7, QUICK=1, and
#                 WRITE=1 to update docs/performance.md
# make fuzz       every fuzz target for MINUTES=1 each; TARGETS="push pem" for some of them
# make dist       dist/libwotrus-<version>-linux-x86_64.tar.gz, for glibc 2.17 and later
CARGO ?= cargo
PREFIX ?= /usr/local
DESTDIR ?=
# For make dist: cargo's subcommand, the target, and the folder that the results are in.
BUILD ?= build
TARGET ?=
FROM ?= target/release
export PREFIX DESTDIR

.PHONY: all library command install demo deps test check bench fuzz dist clean

all: library command

# The compiler prints the system libraries that a program needs that links the .a; libwotrus.libs has them.
library:
	$(CARGO) rustc --release --locked $(addprefix --target ,$(TARGET)) --lib --features capi \
	    --crate-type cdylib,staticlib -- --print native-static-libs=$(FROM)/libwotrus.libs

command:
	$(CARGO) $(BUILD) --release --locked $(addprefix --target ,$(TARGET)) -p wotrus-cli

install:
	packaging/install $(FROM)

demo: all
	target/release/wotrus demo
	packaging/demo

deps:
	tests/install

test:
	tests/run

check:
	tools/check $(BASE)

bench:
	benches/run $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(QUICK),--quick) $(if $(WRITE),--write)

fuzz:
	fuzz/run $(if $(MINUTES),--minutes $(MINUTES)) $(TARGETS)

dist:
	packaging/dist

clean:
	$(CARGO) clean
	rm -rf demo-out dist
