/* A clock that a test sets: the seconds since 1970 come from the file that TEST_CLOCK names. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t which, struct timespec *now) {
    if (which != CLOCK_REALTIME)
        return syscall(SYS_clock_gettime, which, now);
    char digits[32] = {0};
    int file = open(getenv("TEST_CLOCK"), O_RDONLY | O_CLOEXEC);
    if (file < 0 || read(file, digits, sizeof digits - 1) <= 0)
        abort();
    close(file);
    now->tv_sec = strtoll(digits, NULL, 10);
    now->tv_nsec = 500000000;
    return 0;
}
