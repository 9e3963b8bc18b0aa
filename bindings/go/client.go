package wotrus

// #include <wotrus.h>
import "C"

import (
	"context"
	"errors"
	"math"
	"runtime"
	"runtime/cgo"
	"sync"
	"time"
)

// Client is a client of the service with its connections. Create it once and keep it; goroutines may share it.
//
// When the context of a call ends, that call alone is cancelled. It fails with Cancelled, or with UnknownOutcome if
// a writing call may have been processed, and errors.Is finds the context's error. The context ends the call as a
// whole; Options.Timeout is usually better, because it counts for each call and is known to the library.
type Client struct {
	onEvent func(Event) error

	mutex   sync.Mutex
	pointer *C.wotrus_client
	// Calls in progress; the library's client is freed after the last.
	calls  int
	closed bool
}

// NewClient returns a client, or an *Error of the kind Config.
func NewClient(options Options) (*Client, error) {
	if err := CheckABI(); err != nil {
		return nil, err
	}
	return open(nil, options)
}

// With returns a client for calls with their own options, which shares the connections. RequestID, Timeout, Retries
// and OnEvent may be set; what is unset is that of the client. Any other option is an error. Close it too.
func (c *Client) With(options Options) (*Client, error) {
	parent, err := c.begin()
	if err != nil {
		return nil, err
	}
	defer c.end()
	if options.OnEvent == nil {
		options.OnEvent = c.onEvent
	}
	return open(parent, options)
}

func open(parent *C.wotrus_client, options Options) (*Client, error) {
	var arguments arguments
	defer arguments.free()
	config := newConfig(options.named(), &arguments)
	defer C.wotrus_config_free(config)
	if arguments.err != nil {
		return nil, arguments.err
	}
	var pointer *C.wotrus_client
	if parent == nil {
		pointer = C.wotrus_client_new(config)
	} else {
		pointer = C.wotrus_client_with(parent, config)
	}
	reply, failure := takeReply(C.wotrus_client_check(pointer))
	if failure != nil {
		C.wotrus_client_free(pointer)
		return nil, failure
	}
	reply.Close()
	client := &Client{onEvent: options.OnEvent, pointer: pointer}
	runtime.SetFinalizer(client, (*Client).Close)
	return client, nil
}

// Close closes the client. Calls in progress go on to their end; the connections close after the last.
func (c *Client) Close() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.closed = true
	c.freeUnused()
}

// Cancel cancels the calls in progress on this client and on all that share its connections. Later calls work. To
// cancel a single call, cancel its context.
func (c *Client) Cancel() {
	if pointer, err := c.begin(); err == nil {
		C.wotrus_client_cancel(pointer)
		c.end()
	}
}

// CreateOrder creates an order (section 2). With an idempotenceID a lost answer is harmless.
func (c *Client) CreateOrder(ctx context.Context, order Order) (*Reply, error) {
	var arguments arguments
	defer arguments.free()
	handle := order.handle(&arguments)
	defer C.wotrus_order_free(handle)
	return c.perform(ctx, &arguments, func(client *C.wotrus_client) *C.wotrus_reply {
		return C.wotrus_create_order(client, handle)
	})
}

// QueryOrder queries an order (section 3): status, cn, org.orgName, ...
func (c *Client) QueryOrder(ctx context.Context, orderID string) (*Reply, error) {
	var arguments arguments
	defer arguments.free()
	id := arguments.text("orderID", orderID)
	return c.perform(ctx, &arguments, func(client *C.wotrus_client) *C.wotrus_reply {
		return C.wotrus_query_order(client, id)
	})
}

// RetrieveCertificate retrieves an issued certificate (section 4). Before it is issued the error is NotReady.
func (c *Client) RetrieveCertificate(ctx context.Context, orderID string) (*Reply, error) {
	var arguments arguments
	defer arguments.free()
	id := arguments.text("orderID", orderID)
	return c.perform(ctx, &arguments, func(client *C.wotrus_client) *C.wotrus_reply {
		return C.wotrus_retrieve_certificate(client, id)
	})
}

// CancelOrder cancels an order that is neither issued nor revoked (section 5).
func (c *Client) CancelOrder(ctx context.Context, orderID, reason string) (*Reply, error) {
	var arguments arguments
	defer arguments.free()
	id, why := arguments.text("orderID", orderID), arguments.text("reason", reason)
	return c.perform(ctx, &arguments, func(client *C.wotrus_client) *C.wotrus_reply {
		return C.wotrus_cancel_order(client, id, why)
	})
}

// RevokeCertificate requests a revocation (section 6) with the organisation's proof.
func (c *Client) RevokeCertificate(ctx context.Context, orderID, reason string, proof Document) (*Reply, error) {
	var arguments arguments
	defer arguments.free()
	id, why := arguments.text("orderID", orderID), arguments.text("reason", reason)
	document := proof.handle(&arguments)
	defer C.wotrus_document_free(document)
	return c.perform(ctx, &arguments, func(client *C.wotrus_client) *C.wotrus_reply {
		return C.wotrus_revoke_certificate(client, id, why, document)
	})
}

// ReissueCertificate requests a reissue (section 7). OrderID of the reply is that of the new order.
func (c *Client) ReissueCertificate(ctx context.Context, reissue Reissue) (*Reply, error) {
	var arguments arguments
	defer arguments.free()
	handle := reissue.handle(&arguments)
	defer C.wotrus_reissue_free(handle)
	return c.perform(ctx, &arguments, func(client *C.wotrus_client) *C.wotrus_reply {
		return C.wotrus_reissue_certificate(client, handle)
	})
}

// NotifyByEmail makes the service tell the customer by e-mail that the order is issued (section 9).
func (c *Client) NotifyByEmail(ctx context.Context, orderID, collectURL string) (*Reply, error) {
	var arguments arguments
	defer arguments.free()
	id, url := arguments.text("orderID", orderID), arguments.text("collectUrl", collectURL)
	return c.perform(ctx, &arguments, func(client *C.wotrus_client) *C.wotrus_reply {
		return C.wotrus_notify_by_email(client, id, url)
	})
}

// WaitForCertificate waits until an order is issued, timeout at most, then retrieves its certificate.
//
// A manual review takes days: prefer the push (ReadPush) to a long wait.
func (c *Client) WaitForCertificate(ctx context.Context, orderID string, timeout time.Duration) (*Reply, error) {
	var arguments arguments
	defer arguments.free()
	id := arguments.text("orderID", orderID)
	milliseconds := timeout.Milliseconds()
	if milliseconds < 1 || milliseconds > math.MaxUint32 {
		return nil, argumentError("timeout", "timeout: must be between 1 ms and 49 days")
	}
	return c.perform(ctx, &arguments, func(client *C.wotrus_client) *C.wotrus_reply {
		return C.wotrus_wait_for_certificate(client, id, C.uint(milliseconds))
	})
}

// Call calls an operation by name ("create_order") with the document's JSON, or any endpoint ("GET /v1/...", with
// nil for json).
func (c *Client) Call(ctx context.Context, operation string, json []byte) (*Reply, error) {
	var arguments arguments
	defer arguments.free()
	name := arguments.text("operation", operation)
	if len(json) == 0 {
		// An endpoint without data needs NULL.
		json = nil
	}
	return c.perform(ctx, &arguments, func(client *C.wotrus_client) *C.wotrus_reply {
		bytes, length := payload(json)
		return C.wotrus_call(client, name, bytes, length)
	})
}

// ReadPush reads the body of a push (section 8): OrderID, Get("dataAction"), Get("isIssued"), Get("isRevoked").
//
// A push is not authenticated: query the order before acting on it. Answer the request with HTTP 200.
func ReadPush(body []byte) (*Reply, error) {
	if err := CheckABI(); err != nil {
		return nil, err
	}
	if body == nil {
		// A server's request without a body may have none.
		body = []byte{}
	}
	bytes, length := payload(body)
	reply, failure := takeReply(C.wotrus_read_push(bytes, length))
	if failure != nil {
		return nil, failure
	}
	return reply, nil
}

// perform makes a call, unless an argument cannot be passed.
func (c *Client) perform(
	ctx context.Context, arguments *arguments, function func(*C.wotrus_client) *C.wotrus_reply,
) (*Reply, error) {
	if arguments.err != nil {
		return nil, arguments.err
	}
	if err := ctx.Err(); err != nil {
		failure := notSent(Cancelled, "cancelled", "", "the context ended before the call: "+err.Error())
		failure.stoppedBy = err
		return nil, failure
	}
	client, err := c.begin()
	if err != nil {
		return nil, err
	}
	defer c.end()
	if ctx.Done() == nil && c.onEvent == nil {
		reply, failure := takeReply(function(client))
		if failure != nil {
			return nil, failure
		}
		return reply, nil
	}
	events := &eventCall{onEvent: c.onEvent}
	reply, failure := performOwn(ctx, client, events, function)
	if failure != nil {
		if failure.stoppedBy = events.err; events.err == nil && failure.Cause == "cancelled" {
			failure.stoppedBy = ctx.Err()
		}
		err = failure
	}
	if events.panicked != nil {
		events.panicked.Reply, events.panicked.Err = reply, err
		panic(events.panicked)
	}
	return reply, err
}

// performOwn makes a call on a separate handle, which the context cancels, and which has the callback.
func performOwn(
	ctx context.Context, client *C.wotrus_client, events *eventCall,
	function func(*C.wotrus_client) *C.wotrus_reply,
) (*Reply, *Error) {
	var arguments arguments
	defer arguments.free()
	config := newConfig(map[string]string{"cancel": "own"}, &arguments)
	defer C.wotrus_config_free(config)
	if events.onEvent != nil {
		handle := cgo.NewHandle(events)
		defer handle.Delete()
		setCallback(config, handle)
	}
	own := C.wotrus_client_with(client, config)
	defer C.wotrus_client_free(own)
	if ctx.Done() != nil {
		finished, watched := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(watched)
			select {
			case <-ctx.Done():
				C.wotrus_client_cancel(own)
			case <-finished:
			}
		}()
		// The watcher must have ended before own is freed.
		defer func() { close(finished); <-watched }()
	}
	return takeReply(function(own))
}

var errClosed = errors.New("wotrus: the client is closed")

// begin returns the library's client for a call, which end ends.
func (c *Client) begin() (*C.wotrus_client, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.closed {
		return nil, errClosed
	}
	c.calls++
	return c.pointer, nil
}

func (c *Client) end() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.calls--
	c.freeUnused()
}

// freeUnused frees the library's client if the client is closed and no call uses it.
func (c *Client) freeUnused() {
	if c.closed && c.calls == 0 && c.pointer != nil {
		C.wotrus_client_free(c.pointer)
		c.pointer = nil
	}
}
