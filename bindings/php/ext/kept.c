/* Clients that are kept after a request, with their open connections, for the next one. */
#include "php_wotrus.h"

/* The key includes the process id, so a child process never finds the clients of its parent. They
   are replaced as the least recently used. */
wotrus_kept *wotrus_kept_find(const unsigned char key[WOTRUS_KEY] TSRMLS_DC)
{
	int i;
	for (i = 0; i < WOTRUS_KEPT; i++) {
		wotrus_kept *kept = WOTRUS_G(kept)[i];
		if (kept && memcmp(kept->key, key, WOTRUS_KEY) == 0) {
			kept->used = ++WOTRUS_G(uses);
			kept->holders++;
			return kept;
		}
	}
	return NULL;
}

/* Keeps a client, in place of the least recently used one if the list is full. */
wotrus_kept *wotrus_kept_add(const unsigned char key[WOTRUS_KEY], wotrus_client *client TSRMLS_DC)
{
	wotrus_kept *kept = pemalloc(sizeof(*kept), 1);
	wotrus_kept **place = &WOTRUS_G(kept)[0];
	int i;
	for (i = 1; i < WOTRUS_KEPT && *place; i++) {
		wotrus_kept **other = &WOTRUS_G(kept)[i];
		if (!*other || (*other)->used < (*place)->used) {
			place = other;
		}
	}
	memcpy(kept->key, key, WOTRUS_KEY);
	kept->client = client;
	kept->holders = 2;
	kept->used = ++WOTRUS_G(uses);
	wotrus_kept_release(*place);
	*place = kept;
	return kept;
}

/* Frees the client when neither the list nor an object holds it. */
void wotrus_kept_release(wotrus_kept *kept)
{
	if (kept && --kept->holders == 0) {
		wotrus_client_free(kept->client);
		pefree(kept, 1);
	}
}

int wotrus_kept_count(TSRMLS_D)
{
	int i, count = 0;
	for (i = 0; i < WOTRUS_KEPT; i++) {
		count += WOTRUS_G(kept)[i] != NULL;
	}
	return count;
}

void wotrus_kept_forget_all(zend_wotrus_globals *globals)
{
	int i;
	for (i = 0; i < WOTRUS_KEPT; i++) {
		wotrus_kept_release(globals->kept[i]);
		globals->kept[i] = NULL;
	}
}
