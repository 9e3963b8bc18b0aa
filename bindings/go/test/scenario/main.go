// Command scenario executes bindings/scenario; its README describes the steps and what is printed.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"wotrus"
)

type texts map[string]string

type document struct {
	DocumentType wotrus.DocumentType
	Path         string
	Bytes        string
	FileType     string
}

type step struct {
	Name          string
	Do            string
	Client        texts
	With          texts
	Fields        texts
	Documents     []document
	Proof         *document
	OrderID       string `json:"order_id"`
	Reason        string
	CollectURL    string `json:"collect_url"`
	TimeoutMS     int    `json:"timeout_ms"`
	Operation     string
	JSON          string
	Body          string
	CancelAfterMS int    `json:"cancel_after_ms"`
	StopAt        string `json:"stop_at"`
	Events        bool
	Show          []string
	Save          string
	Orders        int
	Cancel        int
}

type result map[string]any

var errStopped = errors.New("stopped")

func main() {
	content, err := os.ReadFile(os.Getenv("WOTRUS_SCENARIO"))
	check(err)
	var scenario struct {
		Options, Texts texts
		Steps          []json.RawMessage
	}
	check(json.Unmarshal(content, &scenario))
	client, err := wotrus.NewClient(options(scenario.Options, nil))
	check(err)
	defer client.Close()
	results := []result{}
	for _, raw := range scenario.Steps {
		var step step
		check(json.Unmarshal(replaced(raw, scenario.Texts), &step))
		outcome := step.run(client, scenario.Options, scenario.Texts)
		outcome["name"] = step.Name
		results = append(results, outcome)
	}
	check(json.NewEncoder(os.Stdout).Encode(results))
}

func (s *step) run(client *wotrus.Client, base, texts texts) result {
	switch s.Do {
	case "abi":
		return result{"abi": wotrus.CheckABI() == nil}
	case "concurrent_orders":
		return result{"kinds": s.concurrentOrders(client)}
	}
	events := []string{}
	reply, err := s.call(client, base, &events)
	var outcome result
	if err != nil {
		outcome = failure(err)
	} else {
		outcome = s.success(reply, texts)
	}
	if s.Events {
		outcome["events"] = events
	}
	return outcome
}

func (s *step) call(client *wotrus.Client, base texts, events *[]string) (*wotrus.Reply, error) {
	if s.Client != nil {
		own, err := wotrus.NewClient(options(base, s.Client))
		if err != nil {
			return nil, err
		}
		defer own.Close()
		client = own
	}
	if s.Do == "check" {
		return nil, nil
	}
	if s.Do == "read_push" {
		return wotrus.ReadPush([]byte(s.Body))
	}
	with := options(s.With, nil)
	with.OnEvent = func(event wotrus.Event) error {
		if event.Name != "uploading" {
			*events = append(*events, event.Name)
		}
		if event.Name == s.StopAt {
			return errStopped
		}
		return nil
	}
	client, err := client.With(with)
	check(err)
	defer client.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if s.CancelAfterMS > 0 {
		time.AfterFunc(time.Duration(s.CancelAfterMS)*time.Millisecond, cancel)
	}
	reply, err := s.perform(ctx, client)
	if s.StopAt != "" && !errors.Is(err, errStopped) {
		panic("the error of OnEvent is not found")
	}
	if s.CancelAfterMS > 0 && !errors.Is(err, context.Canceled) {
		panic("the error of the context is not found")
	}
	return reply, err
}

func (s *step) perform(ctx context.Context, client *wotrus.Client) (*wotrus.Reply, error) {
	switch s.Do {
	case "create_order":
		return client.CreateOrder(ctx, s.order())
	case "query_order":
		return client.QueryOrder(ctx, s.OrderID)
	case "retrieve_certificate":
		return client.RetrieveCertificate(ctx, s.OrderID)
	case "cancel_order":
		return client.CancelOrder(ctx, s.OrderID, s.Reason)
	case "revoke_certificate":
		return client.RevokeCertificate(ctx, s.OrderID, s.Reason, s.Proof.file())
	case "reissue_certificate":
		reissue := wotrus.Reissue{Fields: wotrus.Fields(s.Fields)}
		if s.Proof != nil {
			proof := s.Proof.file()
			reissue.Proof = &proof
		}
		return client.ReissueCertificate(ctx, reissue)
	case "notify_by_email":
		return client.NotifyByEmail(ctx, s.OrderID, s.CollectURL)
	case "wait_for_certificate":
		return client.WaitForCertificate(ctx, s.OrderID, time.Duration(s.TimeoutMS)*time.Millisecond)
	case "call":
		return client.Call(ctx, s.Operation, []byte(s.JSON))
	}
	panic("no such operation: " + s.Do)
}

func (s *step) order() wotrus.Order {
	order := wotrus.Order{Fields: wotrus.Fields(s.Fields)}
	for _, item := range s.Documents {
		order.Documents = append(order.Documents, wotrus.OrderDocument{Type: item.DocumentType, Document: item.file()})
	}
	return order
}

func (s *step) concurrentOrders(client *wotrus.Client) []any {
	kinds := make([]any, s.Orders)
	raw, err := json.Marshal(s)
	check(err)
	var running sync.WaitGroup
	for index := range kinds {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		if index+1 == s.Cancel {
			time.AfterFunc(time.Duration(s.CancelAfterMS)*time.Millisecond, cancel)
		}
		running.Add(1)
		go func(index int) {
			defer running.Done()
			var one step
			check(json.Unmarshal(replaced(raw, texts{"NUMBER": strconv.Itoa(index + 1)}), &one))
			own, err := client.With(options(one.With, nil))
			check(err)
			defer own.Close()
			kinds[index] = "ok"
			if _, err := own.CreateOrder(ctx, one.order()); err != nil {
				kinds[index] = failure(err)["kind"]
			}
		}(index)
	}
	running.Wait()
	return kinds
}

func (s *step) success(reply *wotrus.Reply, texts texts) result {
	if reply == nil {
		return result{"kind": "ok"}
	}
	if s.Save != "" {
		texts[s.Save] = reply.OrderID()
	}
	outcome := result{
		"kind": "ok", "http_status": absent(reply.HTTPStatus()), "request_id": absent(reply.RequestID()),
		"idempotence_id": absent(reply.IdempotenceID()), "attempts": reply.Attempts(),
	}
	if s.Show != nil {
		values := result{}
		for _, item := range s.Show {
			values[item] = shown(reply, strings.Split(item, ":"), texts)
		}
		outcome["shown"] = values
	}
	return outcome
}

func shown(reply *wotrus.Reply, item []string, texts texts) any {
	item = append(item, "")
	switch item[0] {
	case "order_id":
		return absent(reply.OrderID())
	case "get":
		return text(reply.Get(item[1]))
	case "warning":
		return at(reply.Warnings(), item[1])
	case "json":
		return string(reply.JSON())
	case "body":
		return string(reply.Body())
	case "chain_status":
		return text(reply.ChainStatus(item[1]))
	case "matches_csr":
		if matches, known := reply.MatchesCSR(texts[item[2]], item[1]); known {
			return matches
		}
		return nil
	case "chain":
		return certificates(at(reply.Chain(item[1]), item[2]))
	}
	read := map[string]func(string) (string, bool){
		"pem": reply.PEM, "full_chain": reply.FullChain, "full_chain_with_root": reply.FullChainWithRoot,
		"intermediates": reply.Intermediates, "root": reply.Root,
	}[item[0]]
	return certificates(text(read(item[1])))
}

func certificates(pem any) any {
	if pem == nil {
		return nil
	}
	return strings.Count(pem.(string), "BEGIN CERTIFICATE")
}

func failure(err error) result {
	var failed *wotrus.Error
	if !errors.As(err, &failed) {
		panic(err)
	}
	if !errors.Is(err, failed.Kind) {
		panic("the kind is not found")
	}
	outcome := result{
		"kind": failed.Kind, "cause": failed.Cause, "delivery": failed.Delivery, "message": failed.Message,
		"http_status": absent(failed.HTTPStatus), "request_id": absent(failed.RequestID),
		"idempotence_id": absent(failed.IdempotenceID), "attempts": failed.Attempts, "field": absent(failed.Field),
		"service_message": absent(failed.ServiceMessage), "retry_after_ms": nil,
	}
	if failed.RetryAfter >= 0 {
		outcome["retry_after_ms"] = failed.RetryAfter.Milliseconds()
	}
	return outcome
}

func (d *document) file() wotrus.Document {
	if d.Path != "" {
		return wotrus.Document{Path: d.Path}
	}
	return wotrus.Document{Content: []byte(d.Bytes), FileType: d.FileType}
}

// options returns the options of the scenario, some of which replaced replaces.
func options(base, replaced texts) wotrus.Options {
	var options wotrus.Options
	for _, values := range []texts{base, replaced} {
		for name, value := range values {
			switch name {
			case "base_url":
				options.BaseURL = value
			case "token":
				options.Token = value
			case "ca_file":
				options.CAFile = value
			case "request_id":
				options.RequestID = value
			case "timeout":
				options.Timeout = duration(value)
			case "retries":
				count, err := strconv.Atoi(value)
				check(err)
				if options.Retries = count; count == 0 {
					options.Retries = wotrus.NoRetries
				}
			default:
				options.Others = map[string]string{name: value}
			}
		}
	}
	return options
}

// duration returns an invalid one for a text that is none.
func duration(seconds string) time.Duration {
	number, err := strconv.ParseFloat(seconds, 64)
	if err != nil {
		return -time.Second
	}
	return time.Duration(number * float64(time.Second))
}

// replaced returns JSON with ${NAME} replaced in its strings.
func replaced(raw []byte, texts texts) []byte {
	content := string(raw)
	for name, value := range texts {
		quoted, err := json.Marshal(value)
		check(err)
		content = strings.ReplaceAll(content, "${"+name+"}", string(quoted[1:len(quoted)-1]))
	}
	return []byte(content)
}

// absent returns nil for a zero value.
func absent[T comparable](value T) any {
	var zero T
	if value == zero {
		return nil
	}
	return value
}

func text(value string, found bool) any {
	if !found {
		return nil
	}
	return value
}

func at(values []string, index string) any {
	number, err := strconv.Atoi(index)
	check(err)
	if number >= len(values) {
		return nil
	}
	return values[number]
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
