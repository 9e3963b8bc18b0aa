/* Reads past a text of the library's: a sanitizer that is really there stops this. */
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
