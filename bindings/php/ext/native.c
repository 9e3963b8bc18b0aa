/* The class Wotrus\Native: a client and its calls. */
#include "object.h"
#include "ext/spl/spl_exceptions.h"
#include "zend_exceptions.h"
#include "zend_interfaces.h"
#if PHP_VERSION_ID >= 80200
#include "zend_attributes.h"
#endif

/* Everything that must be freed belongs to the object, because PHP frees objects even after a fatal
   error. */
typedef struct {
	WOTRUS_STD_FIRST
	wotrus_kept *kept;     /* the client, if it is kept after the request */
	wotrus_client *client; /* the client, if it belongs to this object */
	wotrus_config *config; /* only while options are set */
	wotrus_reply *reply;   /* only while a reply is read */
	int is_made;
	int gb18030;
	wotrus_mistake mistake;
	WOTRUS_STD_LAST
} wotrus_native;

static zend_class_entry *native_class;

static const wotrus_client *client_of(const wotrus_native *native)
{
	return native->kept ? native->kept->client : native->client;
}

static void release(wotrus_native *native)
{
	WOTRUS_QUIET();
	wotrus_reply_free(native->reply);
	wotrus_config_free(native->config);
	wotrus_client_free(native->client);
	wotrus_kept_release(native->kept);
	WOTRUS_LOUD();
}

WOTRUS_OBJECT(native, wotrus_native, release)

/* Only a client with a valid configuration is kept: after a CA file is corrected, a client with the
   old error must not be found. */
static int is_valid(const wotrus_client *client)
{
	wotrus_reply *reply = wotrus_client_check(client);
	int status = wotrus_reply_status(reply);
	wotrus_reply_free(reply);
	return status == WOTRUS_OK;
}

static void make(wotrus_native *native, HashTable *options TSRMLS_DC)
{
	unsigned char key[WOTRUS_KEY];
	WOTRUS_QUIET();
	native->config = wotrus_config_new();
	wotrus_read_options(native->config, options, key, &native->gb18030, &native->mistake TSRMLS_CC);
	native->kept = wotrus_kept_find(key TSRMLS_CC);
	if (!native->kept && native->mistake.status == WOTRUS_OK) {
		native->client = wotrus_client_new(native->config);
		if (is_valid(native->client)) {
			native->kept = wotrus_kept_add(key, native->client TSRMLS_CC);
			native->client = NULL;
		}
	}
	wotrus_config_free(native->config);
	native->config = NULL;
	WOTRUS_LOUD();
}

static PHP_METHOD(Native, __construct)
{
	zval *options;
	wotrus_native *native = native_of(WOTRUS_THIS TSRMLS_CC);
#if PHP_VERSION_ID < 80000
	/* Before PHP 8 a wrong type is only a warning, which would leave an object without a client. */
	zend_error_handling handling;
	int parsed;
	zend_replace_error_handling(EH_THROW, spl_ce_InvalidArgumentException, &handling TSRMLS_CC);
	parsed = zend_parse_parameters(ZEND_NUM_ARGS() TSRMLS_CC, "a", &options);
	zend_restore_error_handling(&handling TSRMLS_CC);
	if (parsed == FAILURE) {
		return;
	}
#else
	if (zend_parse_parameters(ZEND_NUM_ARGS(), "a", &options) == FAILURE) {
		return;
	}
#endif
	if (native->is_made) {
		zend_throw_exception(spl_ce_LogicException, "Wotrus\\Native is constructed once", 0 TSRMLS_CC);
		return;
	}
	native->is_made = 1;
	make(native, Z_ARRVAL_P(options) TSRMLS_CC);
}

static PHP_METHOD(Native, with)
{
	zval *options;
	unsigned char key[WOTRUS_KEY];
	wotrus_native *native = native_of(WOTRUS_THIS TSRMLS_CC), *with;
	if (zend_parse_parameters(ZEND_NUM_ARGS() TSRMLS_CC, "a", &options) == FAILURE) {
		return;
	}
	object_init_ex(return_value, native_class);
	with = native_of(return_value TSRMLS_CC);
	with->is_made = 1;
	with->gb18030 = native->gb18030;
	with->mistake = native->mistake;
	{
		WOTRUS_QUIET();
		with->config = wotrus_config_new();
		wotrus_read_options(with->config, Z_ARRVAL_P(options), key, &with->gb18030,
				&with->mistake TSRMLS_CC);
		with->client = wotrus_client_with(client_of(native), with->config);
		wotrus_config_free(with->config);
		with->config = NULL;
		WOTRUS_LOUD();
	}
}

/* Makes the call into native->reply; returns a mistake that is found before. */
static wotrus_mistake make_call(wotrus_native *native, const char *operation, size_t operation_len,
		const char *json, size_t json_len TSRMLS_DC)
{
	wotrus_mistake mistake = native->mistake;
	wotrus_json checked;
	checked.text = json;
	checked.len = json ? json_len : 0;
	checked.owner = NULL;
	if (strlen(operation) != operation_len) {
		wotrus_mistaken(&mistake, WOTRUS_ARGUMENT, "operation", 9, "contains a NUL");
	}
	/* Calls of "POST /v1/..." and pushes open no files. */
	if (mistake.status == WOTRUS_OK && json && !strchr(operation, ' ')
			&& strcmp(operation, "read_push") != 0) {
		wotrus_check_paths(&checked, native->gb18030, &mistake TSRMLS_CC);
	}
	if (mistake.status == WOTRUS_OK) {
		WOTRUS_QUIET();
		wotrus_reply_free(native->reply); /* left by a call that a fatal error ended */
		native->reply = wotrus_call(client_of(native), operation, checked.text, checked.len);
		WOTRUS_LOUD();
	}
	wotrus_json_release(&checked);
	return mistake;
}

static PHP_METHOD(Native, call)
{
	char *operation, *json = NULL;
	wotrus_length operation_len, json_len = 0;
	wotrus_native *native = native_of(WOTRUS_THIS TSRMLS_CC);
	wotrus_mistake mistake;
	if (zend_parse_parameters(ZEND_NUM_ARGS() TSRMLS_CC, "s|s!", &operation, &operation_len,
			&json, &json_len) == FAILURE) {
		return;
	}
	mistake = make_call(native, operation, operation_len, json, json_len TSRMLS_CC);
	if (mistake.status != WOTRUS_OK) {
		wotrus_mistake_array(return_value, &mistake);
		return;
	}
	{
		WOTRUS_QUIET();
		wotrus_reply_array(return_value, native->reply);
		wotrus_reply_free(native->reply);
		native->reply = NULL;
		WOTRUS_LOUD();
	}
}

static PHP_METHOD(Native, request)
{
	char *operation, *json = NULL;
	wotrus_length operation_len, json_len = 0;
	wotrus_native *native = native_of(WOTRUS_THIS TSRMLS_CC);
	wotrus_mistake mistake;
	if (zend_parse_parameters(ZEND_NUM_ARGS() TSRMLS_CC, "s|s!", &operation, &operation_len,
			&json, &json_len) == FAILURE) {
		return;
	}
	mistake = make_call(native, operation, operation_len, json, json_len TSRMLS_CC);
	wotrus_reply_object(return_value, &native->reply, &mistake TSRMLS_CC);
}

static PHP_METHOD(Native, check)
{
	wotrus_native *native = native_of(WOTRUS_THIS TSRMLS_CC);
	if (zend_parse_parameters(ZEND_NUM_ARGS() TSRMLS_CC, "") == FAILURE) {
		return;
	}
	if (native->mistake.status == WOTRUS_OK) {
		WOTRUS_QUIET();
		wotrus_reply_free(native->reply); /* left by a call that a fatal error ended */
		native->reply = wotrus_client_check(client_of(native));
		WOTRUS_LOUD();
	}
	wotrus_reply_object(return_value, &native->reply, &native->mistake TSRMLS_CC);
}

static PHP_METHOD(Native, version)
{
	if (zend_parse_parameters(ZEND_NUM_ARGS() TSRMLS_CC, "") == FAILURE) {
		return;
	}
	WOTRUS_RETURN_TEXT(wotrus_version());
}

static PHP_METHOD(Native, abi)
{
	if (zend_parse_parameters(ZEND_NUM_ARGS() TSRMLS_CC, "") == FAILURE) {
		return;
	}
	RETURN_LONG(wotrus_abi());
}

/* PHP 8 requires argument information and accepts types and defaults in it. */
#if PHP_VERSION_ID >= 80000
ZEND_BEGIN_ARG_INFO_EX(construct_arguments, 0, 0, 1)
	ZEND_ARG_TYPE_INFO(0, options, IS_ARRAY, 0)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(with_arguments, 0, 1, Wotrus\\Native, 0)
	ZEND_ARG_TYPE_INFO(0, options, IS_ARRAY, 0)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(call_arguments, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, operation, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, json, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(request_arguments, 0, 1, Wotrus\\NativeReply, 0)
	ZEND_ARG_TYPE_INFO(0, operation, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, json, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(check_arguments, 0, 0, Wotrus\\NativeReply, 0)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(version_arguments, 0, 0, IS_STRING, 0)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(abi_arguments, 0, 0, IS_LONG, 0)
ZEND_END_ARG_INFO()
#else
ZEND_BEGIN_ARG_INFO_EX(construct_arguments, 0, 0, 1)
	ZEND_ARG_INFO(0, options)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(with_arguments, 0, 0, 1)
	ZEND_ARG_INFO(0, options)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(call_arguments, 0, 0, 1)
	ZEND_ARG_INFO(0, operation)
	ZEND_ARG_INFO(0, json)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(request_arguments, 0, 0, 1)
	ZEND_ARG_INFO(0, operation)
	ZEND_ARG_INFO(0, json)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(check_arguments, 0, 0, 0)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(version_arguments, 0, 0, 0)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_INFO_EX(abi_arguments, 0, 0, 0)
ZEND_END_ARG_INFO()
#endif

static const zend_function_entry native_methods[] = {
	PHP_ME(Native, __construct, construct_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(Native, with, with_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(Native, call, call_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(Native, request, request_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(Native, check, check_arguments, ZEND_ACC_PUBLIC)
	PHP_ME(Native, version, version_arguments, ZEND_ACC_PUBLIC | ZEND_ACC_STATIC)
	PHP_ME(Native, abi, abi_arguments, ZEND_ACC_PUBLIC | ZEND_ACC_STATIC)
	PHP_FE_END
};

/* Keeps the token and the fields of an order out of stack traces, from PHP 8.2 on. */
static void hide_arguments(void)
{
#if PHP_VERSION_ID >= 80200
	static const struct { const char *method; int parameter; } secret[] = {
		{ "__construct", 0 }, { "with", 0 }, { "call", 1 }, { "request", 1 },
	};
	size_t i;
	for (i = 0; i < sizeof(secret) / sizeof(*secret); i++) {
		zend_function *method = zend_hash_str_find_ptr(&native_class->function_table,
				secret[i].method, strlen(secret[i].method));
		zend_add_parameter_attribute(method, secret[i].parameter,
				ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);
	}
#endif
}

void wotrus_register_native(TSRMLS_D)
{
	zend_class_entry entry;
	INIT_NS_CLASS_ENTRY(entry, "Wotrus", "Native", native_methods);
	native_class = zend_register_internal_class(&entry TSRMLS_CC);
	WOTRUS_SET_CLASS(native, wotrus_native, native_class);
	hide_arguments();
}
