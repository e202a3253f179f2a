/* SPDX-License-Identifier: Apache-2.0
 *
 * save_driver - what the torture tests hurt: saves and reads of the config file that the environment names, without the
 * program around them. It ends with the status, or 99 where what it read is not what must be there.
 *
 *   save_driver save NAME TOKEN          one save, between two calls of getppid, by which a trace knows it
 *   save_driver writer WN FROM TO        saves the numbers FROM to TO as the tokens of one profile, each read before
 *                                        and after, and prints each that was saved
 *   save_driver reader                   reads all profiles until standard input ends; no number may go back
 *
 * The controls take no lock and believe every call: "naive" and "naive-writer" write in place, "unsynced-writer"
 * renames a new file over the old one, and leaves the disk to the kernel.
 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "config_file.h"
#include "credential_splice.h"
#include "credential_store.h"
#include "output.h"

#define WRONG 99
#define WRITERS_MAX 64
#define NUMBER_BASE 10

typedef plexctl_status (*save_function)(struct credential_store *store, const struct credential *credential,
                                        struct error *err);

static plexctl_status save_well(struct credential_store *store, const struct credential *credential, struct error *err)
{
    return credential_store_save(store, credential, -1, err);
}

static plexctl_status write_next(struct credential_store *store, const struct credential *credential, const char *name,
                                 struct error *err)
{
    const char *path = credential_store_path(store);
    auto_config_file struct config_file file = CONFIG_FILE_INIT(path);
    auto_buf struct buf next = BUF_INIT(CREDENTIAL_STORE_MAX_BYTES);

    plexctl_status status = config_file_read(&file, AT_FDCWD, path, err);
    if (status == PLEXCTL_OK)
        status = credential_splice(&file.text, credential, &next, err);
    if (status != PLEXCTL_OK)
        return status;
    auto_fd int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)0600);
    ssize_t ignored = write(fd, next.data, next.len);
    (void)ignored;
    return PLEXCTL_OK;
}

static plexctl_status save_naively(struct credential_store *store, const struct credential *credential,
                                   struct error *err)
{
    return write_next(store, credential, credential_store_path(store), err);
}

static plexctl_status save_unsynced(struct credential_store *store, const struct credential *credential,
                                    struct error *err)
{
    const char *path = credential_store_path(store);
    char name[PATH_MAX];

    (void)snprintf(name, sizeof name, "%s.new", path);
    plexctl_status status = write_next(store, credential, name, err);
    if (status == PLEXCTL_OK)
        (void)rename(name, path);
    return status;
}

static save_function find_save(const char *mode)
{
    if (strncmp(mode, "naive", strlen("naive")) == 0)
        return save_naively;
    return strcmp(mode, "unsynced-writer") == 0 ? save_unsynced : save_well;
}

static struct credential credential_of(char *name, char *token)
{
    static char server[] = "https://cp.example.com", type[] = "Bearer", expiry[] = "2026-11-24T12:00:00Z";

    return (struct credential){
        .name = name, .server = server, .token = {token, strlen(token)}, .token_type = type, .expires_at = expiry};
}

static int end(plexctl_status status, const struct error *err)
{
    if (status != PLEXCTL_OK)
        (void)fprintf(stderr, "%s\n", err->text);
    return (int)status;
}

static int save_once(struct credential_store *store, save_function save, char *name, char *token)
{
    struct error err = ERROR_INIT;
    struct credential credential = credential_of(name, token);

    (void)getppid();
    plexctl_status status = save(store, &credential, &err);
    (void)getppid();
    return end(status, &err);
}

/* 0 where the profile does not exist; -1 where it cannot be read. */
static long read_number(struct credential_store *store, const char *name, struct error *err)
{
    auto_credential struct credential found = CREDENTIAL_INIT;

    plexctl_status status = credential_store_read(store, name, &found, err);
    if (status != PLEXCTL_OK)
        return status == PLEXCTL_NOT_FOUND ? 0 : -1;
    return strtol(found.token.text, NULL, NUMBER_BASE);
}

static int report_wrong(const char *name, long expected, long found, const struct error *err)
{
    (void)fprintf(stderr, "%s is %ld, and must be %ld: %s\n", name, found, expected, err->text);
    return WRONG;
}

/* Nobody else writes this profile: it holds what was saved last, or, where the writer before us was killed, FROM. */
static int write_numbers(struct credential_store *store, save_function save, char *argv[])
{
    char *name = argv[0], number[32];
    const long from = strtol(argv[1], NULL, NUMBER_BASE), to = strtol(argv[2], NULL, NUMBER_BASE);
    struct error err = ERROR_INIT;

    for (long i = from; i <= to; i++) {
        long found = read_number(store, name, &err);
        if (found != i - 1 && (i > from || found != i))
            return report_wrong(name, i - 1, found, &err);
        (void)snprintf(number, sizeof number, "%ld", i);
        struct credential credential = credential_of(name, number);
        plexctl_status status = save(store, &credential, &err);
        if (status != PLEXCTL_OK)
            return end(status, &err);
        found = read_number(store, name, &err);
        if (found != i)
            return report_wrong(name, i, found, &err);
        (void)printf("%ld\n", i);
        (void)fflush(stdout);
    }
    return 0;
}

static plexctl_status compare_number(void *context, const struct credential *credential, struct error *err)
{
    long *last = context;
    const long writer = strtol(credential->name + 1, NULL, NUMBER_BASE);
    const long found = strtol(credential->token.text, NULL, NUMBER_BASE);

    if (writer < 0 || writer >= WRITERS_MAX || found < last[writer])
        return error_set(err, PLEXCTL_FAILED, "%s went back to %ld", credential->name, found);
    last[writer] = found;
    return PLEXCTL_OK;
}

static int read_numbers(struct credential_store *store)
{
    long last[WRITERS_MAX] = {0}, reads = 0;
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    struct error err = ERROR_INIT;

    do {
        if (credential_store_each(store, compare_number, last, &err) != PLEXCTL_OK) {
            (void)fprintf(stderr, "read %ld: %s\n", reads, err.text);
            return WRONG;
        }
        reads++;
    } while (poll(&input, 1, 0) == 0);
    (void)printf("%ld\n", reads);
    return 0;
}

int main(int argc, char *argv[])
{
    struct credential_store *store = NULL;
    struct error err = ERROR_INIT;
    int result = PLEXCTL_USAGE;

    if (argc < 2 || credential_store_new(output_warning, &store, &err) != PLEXCTL_OK)
        return PLEXCTL_USAGE;
    save_function save = find_save(argv[1]);
    if (argc == 4)
        result = save_once(store, save, argv[2], argv[3]);
    else if (argc == 5)
        result = write_numbers(store, save, argv + 2);
    else if (argc == 2)
        result = read_numbers(store);
    credential_store_free(store);
    return result;
}
