/* SPDX-License-Identifier: Apache-2.0
 *
 * url: what libcurl's lenient parser would take, and what of it plexctl takes.
 */
#include "http/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static const struct accepted {
    const char *text, *origin, *host, *path, *query, *fragment;
} accepted[] = {
    {"https://cp.example.com", "https://cp.example.com:443", "cp.example.com", "/", NULL, NULL},
    {"https://cp.example.com/", "https://cp.example.com:443", "cp.example.com", "/", NULL, NULL},
    {"HTTPS://CP.Example.COM:8443/EU?a=b#Top", "https://cp.example.com:8443", "cp.example.com", "/EU", "a=b", "Top"},
    {"https://cp.example.com:443/x", "https://cp.example.com:443", "cp.example.com", "/x", NULL, NULL},
    {"https://cp.example.com:65535", "https://cp.example.com:65535", "cp.example.com", "/", NULL, NULL},
    {"https://cp.example.com:1", "https://cp.example.com:1", "cp.example.com", "/", NULL, NULL},
    {"https://a?b@c", "https://a:443", "a", "/", "b@c", NULL},
    {"https://a#b@c", "https://a:443", "a", "/", NULL, "b@c"},
    {"https://a/b@c:d", "https://a:443", "a", "/b@c:d", NULL, NULL},
    {"https://a/%00%20x", "https://a:443", "a", "/%00%20x", NULL, NULL},
    {"https://my_service-1:9", "https://my_service-1:9", "my_service-1", "/", NULL, NULL},
    {"https://xn--bcher-kva.example", "https://xn--bcher-kva.example:443", "xn--bcher-kva.example", "/", NULL, NULL},
    {"https://1e100.net", "https://1e100.net:443", "1e100.net", "/", NULL, NULL},
    {"https://0xcafe.example", "https://0xcafe.example:443", "0xcafe.example", "/", NULL, NULL},
    {"https://192.0.2.7:8080", "https://192.0.2.7:8080", "192.0.2.7", "/", NULL, NULL},
    {"https://[2001:DB8::0:7]:8080/x", "https://[2001:db8::7]:8080", "[2001:db8::7]", "/x", NULL, NULL},
    {"https://[::ffff:192.0.2.7]", "https://[::ffff:192.0.2.7]:443", "[::ffff:192.0.2.7]", "/", NULL, NULL},
    {"https://localhost", "https://localhost:443", "localhost", "/", NULL, NULL},
    {"http://localhost", "http://localhost:80", "localhost", "/", NULL, NULL},
    {"hTTp://LOCALHOST:8080/x", "http://localhost:8080", "localhost", "/x", NULL, NULL},
    {"http://127.0.0.1", "http://127.0.0.1:80", "127.0.0.1", "/", NULL, NULL},
    {"http://127.255.255.254:1", "http://127.255.255.254:1", "127.255.255.254", "/", NULL, NULL},
    {"http://[::1]:8080", "http://[::1]:8080", "[::1]", "/", NULL, NULL},
    {"http://[0:0:0:0:0:0:0:1]", "http://[::1]:80", "[::1]", "/", NULL, NULL},
};

/* `reason` is a part of the message. */
static const struct refused {
    const char *text, *reason;
} refused[] = {
    {"", "must begin with https://"},
    {"cp.example.com", "must begin with https://"},
    {"cp.example.com:443", "must begin with https://"},
    {"//cp.example.com", "must begin with https://"},
    {"/v1", "must begin with https://"},
    {"ftp://cp.example.com", "must begin with https://"},
    {"file:///etc/passwd", "must begin with https://"},
    {"javascript:alert(1)", "must begin with https://"},
    {"https:cp.example.com", "must begin with https://"},
    {"https:/cp.example.com", "must begin with https://"},
    {"http:/localhost", "must begin with https://"},
    {"https//cp.example.com", "must begin with https://"},
    {"httpss://cp.example.com", "must begin with https://"},
    {" https://cp.example.com", "printable ASCII"},
    {"https://cp.example.com ", "printable ASCII"},
    {"https://cp.example.com/a b", "printable ASCII"},
    {"https://cp.example.com/\n", "printable ASCII"},
    {"https://cp.example.com\r\nX: y", "printable ASCII"},
    {"https://cp.example.com/\x7f", "printable ASCII"},
    {"https://cp.example.com/\x1b[2J", "printable ASCII"},
    {"https://b\xc3\xbc"
     "cher.example",
     "printable ASCII"},
    {"https://cp.example.com/\xe2\x80\x8b", "printable ASCII"},
    {"https://cp.example.com\\@evil.example", "backslash"},
    {"https:\\\\cp.example.com", "backslash"},
    {"https://cp.example.com/\\", "backslash"},
    {"https://", "names no host"},
    {"https:///cp.example.com", "names no host"},
    {"https://:443", "names no host"},
    {"https://?x", "names no host"},
    {"https://#x", "names no host"},
    {"https://user@cp.example.com", "no user name"},
    {"https://user:word@cp.example.com", "no user name"},
    {"https://@cp.example.com", "no user name"},
    {"https://:@cp.example.com", "no user name"},
    {"https://cp.example.com@", "no user name"},
    {"https://cp.example.com:443@evil.example", "no user name"},
    {"https://a@b@c", "no user name"},
    {"https://user%40cp.example.com", "character that is none"},
    {"https://%6cocalhost", "character that is none"},
    {"https://cp%2eexample.com", "character that is none"},
    {"https://cp.example.com%00.evil", "character that is none"},
    {"https://a,b", "character that is none"},
    {"https://a;b", "character that is none"},
    {"https://a&b", "character that is none"},
    {"https://*.example.com", "character that is none"},
    {"https://cp.example.com.", "ends in a dot"},
    {"https://cp..example.com", "empty label"},
    {"https://.example.com", "empty label"},
    {"https://.", "empty label"},
    {"http://localhost.", "ends in a dot"},
    {"https://127.1", "is a number"},
    {"http://127.1", "is a number"},
    {"http://127.0.1", "is a number"},
    {"http://0x7f.1", "is a number"},
    {"http://0x7f.0.0.1", "is a number"},
    {"http://127.0.0.0x1", "is a number"},
    {"http://0x7f000001", "is a number"},
    {"http://017700000001", "is a number"},
    {"http://0177.0.0.1", "is a number"},
    {"http://127.0.0.01", "is a number"},
    {"http://2130706433", "is a number"},
    {"https://1.2.3.4.5", "is a number"},
    {"https://256.1.1.1", "is a number"},
    {"https://127.0.0.1.", "ends in a dot"},
    {"https://example.0x", "is a number"},
    {"https://[::1", "no IPv6 address"},
    {"https://[]", "no IPv6 address"},
    {"https://[", "no IPv6 address"},
    {"https://[1::2::3]", "no IPv6 address"},
    {"https://[v1.x]", "no IPv6 address"},
    {"https://[127.0.0.1]", "no IPv6 address"},
    {"https://[::1%25lo]", "no IPv6 address"},
    {"https://[fe80::1%eth0]", "no IPv6 address"},
    {"https://[::1]x:1", "between its host and its port"},
    {"https://[::1]8080", "between its host and its port"},
    {"https://::1", "names no host"},
    {"https://a:", "port is not"},
    {"https://a:/x", "port is not"},
    {"https://a:0", "port is not"},
    {"https://a:0443", "port is not"},
    {"https://a:65536", "port is not"},
    {"https://a:99999999999999999999", "port is not"},
    {"https://a:-1", "port is not"},
    {"https://a:+1", "port is not"},
    {"https://a:8o", "port is not"},
    {"https://a:80:90", "port is not"},
    {"https://a:%38", "port is not"},
    {"http://cp.example.com", "only for this machine"},
    {"http://192.0.2.7", "only for this machine"},
    {"http://128.0.0.1", "only for this machine"},
    {"http://126.255.255.255", "only for this machine"},
    {"http://0.0.0.0", "only for this machine"},
    {"http://[::]", "only for this machine"},
    {"http://[::2]", "only for this machine"},
    {"http://[::ffff:127.0.0.1]", "only for this machine"},
    {"http://localhost.example", "only for this machine"},
    {"http://my.localhost", "only for this machine"},
    {"http://localhosts", "only for this machine"},
    {"http://127.0.0.1.example", "only for this machine"},
};

static void assert_text(const char *found, const char *wanted, const char *text)
{
    if (!wanted)
        ck_assert_msg(!found, "%s: found \"%s\", wanted none", text, found);
    else
        ck_assert_msg(found && strcmp(found, wanted) == 0, "%s: found \"%s\", wanted \"%s\"", text,
                      found ? found : "(none)", wanted);
}

START_TEST(url_parse_accepts)
{
    const struct accepted *row = &accepted[_i];
    struct http_url url = HTTP_URL_INIT;
    struct error err = ERROR_INIT;

    ck_assert_msg(url_parse(row->text, &url, &err) == PLEXCTL_OK, "%s: %s", row->text, err.text);
    assert_text(url.origin, row->origin, row->text);
    assert_text(url.host, row->host, row->text);
    assert_text(url.path, row->path, row->text);
    assert_text(url.query, row->query, row->text);
    assert_text(url.fragment, row->fragment, row->text);
    url_release(&url);
    ck_assert_ptr_null(url.origin);
}
END_TEST

START_TEST(url_parse_refuses)
{
    const struct refused *row = &refused[_i];
    struct http_url url = HTTP_URL_INIT;
    struct error err = ERROR_INIT;

    ck_assert_msg(url_parse(row->text, &url, &err) == PLEXCTL_FAILED, "%s was taken", row->text);
    ck_assert_msg(strstr(err.text, row->reason) != NULL, "%s: %s", row->text, err.text);
    ck_assert_int_eq(err.status, PLEXCTL_FAILED);
    ck_assert_ptr_null(url.origin);
    for (const char *c = err.text; *c; c++)
        ck_assert_msg((unsigned char)*c >= ' ' && *c != 0x7f, "a control byte in: %s", err.text);
    ck_assert_msg(!strstr(err.text, "\xe2\x80\x8b"), "an invisible character in: %s", err.text);
    ck_assert_msg(!strstr(err.text, "word@"), "a password in: %s", err.text);
}
END_TEST

static char *url_of_length(size_t len)
{
    static const char start[] = "https://a/";
    char *text = malloc(len + 1);

    ck_assert_ptr_nonnull(text);
    memset(text, 'x', len);
    memcpy(text, start, sizeof start - 1);
    text[len] = '\0';
    return text;
}

START_TEST(url_parse_keeps_length_limit)
{
    struct http_url url = HTTP_URL_INIT;
    struct error err = ERROR_INIT;
    char *fits = url_of_length(HTTP_URL_MAX_BYTES), *over = url_of_length(HTTP_URL_MAX_BYTES + 1);

    ck_assert_int_eq(url_parse(fits, &url, &err), PLEXCTL_OK);
    ck_assert_uint_eq(strlen(url.path), HTTP_URL_MAX_BYTES - strlen("https://a"));
    url_release(&url);
    ck_assert_int_eq(url_parse(over, &url, &err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "longer than 2048"));
    free(fits);
    free(over);
}
END_TEST

START_TEST(url_parse_keeps_host_limits)
{
    struct http_url url = HTTP_URL_INIT;
    struct error err = ERROR_INIT;
    char label[65], text[400];

    memset(label, 'a', 64);
    label[64] = '\0';
    (void)snprintf(text, sizeof text, "https://%.63s.%.63s.%.63s.%.61s", label, label, label, label);
    ck_assert_int_eq(url_parse(text, &url, &err), PLEXCTL_OK);
    ck_assert_uint_eq(strlen(url.host), 253);
    url_release(&url);
    (void)snprintf(text, sizeof text, "https://%.63s.%.63s.%.63s.%.62s", label, label, label, label);
    ck_assert_int_eq(url_parse(text, &url, &err), PLEXCTL_FAILED);
    (void)snprintf(text, sizeof text, "https://%.64s", label);
    ck_assert_int_eq(url_parse(text, &url, &err), PLEXCTL_FAILED);
    (void)snprintf(text, sizeof text, "https://[%.60s]", label);
    ck_assert_int_eq(url_parse(text, &url, &err), PLEXCTL_FAILED);
}
END_TEST

START_TEST(url_open_gives_the_handle_that_is_dialled)
{
    struct http_url url = HTTP_URL_INIT;
    struct error err = ERROR_INIT;
    CURLU *handle = NULL;
    char *host = NULL;

    ck_assert_int_eq(url_open("https://[2001:db8:0::7]:8443/x", &handle, &url, &err), PLEXCTL_OK);
    ck_assert_int_eq(curl_url_get(handle, CURLUPART_HOST, &host, 0), CURLUE_OK);
    ck_assert_str_eq(host, url.host);
    curl_free(host);
    curl_url_cleanup(handle);
    url_release(&url);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("url");
    TCase *tcase = tcase_create("url");

    tcase_add_loop_test(tcase, url_parse_accepts, 0, sizeof accepted / sizeof accepted[0]);
    tcase_add_loop_test(tcase, url_parse_refuses, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(tcase, url_parse_keeps_length_limit);
    tcase_add_test(tcase, url_parse_keeps_host_limits);
    tcase_add_test(tcase, url_open_gives_the_handle_that_is_dialled);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
