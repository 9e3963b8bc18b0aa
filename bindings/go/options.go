package wotrus

// #include <wotrus.h>
import "C"

import (
	"strconv"
	"time"
)

// Options are those of docs/options.md. A zero value leaves an option at its default.
type Options struct {
	// Token is the API token, tk_...; required.
	Token string
	// BaseURL is https://...; http:// for loopback only.
	BaseURL string
	// Timeout is for a whole call: every attempt and pause.
	Timeout time.Duration
	// ConnectTimeout is for resolving a name, and again for connecting.
	ConnectTimeout time.Duration
	// Retries is the maximum number of retries, where a retry is safe; NoRetries for none.
	Retries int
	// CAFile is a PEM file of the CAs to trust instead of the built-in ones.
	CAFile string
	// Proxy is http://[user:password@]host:port.
	Proxy string
	// MaxAnswerSize is the maximum size of an answer's body in bytes.
	MaxAnswerSize int
	// UserAgent is the User-Agent header.
	UserAgent string
	// RequestID is that of all calls; by default each call has its own.
	RequestID string
	// Others are further options by their names in docs/options.md, such as those of a newer library.
	Others map[string]string
	// OnEvent is called with each event of the calls, see Event.
	OnEvent func(Event) error
}

// NoRetries is for Options.Retries.
const NoRetries = -1

// String leaves out the token and the proxy, which may have a password.
func (o Options) String() string {
	return "wotrus.Options{BaseURL: " + strconv.Quote(o.BaseURL) + ", ...}"
}

// GoString is for %#v.
func (o Options) GoString() string { return o.String() }

// named returns the options that are set, by their names in docs/options.md.
func (o Options) named() map[string]string {
	options := map[string]string{}
	for name, value := range o.Others {
		options[name] = value
	}
	set := func(name string, isSet bool, value string) {
		if isSet {
			options[name] = value
		}
	}
	for name, value := range map[string]string{
		"token": o.Token, "base_url": o.BaseURL, "ca_file": o.CAFile, "proxy": o.Proxy,
		"user_agent": o.UserAgent, "request_id": o.RequestID,
	} {
		set(name, value != "", value)
	}
	set("timeout", o.Timeout != 0, seconds(o.Timeout))
	set("connect_timeout", o.ConnectTimeout != 0, seconds(o.ConnectTimeout))
	set("max_answer_size", o.MaxAnswerSize != 0, strconv.Itoa(o.MaxAnswerSize))
	set("retries", o.Retries > 0, strconv.Itoa(o.Retries))
	set("retries", o.Retries < 0, "0")
	return options
}

func seconds(duration time.Duration) string {
	return strconv.FormatFloat(duration.Seconds(), 'f', -1, 64)
}

// newConfig returns a configuration, which the caller frees.
func newConfig(options map[string]string, arguments *arguments) *C.wotrus_config {
	config := C.wotrus_config_new()
	if _, isSet := options["charset"]; isSet && arguments.err == nil {
		arguments.err = notSent(Config, "invalid", "charset", "charset: is not needed, because strings are UTF-8")
	}
	for _, name := range sortedNames(options) {
		C.wotrus_config_set(config, arguments.text(name, name), arguments.text(name, options[name]))
	}
	return config
}
