/* SPDX-License-Identifier: Apache-2.0 */
#include "signal_phase.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "signal_judge.h"

static bool has_started(struct signal_run *run)
{
    return run->pid > 0;
}

static bool is_without_handlers(struct signal_run *run)
{
    char path[64], line[256];
    unsigned long long caught = 0;

    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)run->pid);
    FILE *status = fopen(path, "re");
    while (status && fgets(line, sizeof line, status))
        (void)sscanf(line, "SigCgt: %llx", &caught);
    if (status)
        (void)fclose(status);
    return (caught & (1ULL << (SIGTERM - 1))) == 0;
}

static bool has_child(struct signal_run *run)
{
    char path[64], text[16];

    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)run->pid, (int)run->pid);
    FILE *children = fopen(path, "re");
    bool has = children && fgets(text, sizeof text, children);
    if (children)
        (void)fclose(children);
    return has;
}

static bool has_staged_once(struct signal_run *run)
{
    return run->staged >= 1;
}

static bool has_staged_twice(struct signal_run *run)
{
    return run->staged >= 2;
}

static bool has_staged_now(struct signal_run *run)
{
    return signal_judge_has_staged(run);
}

static bool is_dialled(struct signal_run *run)
{
    return signal_server_is_dialled(&run->server);
}

static bool is_in_handshake(struct signal_run *run)
{
    return run->server.asked >= ASK_HANDSHAKE;
}

static bool has_asked_code(struct signal_run *run)
{
    return run->server.asked >= ASK_CODE;
}

static bool has_code(struct signal_run *run)
{
    return run->server.answered >= ASK_CODE;
}

bool signal_phase_has_prompted(struct signal_run *run)
{
    return strstr(run->output, "yourself.") != NULL;
}

static bool is_prompting(struct signal_run *run)
{
    return !signal_phase_has_prompted(run);
}

static bool is_waiting(struct signal_run *run)
{
    return run->server.asked < ASK_TOKEN;
}

static bool has_polled(struct signal_run *run)
{
    return run->server.asked >= ASK_TOKEN;
}

static bool is_trying_again(struct signal_run *run)
{
    return strstr(run->output, "plexctl tries again for") != NULL;
}

static bool has_saved(struct signal_run *run)
{
    return run->replaced > 0;
}

static bool has_asked_whoami(struct signal_run *run)
{
    return run->server.asked >= ASK_WHOAMI;
}

static bool never(struct signal_run *run)
{
    (void)run;
    return false;
}

static const struct signal_phase_row phases[] = {
    [PHASE_START] = {"starting, before its handlers", has_started, is_without_handlers, 10, 2500, ASK_NO_MORE,
                     LOCK_FREE},
    [PHASE_LOCK] = {"waiting for the lock before the first request", has_child, NULL, 100, 20000, ASK_NO_MORE,
                    LOCK_FROM_START},
    [PHASE_REHEARSAL] = {"rehearsing the save, its file there", has_staged_once, has_staged_now, 20, 300, ASK_NO_MORE,
                         LOCK_FREE},
    [PHASE_CONNECT] = {"connecting", is_dialled, NULL, 100, 100000, ASK_CONNECTION, LOCK_FREE},
    [PHASE_HANDSHAKE] = {"in the TLS handshake", is_in_handshake, NULL, 100, 50000, ASK_HANDSHAKE, LOCK_FREE},
    [PHASE_CODE] = {"device-code request on its way", has_asked_code, NULL, 100, 50000, ASK_CODE, LOCK_FREE},
    [PHASE_PROMPT] = {"writing the prompt", has_code, is_prompting, 30, 1000, ASK_NO_MORE, LOCK_FREE},
    [PHASE_WAIT] = {"waiting for the next poll", signal_phase_has_prompted, is_waiting, 80, 700000, ASK_TOKEN,
                    LOCK_FREE},
    [PHASE_STOPPED] = {"stopped and continued", signal_phase_has_prompted, NULL, 100, 700000, ASK_TOKEN, LOCK_FREE},
    [PHASE_POLL] = {"poll on its way", has_polled, NULL, 100, 50000, ASK_TOKEN, LOCK_FREE},
    [PHASE_SAVE_LOCK] = {"waiting for the lock to save", has_child, NULL, 100, 20000, ASK_NO_MORE, LOCK_FROM_PROMPT},
    [PHASE_RETRY] = {"waiting to try the save again", is_trying_again, NULL, 100, 2500000, ASK_NO_MORE,
                     DAMAGE_FROM_PROMPT},
    [PHASE_SAVE] = {"saving, its file there", has_staged_twice, has_staged_now, 20, 300, ASK_NO_MORE, LOCK_FREE},
    [PHASE_SAVED] = {"saved, before its end", has_saved, NULL, 100, 800, ASK_NO_MORE, LOCK_FREE},
    [PHASE_WHOAMI] = {"asking who it is", has_asked_whoami, NULL, 100, 50000, ASK_WHOAMI, LOCK_FREE},
    [PHASE_ANY] = {"any moment", has_started, NULL, 100, 1150000, ASK_NO_MORE, LOCK_FREE},
    [PHASE_UNDISTURBED] = {"undisturbed", never, NULL, 0, 1, ASK_NO_MORE, LOCK_FREE},
};

const char *signal_phase_name(enum signal_phase phase)
{
    return phases[phase].name;
}

int signal_phase_least_certain(enum signal_phase phase)
{
    return phases[phase].least_certain;
}

const struct signal_phase_row *signal_phase_of(enum signal_phase phase)
{
    return &phases[phase];
}

bool signal_phase_is_between(const struct signal_phase_row *phase)
{
    return phase->obstacle == LOCK_FROM_PROMPT || phase->obstacle == DAMAGE_FROM_PROMPT;
}

bool signal_phase_is_brief(const struct signal_phase_row *phase)
{
    return phase->is_certain == has_staged_now;
}
