/* Reads a text of a freed reply, to check that AddressSanitizer is active. */
#include "expect.h"

int main(void)
{
    wotrus_reply *reply = wotrus_read_push("{\"dataAction\":\"news\"}", 21);
    const char *kind = wotrus_reply_kind(reply);
    volatile char after;
    wotrus_reply_free(reply);
    after = kind[0];
    return after == 0;
}
