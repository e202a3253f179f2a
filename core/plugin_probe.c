/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin_probe.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "child.h"
#include "refusal.h"

#define MAX_ANSWER_BYTES ((size_t)1024 * 1024)

/* What it needs */

static uint32_t needs_of_all(const struct plexctl_command *command)
{
    uint32_t needs = command->run ? command->needs : 0;

    for (size_t i = 0; command->subcommands && command->subcommands[i]; i++)
        needs |= command->subcommands[i]->needs;
    return needs;
}

static struct plexctl_json *words_of(uint32_t needs, bool is_built_in)
{
    const struct {
        uint32_t need;
        const char *word;
    } words[] = {{PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN, "server"},
                 {PLEXCTL_NEEDS_TOKEN, "token"},
                 {PLEXCTL_NEEDS_CREDENTIALS, is_built_in ? "saves profiles" : "saves profiles (denied)"}};
    struct plexctl_json *array = json_new_array();

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((needs & words[i].need) && json_append(array, json_new_string(words[i].word)) != PLEXCTL_OK) {
            json_free(array);
            return NULL;
        }
    }
    return array;
}

static struct plexctl_json *sheet_of_subcommands(const struct plexctl_command *command, bool is_built_in)
{
    if (!command->subcommands || !command->subcommands[0])
        return json_new_null();
    struct plexctl_json *array = json_new_array();
    plexctl_status status = PLEXCTL_OK;
    for (size_t i = 0; status == PLEXCTL_OK && command->subcommands[i]; i++) {
        struct plexctl_json *row = json_new_object();
        status = json_set(row, "command", json_new_string(command->subcommands[i]->name));
        if (status == PLEXCTL_OK)
            status = json_set(row, "needs", words_of(command->subcommands[i]->needs, is_built_in));
        if (status == PLEXCTL_OK)
            status = json_append(array, row);
        else
            json_free(row);
    }
    if (status == PLEXCTL_OK)
        return array;
    json_free(array);
    return NULL;
}

/* In the child */

struct task {
    struct loader *loader;
    const struct plugin_probe *probe;
};

/* Of what the system's loader says: "LIBRARY: cannot open shared object file: ...". NULL where it is something else. */
static struct plexctl_json *missing_libraries(const struct error *finding)
{
    static const char before[] = "cannot be loaded: ", behind[] = ": cannot open shared object file: ";
    auto_buf struct buf found = BUF_FIXED(ERROR_TEXT_SIZE);

    refusal_found(finding, &found);
    char *end = found.len > sizeof before ? strstr(found.data, behind) : NULL;
    if (!end || strncmp(found.data, before, sizeof before - 1) != 0)
        return NULL;
    *end = '\0';
    struct plexctl_json *names = json_new_array();
    if (json_append(names, json_new_string(found.data + sizeof before - 1)) == PLEXCTL_OK)
        return names;
    json_free(names);
    return NULL;
}

static void tell_facts(const struct error *finding, const struct loaded_plugin *plugin, struct buf *answer)
{
    struct plexctl_json *facts = json_new_object(), *missing = NULL;
    plexctl_status status = PLEXCTL_NOT_FOUND;

    if (finding->status == PLEXCTL_OK) {
        status = json_set(facts, "needs", words_of(needs_of_all(plugin->plugin->command), plugin->is_built_in));
        if (status == PLEXCTL_OK)
            status = json_set(facts, "subcommands", sheet_of_subcommands(plugin->plugin->command, plugin->is_built_in));
    } else if (finding->refusal.rule == REFUSAL_LOAD) {
        missing = missing_libraries(finding);
        if (missing)
            status = json_set(facts, "missing_libraries", missing);
    }
    if (status == PLEXCTL_OK)
        json_write(answer, facts, 0, 0);
    json_free(facts);
}

static void open_and_tell(void *context, struct buf *answer)
{
    const struct task *task = context;
    struct error finding = ERROR_INIT, told = ERROR_INIT;
    struct loaded_plugin plugin = {0};

    (void)loader_open(task->loader, task->probe->word, &plugin, &finding);
    told.status = finding.status;
    told.refusal = finding.refusal;
    (void)snprintf(told.text, sizeof told.text, "%s", finding.text); /* and not what lay behind its end */
    buf_append(answer, &told, sizeof told);
    tell_facts(&finding, &plugin, answer);
    loaded_plugin_release(&plugin);
}

/* In plexctl, which believes nothing that it is told but its form. */

static void describe_end(int how, struct error *finding)
{
    if (WIFSIGNALED(how))
        (void)error_set(finding, PLEXCTL_FAILED, "crashes when it is loaded (signal %d, %s)", WTERMSIG(how),
                        sigabbrev_np(WTERMSIG(how)) ? sigabbrev_np(WTERMSIG(how)) : "unknown");
    else
        (void)error_set(finding, PLEXCTL_FAILED, "ends the process when it is loaded (exit code %d)", WEXITSTATUS(how));
}

static plexctl_status take_facts(const struct buf *answer, struct plugin_probe *probe, struct error *err)
{
    struct error ignored = ERROR_INIT;
    const size_t head = sizeof probe->finding;

    if (answer->len <= head)
        return PLEXCTL_OK;
    plexctl_status status = json_parse(answer->data + head, answer->len - head, &probe->facts, &ignored);
    return status == PLEXCTL_NO_MEMORY ? error_no_memory(err) : PLEXCTL_OK;
}

plexctl_status plugin_probe_run(struct loader *loader, struct plugin_probe *probe, struct error *err)
{
    struct task task = {loader, probe};
    struct child child = {.run = open_and_tell, .context = &task, .limit_ms = probe->limit_ms};
    auto_buf struct buf answer = BUF_INIT(MAX_ANSWER_BYTES);
    plexctl_status status = child_run(&child, &answer, err);

    probe->finding = (struct error)ERROR_INIT;
    probe->facts = NULL;
    if (status != PLEXCTL_OK)
        return status;
    if (child.has_answered && answer.len >= sizeof probe->finding) {
        memcpy(&probe->finding, answer.data, sizeof probe->finding);
        probe->finding.text[sizeof probe->finding.text - 1] = '\0';
        return take_facts(&answer, probe, err);
    }
    if (child.is_late)
        (void)error_set(&probe->finding, PLEXCTL_FAILED, "takes too long to load");
    else
        describe_end(child.how, &probe->finding);
    (void)refusal_want(&probe->finding, REFUSAL_CONDUCT, "a plugin that is loaded and does nothing yet");
    (void)refusal_add_fix(&probe->finding, REFUSAL_CONDUCT, "report this fault of the plugin to its author");
    return PLEXCTL_OK;
}

void plugin_probe_release(struct plugin_probe *probe)
{
    json_free(probe->facts);
    probe->facts = NULL;
}
