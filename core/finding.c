/* SPDX-License-Identifier: Apache-2.0 */
#include "finding.h"

#include <string.h>

#include "base/shell_word.h"

void finding_blame(struct finding *finding, const struct error *refusal, const char *path)
{
    auto_buf struct buf word = BUF_FIXED(SHELL_WORD_SHOWN_BYTES);
    const char *why = refusal->text, *end = why + strlen(why) - refusal->advice_len;

    if (path)
        shell_word_show(&word, path);
    if (finding->text.len > 0 && word.len > 0 && strncmp(why, word.data, word.len) == 0 && why[word.len] == ' ')
        why += word.len + 1;
    if (finding->text.len > 0)
        buf_append_text(&finding->text, ": ");
    buf_append(&finding->text, why, (size_t)(end - why));
    buf_append_text(&finding->fix, error_advice(refusal));
    finding->verdict = FINDING_FAULT;
}

void finding_add_fault(struct finding *finding, const char *fault)
{
    finding->verdict = FINDING_FAULT;
    if (finding->text.len > 0)
        buf_append_text(&finding->text, ", ");
    buf_append_text(&finding->text, fault);
}

plexctl_status finding_append(const struct finding *finding, struct plexctl_json *rows, struct error *err)
{
    struct plexctl_json *row = json_new_object();
    const char *fix = finding->fix.len > 0 ? buf_text(&finding->fix) : NULL;

    if (buf_check(&finding->text, "a finding", err) != PLEXCTL_OK ||
        buf_check(&finding->fix, "a finding", err) != PLEXCTL_OK) {
        json_free(row);
        return err->status;
    }
    if (json_set(row, "item", json_new_string(finding->item)) == PLEXCTL_OK &&
        json_set(row, "verdict", json_new_string(finding->verdict)) == PLEXCTL_OK &&
        json_set(row, "found", json_new_string(buf_text(&finding->text))) == PLEXCTL_OK &&
        json_set(row, "fix", fix ? json_new_string(fix) : json_new_null()) == PLEXCTL_OK)
        return json_append(rows, row) == PLEXCTL_OK ? PLEXCTL_OK : error_no_memory(err);
    json_free(row);
    return error_no_memory(err);
}

void finding_release(struct finding *finding)
{
    buf_release(&finding->text);
    buf_release(&finding->fix);
}
