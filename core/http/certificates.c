/* SPDX-License-Identifier: Apache-2.0 */
#include "certificates.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static const char *environment(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] ? value : NULL;
}

const char *certificates_file(void)
{
    return environment("SSL_CERT_FILE");
}

const char *certificates_directory(void)
{
    return environment("SSL_CERT_DIR");
}

/* "5ed36f99.0", as `openssl rehash` names them. */
static bool is_hashed_name(const char *name)
{
    return strspn(name, "0123456789abcdef") == 8 && name[8] == '.' && name[9] >= '0' && name[9] <= '9';
}

/* Small container images have the bundle in that directory and no hashed names: it would then verify nothing. */
static bool is_hashed_directory(const char *path)
{
    auto_dir DIR *dir = path ? opendir(path) : NULL;

    for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
        if (is_hashed_name(entry->d_name))
            return true;
    }
    return false;
}

/* Looked at once: a login asks every few seconds, and the system's directory has hundreds of names. */
static const char *system_directory(void)
{
    static bool is_known, is_hashed;
    const char *path = curl_version_info(CURLVERSION_NOW)->capath;

    if (!is_known)
        is_hashed = is_hashed_directory(path);
    is_known = true;
    return is_hashed ? path : NULL;
}

static CURLcode configure(CURL *easy, const char *file, const char *directory)
{
    CURLcode code = curl_easy_setopt(easy, CURLOPT_CAINFO, file);

    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_CAPATH, directory);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, file);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, directory);
    return code;
}

CURLcode certificates_configure(CURL *easy)
{
    const char *file = certificates_file(), *directory = certificates_directory();

    if (!file && !directory)
        directory = system_directory();
    return file || directory ? configure(easy, file, directory) : CURLE_OK;
}
