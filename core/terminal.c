/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"

/* NULL where it is unset or empty. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] ? value : NULL;
}

bool terminal_is(int fd)
{
    return isatty(fd) == 1;
}

static size_t size_of(const char *name, unsigned short known, size_t otherwise)
{
    const char *value = variable(name);
    int64_t number = 0;

    if (value && text_to_integer(value, &number) && number >= 1 && number <= UINT16_MAX)
        return (size_t)number;
    return known ? known : otherwise;
}

size_t terminal_columns(int fd)
{
    struct winsize size = {0};

    (void)ioctl(fd, TIOCGWINSZ, &size);
    return size_of("COLUMNS", size.ws_col, TERMINAL_COLUMNS);
}

size_t terminal_lines(int fd)
{
    struct winsize size = {0};

    (void)ioctl(fd, TIOCGWINSZ, &size);
    return size_of("LINES", size.ws_row, TERMINAL_LINES);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

struct terminal_room terminal_room(int fd)
{
    struct winsize size = {0};
    struct terminal_room room = {.columns = terminal_columns(fd), .lines = terminal_lines(fd)};

    (void)ioctl(fd, TIOCGWINSZ, &size);
    if (size.ws_col)
        room.columns = smaller(room.columns, size.ws_col);
    if (size.ws_row)
        room.lines = smaller(room.lines, size.ws_row);
    return room;
}

bool terminal_takes_escapes(int fd)
{
    const char *kind = variable("TERM");

    return kind && strcmp(kind, "dumb") != 0 && terminal_is(fd);
}

bool terminal_has_colour(int fd)
{
    const char *forced = variable("CLICOLOR_FORCE"), *wanted = variable("CLICOLOR");

    if (variable("NO_COLOR"))
        return false;
    if (forced && strcmp(forced, "0") != 0)
        return true;
    return !(wanted && strcmp(wanted, "0") == 0) && terminal_takes_escapes(fd);
}

/* "de_DE.UTF-8@euro": the codeset stands behind the dot. */
bool terminal_is_utf8(void)
{
    const char *locale = variable("LC_ALL");

    if (!locale)
        locale = variable("LC_CTYPE");
    if (!locale)
        locale = variable("LANG");
    const char *codeset = locale ? strchr(locale, '.') : NULL;
    if (!codeset)
        return false;
    codeset++;
    size_t len = strcspn(codeset, "@");
    return (len == 5 && strncasecmp(codeset, "UTF-8", len) == 0) ||
           (len == 4 && strncasecmp(codeset, "UTF8", len) == 0);
}
