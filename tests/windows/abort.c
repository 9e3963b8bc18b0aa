/* A setter or a _free function that is given an invalid pointer ends the process: going on would corrupt memory.
 * The program runs itself, with the number of the misuse. */
#include <posix.h>

#include "expect.h"

enum { MISUSES = 3, FAST_FAIL = (int)0xC0000409 };

static void misuse(int number)
{
    static char zeros[4096];
    wotrus_order *order = wotrus_order_new();
    switch (number) {
    case 0: wotrus_config_free((wotrus_config *)order); break;
    case 1: wotrus_order_set((wotrus_order *)(zeros + 2048), "month", "12"); break;
    default:
        wotrus_order_free(order);
        wotrus_order_free(order);
    }
}

int main(int argc, char **argv)
{
    char command[1024];
    int i;
    alarm(60);
    if (argc == 2) {
        misuse(atoi(argv[1]));
        return 0;
    }
    for (i = 0; i < MISUSES; i++) {
        STARTUPINFOA start;
        PROCESS_INFORMATION child;
        DWORD code = 0;
        memset(&start, 0, sizeof start);
        start.cb = sizeof start;
        EXPECT(snprintf(command, sizeof command, "\"%s\" %d", argv[0], i) < (int)sizeof command);
        EXPECT(CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &child));
        EXPECT(WaitForSingleObject(child.hProcess, 30 * 1000) == WAIT_OBJECT_0);
        EXPECT(GetExitCodeProcess(child.hProcess, &code));
        printf("misuse %d: exit code %#x\n", i, (unsigned)code);
        EXPECT((int)code == FAST_FAIL);
        CloseHandle(child.hThread);
        CloseHandle(child.hProcess);
    }
    return 0;
}
