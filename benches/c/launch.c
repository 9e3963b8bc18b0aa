/* launch RESULT PROGRAM ARGUMENT...: runs the program and writes its cost to RESULT: user, system and wall
   time (microseconds), peak memory (KiB) and exit status. A small parent, because the kernel includes the
   parent's memory in the peak. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static long long micros(struct timeval time)
{
    return time.tv_sec * 1000000LL + time.tv_usec;
}

int main(int argc, char **argv)
{
    long long start;
    struct rusage usage;
    int status;
    pid_t child;
    FILE *result = argc > 2 ? fopen(argv[1], "w") : NULL;
    if (result == NULL) {
        fprintf(stderr, "usage: launch RESULT PROGRAM ARGUMENT...\n");
        return 2;
    }
    start = now();
    child = fork();
    if (child == 0) {
        execv(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child)
        return 2;
    fprintf(result, "%lld %lld %lld %ld %d\n", micros(usage.ru_utime), micros(usage.ru_stime),
            now() - start, usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128);
    return fclose(result) == 0 ? 0 : 2;
}
