/* Applies open_basedir to the files that the library opens. */
#include "php_wotrus.h"
#include "main/fopen_wrappers.h"

int wotrus_path_is_allowed(const char *path TSRMLS_DC)
{
	return php_check_open_basedir_ex(path, 0 TSRMLS_CC) == 0;
}

/* In GB18030 the second byte of a character can be a quote's backslash: it is skipped with the
   first. A character of four bytes is two such pairs. */
static const char *next_char(const char *at, int gb18030)
{
	return at + (gb18030 && (unsigned char)*at >= 0x81 ? 2 : 1);
}

/* Past the string that begins at its quote, NULL if it does not end. */
static const char *string_end(const char *at, const char *end, int gb18030)
{
	for (at++; at < end; at = next_char(at, gb18030)) {
		if (*at == '"') {
			return at + 1;
		}
		if (*at == '\\') {
			at++;
		}
	}
	return NULL;
}

static unsigned int hex4(const char *at, const char *end)
{
	unsigned int code = 0;
	int i;
	for (i = 0; i < 4; i++) {
		if (at + i >= end || !isxdigit((unsigned char)at[i])) {
			return 0;
		}
		code = code * 16 + (at[i] <= '9' ? at[i] - '0' : (at[i] | 32) - 'a' + 10);
	}
	return code;
}

static char *write_utf8(char *out, unsigned int code)
{
	if (code < 0x80) {
		*out++ = (char)code;
		return out;
	}
	if (code < 0x800) {
		*out++ = (char)(0xc0 | code >> 6);
	} else {
		if (code < 0x10000) {
			*out++ = (char)(0xe0 | code >> 12);
		} else {
			*out++ = (char)(0xf0 | code >> 18);
			*out++ = (char)(0x80 | (code >> 12 & 0x3f));
		}
		*out++ = (char)(0x80 | (code >> 6 & 0x3f));
	}
	*out++ = (char)(0x80 | (code & 0x3f));
	return out;
}

/* What the string between the quotes says, in memory to be freed. It is never longer than its
   escaped form. What the library would refuse may come out as anything. */
static char *unescaped(const char *at, const char *end)
{
	char *text = emalloc(end - at + 1), *out = text;
	while (at < end) {
		unsigned int code;
		if (*at != '\\' || at + 1 == end) {
			*out++ = *at++;
			continue;
		}
		at += 2;
		switch (at[-1]) {
		case 'b': *out++ = '\b'; break;
		case 'f': *out++ = '\f'; break;
		case 'n': *out++ = '\n'; break;
		case 'r': *out++ = '\r'; break;
		case 't': *out++ = '\t'; break;
		case 'u':
			code = hex4(at, end);
			at += end - at < 4 ? end - at : 4;
			if (code >= 0xd800 && code < 0xdc00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
				code = 0x10000 + ((code & 0x3ff) << 10) + (hex4(at + 2, end) & 0x3ff);
				at += 6;
			}
			out = write_utf8(out, code);
			break;
		default: *out++ = at[-1];
		}
	}
	*out = '\0';
	return text;
}

static int is_allowed(const char *start, const char *end, int gb18030 TSRMLS_DC)
{
	char *path = unescaped(start, end);
	int allowed = wotrus_path_is_allowed(path TSRMLS_CC);
	const char *at;
	for (at = start; gb18030 && at < end; at++) {
		/* The library will open its UTF-8 form, which is not known here. */
		allowed = allowed && (unsigned char)*at < 0x80;
	}
#ifdef ZTS
	/* PHP's current folder is the thread's there, the library's is the process's. */
	allowed = allowed && IS_ABSOLUTE_PATH(path, strlen(path));
#endif
	efree(path);
	return allowed;
}

static const char *past_space(const char *at, const char *end)
{
	while (at < end && strchr(" \t\r\n", *at)) {
		at++;
	}
	return at;
}

/* Whether every file that the JSON names, as a "path" in any case and at any depth, may be read.
   JSON that is none is left to the library, which refuses it before it opens a file. */
int wotrus_documents_are_allowed(const char *json, size_t len, int gb18030 TSRMLS_DC)
{
	const char *at = json, *end = json + len;
	if (!PG(open_basedir) || !*PG(open_basedir)) {
		return 1;
	}
	while (at < end) {
		const char *name = at, *after;
		char *text;
		int is_path;
		if (*at != '"') {
			at++;
			continue;
		}
		after = string_end(at, end, gb18030);
		if (!after) {
			return 1;
		}
		at = past_space(after, end);
		if (at == end || *at != ':') {
			continue;
		}
		text = unescaped(name + 1, after - 1);
		is_path = strcasecmp(text, "path") == 0;
		efree(text);
		at = past_space(at + 1, end);
		if (!is_path || at == end || *at == 'n') {
			continue;
		}
		if (*at != '"') {
			return 0; /* a number is a name too */
		}
		after = string_end(at, end, gb18030);
		if (!after) {
			return 1;
		}
		if (!is_allowed(at + 1, after - 1, gb18030 TSRMLS_CC)) {
			return 0;
		}
		at = after;
	}
	return 1;
}
