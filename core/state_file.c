/* SPDX-License-Identifier: Apache-2.0 */
#include "state_file.h"

#include <fcntl.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "config_file.h"
#include "credential_store.h"
#include "remedy.h"

static plexctl_status refuse_damaged(const char *path, struct error *err)
{
    const struct error why = *err;

    (void)remedy_refuse(err, path, "is not what plexctl keeps there", "run `rm @`");
    return why.status == PLEXCTL_FAILED ? error_prefix(err, "%.300s", why.text) : err->status;
}

static plexctl_status parse(const char *path, const struct buf *text, struct plexctl_json **ret_root,
                            int64_t *ret_expires_unix_s, struct error *err)
{
    struct plexctl_json *root = NULL;
    plexctl_status status = json_parse(buf_text(text), text->len, &root, err);

    if (status != PLEXCTL_OK)
        return status == PLEXCTL_NO_MEMORY ? status : refuse_damaged(path, err);
    const char *expires_at = json_string(json_get(root, "expires_at"));
    if (!expires_at || !text_parse_utc(expires_at, ret_expires_unix_s) ||
        json_type(json_get(root, "value")) != PLEXCTL_JSON_OBJECT) {
        json_free(root);
        error_clear(err);
        return refuse_damaged(path, err);
    }
    *ret_root = root;
    return PLEXCTL_OK;
}

plexctl_status state_file_read(const char *path, struct plexctl_json **ret_root, int64_t *ret_expires_unix_s,
                               struct error *err)
{
    auto_config_file struct config_file file = CONFIG_FILE_INIT(path);

    file.text.max = STATE_FILE_MAX_BYTES;
    plexctl_status status = config_file_read(&file, AT_FDCWD, path, err);
    if (status == PLEXCTL_OK && !file.exists)
        return error_set(err, PLEXCTL_NOT_FOUND, "nothing is kept in %s", path);
    return status == PLEXCTL_OK ? parse(path, &file.text, ret_root, ret_expires_unix_s, err) : status;
}

bool state_file_has_expired(const char *path)
{
    struct plexctl_json *root = NULL;
    struct error ignored = ERROR_INIT;
    int64_t expires_unix_s = 0;

    if (state_file_read(path, &root, &expires_unix_s, &ignored) != PLEXCTL_OK)
        return false;
    json_free(root);
    return expires_unix_s <= (int64_t)time(NULL);
}
