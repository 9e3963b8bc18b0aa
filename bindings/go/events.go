package wotrus

/*
#include <stdint.h>
#include <wotrus.h>

extern int wotrusGoEvent(uintptr_t call, char *event_json, size_t len);

static int WOTRUS_CALL wotrus_go_forward(void *user, const char *event_json, size_t len)
{
	return wotrusGoEvent((uintptr_t)user, (char *)event_json, len);
}

static inline void wotrus_go_set_callback(wotrus_config *config, uintptr_t call)
{
	wotrus_config_set_callback(config, wotrus_go_forward, (void *)call);
}
*/
import "C"

import (
	"encoding/json"
	"runtime/cgo"
	"runtime/debug"
)

// Event is something that a call does. Name is one of those below; each has the fields that follow it.
//
//	sending    Operation Method Path RequestID IdempotenceID Attempt
//	uploading  Sent Total (bytes; large bodies only)
//	answered   HTTPStatus Bytes ElapsedMS
//	failed     Cause Delivery Message ElapsedMS
//	retrying   PauseMS
//	waiting    OrderID Status PauseMS ElapsedMS
//
// OnEvent receives it in the goroutine that makes the call, and concurrently if several goroutines make calls. An
// error that it returns at "sending" prevents the request (record an order there, before it can exist), and at
// "waiting" ends the wait: the call then fails with Cancelled, and errors.Is finds the error. At other events an
// error has no effect.
//
// OnEvent may use the client. If it panics, at "sending" or "waiting" it stops the call like an error; in any case
// the call panics with an EventPanic when it has ended. It must not end its goroutine (runtime.Goexit, FailNow of a
// test).
type Event struct {
	Name          string `json:"event"`
	Operation     string `json:"operation"`
	Method        string `json:"method"`
	Path          string `json:"path"`
	RequestID     string `json:"request_id"`
	IdempotenceID string `json:"idempotence_id"`
	Attempt       int    `json:"attempt"`
	Sent          int64  `json:"sent"`
	Total         int64  `json:"total"`
	HTTPStatus    int    `json:"http_status"`
	Bytes         int64  `json:"bytes"`
	ElapsedMS     int64  `json:"elapsed_ms"`
	Cause         string `json:"cause"`
	Delivery      string `json:"delivery"`
	Message       string `json:"message"`
	PauseMS       int64  `json:"pause_ms"`
	OrderID       string `json:"order_id"`
	Status        string `json:"status"`
}

// eventCall is a call with OnEvent.
type eventCall struct {
	onEvent func(Event) error
	// What OnEvent stopped the call by.
	err error
	// What OnEvent panicked with. A panic must not unwind the frames of the library.
	panicked *EventPanic
}

func setCallback(config *C.wotrus_config, call cgo.Handle) {
	C.wotrus_go_set_callback(config, C.uintptr_t(call))
}

//export wotrusGoEvent
func wotrusGoEvent(call C.uintptr_t, text *C.char, length C.size_t) C.int {
	return C.int(cgo.Handle(call).Value().(*eventCall).deliver(C.GoStringN(text, C.int(length))))
}

// deliver returns what the callback of the library returns: 0 to go on.
func (c *eventCall) deliver(text string) (result int) {
	defer func() {
		if value := recover(); value != nil {
			c.panicked = &EventPanic{Value: value, Stack: debug.Stack()}
			result = 1
		}
	}()
	if c.panicked != nil {
		return 1
	}
	var event Event
	if err := json.Unmarshal([]byte(text), &event); err != nil {
		c.err = err
		return 1
	}
	err := c.onEvent(event)
	if err == nil {
		return 0
	}
	if event.Name == "sending" || event.Name == "waiting" {
		c.err = err
	}
	return 1
}
