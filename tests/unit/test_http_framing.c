/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "http/framing.h"
#include "unit.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define INTERIM "HTTP/1.1 103 Early Hints\r\n\r\n"

static const struct row {
    const char *head;
    const char *fault; /* stands in it; NULL: none */
} rows[] = {
    {OK "\r\n", NULL},
    {OK "Content-Length: 0\r\n\r\n", NULL},
    {OK "content-length:\t7 \r\n\r\n", NULL},
    {OK "Content-Length: 9223372036854775807\r\n\r\n", NULL},
    {OK "Content-Length: 5\r\nCONTENT-LENGTH: 5\r\n\r\n", NULL},
    {OK "Transfer-Encoding: chunked\r\n\r\n", NULL},
    {OK "transfer-encoding: Chunked\n\n", NULL},
    {"HTTP/1.0 200 OK\r\n\r\n", NULL},
    {OK "X-Content-Length: x\r\nContent-Lengths: x\r\nContent-Length\r\n\r\n", NULL},
    {OK "Content-Length:\r\n\r\n", "not a length"},
    {OK "Content-Length: -1\r\n\r\n", "not a length"},
    {OK "Content-Length: +1\r\n\r\n", "not a length"},
    {OK "Content-Length: 5, 5\r\n\r\n", "not a length"},
    {OK "Content-Length: 5 5\r\n\r\n", "not a length"},
    {OK "Content-Length: 0x5\r\n\r\n", "not a length"},
    {OK "Content-Length: 9223372036854775808\r\n\r\n", "not a length"},
    {OK "Content-Length: 99999999999999999999\r\n\r\n", "not a length"},
    {OK "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", "two different"},
    {OK "Content-Length: 5\r\nContent-Length: 6\r\nContent-Length: 6\r\n\r\n", "two different"},
    {OK "Transfer-Encoding: chunked, chunked\r\n\r\n", "just chunked"},
    {OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "just chunked"},
    {OK "Transfer-Encoding: gzip, chunked\r\n\r\n", "just chunked"},
    {OK "Transfer-Encoding: identity\r\n\r\n", "just chunked"},
    {OK "Transfer-Encoding:\r\n chunked\r\n\r\n", "just chunked"},
    {OK "Transfer-Encoding: chunkedx\r\n\r\n", "just chunked"},
    {OK "Transfer-Encoding: chunk\r\n\r\n", "just chunked"},
    {OK "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "both"},
    {OK "Transfer-Encoding: chunked\r\nX: y\r\nContent-Length: 5\r\n\r\n", "both"},
    {"HTTP/2 200\r\n\r\n", "HTTP/1.1"},
    {"HTTP/1.10 200 OK\r\n\r\n", "HTTP/1.1"},
    {"HTTP/1.1", "HTTP/1.1"},
    {OK "Content-Length: 3\r\nHTTP/1.1 2: x\r\nContent-Length: 49\r\n\r\n", "status line"},
    {OK OK "\r\n", "status line"},
    /* Only the last reply counts, and no trailer. */
    {"HTTP/1.1 200 Connection established\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" OK "\r\n", NULL},
    {INTERIM OK "Content-Length: 5\r\n\r\n", NULL},
    {"HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n" OK "Content-Length: 6\r\n\r\n", NULL},
    {INTERIM OK "Content-Length: x\r\n\r\n", "not a length"},
    {OK "Transfer-Encoding: chunked\r\n\r\nContent-Length: 5\r\n\r\n", NULL},
};

START_TEST(framing_take_judges_what_ends_a_reply)
{
    const struct row *row = &rows[_i];
    struct framing framing = {0};

    for (const char *line = row->head; *line;) {
        const char *end = strchr(line, '\n');
        size_t len = end ? (size_t)(end + 1 - line) : strlen(line);
        framing_take(&framing, line, len);
        line += len;
    }
    ck_assert_msg((framing.fault != NULL) == (row->fault != NULL), "row %d: %s", _i, framing.fault);
    if (row->fault)
        ck_assert_msg(strstr(framing.fault, row->fault) != NULL, "row %d: %s", _i, framing.fault);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("http_framing");
    TCase *tcase = tcase_create("framing");

    tcase_add_loop_test(tcase, framing_take_judges_what_ends_a_reply, 0, sizeof rows / sizeof rows[0]);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
