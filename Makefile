# make        the command and the library, in target/release
# make demo   an order from CSR to fullchain.pem, against the sandbox in the same process
# make test   everything that must hold; installs what it needs on Debian, as root
CARGO ?= cargo

.PHONY: all demo test clean

all:
	$(CARGO) build --release --locked --workspace

demo:
	$(CARGO) run --release --locked --quiet -p wotrus-cli -- demo

test:
	tests/run

clean:
	$(CARGO) clean
	rm -rf demo-out
