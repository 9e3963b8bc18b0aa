/* Reads options from a PHP array into a configuration and into the key of a kept client. */
#include "php_wotrus.h"
#include "ext/standard/sha1.h"
#include <sys/stat.h>

void wotrus_mistaken(wotrus_mistake *mistake, int status, const char *field, size_t len,
		const char *problem)
{
	static const char plain[] =
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	size_t i;
	if (mistake->status != WOTRUS_OK) {
		return; /* the first mistake is reported, as in the C interface */
	}
	mistake->status = status;
	mistake->problem = problem;
	if (len >= sizeof(mistake->field)) {
		len = 0;
	}
	for (i = 0; i < len; i++) {
		if (!strchr(plain, field[i])) {
			len = 0;
		}
	}
	memcpy(mistake->field, len ? field : "option", len ? len : sizeof("option") - 1);
	mistake->field[len ? len : sizeof("option") - 1] = '\0';
}

/* Adds a part of the key, with its length, so that two different lists of parts never give the same
   bytes. SHA-1 is in every PHP since 5.6 and is sufficient: to collide with a key one must know the
   token in it. */
static void hash(PHP_SHA1_CTX *context, const void *bytes, size_t len)
{
	PHP_SHA1Update(context, (const unsigned char *)&len, sizeof(len));
	PHP_SHA1Update(context, (const unsigned char *)bytes, len);
}

static void set(wotrus_config *config, PHP_SHA1_CTX *context, const char *name, const char *value)
{
	wotrus_config_set(config, name, value);
	hash(context, name, strlen(name));
	hash(context, value, strlen(value));
}

/* Sets the CA file: as an absolute path, because the current folder of a worker changes with its
   scripts. Its inode, size and time are in the key, so that a changed file makes a new client. */
static void set_ca_file(wotrus_config *config, PHP_SHA1_CTX *context, const char *file,
		wotrus_mistake *mistake TSRMLS_DC)
{
	char *absolute;
	struct stat now;
	/* "system" stands for the CAs of the operating system. */
	if (!*file || strcmp(file, "system") == 0) {
		set(config, context, "ca_file", file);
		return;
	}
	absolute = expand_filepath(file, NULL TSRMLS_CC);
	if (!absolute) {
		wotrus_mistaken(mistake, WOTRUS_CONFIG, "ca_file", 7, "is too long for a path");
		return;
	}
	if (!wotrus_path_is_allowed(absolute TSRMLS_CC)) {
		wotrus_mistaken(mistake, WOTRUS_CONFIG, "ca_file", 7, "is outside PHP's open_basedir");
	} else {
		set(config, context, "ca_file", absolute);
		if (stat(absolute, &now) == 0) {
			hash(context, &now.st_ino, sizeof(now.st_ino));
			hash(context, &now.st_size, sizeof(now.st_size));
			hash(context, &now.st_mtime, sizeof(now.st_mtime));
		}
	}
	efree(absolute);
}

static void set_option(wotrus_config *config, PHP_SHA1_CTX *context, const char *name, size_t len,
		zval *value, int *gb18030, wotrus_mistake *mistake TSRMLS_DC)
{
	char number[64];
	const char *text;
	if (!name || !len || strlen(name) != len) {
		wotrus_mistaken(mistake, WOTRUS_CONFIG, "", 0, "has a name that is a number or contains a NUL");
		return;
	}
	switch (Z_TYPE_P(value)) {
	case IS_NULL: /* not set */
		return;
	case IS_LONG:
		snprintf(number, sizeof(number), "%lld", (long long)Z_LVAL_P(value));
		text = number;
		break;
	case IS_DOUBLE:
		/* The F of PHP's own function is a point in every locale. */
		ap_php_snprintf(number, sizeof(number), "%.6F", Z_DVAL_P(value));
		text = number;
		break;
	case IS_STRING:
		text = Z_STRVAL_P(value);
		if (strlen(text) != (size_t)Z_STRLEN_P(value)) {
			wotrus_mistaken(mistake, WOTRUS_CONFIG, name, len, "contains a NUL");
			return;
		}
		break;
	default:
		wotrus_mistaken(mistake, WOTRUS_CONFIG, name, len, "is neither text nor a number");
		return;
	}
	/* A number may be the name of a file too. */
	if (strcmp(name, "ca_file") == 0) {
		set_ca_file(config, context, text, mistake TSRMLS_CC);
		return;
	}
	if (strcmp(name, "charset") == 0) {
		*gb18030 = strcasecmp(text, "GB18030") == 0;
	}
	set(config, context, name, text);
}

/* Outside the library nothing is left of the token but the hash in the key. */
void wotrus_read_options(wotrus_config *config, HashTable *options, unsigned char key[WOTRUS_KEY],
		int *gb18030, wotrus_mistake *mistake TSRMLS_DC)
{
	PHP_SHA1_CTX context;
	HashPosition at;
	const char *name;
	size_t len = 0;
	zval *value;
	pid_t process = getpid();
	PHP_SHA1Init(&context);
	hash(&context, &process, sizeof(process));
	zend_hash_internal_pointer_reset_ex(options, &at);
	while ((value = wotrus_member(options, &at, &name, &len)) != NULL) {
		set_option(config, &context, name, len, value, gb18030, mistake TSRMLS_CC);
		zend_hash_move_forward_ex(options, &at);
	}
	PHP_SHA1Final(key, &context);
}
