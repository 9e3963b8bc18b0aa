/* Hides the differences between PHP 5.6, 7 and 8 from the other files. */
#ifndef WOTRUS_COMPAT_H
#define WOTRUS_COMPAT_H

#include <signal.h>
#include "php.h"

/* PHP 8 removed the macros for the thread's context, which are empty since PHP 7. */
#if PHP_VERSION_ID >= 80000
#define TSRMLS_C
#define TSRMLS_CC
#define TSRMLS_D void
#define TSRMLS_DC
#define WOTRUS_THIS ZEND_THIS
#else
#define WOTRUS_THIS getThis()
#endif

/* In PHP 5 a zval is stored by pointer, a string's length is an int, and builds with threads pass a
   context. */
#if PHP_VERSION_ID < 70000
typedef int wotrus_length;
#define WOTRUS_RETURN_TEXT(text) RETURN_STRING((char *)(text), 1)
#define WOTRUS_FINAL ZEND_ACC_FINAL_CLASS
#else
typedef size_t wotrus_length;
#define WOTRUS_RETURN_TEXT(text) RETURN_STRING(text)
#define WOTRUS_FINAL ZEND_ACC_FINAL
#endif

#if PHP_VERSION_ID < 70000
static inline void wotrus_put(zval *array, const char *name, const char *text, size_t len)
{
	add_assoc_stringl(array, name, (char *)text, (uint)len, 1);
}

static inline void wotrus_append(zval *list, const char *text)
{
	add_next_index_string(list, text, 1);
}

static inline zval *wotrus_put_array(zval *array, const char *name)
{
	zval *nested;
	MAKE_STD_ZVAL(nested);
	array_init(nested);
	add_assoc_zval(array, name, nested);
	return nested;
}

/* Puts a text that is there already under a second name, without a copy. */
static inline void wotrus_put_again(zval *array, const char *name, const char *other)
{
	zval **value;
	if (zend_hash_find(Z_ARRVAL_P(array), other, strlen(other) + 1, (void **)&value) == SUCCESS) {
		Z_ADDREF_PP(value);
		add_assoc_zval(array, name, *value);
	}
}

/* The member at a position of a table, and its name; NULL if the key is a number. */
static inline zval *wotrus_member(HashTable *table, HashPosition *at, const char **name, size_t *len)
{
	zval **value;
	char *key;
	uint key_len;
	ulong index;
	if (zend_hash_get_current_data_ex(table, (void **)&value, at) != SUCCESS) {
		return NULL;
	}
	*name = NULL;
	if (zend_hash_get_current_key_ex(table, &key, &key_len, &index, 0, at) == HASH_KEY_IS_STRING) {
		*name = key;
		*len = key_len - 1;
	}
	return *value;
}
#else
static inline void wotrus_put(zval *array, const char *name, const char *text, size_t len)
{
	add_assoc_stringl(array, name, (char *)text, len);
}

static inline void wotrus_append(zval *list, const char *text)
{
	add_next_index_string(list, text);
}

/* The pointer is valid until the next member is added. */
static inline zval *wotrus_put_array(zval *array, const char *name)
{
	zval nested;
	array_init(&nested);
	return zend_hash_str_update(Z_ARRVAL_P(array), name, strlen(name), &nested);
}

static inline void wotrus_put_again(zval *array, const char *name, const char *other)
{
	zval *value = zend_hash_str_find(Z_ARRVAL_P(array), other, strlen(other));
	if (value) {
		Z_TRY_ADDREF_P(value);
		add_assoc_zval(array, name, value);
	}
}

static inline zval *wotrus_member(HashTable *table, HashPosition *at, const char **name, size_t *len)
{
	zend_string *key = NULL;
	zend_ulong index;
	zval *value = zend_hash_get_current_data_ex(table, at);
	if (!value) {
		return NULL;
	}
	*name = NULL;
	if (zend_hash_get_current_key_ex(table, &key, &index, at) == HASH_KEY_IS_STRING) {
		*name = ZSTR_VAL(key);
		*len = ZSTR_LEN(key);
	}
	ZVAL_DEREF(value);
	return value;
}
#endif

/* Before 7.1 the handler of the time limit's signal leaves the running code by longjmp. That must
   not happen inside the library, which may hold a lock, so the signal is blocked until WOTRUS_LOUD.
   If the memory limit leaves the code between the two, PHP itself unblocks the signal when it sets
   the next time limit. */
#if PHP_VERSION_ID < 70100 && defined(SIGPROF) && !defined(PHP_WIN32)
static inline void wotrus_quiet(sigset_t *before)
{
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGPROF);
#ifdef ZTS
	pthread_sigmask(SIG_BLOCK, &signals, before);
#else
	sigprocmask(SIG_BLOCK, &signals, before);
#endif
}

static inline void wotrus_loud(const sigset_t *before)
{
#ifdef ZTS
	pthread_sigmask(SIG_SETMASK, before, NULL);
#else
	sigprocmask(SIG_SETMASK, before, NULL);
#endif
}
#define WOTRUS_QUIET() sigset_t wotrus_before; wotrus_quiet(&wotrus_before)
#define WOTRUS_LOUD() wotrus_loud(&wotrus_before)
#else
#define WOTRUS_QUIET() ((void)0)
#define WOTRUS_LOUD() ((void)0)
#endif

#endif
