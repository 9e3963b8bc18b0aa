package wotrus

// #include <wotrus.h>
import "C"

import (
	"runtime"
	"time"
	"unsafe"
)

// Reply is the reply of a call that succeeded. It is immutable; goroutines may share it. The garbage collector frees
// it; Close frees it at once.
type Reply struct {
	pointer *C.wotrus_reply
}

// takeReply takes over a reply of the library: as a Reply, or as an error if it describes one.
func takeReply(pointer *C.wotrus_reply) (*Reply, *Error) {
	reply := &Reply{pointer}
	runtime.SetFinalizer(reply, (*Reply).Close)
	if C.wotrus_reply_status(pointer) == C.WOTRUS_OK {
		return reply, nil
	}
	defer reply.Close()
	return nil, reply.failure()
}

func (r *Reply) failure() *Error {
	field, _ := r.Get("field")
	serviceMessage, _ := r.Get("service_message")
	failure := &Error{
		Kind:           Kind(C.GoString(C.wotrus_reply_kind(r.pointer))),
		Cause:          C.GoString(C.wotrus_reply_cause(r.pointer)),
		Delivery:       C.GoString(C.wotrus_reply_delivery(r.pointer)),
		Message:        r.Message(),
		HTTPStatus:     r.HTTPStatus(),
		RequestID:      r.RequestID(),
		IdempotenceID:  r.IdempotenceID(),
		Attempts:       r.Attempts(),
		RetryAfter:     -1,
		Field:          field,
		ServiceMessage: serviceMessage,
	}
	if wait := C.wotrus_reply_retry_after_ms(r.pointer); wait >= 0 {
		failure.RetryAfter = time.Duration(wait) * time.Millisecond
	}
	return failure
}

// Close frees the reply. Programs with many calls a second should use it: the garbage collector does not know the
// size of a reply. No other goroutine may use the reply at that time. Afterwards it has no fields.
func (r *Reply) Close() {
	runtime.SetFinalizer(r, nil)
	C.wotrus_reply_free(r.pointer)
	r.pointer = nil
}

// String has no field, because an answer may contain personal data.
func (r *Reply) String() string {
	if r == nil {
		return "no reply"
	}
	return "wotrus.Reply of order " + r.OrderID()
}

// Message returns the service's own message (successMsg), or "".
func (r *Reply) Message() string {
	defer runtime.KeepAlive(r)
	if r.pointer == nil {
		return ""
	}
	return C.GoString(C.wotrus_reply_message(r.pointer))
}

// HTTPStatus returns 0 if no answer came, as for a push.
func (r *Reply) HTTPStatus() int {
	defer runtime.KeepAlive(r)
	return int(C.wotrus_reply_http_status(r.pointer))
}

// RequestID returns the RequestID that was sent, by which the service finds the call in its logs; "" if none was.
func (r *Reply) RequestID() string {
	defer runtime.KeepAlive(r)
	return C.GoString(C.wotrus_reply_request_id(r.pointer))
}

// IdempotenceID returns the idempotenceID of the order or reissue; "" if it had none.
func (r *Reply) IdempotenceID() string {
	defer runtime.KeepAlive(r)
	return C.GoString(C.wotrus_reply_idempotence_id(r.pointer))
}

// Attempts returns how often the call was sent.
func (r *Reply) Attempts() int {
	defer runtime.KeepAlive(r)
	return int(C.wotrus_reply_attempts(r.pointer))
}

// Warnings returns sentences such as: the answer is about another order than the one that was asked for.
func (r *Reply) Warnings() []string {
	defer runtime.KeepAlive(r)
	return all(func(index C.size_t) *C.char { return C.wotrus_reply_warning(r.pointer, index) })
}

// OrderID returns the ID of the order that was created, queried, reissued or pushed; "" for other calls.
func (r *Reply) OrderID() string {
	defer runtime.KeepAlive(r)
	return C.GoString(C.wotrus_reply_order_id(r.pointer))
}

// Get returns a field, such as "status", "org.orgName" or "chains_RSA.0", in any ASCII case.
//
// Numbers and booleans are returned as text, objects and arrays as JSON. For null and absent fields it returns "" and
// false.
func (r *Reply) Get(path string) (string, bool) {
	return r.lookup(path, func(path *C.char) *C.char { return C.wotrus_reply_get(r.pointer, path) })
}

// JSON returns the whole reply: the answer with its envelope, or the push. It may contain personal data.
func (r *Reply) JSON() []byte {
	defer runtime.KeepAlive(r)
	if r.pointer == nil {
		return nil
	}
	var length C.size_t
	return contents(unsafe.Pointer(C.wotrus_reply_json(r.pointer, &length)), length)
}

// Body returns the answer or the push as the bytes that came, in UTF-8.
func (r *Reply) Body() []byte {
	defer runtime.KeepAlive(r)
	if r.pointer == nil {
		return nil
	}
	var length C.size_t
	return contents(unsafe.Pointer(C.wotrus_reply_body(r.pointer, &length)), length)
}

// In the following methods which is "RSA" (also for ECC keys), "Sign" or "Encrypt" (SM2); "" is the first that came.
// They return "" and false if the certificate did not come or cannot be read.

// PEM returns the certificate in PEM.
func (r *Reply) PEM(which string) (string, bool) {
	return r.lookup(which, func(which *C.char) *C.char { return C.wotrus_reply_pem(r.pointer, which) })
}

// FullChain returns the content of a server's certificate file: the certificate, then each issuer, without the root.
func (r *Reply) FullChain(which string) (string, bool) {
	return r.lookup(which, func(which *C.char) *C.char { return C.wotrus_reply_full_chain(r.pointer, which) })
}

// FullChainWithRoot returns the same followed by the root, if the service sent it.
func (r *Reply) FullChainWithRoot(which string) (string, bool) {
	return r.lookup(which, func(which *C.char) *C.char { return C.wotrus_reply_full_chain_with_root(r.pointer, which) })
}

// Intermediates returns the issuers alone, without the root; "" and true if there are none.
func (r *Reply) Intermediates(which string) (string, bool) {
	return r.lookup(which, func(which *C.char) *C.char { return C.wotrus_reply_intermediates(r.pointer, which) })
}

// ChainStatus returns "complete", "incomplete" (clients will not trust the server) or "none".
func (r *Reply) ChainStatus(which string) (string, bool) {
	return r.lookup(which, func(which *C.char) *C.char { return C.wotrus_reply_chain_status(r.pointer, which) })
}

// Root returns the root; "" and false if the service did not send the chain up to it.
func (r *Reply) Root(which string) (string, bool) {
	return r.lookup(which, func(which *C.char) *C.char { return C.wotrus_reply_root(r.pointer, which) })
}

// Chain returns the chain as the service sent it: the top root first.
func (r *Reply) Chain(which string) []string {
	defer runtime.KeepAlive(r)
	var arguments arguments
	defer arguments.free()
	name := arguments.optional("which", which)
	return all(func(index C.size_t) *C.char { return C.wotrus_reply_chain(r.pointer, name, index) })
}

// MatchesCSR returns whether the certificate belongs to the key of the CSR (PEM). known is false if one of the two
// cannot be read.
func (r *Reply) MatchesCSR(csr, which string) (matches, known bool) {
	defer runtime.KeepAlive(r)
	var arguments arguments
	defer arguments.free()
	result := C.wotrus_reply_matches_csr(r.pointer, arguments.optional("which", which), arguments.text("csr", csr))
	return result == 1, result >= 0 && arguments.err == nil
}

// lookup returns the text that read returns for the argument, which is NULL for "".
func (r *Reply) lookup(argument string, read func(*C.char) *C.char) (string, bool) {
	defer runtime.KeepAlive(r)
	if r.pointer == nil {
		return "", false
	}
	var arguments arguments
	defer arguments.free()
	text := read(arguments.optional("name", argument))
	// Nothing has a name with a NUL.
	if text == nil || arguments.err != nil {
		return "", false
	}
	return C.GoString(text), true
}

func all(read func(C.size_t) *C.char) []string {
	var texts []string
	for text := read(0); text != nil; text = read(C.size_t(len(texts))) {
		texts = append(texts, C.GoString(text))
	}
	return texts
}

func contents(pointer unsafe.Pointer, length C.size_t) []byte {
	if pointer == nil {
		return nil
	}
	return append([]byte{}, unsafe.Slice((*byte)(pointer), int(length))...)
}
