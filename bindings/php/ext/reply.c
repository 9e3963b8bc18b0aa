/* Replies as PHP reads them: the array of Wotrus\Native::call(), and the class Wotrus\NativeReply of
   Wotrus\Native::request(), which reads a part of the reply only when it is asked for. */
#include "object.h"

static void put(zval *array, const char *name, const char *text)
{
	if (text) {
		wotrus_put(array, name, text, strlen(text));
	} else {
		add_assoc_null(array, name);
	}
}

/* Puts a number, or null for the value that stands for none. */
static void put_number(zval *array, const char *name, int number, int none)
{
	if (number == none) {
		add_assoc_null(array, name);
	} else {
		add_assoc_long(array, name, number);
	}
}

static void append_chain(zval *chain, const wotrus_reply *reply, const char *which)
{
	const char *text;
	size_t index;
	for (index = 0; (text = wotrus_reply_chain(reply, which, index)) != NULL; index++) {
		wotrus_append(chain, text);
	}
}

static void put_certificates(zval *array, const wotrus_reply *reply)
{
	static const char *const names[] = { "RSA", "Sign", "Encrypt" };
	zval *all = wotrus_put_array(array, "certificates");
	size_t i;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *pem = wotrus_reply_pem(reply, names[i]);
		zval *one;
		if (!pem) {
			continue;
		}
		one = wotrus_put_array(all, names[i]);
		put(one, "pem", pem);
		append_chain(wotrus_put_array(one, "chain"), reply, names[i]);
		put(one, "full_chain", wotrus_reply_full_chain(reply, names[i]));
		put(one, "root", wotrus_reply_root(reply, names[i]));
	}
}

static void put_facts(zval *array, const wotrus_reply *reply)
{
	add_assoc_long(array, "status", wotrus_reply_status(reply));
	put(array, "kind", wotrus_reply_kind(reply));
	put(array, "cause", wotrus_reply_cause(reply));
	put(array, "delivery", wotrus_reply_delivery(reply));
	put(array, "message", wotrus_reply_message(reply));
	put_number(array, "http_status", wotrus_reply_http_status(reply), 0);
	put(array, "request_id", wotrus_reply_request_id(reply));
	put(array, "idempotence_id", wotrus_reply_idempotence_id(reply));
	add_assoc_long(array, "attempts", wotrus_reply_attempts(reply));
	put_number(array, "retry_after_ms", wotrus_reply_retry_after_ms(reply), -1);
	put(array, "order_id", wotrus_reply_order_id(reply));
}

void wotrus_reply_array(zval *array, const wotrus_reply *reply)
{
	size_t json_len = 0, body_len = 0;
	const char *json = wotrus_reply_json(reply, &json_len);
	const char *body = wotrus_reply_body(reply, &body_len);
	array_init(array);
	put_facts(array, reply);
	wotrus_put(array, "json", json, json_len);
	if (body && body == json) {
		wotrus_put_again(array, "body", "json");
	} else if (body) {
		wotrus_put(array, "body", body, body_len);
	} else {
		add_assoc_null(array, "body");
	}
	put_certificates(array, reply);
}

/* A mistake that is found before the library is called, in the form of the library's replies. */
static void put_mistake_facts(zval *array, const wotrus_mistake *mistake)
{
	const char *kind = mistake->status == WOTRUS_CONFIG ? "config"
			: mistake->status == WOTRUS_FILE ? "file" : "argument";
	char message[256];
	snprintf(message, sizeof(message), "%s: %s", mistake->field, mistake->problem);
	add_assoc_long(array, "status", mistake->status);
	put(array, "kind", kind);
	put(array, "cause", mistake->status == WOTRUS_FILE ? "file_read" : "invalid");
	put(array, "delivery", "not_sent");
	put(array, "message", message);
	add_assoc_null(array, "http_status");
	add_assoc_null(array, "request_id");
	add_assoc_null(array, "idempotence_id");
	add_assoc_long(array, "attempts", 0);
	add_assoc_null(array, "retry_after_ms");
	add_assoc_null(array, "order_id");
}

static void write_mistake(char *json, size_t size, const wotrus_mistake *mistake)
{
	const char *kind = mistake->status == WOTRUS_CONFIG ? "config"
			: mistake->status == WOTRUS_FILE ? "file" : "argument";
	snprintf(json, size,
			"{\"error\":{\"kind\":\"%s\",\"cause\":\"%s\",\"delivery\":\"not_sent\","
			"\"message\":\"%s: %s\",\"request_id\":null,\"attempts\":0,\"http_status\":null,"
			"\"retry_after\":null,\"idempotence_id\":null,\"field\":\"%s\","
			"\"service_message\":null}}", kind,
			mistake->status == WOTRUS_FILE ? "file_read" : "invalid",
			mistake->field, mistake->problem, mistake->field);
}

void wotrus_mistake_array(zval *array, const wotrus_mistake *mistake)
{
	char json[768];
	write_mistake(json, sizeof(json), mistake);
	array_init(array);
	put_mistake_facts(array, mistake);
	put(array, "json", json);
	add_assoc_null(array, "body");
	wotrus_put_array(array, "certificates");
}

typedef struct {
	WOTRUS_STD_FIRST
	wotrus_reply *reply; /* NULL for a mistake */
	wotrus_mistake mistake;
	WOTRUS_STD_LAST
} wotrus_native_reply;

static zend_class_entry *reply_class;

static void release(wotrus_native_reply *reply)
{
	WOTRUS_QUIET();
	wotrus_reply_free(reply->reply);
	WOTRUS_LOUD();
}

WOTRUS_OBJECT(reply, wotrus_native_reply, release)

void wotrus_reply_object(zval *object, wotrus_reply **reply, const wotrus_mistake *mistake TSRMLS_DC)
{
	wotrus_native_reply *made;
	object_init_ex(object, reply_class);
	made = reply_of(object TSRMLS_CC);
	made->mistake = *mistake;
	if (mistake->status == WOTRUS_OK) {
		made->reply = *reply;
		*reply = NULL;
	}
}

static void return_text(zval *return_value, const char *text)
{
	if (text) {
		WOTRUS_RETURN_TEXT(text);
	}
	RETURN_NULL();
}

/* Starts a method without parameters. An object without a reply is that of a mistake, or one that
   reflection made. */
#define WOTRUS_REPLY_METHOD(this) \
	wotrus_native_reply *this; \
	if (zend_parse_parameters(ZEND_NUM_ARGS() TSRMLS_CC, "") == FAILURE) { \
		return; \
	} \
	this = reply_of(WOTRUS_THIS TSRMLS_CC)

/* Starts a method whose parameter is a text: a path, or which certificate. */
#define WOTRUS_REPLY_METHOD_TEXT(this, text) \
	wotrus_native_reply *this; \
	char *text; \
	wotrus_length text##_len; \
	if (zend_parse_parameters(ZEND_NUM_ARGS() TSRMLS_CC, "s", &text, &text##_len) == FAILURE) { \
		return; \
	} \
	this = reply_of(WOTRUS_THIS TSRMLS_CC); \
	if (!this->reply || strlen(text) != (size_t)text##_len) { \
		RETURN_NULL(); \
	}

static PHP_METHOD(NativeReply, status)
{
	WOTRUS_REPLY_METHOD(self);
	RETURN_LONG(self->reply ? wotrus_reply_status(self->reply) : self->mistake.status);
}

static PHP_METHOD(NativeReply, facts)
{
	WOTRUS_REPLY_METHOD(self);
	array_init(return_value);
	if (self->reply) {
		WOTRUS_QUIET();
		put_facts(return_value, self->reply);
		WOTRUS_LOUD();
	} else {
		put_mistake_facts(return_value, &self->mistake);
	}
}

static PHP_METHOD(NativeReply, orderId)
{
	WOTRUS_REPLY_METHOD(self);
	return_text(return_value, self->reply ? wotrus_reply_order_id(self->reply) : NULL);
}

static PHP_METHOD(NativeReply, requestId)
{
	WOTRUS_REPLY_METHOD(self);
	return_text(return_value, self->reply ? wotrus_reply_request_id(self->reply) : NULL);
}

static PHP_METHOD(NativeReply, attempts)
{
	WOTRUS_REPLY_METHOD(self);
	RETURN_LONG(self->reply ? wotrus_reply_attempts(self->reply) : 0);
}

static PHP_METHOD(NativeReply, json)
{
	char json[768];
	WOTRUS_REPLY_METHOD(self);
	if (self->reply) {
		return_text(return_value, wotrus_reply_json(self->reply, NULL));
	} else {
		write_mistake(json, sizeof(json), &self->mistake);
		return_text(return_value, json);
	}
}

static PHP_METHOD(NativeReply, values)
{
	WOTRUS_REPLY_METHOD(self);
	if (self->reply) {
		wotrus_reply_values_zval(return_value, self->reply TSRMLS_CC);
	}
}

static PHP_METHOD(NativeReply, body)
{
	WOTRUS_REPLY_METHOD(self);
	return_text(return_value, self->reply ? wotrus_reply_body(self->reply, NULL) : NULL);
}

static PHP_METHOD(NativeReply, get)
{
	WOTRUS_REPLY_METHOD_TEXT(self, path)
	return_text(return_value, wotrus_reply_get(self->reply, path));
}

static PHP_METHOD(NativeReply, pem)
{
	WOTRUS_REPLY_METHOD_TEXT(self, which)
	return_text(return_value, wotrus_reply_pem(self->reply, which));
}

static PHP_METHOD(NativeReply, chain)
{
	WOTRUS_REPLY_METHOD_TEXT(self, which)
	array_init(return_value);
	append_chain(return_value, self->reply, which);
}

static PHP_METHOD(NativeReply, fullChain)
{
	WOTRUS_REPLY_METHOD_TEXT(self, which)
	return_text(return_value, wotrus_reply_full_chain(self->reply, which));
}

static PHP_METHOD(NativeReply, root)
{
	WOTRUS_REPLY_METHOD_TEXT(self, which)
	return_text(return_value, wotrus_reply_root(self->reply, which));
}

#if PHP_VERSION_ID >= 80000
ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(number_arguments, 0, 0, IS_LONG, 0)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(facts_arguments, 0, 0, IS_ARRAY, 0)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(values_arguments, 0, 0, IS_ARRAY, 1)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(text_arguments, 0, 0, IS_STRING, 1)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(get_arguments, 0, 1, IS_STRING, 1)
	ZEND_ARG_TYPE_INFO(0, path, IS_STRING, 0)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(which_arguments, 0, 1, IS_STRING, 1)
	ZEND_ARG_TYPE_INFO(0, which, IS_STRING, 0)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(chain_arguments, 0, 1, IS_ARRAY, 1)
	ZEND_ARG_TYPE_INFO(0, which, IS_STRING, 0)
ZEND_END_ARG_INFO()
#else
ZEND_BEGIN_ARG_INFO_EX(text_arguments, 0, 0, 0)
ZEND_END_ARG_INFO()
#define number_arguments text_arguments
#define facts_arguments text_arguments
#define values_arguments text_arguments
ZEND_BEGIN_ARG_INFO_EX(get_arguments, 0, 0, 1)
	ZEND_ARG_INFO(0, path)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(which_arguments, 0, 0, 1)
	ZEND_ARG_INFO(0, which)
ZEND_END_ARG_INFO()
#define chain_arguments which_arguments
#endif

static const zend_function_entry reply_methods[] = {
	PHP_ME(NativeReply, status, number_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(NativeReply, facts, facts_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(NativeReply, orderId, text_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(NativeReply, requestId, text_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(NativeReply, attempts, number_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(NativeReply, json, text_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(NativeReply, values, values_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(NativeReply, body, text_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(NativeReply, get, get_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(NativeReply, pem, which_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(NativeReply, chain, chain_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(NativeReply, fullChain, which_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(NativeReply, root, which_arguments, ZEND_ACC_PUBLIC)
	PHP_FE_END
};

void wotrus_register_reply(TSRMLS_D)
{
	zend_class_entry entry;
	INIT_NS_CLASS_ENTRY(entry, "Wotrus", "NativeReply", reply_methods);
	reply_class = zend_register_internal_class(&entry TSRMLS_CC);
	WOTRUS_SET_CLASS(reply, wotrus_native_reply, reply_class);
}
