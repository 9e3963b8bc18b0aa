// Command order shows the life cycle of an order: create, query, wait, fetch, notify, reissue, cancel, revoke.
//
//	WOTRUS_TOKEN=tk_... ./order example.csr licence.pdf fullchain.pem
//
// The library reads no environment variables. This program reads WOTRUS_TOKEN, WOTRUS_BASE_URL and WOTRUS_CA_FILE;
// "wotrus sandbox" prints values to try it free of charge.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"time"

	"wotrus"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: order CSR LICENCE FULLCHAIN")
		os.Exit(2)
	}
	// Ctrl-C ends the call in progress.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		var failure *wotrus.Error
		if errors.As(err, &failure) {
			// Delivery tells whether the order may exist. Give the RequestID to the service's support.
			fmt.Fprintf(os.Stderr, "%s, %s, delivery %s, RequestID %s\n",
				failure.Kind, failure.Cause, failure.Delivery, failure.RequestID)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, csrFile, licence, fullChain string) error {
	csr, err := os.ReadFile(csrFile)
	if err != nil {
		return err
	}
	client, err := wotrus.NewClient(wotrus.Options{
		Token: os.Getenv("WOTRUS_TOKEN"), BaseURL: os.Getenv("WOTRUS_BASE_URL"), CAFile: os.Getenv("WOTRUS_CA_FILE"),
	})
	if err != nil {
		return err
	}
	defer client.Close()

	created, err := client.CreateOrder(ctx, wotrus.Order{
		Fields: wotrus.Fields{
			"productID": "76ECE651-B59E-48F2-A47B-135614AADAD9", "commonName": "沃通", "OrgName": "沃通",
			"countryCode": "CN", "month": "12", "csR_RSA": string(csr),
			// With your database key as idempotenceID the order can be sent again safely.
			"idempotenceID": fmt.Sprint("example-", time.Now().UnixNano()),
		},
		Documents: []wotrus.OrderDocument{
			{Type: wotrus.BusinessLicence, Document: wotrus.Document{Path: licence}},
		},
	})
	if err != nil {
		return fmt.Errorf("create: %w", err)
	}
	id := created.OrderID()
	fmt.Println("created:", id)
	order, err := client.QueryOrder(ctx, id)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	status, _ := order.Get("status")
	fmt.Println("status:", status)

	// A manual review takes days: a real system ends here and continues when the push arrives.
	certificate, err := client.WaitForCertificate(ctx, id, time.Minute)
	if err != nil {
		return fmt.Errorf("wait: %w", err)
	}
	if matches, _ := certificate.MatchesCSR(string(csr), ""); !matches {
		return fmt.Errorf("%s: the certificate is for another key than the CSR", id)
	}
	pem, _ := certificate.FullChain("")
	if err := os.WriteFile(fullChain, []byte(pem), 0o644); err != nil {
		return err
	}
	fmt.Println("written:", fullChain)
	return afterwards(ctx, client, id, string(csr), licence)
}

func afterwards(ctx context.Context, client *wotrus.Client, id, csr, proof string) error {
	if _, err := client.NotifyByEmail(ctx, id, "https://example.com/collect"); err != nil {
		return fmt.Errorf("e-mail: %w", err)
	}
	reissued, err := client.ReissueCertificate(ctx, wotrus.Reissue{
		Fields: wotrus.Fields{
			"orderID": id, "csr": csr, "reason": "new server",
			// Each reissue of an order has its own.
			"idempotenceID": "reissue-1-" + id,
		},
	})
	if err != nil {
		return fmt.Errorf("reissue: %w", err)
	}
	// Cancels the new order before it is issued, and revokes the first certificate.
	if _, err := client.CancelOrder(ctx, reissued.OrderID(), "a mistake"); err != nil {
		return fmt.Errorf("cancel: %w", err)
	}
	if _, err := client.RevokeCertificate(ctx, id, "no longer used", wotrus.Document{Path: proof}); err != nil {
		return fmt.Errorf("revoke: %w", err)
	}
	fmt.Println("reissued, cancelled, revoked")
	return nil
}
