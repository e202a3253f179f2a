/* SPDX-License-Identifier: Apache-2.0
 *
 * signal_login - one login on a pseudo-terminal of its own, sent one signal at one moment, and what it left judged.
 *
 * A phase is what the login is held in, or is seen to have reached; the signal comes a random time after that. The
 * program ends with err(3) where the system lets it down: that is no verdict on plexctl.
 */
#ifndef TESTS_SIGNAL_LOGIN_H
#define TESTS_SIGNAL_LOGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGNAL_LATE_US 200000

enum signal_phase {
    PHASE_START,
    PHASE_LOCK,
    PHASE_REHEARSAL,
    PHASE_CONNECT,
    PHASE_HANDSHAKE,
    PHASE_CODE,
    PHASE_PROMPT,
    PHASE_WAIT,
    PHASE_STOPPED,
    PHASE_POLL,
    PHASE_SAVE_LOCK,
    PHASE_RETRY,
    PHASE_SAVE,
    PHASE_SAVED,
    PHASE_WHOAMI,
    PHASE_ANY,
    PHASE_COUNT,
    PHASE_UNDISTURBED = PHASE_COUNT, /* no signal at all */
};

struct signal_login {
    enum signal_phase phase;
    uint64_t seed;       /* of signal, moment and the rest */
    const char *plexctl; /* the program */
    int number;          /* of the signal; 0 for one of those that the phase allows */
    const char *control; /* NULL, or a shell script that is run with the program and its arguments as its own */
    const char *home;    /* to be made */
    const char *config_before;
    const char *config_after; /* with SIGNAL_PORT for the server's port; NULL where it is not known yet */
};

#define SIGNAL_PORT "PORT0"

struct signal_verdict {
    int number;       /* the signal; 0 where the login had ended before it was due */
    bool by_terminal; /* a key, not kill(2) */
    bool is_certain;  /* the login was in the phase when the signal was sent, by what could be seen just before */
    bool is_saved;    /* the new profile stands in the config file */
    int64_t took_us;  /* from the signal to death */
    int port;         /* of the server */
    bool may_be_late; /* the fault would be none had the signal come after the end: to be tried again */
    char fault[200];  /* "" for none; being late is not among them */
};

/* What the phase is called, and the share of its runs that have to be certain, in percent. */
const char *signal_phase_name(enum signal_phase phase);
int signal_phase_least_certain(enum signal_phase phase);

/* The caller's process becomes the leader of a session: call it once, in a child. */
void signal_login_run(const struct signal_login *login, struct signal_verdict *ret_verdict);

int64_t signal_now_us(void);

/* The next of a sequence of random numbers, below `limit`. */
uint64_t signal_random(uint64_t *seed, uint64_t limit);

#endif
