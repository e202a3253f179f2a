/* SPDX-License-Identifier: Apache-2.0 */
#include "check/load_checks.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "check/surroundings.h"
#include "check/trial.h"
#include "child.h"
#include "help.h"
#include "man_page.h"

#define NS_PER_MS 1000000

/* What a child tells of one loading. */
struct loading {
    struct error failure;
    int64_t cpu_ms;
    char change[256];
};

static int64_t cpu_ms(void)
{
    struct timespec used = {0};

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000 + used.tv_nsec / NS_PER_MS;
}

static void load(void *context, struct buf *answer)
{
    const struct subject *subject = context;
    struct loader *loader = NULL;
    struct loaded_plugin plugin = {0};
    struct loading loading = {0};
    struct surroundings before = SURROUNDINGS_INIT, after = SURROUNDINGS_INIT;
    auto_buf struct buf change = BUF_FIXED(sizeof loading.change - 1);

    if (trial_enter(subject, &loading.failure) == PLEXCTL_OK) {
        surroundings_take(&before, subject->home);
        loading.cpu_ms = cpu_ms();
        (void)subject_load(subject, &loader, &plugin, &loading.failure);
        loading.cpu_ms = cpu_ms() - loading.cpu_ms;
        surroundings_take(&after, subject->home);
        surroundings_compare(&before, &after, plugin.path, &change);
        (void)snprintf(loading.change, sizeof loading.change, "%s", buf_text(&change));
    }
    buf_append(answer, &loading, sizeof loading);
    surroundings_release(&before);
    surroundings_release(&after);
    loaded_plugin_release(&plugin);
    loader_free(loader);
}

static void show(void *context, struct buf *answer)
{
    const struct subject *subject = context;
    struct loader *loader = NULL;
    struct loaded_plugin plugin = {0};
    struct error failure = ERROR_INIT;
    auto_buf struct buf text = BUF_INIT((size_t)16 << 20);

    const struct help_page page = HELP_PAGE(&text);

    (void)trial_enter(subject, &failure);
    plexctl_status status = subject_load(subject, &loader, &plugin, &failure);
    const struct plexctl_command *command = status == PLEXCTL_OK ? plugin.plugin->command : NULL;
    for (size_t i = 0; status == PLEXCTL_OK && command->subcommands && command->subcommands[i]; i++) {
        status = help_command(command->subcommands[i], command, &page, &failure);
        if (status == PLEXCTL_OK)
            status = man_page(command->subcommands[i], command, 0, &text, &failure);
    }
    if (status == PLEXCTL_OK)
        status = help_command(command, NULL, &page, &failure);
    if (status == PLEXCTL_OK)
        (void)man_page(command, NULL, 0, &text, &failure);
    buf_append_text(answer, failure.text);
    loaded_plugin_release(&plugin);
    loader_free(loader);
}

static void describe_end(const struct child *child, struct buf *out)
{
    if (child->is_late)
        buf_appendf(out, "still ran after %d s", TRIAL_LIMIT_MS / 1000);
    else if (WIFSIGNALED(child->how))
        buf_appendf(out, "crashed (signal %d)", WTERMSIG(child->how));
    else
        buf_appendf(out, "ended the process (exit code %d)", WEXITSTATUS(child->how));
}

static plexctl_status run_child(const struct subject *subject, void (*run)(void *context, struct buf *answer),
                                struct buf *answer, struct buf *end, struct error *err)
{
    struct child child = {.run = run, .context = (void *)(uintptr_t)subject, .limit_ms = TRIAL_LIMIT_MS};
    plexctl_status status = child_run(&child, answer, err);

    if (status == PLEXCTL_OK && !child.has_answered)
        describe_end(&child, end);
    return status;
}

/* Judging */

static void judge_loading(const struct loading *loading, const struct buf *end, struct verdict *verdict)
{
    if (end->len)
        verdict_fail(verdict, "that it loads, and its record is returned",
                     "look at constructors and at plexctl_plugin_v1, in a debugger", "loading it %s", buf_text(end));
    else if (loading->failure.status != PLEXCTL_OK)
        verdict_fail(verdict, "that plexctl loads it", "see what was found", "%s", loading->failure.text);
}

static void judge_time(const struct loading *loading, struct verdict *verdict)
{
    if (loading->cpu_ms > LOAD_CPU_LIMIT_MS)
        verdict_fail(verdict, "at most 100 ms of CPU", "do in run what constructors do, link fewer libraries",
                     "loading it takes %lld ms of CPU", (long long)loading->cpu_ms);
}

static void judge_constructors(const struct loading *loading, struct verdict *verdict)
{
    if (loading->change[0])
        verdict_fail(verdict, "a process that is as it was", "do in run what constructors do, and undo it there",
                     "when it is loaded, %s", loading->change);
}

static void judge_help(const struct buf *failure, const struct buf *end, struct verdict *verdict)
{
    if (end->len)
        verdict_fail(verdict, "texts that can be read", "look at each pointer of the record", "showing its help %s",
                     buf_text(end));
    else if (failure->len)
        verdict_fail(verdict, "texts that can be shown", "see what was found", "%s", buf_text(failure));
}

static const struct {
    const char *name, *rule;
} rows[] = {
    {"plexctl loads it", "its libraries are there, and its record keeps the rules of plugin.h"},
    {"it loads quickly", "who presses Tab waits for it"},
    {"constructors change nothing", "loading is not running: help and doctor load a plugin too"},
    {"help and man page can be shown", "they are made of the record"},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

static plexctl_status tell(struct verdict verdicts[ROW_COUNT], struct tally *tally, struct error *err)
{
    plexctl_status status = PLEXCTL_OK;

    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (status == PLEXCTL_OK)
            status = tally_tell(tally, rows[i].name, "", rows[i].rule, &verdicts[i], err);
        verdict_release(&verdicts[i]);
    }
    return status;
}

plexctl_status load_checks_run(const struct subject *subject, bool is_fit, struct tally *tally, bool *ret_is_loaded,
                               struct error *err)
{
    struct verdict verdicts[ROW_COUNT] = {VERDICT_INIT, VERDICT_INIT, VERDICT_INIT, VERDICT_INIT};
    struct loading loading = {0};
    auto_buf struct buf answer = BUF_INIT(sizeof loading + 1);
    auto_buf struct buf end = BUF_FIXED(128);
    auto_buf struct buf help_end = BUF_FIXED(128);
    auto_buf struct buf failure = BUF_INIT(ERROR_TEXT_SIZE);
    plexctl_status status = is_fit ? run_child(subject, load, &answer, &end, err) : PLEXCTL_OK;

    if (status != PLEXCTL_OK)
        return status;
    if (answer.len == sizeof loading)
        memcpy(&loading, answer.data, sizeof loading);
    if (is_fit)
        judge_loading(&loading, &end, &verdicts[0]);
    *ret_is_loaded = is_fit && verdicts[0].kind == VERDICT_PASS;
    if (*ret_is_loaded) {
        judge_time(&loading, &verdicts[1]);
        judge_constructors(&loading, &verdicts[2]);
        status = run_child(subject, show, &failure, &help_end, err);
        judge_help(&failure, &help_end, &verdicts[3]);
    }
    for (size_t i = 0; i < ROW_COUNT && !*ret_is_loaded; i++)
        verdict_skip(&verdicts[i], is_fit ? "it does not load" : "plexctl would not load it, for its note");
    return status == PLEXCTL_OK ? tell(verdicts, tally, err) : status;
}
