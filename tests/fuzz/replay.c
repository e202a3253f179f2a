/* SPDX-License-Identifier: Apache-2.0
 *
 * replay - main for a fuzz target without libFuzzer: the files that it is given, else each seed of its own, once.
 * Prints TAP.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define INPUT_MAX_BYTES ((size_t)1024 * 1024)

static int count;

static void replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(INPUT_MAX_BYTES);
    const char *slash = strrchr(path, '/');

    if (!file || !bytes) {
        (void)fprintf(stderr, "%s: cannot read %s\n", fuzz_name, path);
        exit(EXIT_FAILURE);
    }
    size_t size = fread(bytes, 1, INPUT_MAX_BYTES, file);
    (void)fclose(file);
    /* Not one byte more, so that a sanitizer or valgrind sees a read too far. */
    uint8_t *exact = malloc(size ? size : 1);
    if (!exact)
        exit(EXIT_FAILURE);
    memcpy(exact, bytes, size);
    free(bytes);
    /* Said before, for whoever looks into a crash. */
    (void)fprintf(stderr, "# %s\n", path);
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    (void)printf("ok %d - %s: %s\n", ++count, fuzz_name, slash ? slash + 1 : path);
    (void)fflush(stdout);
}

static int is_seed(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay_seeds(void)
{
    struct dirent **entries;
    char directory[2048], path[4096];

    (void)snprintf(directory, sizeof directory, FUZZ_CORPUS "/%s", fuzz_name);
    int found = scandir(directory, &entries, is_seed, alphasort);
    if (found <= 0) {
        (void)fprintf(stderr, "%s: no seeds in %s\n", fuzz_name, directory);
        exit(EXIT_FAILURE);
    }
    for (int i = 0; i < found; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
        replay(path);
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char *argv[])
{
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    if (argc == 1)
        replay_seeds();
    (void)printf("1..%d\n", count);
    return EXIT_SUCCESS;
}
