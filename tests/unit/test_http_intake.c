/* SPDX-License-Identifier: Apache-2.0 */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/intake.h"
#include "unit.h"

/* A connection on loopback: what is sent by `theirs` comes in at `ours`. */
struct wire {
    int ours, theirs;
};

static struct wire connect_wire(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct wire wire = {.ours = socket(AF_INET, SOCK_STREAM, 0)};

    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(listen(listener, 1), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    ck_assert_int_eq(connect(wire.ours, (struct sockaddr *)&address, size), 0);
    wire.theirs = accept(listener, NULL, NULL);
    ck_assert_int_ge(wire.theirs, 0);
    ck_assert_int_eq(close(listener), 0);
    return wire;
}

/* Read at once, so that the kernel has surely counted it. */
static void bring(const struct wire *wire, size_t bytes)
{
    char block[512] = "";

    ck_assert_uint_le(bytes, sizeof block);
    ck_assert_int_eq(send(wire->theirs, block, bytes, 0), (ssize_t)bytes);
    ck_assert_int_eq(recv(wire->ours, block, bytes, MSG_WAITALL), (ssize_t)bytes);
}

START_TEST(intake_counts_on_every_open_socket)
{
    struct intake intake = INTAKE_INIT;
    const struct wire wires[] = {connect_wire(), connect_wire()};

    /* The one that was opened first wins, or the other. */
    for (int i = 0; i < 2; i++)
        ck_assert(intake_add(&intake, wires[i].ours));
    bring(&wires[0], 100);
    ck_assert(intake_passes(&intake, 99));
    ck_assert(!intake_passes(&intake, 100));
    bring(&wires[1], 100);
    ck_assert(intake_passes(&intake, 199));
    ck_assert(!intake_passes(&intake, 200));
}
END_TEST

START_TEST(intake_of_a_kept_connection_begins_anew)
{
    struct intake intake = INTAKE_INIT;
    const struct wire wire = connect_wire();
    CURL *easy = curl_easy_init();

    ck_assert(intake_add(&intake, wire.ours));
    bring(&wire, 300);
    ck_assert_int_eq(intake_begin(&intake, easy), CURLE_OK);
    ck_assert(!intake_passes(&intake, 0));
    bring(&wire, 200);
    ck_assert(intake_passes(&intake, 199));
    ck_assert(!intake_passes(&intake, 200));
    curl_easy_cleanup(easy);
}
END_TEST

START_TEST(intake_has_room_for_so_many)
{
    struct intake intake = INTAKE_INIT;

    for (int fd = 1000; fd < 1000 + INTAKE_SOCKETS_MAX; fd++)
        ck_assert(intake_add(&intake, fd));
    ck_assert(!intake_add(&intake, 2000));
    ck_assert(!intake_passes(&intake, 0));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("http_intake");
    TCase *tcase = tcase_create("intake");

    tcase_add_test(tcase, intake_counts_on_every_open_socket);
    tcase_add_test(tcase, intake_of_a_kept_connection_begins_anew);
    tcase_add_test(tcase, intake_has_room_for_so_many);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
