/* Included before the programs of tests/c on Windows: the POSIX functions that mingw lacks, in terms of
 * Winsock and winpthreads. */
#ifndef POSIX_H
#define POSIX_H

#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <ws2tcpip.h>

#include <dirent.h>
#include <errno.h>
#include <io.h>
#include <process.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MSG_NOSIGNAL 0 /* there are no signals */

static void __attribute__((constructor)) start_winsock(void)
{
    WSADATA data;
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0)
        exit(1);
}

/* The programs read and close sockets only. */
#define read(socket, into, size) recv(socket, (char *)(into), (int)(size), 0)
#define close(socket) closesocket(socket)
#define setsockopt(socket, level, name, value, size) setsockopt(socket, level, name, (const char *)(value), size)

/* winpthreads' own function may return before the thread's result is there. */
static int pthread_tryjoin_np(pthread_t thread, void **result)
{
    if (WaitForSingleObject(pthread_gethandle(thread), 0) != WAIT_OBJECT_0)
        return EBUSY;
    return pthread_join(thread, result);
}

/* The programs read a folder, /proc/self/fd, only to count their open files. Here they count their sockets: Windows
 * opens other handles when it first needs them, and keeps them. */
typedef struct {
    int left;
} socket_list;

static socket_list *list_sockets(void)
{
    static socket_list list;
    SOCKET handle;
    list.left = 0;
    for (handle = 4; handle < 0x8000; handle += 4) {
        int type, size = sizeof type;
        list.left += getsockopt(handle, SOL_SOCKET, SO_TYPE, (char *)&type, &size) == 0;
    }
    return &list;
}

#define DIR socket_list
#define opendir(folder) ((void)(folder), list_sockets())
#define readdir(list) ((list)->left-- > 0 ? (list) : NULL)
#define closedir(list) ((void)(list))

static DWORD WINAPI end_late(void *seconds)
{
    Sleep(1000 * (DWORD)(size_t)seconds);
    fprintf(stderr, "the program took longer than %u s\n", (unsigned)(size_t)seconds);
    fflush(stderr);
    TerminateProcess(GetCurrentProcess(), 1);
    return 0;
}

/* The end is an error instead of a signal. */
static void end_after(unsigned seconds)
{
    CloseHandle(CreateThread(NULL, 0, end_late, (void *)(size_t)seconds, 0, NULL));
}
#define alarm end_after

#endif
