/* Makes the array that Wotrus\Native::call() returns. */
#include "php_wotrus.h"

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

static void put_certificates(zval *array, const wotrus_reply *reply)
{
	static const char *const names[] = { "RSA", "Sign", "Encrypt" };
	zval *all = wotrus_put_array(array, "certificates");
	size_t i, index;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *pem = wotrus_reply_pem(reply, names[i]);
		const char *link;
		zval *one, *chain;
		if (!pem) {
			continue;
		}
		one = wotrus_put_array(all, names[i]);
		put(one, "pem", pem);
		chain = wotrus_put_array(one, "chain");
		for (index = 0; (link = wotrus_reply_chain(reply, names[i], index)) != NULL; index++) {
			wotrus_append(chain, link);
		}
		put(one, "full_chain", wotrus_reply_full_chain(reply, names[i]));
		put(one, "root", wotrus_reply_root(reply, names[i]));
	}
}

void wotrus_reply_array(zval *array, const wotrus_reply *reply)
{
	size_t json_len = 0, body_len = 0;
	const char *json = wotrus_reply_json(reply, &json_len);
	const char *body = wotrus_reply_body(reply, &body_len);
	array_init(array);
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
void wotrus_mistake_array(zval *array, const wotrus_mistake *mistake)
{
	const char *kind = mistake->status == WOTRUS_CONFIG ? "config"
			: mistake->status == WOTRUS_FILE ? "file" : "argument";
	const char *cause = mistake->status == WOTRUS_FILE ? "file_read" : "invalid";
	char message[256], json[768];
	snprintf(message, sizeof(message), "%s: %s", mistake->field, mistake->problem);
	snprintf(json, sizeof(json),
			"{\"error\":{\"kind\":\"%s\",\"cause\":\"%s\",\"delivery\":\"not_sent\","
			"\"message\":\"%s\",\"request_id\":null,\"attempts\":0,\"http_status\":null,"
			"\"retry_after\":null,\"idempotence_id\":null,\"field\":\"%s\","
			"\"service_message\":null}}", kind, cause, message, mistake->field);
	array_init(array);
	add_assoc_long(array, "status", mistake->status);
	put(array, "kind", kind);
	put(array, "cause", cause);
	put(array, "delivery", "not_sent");
	put(array, "message", message);
	add_assoc_null(array, "http_status");
	add_assoc_null(array, "request_id");
	add_assoc_null(array, "idempotence_id");
	add_assoc_long(array, "attempts", 0);
	add_assoc_null(array, "retry_after_ms");
	add_assoc_null(array, "order_id");
	put(array, "json", json);
	add_assoc_null(array, "body");
	wotrus_put_array(array, "certificates");
}
