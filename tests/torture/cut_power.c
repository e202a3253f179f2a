/* SPDX-License-Identifier: Apache-2.0
 *
 * cut_power - takes the disk away from a file system: nothing that it has not written by now, journal or data, will be.
 *
 *   cut_power DIRECTORY      0, or the errno
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Of ext4 and others, which no header of the kernel's gives to programs. */
#define SHUT_DOWN _IOR('X', 125, uint32_t)
#define WITHOUT_FLUSHING_THE_LOG UINT32_C(2)

int main(int argc, char *argv[])
{
    uint32_t how = WITHOUT_FLUSHING_THE_LOG;

    int fd = argc == 2 ? open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0 && ioctl(fd, SHUT_DOWN, &how) == 0)
        return 0;
    int number = errno;
    (void)fprintf(stderr, "cannot shut down the file system: %s\n", strerror(number));
    return number;
}
