# make          the library (.so and .a) and the command, in target/release
# make install  puts them in place: PREFIX=/usr/local, DESTDIR= for packagers; builds nothing
# make demo     an order from CSR to fullchain.pem, by the command and by a C program
# make test     everything that must hold; installs what it needs on Debian, as root
# make bench    libwotrus and the usual alternatives, measured in one run: ROUNDS=7, QUICK=1, and
#               WRITE=1 to update docs/performance.md
# make fuzz     every fuzz target for MINUTES=1 each; TARGETS="push pem" for some of them
# make dist     dist/libwotrus-<version>-linux-x86_64.tar.gz, for glibc 2.17 and later
CARGO ?= cargo
PREFIX ?= /usr/local
DESTDIR ?=
# For make dist: how to build, for which target, and where that puts things.
BUILD ?= build
TARGET ?=
FROM ?= target/release
export PREFIX DESTDIR

.PHONY: all library command install demo test bench fuzz dist clean

all: library command

# The system libraries that the .a needs are what the compiler says, one line in libwotrus.libs.
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

test:
	tests/run

bench:
	benches/run $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(QUICK),--quick) $(if $(WRITE),--write)

fuzz:
	fuzz/run $(if $(MINUTES),--minutes $(MINUTES)) $(TARGETS)

dist:
	packaging/dist

clean:
	$(CARGO) clean
	rm -rf demo-out dist
