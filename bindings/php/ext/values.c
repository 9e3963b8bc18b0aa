/* Builds PHP values from the block of wotrus_reply_values(). The names of fields get the spelling of
   the service's document, which spells some in two ways. */
#include "php_wotrus.h"
#include <stdint.h>

/* The fields of the envelope, of answers and of pushes. */
static const char *const names[] = {
	"isSuccess", "errorMsg", "successMsg", "data", "page", "total", "limit", "skip",
	"orderID", "orderID_RSA", "id", "productName", "productID", "cn", "sn", "org", "orgName",
	"orgPhone", "orgEmail", "userFirstName", "userLastName", "userEmail", "userMobile",
	"idCardNumber", "isUpload", "status", "orderNumber", "duration", "durationType", "createTime",
	"serverCount", "includeRSA", "isUploadedPic", "isSNVerified", "isCSRSubmited",
	"isCustomerInfoFilled", "isPay", "pendingLink", "pem_RSA", "chains_RSA", "pem_Sign",
	"chains_Sign", "pem_Encrypt", "chains_Encrypt", "result", "cancelResult",
	"cancelFailedReason", "revokeStatus", "revoked", "newOrderID", "sentResult", "dataAction",
	"isIssued", "isRevoked",
};

#define NAMES (sizeof(names) / sizeof(*names))
#define LONGEST_NAME 32
/* read_object() has a bit for each name. */
typedef char names_fit_into_a_mask[NAMES <= 64 ? 1 : -1];

/* The part of the block that is not read yet. */
typedef struct {
	const char *at;
	const char *end;
} wotrus_block;

/* Index + 1 of a name by its length and its bytes with bit 5 set, which makes letters lower case. */
static unsigned char slots[256];
static unsigned char lengths[NAMES];
/* Before 7.3 builds with threads have no strings that threads can share. */
#if PHP_VERSION_ID >= 70300 || (PHP_VERSION_ID >= 70000 && !defined(ZTS))
#define WOTRUS_SHARED_NAMES
static zend_string *known[NAMES];
#endif

/* The length and four characters. With these factors no two known names have the same slot. Names with the same
   slot are stored in the next free slots. len must not be 0. */
static unsigned int slot_of(const char *name, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)name;
	unsigned int hash = (unsigned int)len + (bytes[0] | 32) + (bytes[len / 4] | 32)
			+ 13 * (bytes[len / 2] | 32) + 9 * (bytes[len - 1] | 32);
	return hash & 255;
}

void wotrus_register_names(void)
{
	unsigned int i, slot;
	memset(slots, 0, sizeof(slots));
	for (i = 0; i < NAMES; i++) {
		lengths[i] = (unsigned char)strlen(names[i]);
		for (slot = slot_of(names[i], lengths[i]); slots[slot]; slot = (slot + 1) & 255) {
		}
		slots[slot] = (unsigned char)(i + 1);
#ifdef WOTRUS_SHARED_NAMES
		known[i] = zend_string_init(names[i], lengths[i], 1);
		known[i] = zend_new_interned_string(known[i]);
		zend_string_hash_val(known[i]);
#endif
	}
}

/* The index of a known name in any ASCII case, and whether it is spelt so; -1 if there is none. */
static int find_name(const char *name, size_t len, int *is_exact)
{
	unsigned int slot;
	*is_exact = 0;
	if (len == 0 || len > LONGEST_NAME) {
		return -1;
	}
	for (slot = slot_of(name, len); slots[slot]; slot = (slot + 1) & 255) {
		int index = slots[slot] - 1;
		if (lengths[index] != len) {
			continue;
		}
		*is_exact = memcmp(names[index], name, len) == 0;
		if (*is_exact || strncasecmp(names[index], name, len) == 0) {
			return index;
		}
	}
	return -1;
}

static int take(wotrus_block *block, void *bytes, size_t len)
{
	if ((size_t)(block->end - block->at) < len) {
		return 0;
	}
	memcpy(bytes, block->at, len);
	block->at += len;
	return 1;
}

/* A text with its length before it. */
static const char *take_text(wotrus_block *block, size_t *len)
{
	unsigned int length;
	const char *text;
	if (sizeof(length) != 4 || !take(block, &length, 4) || (size_t)(block->end - block->at) < length) {
		return NULL;
	}
	text = block->at;
	block->at += length;
	*len = length;
	return text;
}

static int read_value(wotrus_block *block, zval *value TSRMLS_DC);

static int read_number(wotrus_block *block, char type, zval *value)
{
	double real;
	if (type == 'd') {
		if (!take(block, &real, 8)) {
			return 0;
		}
		ZVAL_DOUBLE(value, real);
		return 1;
	}
#if SIZEOF_ZEND_LONG == 8 || (PHP_VERSION_ID < 70000 && SIZEOF_LONG == 8)
	{
		char bytes[8];
#if PHP_VERSION_ID >= 70000
		zend_long number;
#else
		long number;
#endif
		if (!take(block, bytes, 8)) {
			return 0;
		}
		memcpy(&number, bytes, 8);
		ZVAL_LONG(value, number);
		return 1;
	}
#else
	return 0; /* PHP's integers are too small */
#endif
}

#if PHP_VERSION_ID < 70000
#define wotrus_undef(value) INIT_ZVAL(*(value))
#else
#define wotrus_undef(value) ZVAL_UNDEF(value)
#endif

static int read_array(wotrus_block *block, zval *value TSRMLS_DC)
{
	array_init(value);
	while (block->at < block->end && *block->at != ']') {
#if PHP_VERSION_ID < 70000
		zval *item;
		MAKE_STD_ZVAL(item);
		ZVAL_NULL(item);
		add_next_index_zval(value, item);
		if (!read_value(block, item TSRMLS_CC)) {
			return 0;
		}
#else
		zval item;
		if (!read_value(block, &item)) {
			zval_ptr_dtor(&item);
			return 0;
		}
		zend_hash_next_index_insert_new(Z_ARRVAL_P(value), &item);
#endif
	}
	return block->at < block->end && *block->at++ == ']';
}

static int skip_value(wotrus_block *block)
{
	char number[8], type;
	size_t len;
	if (!take(block, &type, 1)) {
		return 0;
	}
	switch (type) {
	case 'n':
	case 't':
	case 'f':
		return 1;
	case 'i':
	case 'd':
		return take(block, number, sizeof(number));
	case 's':
		return take_text(block, &len) != NULL;
	case '[':
		while (block->at < block->end && *block->at != ']') {
			if (!skip_value(block)) {
				return 0;
			}
		}
		return take(block, &type, 1);
	case '{':
		while (block->at < block->end && *block->at == ':') {
			block->at++;
			if (!take_text(block, &len) || !skip_value(block)) {
				return 0;
			}
		}
		return take(block, &type, 1);
	default:
		return 0;
	}
}

/* The known names in the document's spelling after the value that rest begins with, in the same object. */
static uint64_t later_exact_names(wotrus_block rest)
{
	uint64_t exact = 0;
	while (skip_value(&rest) && rest.at < rest.end && *rest.at == ':') {
		size_t len = 0;
		int index, is_exact;
		const char *name;
		rest.at++;
		name = take_text(&rest, &len);
		if (!name) {
			break;
		}
		index = find_name(name, len, &is_exact);
		if (is_exact) {
			exact |= (uint64_t)1 << index;
		}
	}
	return exact;
}

/* If an object has several spellings of a name, the document's own has the document's name, and the others keep
   theirs; without the document's own the last one has its name. */
static int read_object(wotrus_block *block, zval *value TSRMLS_DC)
{
	uint64_t exact = 0; /* the known names in the document's spelling, as far as they are read or looked up */
	int is_looked_up = 0;
#if PHP_VERSION_ID < 70000
	array_init(value);
#else
	/* Most objects of the service have more than the eight members that PHP makes place for. */
	array_init_size(value, 16);
#endif
	while (block->at < block->end && *block->at == ':') {
		size_t len = 0;
		int index, is_exact;
		const char *name;
		block->at++;
		name = take_text(block, &len);
		if (!name) {
			return 0;
		}
		index = find_name(name, len, &is_exact);
		if (is_exact) {
			exact |= (uint64_t)1 << index;
		} else if (index >= 0) {
			if (!is_looked_up) {
				exact |= later_exact_names(*block);
				is_looked_up = 1;
			}
			if (exact & (uint64_t)1 << index) {
				index = -1;
			}
		}
		{
#if PHP_VERSION_ID < 70000
			zval *member;
			char *copy = estrndup(index >= 0 ? names[index] : name, len);
			MAKE_STD_ZVAL(member);
			ZVAL_NULL(member);
			zend_symtable_update(Z_ARRVAL_P(value), copy, len + 1, &member, sizeof(member), NULL);
			efree(copy);
			if (!read_value(block, member TSRMLS_CC)) {
				return 0;
			}
#else
			zval member;
			if (!read_value(block, &member)) {
				zval_ptr_dtor(&member);
				return 0;
			}
#ifdef WOTRUS_SHARED_NAMES
			if (index >= 0) {
				zend_hash_update(Z_ARRVAL_P(value), known[index], &member);
				continue;
			}
#endif
			zend_symtable_str_update(Z_ARRVAL_P(value), index >= 0 ? names[index] : name, len, &member);
#endif
		}
	}
	return block->at < block->end && *block->at++ == '}';
}

/* Reads the next value; returns whether that was possible. value is to be freed in either case. */
static int read_value(wotrus_block *block, zval *value TSRMLS_DC)
{
	size_t len = 0;
	const char *text;
	char type;
	wotrus_undef(value);
	if (!take(block, &type, 1)) {
		return 0;
	}
	switch (type) {
	case 'n':
		ZVAL_NULL(value);
		return 1;
	case 't':
	case 'f':
		ZVAL_BOOL(value, type == 't');
		return 1;
	case 'i':
	case 'd':
		return read_number(block, type, value);
	case 's':
		text = take_text(block, &len);
		if (!text) {
			return 0;
		}
#if PHP_VERSION_ID < 70000
		ZVAL_STRINGL(value, text, len, 1);
#else
		ZVAL_STRINGL(value, text, len);
#endif
		return 1;
	case '[':
		return read_array(block, value TSRMLS_CC);
	case '{':
		return read_object(block, value TSRMLS_CC);
	default:
		return 0; /* of a later version of the library */
	}
}

/* Makes the values of a reply; null if the block is not available or has a number that PHP's integers are
   too small for. The JSON has both. */
void wotrus_reply_values_zval(zval *value, const wotrus_reply *reply TSRMLS_DC)
{
	wotrus_block block;
	size_t len = 0;
	const char *bytes = (const char *)wotrus_reply_values(reply, &len);
	block.at = bytes;
	block.end = bytes + len;
	if (!bytes) {
		ZVAL_NULL(value);
	} else if (!read_value(&block, value TSRMLS_CC)) {
#if PHP_VERSION_ID < 70000
		zval_dtor(value);
#else
		zval_ptr_dtor(value);
#endif
		ZVAL_NULL(value);
	}
}
