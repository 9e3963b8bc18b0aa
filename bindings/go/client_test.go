package wotrus_test

// The package against a sandbox, which packaging/with-sandbox starts (suite 89-go).

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"wotrus"
)

var (
	background = context.Background()
	errRefused = errors.New("no room in the database")
)

func newClient(t *testing.T, options wotrus.Options) *wotrus.Client {
	t.Helper()
	if options.BaseURL == "" {
		options.BaseURL = os.Getenv("WOTRUS_HTTP_URL")
	}
	if options.Token == "" {
		options.Token = os.Getenv("WOTRUS_TOKEN")
	}
	client, err := wotrus.NewClient(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// order returns an order that is issued if it gets a csR_RSA.
func order(fields wotrus.Fields) wotrus.Order {
	all := wotrus.Fields{
		"productID": "76ECE651-B59E-48F2-A47B-135614AADAD9", "commonName": "沃通", "OrgName": "沃通",
		"countryCode": "CN", "month": "12",
	}
	for name, value := range fields {
		all[name] = value
	}
	return wotrus.Order{Fields: all}
}

func csr(t *testing.T) string {
	content, err := os.ReadFile("../../tests/fixtures/example.csr")
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func create(t *testing.T, client *wotrus.Client, fields wotrus.Fields) string {
	t.Helper()
	reply, err := client.CreateOrder(background, order(fields))
	if err != nil {
		t.Fatal(err)
	}
	return reply.OrderID()
}

// failed returns err as an error of the kind.
func failed(t *testing.T, err error, kind wotrus.Kind) *wotrus.Error {
	t.Helper()
	var failure *wotrus.Error
	if !errors.As(err, &failure) || failure.Kind != kind || !errors.Is(err, kind) {
		t.Fatalf("%v instead of %s", err, kind)
	}
	return failure
}

func TestEveryKindHasAConstant(t *testing.T) {
	header, err := os.ReadFile("../../include/wotrus.ffi.h")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("errors.go")
	if err != nil {
		t.Fatal(err)
	}
	statuses := regexp.MustCompile(`(?s)WOTRUS_OK = 0,(.*WOTRUS_INTERNAL) =`).FindSubmatch(header)[1]
	names := regexp.MustCompile(`WOTRUS_(\w+)`).FindAllSubmatch(statuses, -1)
	if len(names) < 11 {
		t.Fatal(len(names))
	}
	for _, name := range names {
		if !strings.Contains(string(source), ` Kind = "`+strings.ToLower(string(name[1]))+`"`) {
			t.Errorf("%s has no constant", name[0])
		}
	}
}

func TestTextThatWouldNotArriveWholeIsRefused(t *testing.T) {
	client := newClient(t, wotrus.Options{})
	for _, value := range []string{"a\x00b", "\xff"} {
		_, err := client.CreateOrder(background, order(wotrus.Fields{"commonName": value}))
		if field := failed(t, err, wotrus.Argument).Field; field != "commonName" {
			t.Errorf("%q: field %q", value, field)
		}
		_, err = client.QueryOrder(background, value)
		failed(t, err, wotrus.Argument)
	}
	_, err := wotrus.NewClient(wotrus.Options{Token: "tk_\x00"})
	if field := failed(t, err, wotrus.Argument).Field; field != "token" {
		t.Error(field)
	}
	twice := order(nil)
	twice.Documents = []wotrus.OrderDocument{{Document: wotrus.Document{Path: "a", Content: []byte("b")}}}
	_, err = client.CreateOrder(background, twice)
	failed(t, err, wotrus.Argument)
}

func TestADocumentTypeThatDoesNotArriveIsRefused(t *testing.T) {
	if strconv.IntSize == 32 {
		t.Skip("every number arrives")
	}
	large := order(nil)
	number := uint64(1)<<32 + uint64(wotrus.BusinessLicence)
	document := wotrus.Document{Content: []byte("%PDF"), FileType: ".pdf"}
	large.Documents = []wotrus.OrderDocument{{Type: wotrus.DocumentType(number), Document: document}}
	_, err := newClient(t, wotrus.Options{}).CreateOrder(background, large)
	if failure := failed(t, err, wotrus.Argument); failure.Field != "documentType" {
		t.Fatal(failure.Field)
	}
}

func TestInvalidOptionsAreReportedAtOnce(t *testing.T) {
	client := newClient(t, wotrus.Options{})
	_, err := wotrus.NewClient(wotrus.Options{Token: "tk_x", Proxy: "no proxy"})
	failed(t, err, wotrus.Config)
	_, err = client.With(wotrus.Options{BaseURL: "https://example.com"})
	failed(t, err, wotrus.Config)
}

func TestOptionsThatThisPackageDoesNotNameReachTheLibrary(t *testing.T) {
	for name, value := range map[string]string{"future_option": "x", "timeout": "soon", "charset": "GB18030"} {
		_, err := wotrus.NewClient(wotrus.Options{Token: "tk_x", Others: map[string]string{name: value}})
		if field := failed(t, err, wotrus.Config).Field; field != name {
			t.Errorf("%s: field %q", name, field)
		}
	}
}

func TestAClosedClientMakesNoCalls(t *testing.T) {
	client := newClient(t, wotrus.Options{})
	client.Close()
	client.Close()
	if _, err := client.QueryOrder(background, "x"); err == nil {
		t.Error("a call succeeded")
	}
	if _, err := client.With(wotrus.Options{}); err == nil {
		t.Error("a client of a closed one")
	}
}

func TestCloseLetsACallOfAnotherGoroutineEnd(t *testing.T) {
	waiting := make(chan struct{}, 1)
	client := newClient(t, wotrus.Options{OnEvent: func(event wotrus.Event) error {
		if event.Name == "waiting" {
			waiting <- struct{}{}
		}
		return nil
	}})
	id := create(t, client, nil)
	result := make(chan error)
	go func() {
		_, err := client.WaitForCertificate(background, id, time.Second)
		result <- err
	}()
	<-waiting
	client.Close()
	runtime.GC()
	failed(t, <-result, wotrus.NotReady)
}

func TestCancelEndsTheCallsInProgress(t *testing.T) {
	client := newClient(t, wotrus.Options{})
	id := create(t, client, nil)
	time.AfterFunc(300*time.Millisecond, client.Cancel)
	_, err := client.WaitForCertificate(background, id, time.Minute)
	failed(t, err, wotrus.Cancelled)
	if _, err := client.QueryOrder(background, id); err != nil {
		t.Error(err)
	}
}

func TestTheErrorOfTheContextIsFound(t *testing.T) {
	client := newClient(t, wotrus.Options{})
	id := create(t, client, nil)
	ctx, cancel := context.WithTimeout(background, 300*time.Millisecond)
	defer cancel()
	_, err := client.WaitForCertificate(ctx, id, time.Minute)
	failed(t, err, wotrus.Cancelled)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	_, err = client.CreateOrder(ctx, order(nil))
	if failed(t, err, wotrus.Cancelled).Delivery != "not_sent" || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	// The sandbox has a fault for this RequestID.
	slow, err := client.With(wotrus.Options{RequestID: "slow-1"})
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	ctx, cancel = context.WithTimeout(background, 300*time.Millisecond)
	defer cancel()
	_, err = slow.CreateOrder(ctx, order(wotrus.Fields{"idempotenceID": "go-slow"}))
	failed(t, err, wotrus.UnknownOutcome)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestSecretsAreInNoText(t *testing.T) {
	options := wotrus.Options{Token: "tk_secret", Proxy: "http://user:secret@127.0.0.1:1"}
	fields := wotrus.Order{Fields: wotrus.Fields{"uKeyPassword": "secret"}}
	fields.Documents = []wotrus.OrderDocument{{Document: wotrus.Document{Content: []byte("secret")}}}
	client := newClient(t, options)
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		text := fmt.Sprintf(format, []any{
			options, &options, fields, &fields, fields.Documents, client, &wotrus.Reissue{Fields: fields.Fields}})
		if strings.Contains(text, "secret") || strings.Contains(text, "115, 101, 99") {
			t.Error(format, text)
		}
	}
	_, err := newClient(t, wotrus.Options{}).QueryOrder(background, "no-such-order")
	if text := fmt.Sprintf("%+v %#v", err, err); strings.Contains(text, os.Getenv("WOTRUS_TOKEN")) {
		t.Error(text)
	}
}

func TestAnErrorOfOnEventPreventsTheOrder(t *testing.T) {
	client := newClient(t, wotrus.Options{OnEvent: func(event wotrus.Event) error {
		if event.Name == "sending" && event.IdempotenceID == "go-prevented" {
			return errRefused
		}
		return nil
	}})
	_, err := client.CreateOrder(background, order(wotrus.Fields{"idempotenceID": "go-prevented"}))
	if failed(t, err, wotrus.Cancelled).Delivery != "not_sent" || !errors.Is(err, errRefused) {
		t.Error(err)
	}
}

func TestAnErrorAtAnotherEventHasNoEffect(t *testing.T) {
	client := newClient(t, wotrus.Options{OnEvent: func(event wotrus.Event) error {
		if event.Name == "answered" {
			return errRefused
		}
		return nil
	}})
	create(t, client, nil)
}

// panicOf returns what a call panics with when OnEvent panics at the event.
func panicOf(t *testing.T, name string) (panicked *wotrus.EventPanic) {
	client := newClient(t, wotrus.Options{OnEvent: func(event wotrus.Event) error {
		if event.Name == name {
			panic(errRefused)
		}
		return nil
	}})
	defer func() { panicked = recover().(*wotrus.EventPanic) }()
	_, err := client.CreateOrder(background, order(nil))
	t.Fatal("no panic", err)
	return nil
}

func TestAPanicOfOnEventTellsHowTheCallEnded(t *testing.T) {
	prevented := panicOf(t, "sending")
	if failed(t, prevented.Err, wotrus.Cancelled).Delivery != "not_sent" || prevented.Value != errRefused {
		t.Error(prevented)
	}
	created := panicOf(t, "answered")
	if created.Err != nil || created.Reply.OrderID() == "" || !strings.Contains(created.String(), "panicOf") {
		t.Error(created)
	}
}

func TestOnEventMayUseTheClient(t *testing.T) {
	client := newClient(t, wotrus.Options{})
	id := create(t, client, nil)
	var statuses []string
	told, err := client.With(wotrus.Options{OnEvent: func(event wotrus.Event) error {
		reply, err := client.QueryOrder(background, id)
		if err == nil {
			status, _ := reply.Get("status")
			statuses = append(statuses, status)
		}
		return err
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer told.Close()
	if _, err := told.QueryOrder(background, id); err != nil || fmt.Sprint(statuses) != "[pending pending]" {
		t.Error(err, statuses)
	}
}

func TestAClosedReplyHasNoFields(t *testing.T) {
	reply, err := newClient(t, wotrus.Options{}).CreateOrder(background, order(wotrus.Fields{"idempotenceID": "closed"}))
	if err != nil {
		t.Fatal(err)
	}
	reply.Close()
	reply.Close()
	value := reflect.ValueOf(reply)
	for i := 0; i < value.NumMethod(); i++ {
		name, method := value.Type().Method(i).Name, value.Method(i)
		if name == "Close" || name == "String" {
			continue
		}
		// "message" is a field of the object that describes an error.
		arguments := []reflect.Value{reflect.ValueOf("message"), reflect.ValueOf("message")}[:method.Type().NumIn()]
		for _, result := range method.Call(arguments) {
			if !result.IsZero() {
				t.Errorf("%s returns %v", name, result)
			}
		}
	}
}

func TestWhatIsEmptyIsReportedAsEmpty(t *testing.T) {
	for _, body := range [][]byte{nil, {}} {
		_, err := wotrus.ReadPush(body)
		if text := failed(t, err, wotrus.Argument).Error(); !strings.Contains(text, "empty") {
			t.Error(text)
		}
	}
	client := newClient(t, wotrus.Options{})
	for field, document := range map[string]wotrus.Document{
		"path": {}, "fileContent": {Content: []byte{}, FileType: ".pdf"},
	} {
		request := order(nil)
		request.Documents = []wotrus.OrderDocument{{Type: wotrus.BusinessLicence, Document: document}}
		_, err := client.CreateOrder(background, request)
		failure := failed(t, err, wotrus.Argument)
		if failure.Field != field || strings.Contains(failure.Message, "NULL") {
			t.Errorf("%s: %s", failure.Field, failure.Message)
		}
	}
}

func TestTenThousandCallsWithErrorsDoNotGrow(t *testing.T) {
	client := newClient(t, wotrus.Options{OnEvent: func(wotrus.Event) error { return nil }})
	closedPort := newClient(t, wotrus.Options{BaseURL: "http://127.0.0.1:1", Retries: wotrus.NoRetries})
	id := create(t, client, wotrus.Fields{"csR_RSA": csr(t)})
	calls := func(count int, closed bool) {
		for number := 0; number < count; number++ {
			ctx, cancel := context.WithCancel(background)
			reply, err := client.QueryOrder(ctx, id)
			cancel()
			if err != nil {
				t.Fatal(err)
			}
			reply.JSON()
			if closed {
				reply.Close()
			}
			if number%5 != 0 {
				continue
			}
			_, err = client.QueryOrder(background, "no-such-order")
			failed(t, err, wotrus.Refused)
			_, err = client.CreateOrder(background, order(wotrus.Fields{"month": "7"}))
			failed(t, err, wotrus.Argument)
			_, err = closedPort.QueryOrder(background, id)
			failed(t, err, wotrus.Network)
			certificate, err := client.RetrieveCertificate(background, id)
			if err != nil {
				t.Fatal(err)
			}
			certificate.FullChain("")
			push, err := wotrus.ReadPush([]byte(`{"dataAction":"order","orderID":"x"}`))
			if err != nil || push.OrderID() != "x" {
				t.Fatal(err)
			}
			if number%100 == 0 && !closed {
				runtime.GC()
			}
		}
	}
	// The Go runtime and the allocator of C grow during the first calls, and with replies that wait to be collected.
	calls(1000, true)
	calls(1000, false)
	before := resident(t)
	calls(4000, true)
	calls(1000, false)
	if grown := resident(t) - before; grown > 4000 {
		t.Errorf("%d KiB", grown)
	}
}

// resident returns the memory of this process in KiB.
func resident(t *testing.T) int {
	runtime.GC()
	// Collects again, and gives unused memory of Go back.
	debug.FreeOSMemory()
	content, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip(err)
	}
	size, err := strconv.Atoi(string(regexp.MustCompile(`VmRSS:\s+(\d+)`).FindSubmatch(content)[1]))
	if err != nil {
		t.Fatal(err)
	}
	return size
}
