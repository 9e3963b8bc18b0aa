package wotrus

// #include <wotrus.h>
import "C"

import (
	"math"
	"sort"
)

// Fields are fields by the names of the service's document, in any ASCII case: Fields{"month": "12"}. A field that
// the document does not have needs its part: "orderinfoPost.Hosts". A field with an empty value is sent as such.
type Fields map[string]string

// String has only the names, because values may be personal data or passwords.
func (f Fields) String() string {
	text := "wotrus.Fields{"
	for _, name := range sortedNames(f) {
		text += name + " "
	}
	return text + "}"
}

// GoString is for %#v.
func (f Fields) GoString() string { return f.String() }

// DocumentType is documentType in section 2; another number that the service accepts may be given too.
type DocumentType uint

const (
	// Authorization is the letter of authorisation.
	Authorization DocumentType = C.WOTRUS_AUTHORIZATION
	// BusinessLicence is the business licence.
	BusinessLicence DocumentType = C.WOTRUS_BUSINESS_LICENCE
	// IdentityCard is the identity card.
	IdentityCard DocumentType = C.WOTRUS_IDENTITY_CARD
)

// Document is a file to send: a Path, which is read while it is sent, or else Content with a FileType.
type Document struct {
	Path    string
	Content []byte
	// FileType is such as ".jpg"; by default it is derived from the Path.
	FileType string
}

// String leaves out the content.
func (d Document) String() string { return "wotrus.Document{" + d.Path + d.FileType + "}" }

// GoString is for %#v.
func (d Document) GoString() string { return d.String() }

// OrderDocument is a document of an order.
type OrderDocument struct {
	Type     DocumentType
	Document Document
}

// Order is an order to create (section 2).
type Order struct {
	Fields    Fields
	Documents []OrderDocument
}

// String has only the names of the fields.
func (o Order) String() string { return "wotrus.Order{" + o.Fields.String() + "}" }

// GoString is for %#v.
func (o Order) GoString() string { return o.String() }

// Reissue is a certificate to reissue (section 7): orderID, csr and reason; csR_Encrypt for SM2; idempotenceID.
type Reissue struct {
	Fields Fields
	// Proof is the organisation's proof on WoTrus's template, which SM2 and Sectigo products require.
	Proof *Document
}

// String has only the names of the fields.
func (r Reissue) String() string { return "wotrus.Reissue{" + r.Fields.String() + "}" }

// GoString is for %#v.
func (r Reissue) GoString() string { return r.String() }

// The objects that these functions return are freed by the caller.

func (d Document) handle(arguments *arguments) *C.wotrus_document {
	fileType := arguments.optional("fileType", d.FileType)
	if (d.Path != "") == (d.Content != nil) && arguments.err == nil {
		arguments.err = argumentError("path", "path: a document has either a Path or Content")
	}
	if d.Content == nil {
		return C.wotrus_document_from_path(arguments.text("path", d.Path), fileType)
	}
	content, length := payload(d.Content)
	return C.wotrus_document_from_bytes(content, length, fileType)
}

func (o Order) handle(arguments *arguments) *C.wotrus_order {
	order := C.wotrus_order_new()
	for _, name := range sortedNames(o.Fields) {
		C.wotrus_order_set(order, arguments.text(name, name), arguments.text(name, o.Fields[name]))
	}
	for _, added := range o.Documents {
		// C would get the lower 32 bits.
		if uint64(added.Type) > math.MaxUint32 && arguments.err == nil {
			arguments.err = argumentError("documentType", "documentType: is not a number of a type of documents")
		}
		document := added.Document.handle(arguments)
		C.wotrus_order_add_document(order, C.uint(added.Type), document)
		C.wotrus_document_free(document)
	}
	return order
}

func (r Reissue) handle(arguments *arguments) *C.wotrus_reissue {
	reissue := C.wotrus_reissue_new()
	for _, name := range sortedNames(r.Fields) {
		C.wotrus_reissue_set(reissue, arguments.text(name, name), arguments.text(name, r.Fields[name]))
	}
	if r.Proof != nil {
		proof := r.Proof.handle(arguments)
		C.wotrus_reissue_set_proof(reissue, proof)
		C.wotrus_document_free(proof)
	}
	return reissue
}

// sortedNames makes it certain which of several mistakes is reported: the first in this order.
func sortedNames(values map[string]string) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
