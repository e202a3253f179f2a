/* SPDX-License-Identifier: Apache-2.0
 *
 * Which browser is started, and how: a script in a scratch directory stands for it, and leaves its arguments there.
 */
#include "browser.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "unit.h"

#define URL "https://cp.example.com/device?user_code=ABCD-2345"

static char dir[80];

/* Executes without a shell's PATH; the fifo tells when it has run, and what it was. */
static void put_program(const char *name)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    (void)fprintf(file,
                  "#!/bin/sh\n{ echo \"${0##*/}\"; for word do echo \"<$word>\"; done; echo "
                  "\"token=$PLEXSPHERE_TOKEN\"; } >%s/fifo\n",
                  dir);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(chmod(path, 0755), 0);
}

static void set_up(void)
{
    static const char *const variables[] = {"SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "SUDO_USER",       "SUDO_UID",
                                            "DOAS_USER",      "PKEXEC_UID", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER"};
    char path[256], target[256];

    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
        ck_assert_int_eq(unsetenv(variables[i]), 0);
    (void)snprintf(dir, sizeof dir, "%s/case.XXXXXX", unit_scratch());
    ck_assert_ptr_nonnull(mkdtemp(dir));
    put_program("fire");
    put_program("xdg-open");
    put_program("lynx");
    (void)snprintf(path, sizeof path, "%s/web", dir);
    (void)snprintf(target, sizeof target, "%s/lynx", dir);
    ck_assert_int_eq(symlink(target, path), 0);
    (void)snprintf(path, sizeof path, "%s/fifo", dir);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    (void)snprintf(path, sizeof path, "%s/notes", dir);
    ck_assert_int_eq(close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0755)), 0);
    (void)snprintf(path, sizeof path, "%s/shadow", dir);
    ck_assert_int_eq(mkdir(path, 0755), 0);
    (void)snprintf(path, sizeof path, "%s/shadow/fire", dir);
    ck_assert_int_eq(mkdir(path, 0755), 0);
    (void)snprintf(path, sizeof path, ":relative:%s/shadow:%s:/bin", dir, dir);
    ck_assert_int_eq(setenv("PATH", path, 1), 0);
    ck_assert_int_eq(setenv("PLEXSPHERE_TOKEN", "canary", 1), 0);
}

static void set(const char *setting)
{
    char copy[256];

    (void)snprintf(copy, sizeof copy, "%s", setting);
    char *value = strchr(copy, '=');
    *value = '\0';
    ck_assert_int_eq(setenv(copy, value + 1, 1), 0);
}

/* What the program left, which is waited for. */
static const char *what_ran(void)
{
    static char text[1024];
    char path[256];
    size_t len = 0;
    ssize_t count;

    (void)snprintf(path, sizeof path, "%s/fifo", dir);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    while ((count = read(fd, text + len, sizeof text - 1 - len)) > 0)
        len += (size_t)count;
    ck_assert_int_eq(close(fd), 0);
    text[len] = '\0';
    return text;
}

static const struct start_case {
    const char *browser; /* BROWSER */
    const char *display;
    const char *ran; /* without the token's line */
} starts[] = {
    {"fire", "DISPLAY=", "fire\n<" URL ">\n"},
    {"fire --new  --tab=%s", "DISPLAY=", "fire\n<--new>\n<--tab=" URL ">\n"},
    {"fire %s %s", "DISPLAY=", "fire\n<" URL ">\n<" URL ">\n"},
    {"fire 'a b' $HOME", "DISPLAY=", "fire\n<'a>\n<b'>\n<$HOME>\n<" URL ">\n"},
    {"\tfire ", "DISPLAY=", "fire\n<" URL ">\n"},
    {"absent:fire", "DISPLAY=", "fire\n<" URL ">\n"},
    {"::lynx:web %s:fire -x", "DISPLAY=", "fire\n<-x>\n<" URL ">\n"},
    {"xdg-open:fire", "DISPLAY=", "fire\n<" URL ">\n"},
    {"xdg-open:fire", "WAYLAND_DISPLAY=wayland-0", "xdg-open\n<" URL ">\n"},
    {"", "DISPLAY=:0", "xdg-open\n<" URL ">\n"},
    {"./fire:fire", "DISPLAY=", "fire\n<" URL ">\n"},
};

START_TEST(browser_open_starts_the_first_that_is_there)
{
    struct error err = ERROR_INIT;
    char wanted[512];

    ck_assert_int_eq(setenv("BROWSER", starts[_i].browser, 1), 0);
    set(starts[_i].display);
    ck_assert_msg(browser_open(URL, &err) == PLEXCTL_OK, "%s: %s", starts[_i].browser, err.text);
    (void)snprintf(wanted, sizeof wanted, "%stoken=\n", starts[_i].ran);
    ck_assert_str_eq(what_ran(), wanted);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* none is left: no zombie either */
}
END_TEST

static const struct refusal_case {
    const char *settings[2];
    const char *says;
} refusals[] = {
    {{"BROWSER=fire", "SSH_CONNECTION=192.0.2.1 1 192.0.2.2 22"}, "ssh session"},
    {{"BROWSER=fire", "SSH_CLIENT=192.0.2.1 1 22"}, "ssh session"},
    {{"BROWSER=fire", "SSH_TTY=/dev/pts/1"}, "ssh session"},
    {{"BROWSER=fire", "SUDO_USER=alice"}, "sudo"},
    {{"BROWSER=fire", "PKEXEC_UID=1000"}, "sudo"},
    {{"BROWSER=lynx", "DISPLAY=:0"}, "BROWSER: lynx is a browser for a terminal"},
    {{"BROWSER=web", "DISPLAY=:0"}, "BROWSER: web is a browser for a terminal"},
    {{"BROWSER=absent:lynx:gone", "DISPLAY=:0"}, "BROWSER: lynx is a browser for a terminal"},
    {{"BROWSER=xdg-open", "DISPLAY="}, "BROWSER: xdg-open would choose a browser for a terminal"},
    {{"BROWSER=", "DISPLAY="}, "xdg-open would choose a browser for a terminal, since neither DISPLAY nor"},
    {{"BROWSER=absent:./fire:fire/", "DISPLAY=:0"}, "names no program"},
    {{"BROWSER= : ", "DISPLAY=:0"}, "names no program"},
    {{"BROWSER=f f f f f f f f f f f f f f f f f f f f f f f f f f f f f f f f f", "DISPLAY=:0"}, "names no program"},
    {{"BROWSER=", "PATH=/nowhere"}, "xdg-open is not installed"},
    {{"BROWSER=notes", "DISPLAY=:0"}, "cannot start the browser: Exec format error"},
};

START_TEST(browser_open_refuses)
{
    struct error err = ERROR_INIT;

    if (strstr(refusals[_i].says, "cannot start") &&
        unit_skips_under_valgrind("a program that cannot be executed: valgrind's posix_spawn does not tell"))
        return;
    for (size_t i = 0; i < 2; i++)
        set(refusals[_i].settings[i]);
    plexctl_status status = browser_open(URL, &err);
    ck_assert_int_eq(status, PLEXCTL_FAILED);
    ck_assert_msg(strstr(err.text, refusals[_i].says), "%s: %s", refusals[_i].settings[0], err.text);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

/* Each is printable ASCII, as url->parse wants it, and in no URL of RFC 3986. */
START_TEST(browser_open_refuses_other_bytes_in_a_url)
{
    static const char bytes[] = "\"<>\\^`{|} \n\x80";
    struct error err = ERROR_INIT;
    char url[64];

    ck_assert_int_eq(setenv("BROWSER", "fire", 1), 0);
    (void)snprintf(url, sizeof url, "https://cp.example.com/?a=%c", bytes[_i]);
    ck_assert_int_eq(browser_open(url, &err), PLEXCTL_FAILED);
    ck_assert_msg(strstr(err.text, "RFC 3986"), "%s", err.text);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

START_TEST(browser_open_takes_every_byte_of_rfc_3986)
{
    static const char url[] = "https://[::1]:8/-._~/%41?:/?#[]@!$&'()*+,;=";
    struct error err = ERROR_INIT;

    ck_assert_int_eq(setenv("BROWSER", "fire", 1), 0);
    ck_assert_msg(browser_open(url, &err) == PLEXCTL_OK, "%s", err.text);
    ck_assert_ptr_nonnull(strstr(what_ran(), url));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("browser");
    TCase *tcase = tcase_create("browser");

    tcase_add_checked_fixture(tcase, set_up, NULL);
    tcase_add_loop_test(tcase, browser_open_starts_the_first_that_is_there, 0, (int)(sizeof starts / sizeof starts[0]));
    tcase_add_loop_test(tcase, browser_open_refuses, 0, (int)(sizeof refusals / sizeof refusals[0]));
    tcase_add_loop_test(tcase, browser_open_refuses_other_bytes_in_a_url, 0, 12);
    tcase_add_test(tcase, browser_open_takes_every_byte_of_rfc_3986);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
