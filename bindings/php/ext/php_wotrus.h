/* The extension wotrus: libwotrus as the PHP class Wotrus\Native. */
#ifndef PHP_WOTRUS_H
#define PHP_WOTRUS_H

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "compat.h"
#include <wotrus.h>

/* The number of clients that a process (in builds with threads, a thread) keeps between requests. */
#define WOTRUS_KEPT 16

/* The length of the key of a configuration, in bytes. */
#define WOTRUS_KEY 20

/* A client that is kept after the request. The list in the globals and objects hold it. */
typedef struct {
	unsigned char key[WOTRUS_KEY];
	wotrus_client *client;
	unsigned int holders;
	unsigned long used;
} wotrus_kept;

ZEND_BEGIN_MODULE_GLOBALS(wotrus)
	wotrus_kept *kept[WOTRUS_KEPT];
	unsigned long uses;
ZEND_END_MODULE_GLOBALS(wotrus)

ZEND_EXTERN_MODULE_GLOBALS(wotrus)

#if PHP_VERSION_ID >= 70000
#define WOTRUS_G(member) ZEND_MODULE_GLOBALS_ACCESSOR(wotrus, member)
#elif defined(ZTS)
#define WOTRUS_G(member) TSRMG(wotrus_globals_id, zend_wotrus_globals *, member)
#else
#define WOTRUS_G(member) (wotrus_globals.member)
#endif

/* A mistake that the extension finds itself. The field's name may be the caller's text, so only a
   name of letters, digits and underscores is kept. */
typedef struct {
	int status; /* WOTRUS_OK for none */
	char field[64];
	const char *problem;
} wotrus_mistake;

/* options.c */
void wotrus_mistaken(wotrus_mistake *mistake, int status, const char *field, size_t len,
		const char *problem);
void wotrus_read_options(wotrus_config *config, HashTable *options, unsigned char key[WOTRUS_KEY],
		int *gb18030, wotrus_mistake *mistake TSRMLS_DC);

/* kept.c */
wotrus_kept *wotrus_kept_find(const unsigned char key[WOTRUS_KEY] TSRMLS_DC);
wotrus_kept *wotrus_kept_add(const unsigned char key[WOTRUS_KEY], wotrus_client *client TSRMLS_DC);
void wotrus_kept_release(wotrus_kept *kept);
int wotrus_kept_count(TSRMLS_D);
void wotrus_kept_forget_all(zend_wotrus_globals *globals);

/* paths.c */
typedef struct {
	const char *text;
	size_t len;
	zval *owner; /* the PHP string that holds text, if it is not the caller's */
#if PHP_VERSION_ID >= 70000
	zval value;
#endif
} wotrus_json;
int wotrus_path_is_allowed(const char *path TSRMLS_DC);
void wotrus_check_paths(wotrus_json *json, int gb18030, wotrus_mistake *mistake TSRMLS_DC);
void wotrus_json_release(wotrus_json *json);

/* reply.c */
void wotrus_reply_array(zval *array, const wotrus_reply *reply);
void wotrus_mistake_array(zval *array, const wotrus_mistake *mistake);
/* Makes a Wotrus\NativeReply of the reply, which it takes over, or of the mistake. */
void wotrus_reply_object(zval *object, wotrus_reply **reply, const wotrus_mistake *mistake TSRMLS_DC);
void wotrus_register_reply(TSRMLS_D);

/* values.c */
void wotrus_register_names(void);
void wotrus_reply_values_zval(zval *value, const wotrus_reply *reply TSRMLS_DC);

/* native.c */
void wotrus_register_native(TSRMLS_D);

#endif
