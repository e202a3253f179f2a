/* SPDX-License-Identifier: Apache-2.0
 *
 * Offers candidates for its values, some of bad will; and has texts that mean something to a shell and to troff.
 */
#include <plexctl/plugin.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EVIL "$(touch PWNED)`touch PWNED`'; touch PWNED; '\" !! ; touch PWNED"

static const char *const kinds[] = {
    "one",       "two words", "it's",        EVIL,       "say \"hi\"", "back\\slash",  "a:b",
    "a=b",       "x@y",       "~root",       "#no",      "-dash",      "br{a,b}",      "str*",
    "\xc3\xa4h", "wow!",      "line\nbreak", "tab\tbed", "esc\x1b[2J", "\xe2\x80\xae", "",
};

static plexctl_status offer_kinds(const struct plexctl_host *host, const char *typed)
{
    (void)typed;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        (void)host->completion->offer(host, kinds[i], i == 0 ? "the first: " EVIL "\n\x1b[2J" : NULL);
    return PLEXCTL_FAILED;
}

/* What the services say here: one candidate each, so that a test sees it. */
static plexctl_status offer_facts(const struct plexctl_host *host, const char *typed)
{
    const struct plexctl_http_request request = {.size = sizeof request, .method = "GET", .path = "/x"};
    const struct plexctl_http_reply *reply = NULL;
    const char *kind = host->values->string(host, "kind");
    const char *server = host->settings->server(host);
    plexctl_status sent = server ? PLEXCTL_OK : host->http->send(host, &request, &reply);

    (void)typed;
    (void)host->completion->offer(host, kind ? kind : "no-kind", "the kind");
    (void)host->completion->offer(host, server ? server : "no-server", "the server");
    if (sent == PLEXCTL_NO_SERVER)
        (void)host->completion->offer(host, "send-says-no-server", NULL);
    if (host->output->line(host, "line") == PLEXCTL_DENIED && host->output->confirm(host, "really?") == PLEXCTL_DENIED)
        (void)host->completion->offer(host, "output-denied", NULL);
    host->output->warn(host, "a warning");
    if (host->completion->offer(host, NULL, NULL) == PLEXCTL_INVALID)
        (void)host->completion->offer(host, "null-is-invalid", NULL);
    return PLEXCTL_OK;
}

static plexctl_status misbehave(const struct plexctl_host *host, const char *typed)
{
    const char *how = host->values->string(host, "how");
    const struct plexctl_http_request request = {.size = sizeof request, .method = "GET", .path = "/x"};
    const struct plexctl_http_reply *reply = NULL;

    (void)typed;
    (void)host->completion->offer(host, "before", NULL);
    if (write(STDOUT_FILENO, "printed\n", 8) < 0 || write(STDERR_FILENO, "printed\n", 8) < 0)
        return PLEXCTL_FAILED;
    if (how && strcmp(how, "crash") == 0)
        (void)raise(SIGSEGV);
    if (how && strcmp(how, "exit") == 0)
        exit(3);
    while (how && strcmp(how, "fork") == 0 && fork() == 0)
        (void)sleep(60);
    while (how && strcmp(how, "hang") == 0)
        (void)pause();
    if (how && strcmp(how, "wait") == 0)
        (void)host->http->send(host, &request, &reply);
    return PLEXCTL_OK;
}

static plexctl_status run(const struct plexctl_host *host)
{
    return host->completion->offer(host, "x", NULL) == PLEXCTL_INVALID
               ? host->output->line(host, "offer is invalid here")
               : PLEXCTL_FAILED;
}

static const struct plexctl_flag flags[] = {
    {.name = "kind",
     .value_name = "\"KIND\"",
     .help = ".TH is \\no macro, \"nor\" is 'this",
     .letter = 'k',
     .complete = offer_kinds},
    {.name = "colour",
     .help = "'A colour",
     .choices = "red|green|dark blue|it's|$(touch PWNED)",
     .default_value = "red",
     .type = PLEXCTL_ENUM},
    {.name = "file", .help = "A file", .type = PLEXCTL_PATH, .letter = 'f'},
    {.name = "fact", .help = "What is known", .complete = offer_facts},
    {.name = "how", .help = "How to misbehave", .choices = "not|crash|exit|hang|wait|fork", .type = PLEXCTL_ENUM},
    {.name = "misbehave", .help = "Misbehave", .complete = misbehave},
    {.name = "count", .help = "How many", .type = PLEXCTL_INT, .minimum = 1, .maximum = 9},
    {.name = "old-profile", .help = "A profile", .type = PLEXCTL_PROFILE},
    {.name = "force", .help = "Do not ask", .type = PLEXCTL_BOOL},
};

static const struct plexctl_argument arguments[] = {
    {.name = "KIND",
     .help = "A kind; Fl and Ar are \\fBwords\\fP",
     .attributes = PLEXCTL_REQUIRED,
     .complete = offer_kinds},
    {.name = "FILE", .help = "A file", .type = PLEXCTL_PATH},
};

static const struct plexctl_command completer = {
    .size = sizeof completer,
    .needs = PLEXCTL_NEEDS_SERVER,
    .name = "completer",
    .summary = "Complete \"values\" Fl \\e",
    .description =
        ".Dd begins this paragraph. 'br begins a sentence, and \\(bu is no bullet; \"quotes\" stay. A line that\n"
        ".is broken here starts with a dot.\n"
        "\n"
        "  .kept \\as it is\n"
        "  'and this\n"
        "\n"
        "\n"
        "The end",
    .examples = "plexctl completer 'a \\b' --kind \"x\"\n.dot\n",
    .flags = PLEXCTL_ROWS(flags),
    .arguments = PLEXCTL_ROWS(arguments),
    .run = run,
};

PLEXCTL_PLUGIN("completer", "1.0.0", "Complete values", &completer)
