/* SPDX-License-Identifier: Apache-2.0
 *
 * bench_store - what the store costs on a config file of 10,000 profiles, beside json-c's own parse of the same bytes.
 * CPU time of this process; the three take turns, so that what disturbs one disturbs all.
 *
 *   bench_store ROUNDS PLEXCTL   XDG_CONFIG_HOME names an empty directory. "show" is all of `PLEXCTL profile show
 *                             NAME`, start-up included. Prints "NAME MEDIAN_MS RATIO LOW HIGH" for each: the ratio of
 *                             the medians, and the quartiles of the rounds' own ratios.
 */
#include <json-c/json_tokener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "credential_store.h"

#define PROFILES 10000
#define ROUNDS_MAX 1000
#define DEPTH_MAX 64
#define NUMBER_BASE 10

enum { PARSE, RESOLVE, SAVE, SHOW, KINDS };

static const char *const names[KINDS] = {"json-c", "resolve", "save", "show"};

struct bench {
    struct buf text;
    struct json_tokener *tokener;
    double ms[KINDS][ROUNDS_MAX];
};

static void end(const char *what, const struct error *err)
{
    (void)fprintf(stderr, "bench_store: %s: %s\n", what, err->text);
    exit(1);
}

/* As login writes it, with tokens of a usual length. */
static void write_profiles(struct buf *text)
{
    buf_append_text(text, "{\n  \"default\": \"profile-5000\",\n  \"profiles\": {");
    for (int i = 0; i < PROFILES; i++) {
        buf_appendf(text, "%s\n    \"profile-%d\": {\n      \"server\": \"https://cp-%d.example.com\",\n", i ? "," : "",
                    i, i);
        buf_append_text(text, "      \"token\": \"");
        for (int j = 0; j < 8; j++)
            buf_appendf(text, "%08xabcdefgh", (unsigned)(i * 31 + j));
        buf_append_text(text, "\",\n      \"token_type\": \"Bearer\",\n"
                              "      \"expires_at\": \"2026-11-24T12:00:00Z\",\n"
                              "      \"domain_id\": \"0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0\",\n"
                              "      \"idp_binding_id\": \"0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0\"\n    }");
    }
    buf_append_text(text, "\n  }\n}\n");
}

static void write_file(const struct buf *text, const char *path)
{
    struct error err = ERROR_INIT;
    auto_free char *directory = strndup(path, (size_t)(strrchr(path, '/') - path));

    if (!directory || file_make_directories(directory, &err) != PLEXCTL_OK)
        end("directory", &err);
    FILE *file = fopen(path, "we");
    if (!file || fchmod(fileno(file), 0600) != 0 || fwrite(text->data, 1, text->len, file) != text->len ||
        fclose(file) != 0)
        end("file", &err);
}

static double cpu_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double time_parse(struct bench *bench)
{
    double start = cpu_ms();
    struct json_object *root = json_tokener_parse_ex(bench->tokener, bench->text.data, (int)bench->text.len);
    double taken = cpu_ms() - start;

    if (json_object_put(root) != 1)
        end("json-c", &(struct error)ERROR_INIT);
    return taken;
}

static double time_resolve(struct credential_store *store)
{
    auto_credential struct credential found = CREDENTIAL_INIT;
    struct error err = ERROR_INIT;

    double start = cpu_ms();
    if (credential_store_read(store, "profile-7500", &found, &err) != PLEXCTL_OK)
        end("resolve", &err);
    return cpu_ms() - start;
}

static double time_save(struct credential_store *store)
{
    static char name[] = "profile-7500", text[] = "https://cp-7500.example.com";
    const struct credential credential = {.name = name, .server = text, .token = {text, strlen(text)}};
    struct error err = ERROR_INIT;

    double start = cpu_ms();
    if (credential_store_save(store, &credential, -1, &err) != PLEXCTL_OK)
        end("save", &err);
    return cpu_ms() - start;
}

static double time_show(const char *plexctl)
{
    struct rusage used;
    int status = -1;

    pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stdout))
            (void)execl(plexctl, "plexctl", "profile", "show", "profile-7500", (char *)NULL);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &used) != child || status != 0)
        end("show", &(struct error)ERROR_INIT);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

static int compare_doubles(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static double quantile(double *sorted, size_t count, size_t quarters)
{
    return sorted[(count - 1) * quarters / 4];
}

static void report(struct bench *bench, size_t rounds)
{
    double ratios[KINDS][ROUNDS_MAX], base = 0;

    for (int kind = 0; kind < KINDS; kind++)
        for (size_t i = 0; i < rounds; i++)
            ratios[kind][i] = bench->ms[kind][i] / bench->ms[PARSE][i];
    for (int kind = 0; kind < KINDS; kind++) {
        qsort(bench->ms[kind], rounds, sizeof(double), compare_doubles);
        qsort(ratios[kind], rounds, sizeof(double), compare_doubles);
        double median = quantile(bench->ms[kind], rounds, 2);
        base = kind == PARSE ? median : base;
        (void)printf("%s %.2f %.3f %.3f %.3f\n", names[kind], median, median / base, quantile(ratios[kind], rounds, 1),
                     quantile(ratios[kind], rounds, 3));
    }
}

static void ignore_warning(const char *text)
{
    (void)text;
}

int main(int argc, char *argv[])
{
    static struct bench bench = {.text = BUF_INIT(CREDENTIAL_STORE_MAX_BYTES)};
    struct credential_store *store = NULL;
    struct error err = ERROR_INIT;
    long rounds = argc == 3 ? strtol(argv[1], NULL, NUMBER_BASE) : 0;

    if (rounds < 1 || rounds > ROUNDS_MAX || credential_store_new(ignore_warning, &store, &err) != PLEXCTL_OK)
        return 2;
    bench.tokener = json_tokener_new_ex(DEPTH_MAX);
    write_profiles(&bench.text);
    if (!bench.tokener || buf_check(&bench.text, "the profiles", &err) != PLEXCTL_OK)
        end("profiles", &err);
    for (long i = 0; i < rounds; i++) {
        write_file(&bench.text, credential_store_path(store));
        bench.ms[PARSE][i] = time_parse(&bench);
        bench.ms[RESOLVE][i] = time_resolve(store);
        bench.ms[SAVE][i] = time_save(store);
        bench.ms[SHOW][i] = time_show(argv[2]);
    }
    report(&bench, (size_t)rounds);
    json_tokener_free(bench.tokener);
    buf_release(&bench.text);
    credential_store_free(store);
    return 0;
}
