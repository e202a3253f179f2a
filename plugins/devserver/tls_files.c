/* SPDX-License-Identifier: Apache-2.0 */
#include "tls_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define CERTIFICATE_FILE "cert.pem"
#define KEY_FILE "key.pem"
#define CA_FILE "ca.pem"

struct folder {
    const char *path;
    int fd;
};

static plexctl_status failed(const struct folder *folder, const char *file, const char *what, struct reason *reason)
{
    return reason_set(reason, errno == ENOMEM ? PLEXCTL_NO_MEMORY : PLEXCTL_FAILED, "cannot %s %s/%s: %s", what,
                      folder->path, file, strerror(errno));
}

/* Who can write the directory can put a key of their own in it. */
static plexctl_status check_folder(const struct folder *folder, struct reason *reason)
{
    struct stat status;

    if (fstat(folder->fd, &status) < 0)
        return reason_set(reason, PLEXCTL_FAILED, "--tls-dir: cannot examine %s: %s", folder->path, strerror(errno));
    if (status.st_uid != geteuid() && status.st_uid != 0)
        return reason_set(reason, PLEXCTL_USAGE, "--tls-dir: %s belongs to user %u; name a directory of your own",
                          folder->path, (unsigned)status.st_uid);
    if (status.st_mode & 022)
        return reason_set(reason, PLEXCTL_USAGE, "--tls-dir: others can write %s (mode %04o); run: chmod go-w %s",
                          folder->path, (unsigned)(status.st_mode & 07777), folder->path);
    return PLEXCTL_OK;
}

static plexctl_status open_folder(const char *path, struct folder *ret_folder, struct reason *reason)
{
    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        return reason_set(reason, PLEXCTL_USAGE, "--tls-dir: cannot create %s: %s; create its parent or name another",
                          path, strerror(errno));
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return reason_set(reason, PLEXCTL_USAGE, "--tls-dir: cannot open %s: %s; name a directory", path,
                          strerror(errno));
    struct folder folder = {path, fd};
    plexctl_status status = check_folder(&folder, reason);
    /* Two servers that start at once on an empty directory must not mix their files. */
    if (status == PLEXCTL_OK && flock(fd, LOCK_EX) < 0)
        status = reason_set(reason, PLEXCTL_FAILED, "--tls-dir: cannot lock %s: %s", path, strerror(errno));
    if (status != PLEXCTL_OK) {
        (void)close(fd);
        return status;
    }
    *ret_folder = folder;
    return PLEXCTL_OK;
}

static plexctl_status check_mode(const struct folder *folder, const char *file, int fd, struct reason *reason)
{
    struct stat status;

    if (fstat(fd, &status) < 0)
        return failed(folder, file, "examine", reason);
    if (!S_ISREG(status.st_mode))
        return reason_set(reason, PLEXCTL_USAGE, "--tls-dir: %s/%s is no regular file; remove it or name another",
                          folder->path, file);
    if (strcmp(file, KEY_FILE) == 0 && (status.st_mode & 077))
        return reason_set(reason, PLEXCTL_USAGE, "--tls-dir: %s/%s is open to others (mode %04o); run: chmod 600 %s/%s",
                          folder->path, file, (unsigned)(status.st_mode & 07777), folder->path, file);
    return PLEXCTL_OK;
}

static plexctl_status read_open(const struct folder *folder, const char *file, int fd, char **ret_text,
                                struct reason *reason)
{
    char *text = malloc(TLS_FILE_MAX_BYTES + 1);
    size_t size = 0;
    ssize_t got = 1;

    if (!text)
        return failed(folder, file, "read", reason);
    while (got > 0 && size <= TLS_FILE_MAX_BYTES) {
        got = read(fd, text + size, TLS_FILE_MAX_BYTES + 1 - size);
        size += got > 0 ? (size_t)got : 0;
    }
    plexctl_status status = PLEXCTL_OK;
    if (got < 0)
        status = failed(folder, file, "read", reason);
    else if (size > TLS_FILE_MAX_BYTES || memchr(text, '\0', size))
        status = reason_set(reason, PLEXCTL_USAGE, "--tls-dir: %s/%s is no PEM file", folder->path, file);
    if (status != PLEXCTL_OK) {
        explicit_bzero(text, size); /* it may be the key */
        free(text);
        return status;
    }
    text[size] = '\0';
    *ret_text = text;
    return PLEXCTL_OK;
}

/* *ret_text stays NULL where the file is absent. */
static plexctl_status read_file(const struct folder *folder, const char *file, char **ret_text, struct reason *reason)
{
    int fd = openat(folder->fd, file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return errno == ENOENT ? PLEXCTL_OK : failed(folder, file, "open", reason);
    plexctl_status status = check_mode(folder, file, fd, reason);
    if (status == PLEXCTL_OK)
        status = read_open(folder, file, fd, ret_text, reason);
    (void)close(fd);
    return status;
}

static bool write_whole(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t put = write(fd, text, left);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        text += put;
        left -= (size_t)put;
    }
    return true;
}

static plexctl_status write_file(const struct folder *folder, const char *file, const char *text, struct reason *reason)
{
    static const char fresh[] = ".plexctl-new.pem";
    mode_t mode = strcmp(file, KEY_FILE) == 0 ? 0600 : 0644;

    /* A leftover of a run that was killed; the folder's lock makes the fixed name safe. */
    (void)unlinkat(folder->fd, fresh, 0);
    int fd = openat(folder->fd, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return failed(folder, file, "create", reason);
    bool written = write_whole(fd, text) && fchmod(fd, mode) == 0;
    plexctl_status status = written ? PLEXCTL_OK : failed(folder, file, "write", reason);
    if (close(fd) < 0 && status == PLEXCTL_OK)
        status = failed(folder, file, "close", reason);
    if (status == PLEXCTL_OK && renameat(folder->fd, fresh, folder->fd, file) < 0)
        status = failed(folder, file, "put in place", reason);
    if (status != PLEXCTL_OK)
        (void)unlinkat(folder->fd, fresh, 0);
    return status;
}

static plexctl_status make(const struct folder *folder, int64_t now_unix_s, struct tls_pem *ret_pem,
                           struct reason *reason)
{
    struct tls_pem pem = {0};

    plexctl_status status = tls_certificate_make(now_unix_s, &pem, reason);
    /* In this order a run that is killed in between leaves what the next run knows as stale. */
    if (status == PLEXCTL_OK)
        status = write_file(folder, CA_FILE, pem.ca, reason);
    if (status == PLEXCTL_OK)
        status = write_file(folder, KEY_FILE, pem.key, reason);
    if (status == PLEXCTL_OK)
        status = write_file(folder, CERTIFICATE_FILE, pem.certificate, reason);
    if (status == PLEXCTL_OK)
        *ret_pem = pem;
    else
        tls_pem_release(&pem);
    return status;
}

static plexctl_status load(const struct folder *folder, struct tls_pem *pem, struct reason *reason)
{
    plexctl_status status = read_file(folder, CA_FILE, &pem->ca, reason);

    if (status == PLEXCTL_OK)
        status = read_file(folder, KEY_FILE, &pem->key, reason);
    if (status == PLEXCTL_OK)
        status = read_file(folder, CERTIFICATE_FILE, &pem->certificate, reason);
    return status;
}

static plexctl_status load_or_make(const struct folder *folder, int64_t now_unix_s, struct tls_pem *pem,
                                   struct reason *reason)
{
    plexctl_status status = load(folder, pem, reason);

    if (status != PLEXCTL_OK)
        return status;
    if (!pem->ca && !pem->certificate && !pem->key)
        return make(folder, now_unix_s, pem, reason);
    enum tls_verdict verdict = tls_certificate_judge(pem, now_unix_s);
    if (verdict != TLS_STALE && (!pem->certificate || !pem->key))
        return reason_set(reason, PLEXCTL_USAGE,
                          "--tls-dir: %s holds PEM files, but not both " CERTIFICATE_FILE " and " KEY_FILE
                          "; add what is missing, or name another directory",
                          folder->path);
    switch (verdict) {
    case TLS_USABLE:
        return PLEXCTL_OK;
    case TLS_STALE:
        tls_pem_release(pem);
        return make(folder, now_unix_s, pem, reason);
    case TLS_FOREIGN_BAD:
        return reason_set(reason, PLEXCTL_USAGE,
                          "--tls-dir: the certificate in %s is not valid now or does not fit its key, and plexctl did "
                          "not make it; replace it, or name another directory",
                          folder->path);
    case TLS_UNREADABLE:
        break;
    }
    return reason_set(reason, PLEXCTL_USAGE,
                      "--tls-dir: " CERTIFICATE_FILE " or " KEY_FILE
                      " in %s is no PEM certificate or unencrypted key; remove them to have new ones made",
                      folder->path);
}

plexctl_status tls_files_prepare(const char *dir, int64_t now_unix_s, struct tls_pem *ret_pem, struct reason *reason)
{
    struct folder folder = {.fd = -1};
    struct tls_pem pem = {0};

    plexctl_status status = open_folder(dir, &folder, reason);
    if (status != PLEXCTL_OK)
        return status;
    status = load_or_make(&folder, now_unix_s, &pem, reason);
    (void)close(folder.fd);
    if (status != PLEXCTL_OK) {
        tls_pem_release(&pem);
        return status;
    }
    *ret_pem = pem;
    return PLEXCTL_OK;
}
