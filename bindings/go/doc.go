// Package wotrus orders, tracks, fetches, cancels, revokes and reissues WoTrus certificates, through libwotrus.
//
//	client, err := wotrus.NewClient(wotrus.Options{Token: "tk_..."})
//	...
//	defer client.Close()
//	reply, err := client.CreateOrder(ctx, wotrus.Order{
//		Fields: wotrus.Fields{"productID": "...", "month": "12", "idempotenceID": "order-4711", ...},
//		Documents: []wotrus.OrderDocument{
//			{Type: wotrus.BusinessLicence, Document: wotrus.Document{Path: "licence.pdf"}},
//		},
//	})
//
// The sections that comments name are those of the service's document, version V1.09. All text is UTF-8.
//
// It needs cgo, a C compiler, and libwotrus with its header. If these are not in the compiler's default folders:
//
//	export CGO_CFLAGS="$(pkg-config --cflags wotrus)" CGO_LDFLAGS="$(pkg-config --libs wotrus)"
package wotrus
