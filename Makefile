# make            builds the library (.so and .a) and the command in target/release
# make install    installs what make has built: PREFIX=/usr/local, DESTDIR= for packagers
# make demo       an order from CSR to fullchain.pem, by the command and by a C program
# make deps       installs the Debian packages that the tests need (as root), and lists them
# make test       runs all tests, and installs first what make deps installs
# make test-bindings   the suites of all languages; make test has Python, C# and Java
# make test-kill  imports and syncs of 1,000 orders, killed 500 times at random moments
# make check      the inner loop: format, structure, clippy and unit tests of what changed since BASE=main
# make bench      libwotrus and the usual alternatives, measured in one run: ROUNDS=7, QUICK=1, and
#                 WRITE=1 to update docs/performance.md
# make fuzz       every fuzz target for MINUTES=1 each; TARGETS="push pem" for some of them
# make dist       archives for each Linux, Debian packages and SHA256SUMS in dist/; DIST=x86_64 makes only
#                 that one (of x86_64, aarch64, x86_64-musl, aarch64-musl)
# make dist-bindings   packages of the languages in dist/bindings; DIST="x86_64 windows-x64=FILE" puts only these
#                 libraries into them, the second one as it is
# make dist-windows   zips with the DLL and the command for Windows in dist/; ARCH=x64 or x86 makes only that one
# make test-windows   builds both and runs them, the C programs and the hostile catalogue in wine; ARCH as above
CARGO ?= cargo
PREFIX ?= /usr/local
DESTDIR ?=
DIST ?=
ARCH ?= x64 x86
export PREFIX DESTDIR

.PHONY: all library command install demo deps test test-bindings test-kill check bench fuzz dist dist-bindings dist-windows test-windows clean

all: library command

# The compiler prints the system libraries that a program needs that links the .a; libwotrus.libs has them.
library:
	$(CARGO) rustc --release --locked --lib --features capi --crate-type cdylib,staticlib \
	    -- --print native-static-libs=target/release/libwotrus.libs

command:
	$(CARGO) build --release --locked -p wotrus-cli

install:
	packaging/install target/release

demo: all
	target/release/wotrus demo
	packaging/demo

deps:
	tests/install

test:
	tests/run

test-bindings:
	tests/run $$(grep -l '^\. bindings/tests\.sh' tests/suites/*.sh | xargs -n 1 basename -s .sh)

test-kill:
	tests/run 64-kill

check:
	tools/check $(BASE)

bench:
	benches/run $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(QUICK),--quick) $(if $(WRITE),--write)

fuzz:
	fuzz/run $(if $(MINUTES),--minutes $(MINUTES)) $(TARGETS)

dist:
	packaging/dist $(DIST)

dist-bindings:
	packaging/dist-bindings $(DIST)

dist-windows:
	packaging/windows/dist $(ARCH)

test-windows:
	for arch in $(ARCH); do tests/windows/run $$arch all || exit 1; done

clean:
	$(CARGO) clean
	rm -rf demo-out dist
