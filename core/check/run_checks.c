/* SPDX-License-Identifier: Apache-2.0 */
#include "check/run_checks.h"

#include <stdlib.h>
#include <string.h>

#include "check/lines.h"
#include "check/recording.h"

static plexctl_status tell(const struct run_check *check, struct session *session, const char *name,
                           struct tally *tally, struct error *err)
{
    struct verdict verdict = VERDICT_INIT;
    plexctl_status status = PLEXCTL_OK;

    if (session->is_well || check == run_checks)
        status = check->judge(check, session, &verdict, err);
    else
        verdict_skip(&verdict, "it does not run well");
    if (status == PLEXCTL_OK)
        status = tally_tell(tally, check->name, name, check->rule, &verdict, err);
    verdict_release(&verdict);
    return status;
}

static plexctl_status check_line(const struct subject *subject, const struct trial_line *line,
                                 const struct http_module *http, struct tally *tally, struct error *err)
{
    struct session session = {0};
    auto_buf struct buf name = BUF_INIT(1024);
    plexctl_status status = session_begin(&session, subject, line, http, err);

    lines_name(line, &name);
    for (size_t i = 0; status == PLEXCTL_OK && i < run_check_count; i++)
        status = tell(&run_checks[i], &session, buf_text(&name), tally, err);
    session_release(&session);
    return status;
}

static plexctl_status check_lines(const struct subject *subject, const struct lines *lines, struct loader *loader,
                                  struct tally *tally, struct error *err)
{
    const struct http_module *real = NULL;
    plexctl_status status = loader_http(loader, &real, err); /* once, for all children */

    if (status == PLEXCTL_OK)
        status = trial_prepare_home(subject, err);
    for (size_t i = 0; status == PLEXCTL_OK && i < lines->count; i++)
        status = check_line(subject, &lines->rows[i], recording_module(real), tally, err);
    return status;
}

static plexctl_status skip_all(struct tally *tally, struct error *err)
{
    plexctl_status status = PLEXCTL_OK;

    for (size_t i = 0; status == PLEXCTL_OK && i < run_check_count; i++) {
        struct verdict verdict = VERDICT_INIT;
        verdict_skip(&verdict, "plexctl does not load it");
        status = tally_tell(tally, run_checks[i].name, "", run_checks[i].rule, &verdict, err);
        verdict_release(&verdict);
    }
    return status;
}

plexctl_status run_checks_run(const struct subject *subject, bool is_loaded, char *const words[], size_t word_count,
                              struct tally *tally, struct error *err)
{
    struct lines lines = {0};
    struct loader *loader = NULL;

    if (!is_loaded)
        return skip_all(tally, err);
    plexctl_status status = loader_new_at(subject->library_dir, true, &loader, err);
    if (status == PLEXCTL_OK)
        status = word_count ? lines_take(subject->note.command, words, word_count, &lines, err)
                            : lines_make(subject, &lines, err);
    if (status == PLEXCTL_OK)
        status = check_lines(subject, &lines, loader, tally, err);
    lines_release(&lines);
    loader_free(loader);
    return status;
}
