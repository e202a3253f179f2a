/* SPDX-License-Identifier: Apache-2.0
 *
 * race - what whole commands cost, start-up included: wall time, CPU time and peak memory. They take turns, one run
 * each a round, so that what disturbs one disturbs all; each round in another order, since a command finds the caches
 * as the one before has left them.
 *
 *   race ROUNDS -- NAME COMMAND [ARGUMENT]... [-- NAME COMMAND [ARGUMENT]...]...
 *
 * Each command has to end with 0. Its output goes nowhere. Prints a row for each:
 *
 *   NAME WALL_MS RATIO LOW HIGH CPU_MS RATIO LOW HIGH PEAK_KB RATIO LOW HIGH
 *
 * the median, its ratio to the first command's, and the quartiles of the rounds' own ratios. The kernel counts this
 * small program's own memory (1.5 MB) to each peak, since it was there before exec.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define COMMANDS_MAX 16
#define ROUNDS_MAX 2000
#define NUMBER_BASE 10

enum { WALL_MS, CPU_MS, PEAK_KB, MEASURES };

extern char **environ;

struct command {
    const char *name;
    char **argv;
    double *measured[MEASURES]; /* a number a round */
};

static _Noreturn void end(const char *what, const char *name)
{
    (void)fprintf(stderr, "race: %s: %s\n", what, name);
    exit(1);
}

static double milliseconds(const struct timeval *time)
{
    return (double)time->tv_sec * 1e3 + (double)time->tv_usec / 1e3;
}

static double now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void run(const struct command *command, const posix_spawn_file_actions_t *nowhere, size_t round)
{
    struct rusage used;
    pid_t child = 0;
    int status = 0;

    double start_ms = now_ms();
    if (posix_spawnp(&child, command->argv[0], nowhere, NULL, command->argv, environ) != 0)
        end("cannot run", command->name);
    if (wait4(child, &status, 0, &used) != child || status != 0)
        end("failed", command->name);
    command->measured[WALL_MS][round] = now_ms() - start_ms;
    command->measured[CPU_MS][round] = milliseconds(&used.ru_utime) + milliseconds(&used.ru_stime);
    command->measured[PEAK_KB][round] = (double)used.ru_maxrss;
}

/* The same orders each time. */
static void shuffle(size_t *order, size_t count)
{
    static uint64_t state = 1;

    for (size_t i = count; i > 1; i--) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        size_t other = (size_t)((state >> 33) % i), moved = order[i - 1];
        order[i - 1] = order[other];
        order[other] = moved;
    }
}

static void run_rounds(const struct command *commands, size_t count, size_t rounds)
{
    size_t order[COMMANDS_MAX];
    posix_spawn_file_actions_t nowhere;

    if (posix_spawn_file_actions_init(&nowhere) != 0)
        end("no memory", "race");
    for (int fd = 0; fd <= 2; fd++) {
        if (posix_spawn_file_actions_addopen(&nowhere, fd, "/dev/null", fd == 0 ? O_RDONLY : O_WRONLY, 0) != 0)
            end("no memory", "race");
    }
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t round = 0; round < rounds; round++) {
        shuffle(order, count);
        for (size_t i = 0; i < count; i++)
            run(&commands[order[i]], &nowhere, round);
    }
    (void)posix_spawn_file_actions_destroy(&nowhere);
}

static int compare_doubles(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static double quantile(double *numbers, size_t count, size_t quarters)
{
    qsort(numbers, count, sizeof *numbers, compare_doubles);
    return numbers[(count - 1) * quarters / 4];
}

static void report(struct command *commands, size_t count, size_t rounds)
{
    static double ratios[COMMANDS_MAX][MEASURES][ROUNDS_MAX];
    double base[MEASURES];

    for (size_t i = 0; i < count; i++)
        for (int measure = 0; measure < MEASURES; measure++)
            for (size_t round = 0; round < rounds; round++)
                ratios[i][measure][round] = commands[i].measured[measure][round] / commands[0].measured[measure][round];
    for (size_t i = 0; i < count; i++) {
        (void)printf("%s", commands[i].name);
        for (int measure = 0; measure < MEASURES; measure++) {
            double median = quantile(commands[i].measured[measure], rounds, 2);
            base[measure] = i == 0 ? median : base[measure];
            (void)printf(" %.3f %.3f %.3f %.3f", median, median / base[measure],
                         quantile(ratios[i][measure], rounds, 1), quantile(ratios[i][measure], rounds, 3));
        }
        (void)printf("\n");
    }
}

/* "-- NAME COMMAND..." up to the next "--", which becomes the end of the command. */
static size_t read_commands(int argc, char *argv[], size_t rounds, struct command commands[static COMMANDS_MAX])
{
    size_t count = 0;

    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--") != 0)
            continue;
        argv[i] = NULL;
        if (i + 2 >= argc || count == COMMANDS_MAX)
            return 0;
        commands[count] = (struct command){.name = argv[i + 1], .argv = argv + i + 2};
        for (int measure = 0; measure < MEASURES; measure++) {
            commands[count].measured[measure] = calloc(rounds, sizeof(double));
            if (!commands[count].measured[measure])
                return 0;
        }
        count++;
    }
    return count;
}

int main(int argc, char *argv[])
{
    struct command commands[COMMANDS_MAX];
    long rounds = argc > 2 ? strtol(argv[1], NULL, NUMBER_BASE) : 0;
    size_t count = rounds >= 1 && rounds <= ROUNDS_MAX ? read_commands(argc, argv, (size_t)rounds, commands) : 0;

    if (count == 0) {
        (void)fprintf(stderr, "usage: race ROUNDS -- NAME COMMAND [ARGUMENT]... [-- NAME COMMAND [ARGUMENT]...]...\n");
        return 2;
    }
    run_rounds(commands, count, (size_t)rounds);
    report(commands, count, (size_t)rounds);
    for (size_t i = 0; i < count; i++)
        for (int measure = 0; measure < MEASURES; measure++)
            free(commands[i].measured[measure]);
    return 0;
}
