package wotrus

import (
	"fmt"
	"time"
)

// Kind is the kind of a failure. It can be the target of errors.Is:
//
//	if errors.Is(err, wotrus.UnknownOutcome) { ... }
//
// A later version may add kinds.
type Kind string

const (
	// Argument: an argument was refused before anything was sent; Error.Field names it.
	Argument Kind = "argument"
	// Config: an option of the client is invalid.
	Config Kind = "config"
	// Auth: the service rejected the token.
	Auth Kind = "auth"
	// Refused: the service refused the call and said why, or the order ended without a certificate.
	Refused Kind = "refused"
	// NotReady: the certificate is not issued yet.
	NotReady Kind = "not_ready"
	// UnknownOutcome: a writing call may have been processed, and no usable answer came: the order may exist.
	UnknownOutcome Kind = "unknown_outcome"
	// Network: nothing was sent, or a reading call got no answer.
	Network Kind = "network"
	// Protocol: the answer cannot be used.
	Protocol Kind = "protocol"
	// File: a local file cannot be read.
	File Kind = "file"
	// Cancelled: the call was ended by its context or by OnEvent, whose error errors.Is and errors.As find.
	Cancelled Kind = "cancelled"
	// Internal: a defect of the library.
	Internal Kind = "internal"
)

// Error makes a Kind a target of errors.Is.
func (k Kind) Error() string { return string(k) }

// Error is why a call failed. Get it by errors.As.
type Error struct {
	Kind Kind
	// Cause is a finer word than Kind: "dns", "tls", "timeout", "connection_lost", "http_status", ...
	Cause string
	// Delivery tells whether the service received the call, over all attempts: "not_sent", "answered" or "unknown".
	Delivery string
	// Message is one sentence for a person, without secrets.
	Message string
	// HTTPStatus is that of the last answer; 0 if none came.
	HTTPStatus int
	// RequestID was sent; by it the service finds the call in its logs. "" if none was sent.
	RequestID string
	// IdempotenceID is that of the order or reissue; "" if it had none.
	IdempotenceID string
	// Attempts is 0 if the call was refused before the first.
	Attempts int
	// RetryAfter is how long the service asked to wait; negative if it did not ask.
	RetryAfter time.Duration
	// Field is the field or option that was refused; "" if it was none.
	Field string
	// ServiceMessage has the service's own words; "" if it had none.
	ServiceMessage string

	// The context's error, or that of OnEvent.
	stoppedBy error
}

func (e *Error) Error() string { return e.Message }

// Is reports whether target is the Kind of the error.
func (e *Error) Is(target error) bool { return target == e.Kind }

// Unwrap returns context.Canceled or context.DeadlineExceeded if the context ended the call, or the error by
// which OnEvent ended it.
func (e *Error) Unwrap() error { return e.stoppedBy }

// EventPanic is what a call panics with, after it ended, if OnEvent panicked. It tells how the call ended.
type EventPanic struct {
	// Value is what OnEvent panicked with, and Stack where it did.
	Value any
	Stack []byte
	// Reply and Err are the results of the call: an order may exist.
	Reply *Reply
	Err   error
}

func (p *EventPanic) String() string {
	return fmt.Sprintf("OnEvent: %v\nresult of the call: %v, %v\n%s", p.Value, p.Reply, p.Err, p.Stack)
}

func argumentError(field, message string) *Error {
	return notSent(Argument, "invalid", field, message)
}

func notSent(kind Kind, cause, field, message string) *Error {
	return &Error{Kind: kind, Cause: cause, Delivery: "not_sent", Message: message, RetryAfter: -1, Field: field}
}
