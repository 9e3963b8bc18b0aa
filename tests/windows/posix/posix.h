/* Included before the programs of tests/c on Windows: the POSIX functions that mingw lacks, in terms of
 * Winsock and winpthreads. */
#ifndef POSIX_H
#define POSIX_H

#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <ws2tcpip.h>

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
#define pthread_tryjoin_np _pthread_tryjoin

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
