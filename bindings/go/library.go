package wotrus

/*
#cgo LDFLAGS: -lwotrus
#include <stdlib.h>
#include <wotrus.h>
#if WOTRUS_ABI != 1
#error "this package needs a libwotrus with the ABI 1"
#endif
*/
import "C"

import (
	"fmt"
	"strings"
	"unsafe"
)

// Version returns the version of the library, such as "0.2.0".
func Version() string {
	return C.GoString(C.wotrus_version())
}

// CheckABI reports whether the library that was loaded has the ABI that this package was compiled for.
// NewClient and ReadPush call it.
func CheckABI() error {
	if abi := int(C.wotrus_abi()); abi != C.WOTRUS_ABI {
		return fmt.Errorf("libwotrus has the ABI %d, and the program was compiled for %d", abi, int(C.WOTRUS_ABI))
	}
	return nil
}

// arguments are the C texts of one call. They are freed together.
type arguments struct {
	texts []unsafe.Pointer
	// The first text that cannot be passed.
	err *Error
}

func (a *arguments) text(name, value string) *C.char {
	if strings.IndexByte(value, 0) >= 0 && a.err == nil {
		a.err = argumentError(name, name+": contains a NUL")
	}
	text := C.CString(value)
	a.texts = append(a.texts, unsafe.Pointer(text))
	return text
}

// optional returns NULL for "".
func (a *arguments) optional(name, value string) *C.char {
	if value == "" {
		return nil
	}
	return a.text(name, value)
}

func (a *arguments) free() {
	for _, text := range a.texts {
		C.free(text)
	}
}

// noByte has the address of bytes that are empty: NULL would be another mistake.
var noByte [1]byte

// payload returns the address of bytes that C only reads during a call; NULL for nil.
func payload(bytes []byte) (unsafe.Pointer, C.size_t) {
	if bytes == nil {
		return nil, 0
	}
	if len(bytes) == 0 {
		return unsafe.Pointer(&noByte[0]), 0
	}
	return unsafe.Pointer(&bytes[0]), C.size_t(len(bytes))
}
