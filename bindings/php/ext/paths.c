/* Applies open_basedir to the files that the library opens. */
#include "php_wotrus.h"
#include "main/fopen_wrappers.h"

/* The levels that the library accepts. json_decode() counts the value in the innermost one too. */
#define MAX_DEPTH 64

int wotrus_path_is_allowed(const char *path TSRMLS_DC)
{
	return php_check_open_basedir_ex(path, 0 TSRMLS_CC) == 0;
}

/* Whether PHP has a function: its extension is loaded, and disable_functions does not name it. Before
   PHP 8 a disabled function stays in the table. */
static int has_function(const char *name TSRMLS_DC)
{
#if PHP_VERSION_ID < 70000
	zend_function *function;
	return zend_hash_find(EG(function_table), name, strlen(name) + 1, (void **)&function) == SUCCESS
			&& function->internal_function.handler != ZEND_FN(display_disabled_function);
#elif PHP_VERSION_ID < 80000
	zend_function *function = zend_hash_str_find_ptr(EG(function_table), name, strlen(name));
	return function && function->internal_function.handler != ZEND_FN(display_disabled_function);
#else
	return zend_hash_str_exists(EG(function_table), name, strlen(name));
#endif
}

/* Calls a PHP function; returns whether it gave a value of another type than null and false. */
static int call_function(const char *name, zval *result, int count, zval *arguments TSRMLS_DC)
{
	int called;
#if PHP_VERSION_ID < 70000
	zval function, *pointers[4];
	int i;
	for (i = 0; i < count; i++) {
		pointers[i] = &arguments[i];
	}
	INIT_ZVAL(*result);
	if (!has_function(name TSRMLS_CC)) {
		return 0;
	}
	INIT_ZVAL(function);
	ZVAL_STRING(&function, name, 1);
	called = call_user_function(EG(function_table), NULL, &function, result, count, pointers TSRMLS_CC);
	zval_dtor(&function);
	return called == SUCCESS && Z_TYPE_P(result) != IS_NULL
			&& !(Z_TYPE_P(result) == IS_BOOL && !Z_BVAL_P(result));
#else
	zval function;
	ZVAL_UNDEF(result);
	if (!has_function(name)) {
		return 0;
	}
	ZVAL_STRING(&function, name);
	called = call_user_function(NULL, NULL, &function, result, count, arguments);
	zval_ptr_dtor(&function);
	return called == SUCCESS && Z_TYPE_P(result) > IS_FALSE;
#endif
}

static void destroy(zval *value)
{
#if PHP_VERSION_ID < 70000
	zval_dtor(value);
#else
	zval_ptr_dtor(value);
#endif
}

/* The problem of a path, if there is one. The library refuses a path that is empty or not text. */
static const char *problem_of(zval *path, int *status TSRMLS_DC)
{
	static const char outside[] = "is outside PHP's open_basedir";
	const char *text;
	if (Z_TYPE_P(path) != IS_STRING || Z_STRLEN_P(path) == 0) {
		return NULL;
	}
	text = Z_STRVAL_P(path);
	if (strlen(text) != (size_t)Z_STRLEN_P(path)) {
		*status = WOTRUS_ARGUMENT;
		return "contains a NUL";
	}
	*status = WOTRUS_FILE;
	/* PHP's own check of a longer path raises a warning that shows it. */
	if (strlen(text) >= MAXPATHLEN) {
		return "is too long for a path";
	}
#ifdef ZTS
	/* With threads the current folder of PHP is not that of the process, which the library uses. */
	if (!IS_ABSOLUTE_PATH(text, strlen(text))) {
		return outside;
	}
#endif
	return wotrus_path_is_allowed(text TSRMLS_CC) ? NULL : outside;
}

/* Reports the first "path", in any case and at any depth, that must not be opened. */
static void check_members(zval *value, int depth, wotrus_mistake *mistake TSRMLS_DC)
{
	HashPosition at;
	HashTable *members;
	const char *name, *problem;
	size_t len = 0;
	int status = WOTRUS_OK;
	zval *member;
	if (Z_TYPE_P(value) == IS_ARRAY) {
		members = Z_ARRVAL_P(value);
	} else if (Z_TYPE_P(value) == IS_OBJECT) {
		members = Z_OBJPROP_P(value);
	} else {
		return;
	}
	if (depth == MAX_DEPTH) {
		wotrus_mistaken(mistake, WOTRUS_ARGUMENT, "json", 4, "is not a JSON object");
		return;
	}
	zend_hash_internal_pointer_reset_ex(members, &at);
	while (mistake->status == WOTRUS_OK && (member = wotrus_member(members, &at, &name, &len)) != NULL) {
		if (name && len == 4 && strncasecmp(name, "path", 4) == 0) {
			problem = problem_of(member, &status TSRMLS_CC);
			if (problem) {
				wotrus_mistaken(mistake, status, "path", 4, problem);
			}
		}
		check_members(member, depth + 1, mistake TSRMLS_CC);
		zend_hash_move_forward_ex(members, &at);
	}
}

static void set_text(zval *value, const char *text, size_t len)
{
#if PHP_VERSION_ID < 70000
	INIT_ZVAL(*value);
	ZVAL_STRINGL(value, text, len, 1);
#else
	ZVAL_STRINGL(value, text, len);
#endif
}

static int is_ascii(const char *text, size_t len)
{
	size_t i;
	for (i = 0; i < len; i++) {
		if ((unsigned char)text[i] >= 0x80) {
			return 0;
		}
	}
	return 1;
}

/* Puts the JSON in UTF-8 into value; returns whether that is possible. */
static int to_utf8(zval *value, const wotrus_json *json, int gb18030 TSRMLS_DC)
{
	zval arguments[3], checked;
	long reporting = EG(error_reporting);
	int converted, i;
	if (!gb18030 || is_ascii(json->text, json->len)) {
		set_text(value, json->text, json->len);
		return 1;
	}
#if PHP_VERSION_ID < 70000
	INIT_ZVAL(*value);
#else
	ZVAL_UNDEF(value);
#endif
	if (has_function("iconv" TSRMLS_CC)) {
		set_text(&arguments[0], "GB18030", 7);
		set_text(&arguments[1], "UTF-8", 5);
		set_text(&arguments[2], json->text, json->len);
		EG(error_reporting) = 0; /* iconv raises a notice for invalid text */
		converted = call_function("iconv", value, 3, arguments TSRMLS_CC);
		EG(error_reporting) = reporting;
	} else {
		set_text(&arguments[0], json->text, json->len);
		set_text(&arguments[1], "GB18030", 7);
		set_text(&arguments[2], "GB18030", 7);
		converted = call_function("mb_check_encoding", &checked, 2, arguments TSRMLS_CC);
		destroy(&checked);
		destroy(&arguments[1]);
		set_text(&arguments[1], "UTF-8", 5);
		converted = converted && call_function("mb_convert_encoding", value, 3, arguments TSRMLS_CC);
	}
	converted = converted && Z_TYPE_P(value) == IS_STRING;
	for (i = 0; i < 3; i++) {
		destroy(&arguments[i]);
	}
	return converted;
}

/* Where open_basedir is set, the JSON is decoded, checked and written again by PHP: so the library
   reads exactly what was checked, whatever the text has (duplicate names, escapes). JSON that PHP
   cannot decode is refused, because the library might accept it. */
void wotrus_check_paths(wotrus_json *json, int gb18030, wotrus_mistake *mistake TSRMLS_DC)
{
	static const char problem[] = "is not a JSON object";
	zval decoded, arguments[4];
	if (!PG(open_basedir) || !*PG(open_basedir)) {
		return;
	}
#if PHP_VERSION_ID < 70000
	INIT_ZVAL(arguments[1]);
	INIT_ZVAL(arguments[2]);
	INIT_ZVAL(arguments[3]);
	INIT_ZVAL(decoded);
#else
	ZVAL_UNDEF(&decoded);
#endif
	ZVAL_BOOL(&arguments[1], 0);
	ZVAL_LONG(&arguments[2], MAX_DEPTH + 1);
	ZVAL_LONG(&arguments[3], 2); /* JSON_BIGINT_AS_STRING */
	if (!to_utf8(&arguments[0], json, gb18030 TSRMLS_CC)) {
		wotrus_mistaken(mistake, WOTRUS_ARGUMENT, "json", 4, "is not GB18030");
	} else if (!call_function("json_decode", &decoded, 4, arguments TSRMLS_CC)) {
		wotrus_mistaken(mistake, WOTRUS_ARGUMENT, "json", 4, problem);
	} else {
		check_members(&decoded, 0, mistake TSRMLS_CC);
	}
	if (mistake->status == WOTRUS_OK) {
		zval *value;
		int encoded;
		destroy(&arguments[0]);
		arguments[0] = decoded;
		ZVAL_LONG(&arguments[1], 64); /* JSON_UNESCAPED_SLASHES */
#if PHP_VERSION_ID < 70000
		MAKE_STD_ZVAL(value);
#else
		value = &json->value;
#endif
		encoded = call_function("json_encode", value, 2, arguments TSRMLS_CC);
		json->owner = value;
		if (encoded && Z_TYPE_P(value) == IS_STRING) {
			json->text = Z_STRVAL_P(value);
			json->len = Z_STRLEN_P(value);
		} else {
			wotrus_mistaken(mistake, WOTRUS_ARGUMENT, "json", 4, problem);
		}
#if PHP_VERSION_ID < 70000
		INIT_ZVAL(decoded);
#else
		ZVAL_UNDEF(&decoded);
#endif
	}
	destroy(&decoded);
	destroy(&arguments[0]);
}

void wotrus_json_release(wotrus_json *json)
{
	if (json->owner) {
#if PHP_VERSION_ID < 70000
		zval_ptr_dtor(&json->owner);
#else
		zval_ptr_dtor(json->owner);
#endif
		json->owner = NULL;
	}
}
