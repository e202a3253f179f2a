/* SPDX-License-Identifier: Apache-2.0
 *
 * http_stub - stands in for plexctl-http.so: a version, to be overwritten in a copy, and no functions.
 */
struct stub {
    const char *version;
    void (*functions[7])(void);
};

static const char version[] = "VERSION-OF-THE-STUB-WHICH-IS-OVERWRITTEN-WITH-ANOTHER-AS-LONG";
__attribute__((visibility("default"))) extern const struct stub plexctl_http_module;
const struct stub plexctl_http_module = {.version = version};
