/* SPDX-License-Identifier: Apache-2.0
 *
 * plexctl/plugin.h - the whole contract between plexctl and a subcommand plugin, major version 1.
 *
 * A plugin is one shared object. Its file name without ".so" is the command word: "hello.so" serves `plexctl hello`.
 * It contains three things; you write the record, and the macro at the end of one C file makes the rest of it:
 *
 *     static const struct plexctl_command hello = {
 *         .size = sizeof hello,
 *         .name = "hello",
 *         .summary = "Greet the control plane",
 *         .needs = PLEXCTL_NEEDS_SERVER,
 *         .run = hello_run,
 *     };
 *     PLEXCTL_PLUGIN("hello", "1.0.0", "Greet the control plane", &hello)
 *
 *   - an ELF note (struct plexctl_note) that plexctl reads from the file before it loads anything of it: a plugin for
 *     another ABI is refused without one instruction of it having run;
 *   - one exported function, plexctl_plugin_v1, whose name carries the major version;
 *   - the record that this function returns: a command described as data. plexctl parses the arguments, checks them,
 *     prints help and a man page, and answers the shell's Tab from the record; a plugin never sees argv.
 *
 * The host hands `run` one pointer: a table of services, grouped by noun. There is no library to link:
 *
 *     cc -shared -fPIC -o hello.so hello.c
 *     mkdir -p ~/.local/lib/plexctl/plugins && cp hello.so ~/.local/lib/plexctl/plugins && plexctl hello
 *
 * File and directories must belong to you or root, and nobody else may be able to write them (chmod go-w); `plexctl
 * plugin doctor` says what is amiss. plexctl's own commands come first, those of later releases too. Libraries that it
 * needs lie where the system looks for them; $ORIGIN does not lead to the plugin's directory.
 *
 * Rules that hold everywhere in this file
 *
 *   Memory      Inputs are borrowed until the call returns. What the host returns lives until `run` returns, unless the
 *               member says sooner. Nobody frees the other side's memory.
 *   Text        UTF-8, ended by NUL. A pointer may be NULL only where its comment says so.
 *   Threads     Call the host only on the thread that called `run`, only until `run` returns.
 *   Failure     A service that fails records one line that says what failed, on what, why and how to mend it. Return
 *               its status and plexctl prints that line once; or handle the status and go on. An output parameter
 *               (ret_...) is never NULL, and is set only on PLEXCTL_OK unless its comment says otherwise. The line of a
 *               failure that you handled stays until the next one: a later failure of your own says so by fail(). The
 *               readers and builders of json, which take no host, record nothing: see its builders for who says what
 *               went wrong. A service that is called against its contract returns PLEXCTL_INVALID and does nothing.
 *   Signals     Install no handler. After SIGINT, SIGTERM, SIGHUP or SIGQUIT each blocking service returns
 *               PLEXCTL_CANCELLED within 200 ms; return that status. plexctl ends by the same signal, whatever status
 *               it was given, so finish or undo what you have begun: services that do not block go on working.
 *               PLEXCTL_CANCELLED without a signal is a failure like others.
 *   Output      Write nothing to stdin, stdout or stderr yourself, and do not close them.
 *   Faults      Come back: never call exit() or abort(), never end the thread of run, let no C++ exception out. From
 *               the loading of your plugin on, plexctl reports a crash, an exit(), a status that it does not know, a
 *               second result and a closed stream as faults of the plugin, in one line with its name, version, file and
 *               command, and ends with 1, whatever code you gave. Two things it cannot see, and they are forbidden as
 *               well: _exit() and a handler of your own for SIGSEGV and the like. Working directory, umask, locale,
 *               environment and modes of the terminal are the process's: leave them as they are.
 *   Sizes       Every record begins with its size in bytes as its author compiled it. A member that lies beyond that
 *               size is absent: the reader takes it for zero. Set it with sizeof; leave reserved members zero.
 *
 * How it may change: within a major version records grow at the end and lists of constants grow; nothing is reordered,
 * retyped or given another meaning. Each growth raises PLEXCTL_ABI_MINOR by one. plexctl runs a plugin when the major
 * versions are equal and the minor that the plugin needs is not above its own. What a later minor adds to a list you
 * may get as well: take an unknown status for PLEXCTL_FAILED, an unknown format for PLEXCTL_OUTPUT_JSON, an unknown
 * JSON type for a value that you cannot read. What you use of a later minor in the record (a type, a need), an older
 * plexctl refuses: raise PLEXCTL_PLUGIN_MINOR. A persistent flag that a later minor brings yields to one of your own of
 * that name or letter.
 */
#ifndef PLEXCTL_PLUGIN_H
#define PLEXCTL_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLEXCTL_ABI_MAJOR 1
#define PLEXCTL_ABI_MINOR 0

struct plexctl_host;

/* ------------------------------------------------------------------------------------------------------------------
 * Status: how a service or a run ended. plexctl alone turns a status into an exit code, given here in brackets. A value
 * that is not in this list is a fault of the plugin [1].
 */
typedef int32_t plexctl_status;

#define PLEXCTL_OK 0              /* done [0] */
#define PLEXCTL_FAILED 1          /* it will not work this way: a refusal, a malformed reply, a failed write [1] */
#define PLEXCTL_UNREACHABLE 2     /* another try may work: no whole reply came, something is held [1] */
#define PLEXCTL_USAGE 3           /* the operator's arguments or files are wrong [2] */
#define PLEXCTL_NO_SERVER 4       /* no server could be resolved [3] */
#define PLEXCTL_NO_TOKEN 5        /* no token could be resolved for that server [3] */
#define PLEXCTL_DENIED 6          /* the server answered 403, or the host does not give that service to you [4] */
#define PLEXCTL_NOT_IMPLEMENTED 7 /* the command is a placeholder [64] */
#define PLEXCTL_CANCELLED 8       /* a signal asked to stop; the process ends by it */
#define PLEXCTL_NO_MEMORY 9       /* an allocation failed [1] */
#define PLEXCTL_INVALID 10        /* a service was called against its contract: a fault of the plugin [1] */
#define PLEXCTL_NOT_FOUND 11      /* the named thing is not there [1] */

/* ------------------------------------------------------------------------------------------------------------------
 * The command as data
 */

/* An array whose rows may grow in later minors: row_size is the author's sizeof one row. Written by PLEXCTL_ROWS. */
#define PLEXCTL_ROWS(array) \
    { \
        (array), (uint32_t)(sizeof(array) / sizeof((array)[0])), (uint32_t)sizeof((array)[0]) \
    }

/* What kind of text a flag or an argument takes; plexctl refuses anything else before `run` (exit 2). */
#define PLEXCTL_STRING 0   /* any UTF-8 text without control bytes, also an empty one */
#define PLEXCTL_INT 1      /* decimal, within minimum and maximum */
#define PLEXCTL_BOOL 2     /* takes no value: present or not; --flag=true and --flag=false are understood */
#define PLEXCTL_ENUM 3     /* one of choices */
#define PLEXCTL_UUID 4     /* 8-4-4-4-12 hexadecimal digits, either case (RFC 9562 section 4) */
#define PLEXCTL_URL 5      /* https, or http on loopback; no userinfo */
#define PLEXCTL_DURATION 6 /* 90, 90s, 30m, 12h, 7d; read by integer() in seconds, within minimum and maximum */
#define PLEXCTL_PATH 7     /* a file name in UTF-8, not empty; not opened by plexctl */
#define PLEXCTL_SECRET \
    8                     /* like STRING; never printed, not even in a usage fault. Other users of the machine can see \
                             it in the list of processes all the same: prefer a PATH to a file that holds it */
#define PLEXCTL_PROFILE 9 /* a profile name: 1 to 64 of [A-Za-z0-9._-], not starting with '.' or '-' */

#define PLEXCTL_REQUIRED UINT32_C(1) /* its absence is a usage fault */
#define PLEXCTL_WAIVES_REQUIRED \
    UINT32_C(2) /* where the flag is given, a BOOL as true, what is required may be absent, and run sees to it */

/* Offers candidates for a value that the operator is typing: see struct plexctl_host_completion. Names of profiles, of
 * files and an ENUM's choices are offered without it. */
typedef plexctl_status plexctl_complete(const struct plexctl_host *host, const char *typed);

/* One flag. Its name is matched whole; given twice, the last wins. */
struct plexctl_flag {
    const char *name;          /* without the dashes: "domain-id", [a-z][a-z0-9-]{0,63}; not server, profile,
                                  token-file, output, yes, reveal-secrets, debug or help */
    const char *value_name;    /* what help calls the value: "UUID"; NULL for one derived from type */
    const char *help;          /* one sentence without a full stop */
    const char *default_value; /* NULL for none; checked like a given value */
    const char *choices;       /* for PLEXCTL_ENUM "one|two|three"; else NULL */
    int64_t minimum, maximum;  /* for PLEXCTL_INT and PLEXCTL_DURATION, inclusive; both 0 for no bounds */
    int32_t type;              /* PLEXCTL_STRING ... */
    uint32_t attributes;       /* PLEXCTL_REQUIRED, PLEXCTL_WAIVES_REQUIRED or 0 */
    uint32_t letter;           /* 'x' for a short form -x, of [a-zA-Z0-9] but not o, y or h; 0 for none */
    uint32_t reserved;
    plexctl_complete *complete; /* NULL for none; not for BOOL, ENUM or SECRET */
};

/* One positional argument; optional ones stand last. */
struct plexctl_argument {
    const char *name; /* "NAME"; shares one namespace with the flags' names */
    const char *help;
    int32_t type;               /* as for a flag, but not PLEXCTL_BOOL, PLEXCTL_ENUM or PLEXCTL_SECRET */
    uint32_t attributes;        /* PLEXCTL_REQUIRED or 0 */
    plexctl_complete *complete; /* NULL for none */
};

/* One column of the result's table; json and yaml show the whole tree whatever the columns are. */
struct plexctl_column {
    const char *key;   /* the member of the result object that it shows */
    const char *title; /* "SERVER" */
};

struct plexctl_flags {
    const struct plexctl_flag *rows; /* NULL for none */
    uint32_t count, row_size;
};
struct plexctl_arguments {
    const struct plexctl_argument *rows; /* NULL for none */
    uint32_t count, row_size;
};
struct plexctl_columns {
    const struct plexctl_column *rows; /* NULL: one column a member, in the tree's order */
    uint32_t count, row_size;
};

/* What must be there before `run` is called; plexctl sees to it, or ends with the fitting exit code. */
#define PLEXCTL_NEEDS_SERVER UINT32_C(1) /* a server resolved from flag, profile or environment, else exit 3 */
#define PLEXCTL_NEEDS_TOKEN UINT32_C(2)  /* and a token that may go to that server (needs a server too), else exit 3 */
#define PLEXCTL_NEEDS_CREDENTIALS \
    UINT32_C(4) /* the right to save a profile; the config file was found fit to be \
                   written. Granted only to plugins of plexctl's own directory. */
/* Not a need: says when the others are met. Server, token and the config file's fitness are seen to when run calls
 * settings->prepare(), and not before: for a command that some flag makes work without them. */
#define PLEXCTL_NEEDS_LATER UINT32_C(8)

/* Persistent flags that this command accepts and does not use; help says so. */
#define PLEXCTL_INERT_SERVER UINT32_C(1)
#define PLEXCTL_INERT_PROFILE UINT32_C(2)
#define PLEXCTL_INERT_TOKEN_FILE UINT32_C(4)
#define PLEXCTL_INERT_OUTPUT UINT32_C(8)
#define PLEXCTL_INERT_YES UINT32_C(16)
#define PLEXCTL_INERT_REVEAL_SECRETS UINT32_C(32)

struct plexctl_command {
    uint32_t size;                                    /* sizeof(struct plexctl_command) */
    uint32_t needs;                                   /* PLEXCTL_NEEDS_..., or-ed */
    uint32_t inert;                                   /* PLEXCTL_INERT_..., or-ed */
    uint32_t reserved;                                /* 0 */
    const char *name;                                 /* the command word: [a-z][a-z0-9-]{0,30} */
    const char *summary;                              /* one line without a full stop */
    const char *description;                          /* for help; paragraphs are parted by an empty line and filled
                                                         anew, a line that begins with a space is kept; NULL for none */
    const char *examples;                             /* command lines for help, one a line; NULL for none */
    struct plexctl_flags flags;                       /* beside the persistent ones */
    struct plexctl_arguments arguments;               /* positional */
    struct plexctl_columns columns;                   /* of the table that output->emit prints */
    const struct plexctl_command *const *subcommands; /* ended by NULL; NULL for none. A command that has them may
                                                         leave run NULL and takes no arguments; theirs have none of
                                                         their own. Flags, needs and columns of the command do not
                                                         hold for its subcommands: each names its own. */
    plexctl_status (*run)(const struct plexctl_host *host);
};

/* What plexctl_plugin_v1 returns: constant for the life of the process, never written by the host. */
struct plexctl_plugin {
    uint32_t size;      /* sizeof(struct plexctl_plugin) */
    uint32_t abi_minor; /* the lowest minor this plugin works with; the same as in its note */
    const struct plexctl_command *command;
};

/* ------------------------------------------------------------------------------------------------------------------
 * The host's services, a table a noun. `host` is always the pointer that run was given.
 *
 * Before you use a member that came in a later minor than the one you need, ask whether it is there:
 *     if (PLEXCTL_HAS(host->http, send)) ...
 */
#define PLEXCTL_HAS(table, member) ((table)->size >= PLEXCTL_END_OF_(table, member) && (table)->member != NULL)
#define PLEXCTL_END_OF_(table, member) ((size_t)((const char *)(&(table)->member + 1) - (const char *)(table)))

/* error: the one line that plexctl prints when run does not return PLEXCTL_OK. At most 1,023 bytes are kept. */
struct plexctl_host_error {
    uint32_t size, reserved;
    /* Record a failure, in place of an earlier one: "what failed, on what: why; how to mend it", without "plexctl:" and
     * without a secret. Control bytes are escaped. Returns `status`, so that `return host->error->fail(...)` reads
     * well. `status` must not be PLEXCTL_OK. */
    plexctl_status (*fail)(const struct plexctl_host *host, plexctl_status status, const char *text);
    /* Put "prefix: " before the recorded line: what you were doing when a service failed. */
    void (*prefix)(const struct plexctl_host *host, const char *prefix);
    /* The recorded line; "" where nothing has failed. Valid until the next call of any service. */
    const char *(*text)(const struct plexctl_host *host);
    /* Put "; <text>" behind the recorded line: what to do about it. In place of the advice that a service or you put
     * there before; what is part of a line given to fail() stays. NULL takes the advice away. */
    void (*advise)(const struct plexctl_host *host, const char *text);
    /* The advice alone, which text() ends with; "" where there is none. Valid until the next call of any service. */
    const char *(*advice)(const struct plexctl_host *host);
    /* The exit code that plexctl ends with when run returns `status`, PLEXCTL_OK too: for a plugin that writes a
     * summary of its own. A status that is in no list has that of PLEXCTL_FAILED, as has PLEXCTL_CANCELLED where no
     * signal ends the process. A fault of the plugin, or a result that cannot be written, still ends it otherwise. */
    int32_t (*exit_code)(const struct plexctl_host *host, plexctl_status status);
};

/* values: the command's flags and arguments as the operator gave them, checked. `name` is the name in the record (of
 * the command, or of the subcommand that runs); any other name reads as one not given, but that given() and string()
 * know the persistent flags as well ("token-file"). */
struct plexctl_host_values {
    uint32_t size, reserved;
    /* 1 if the operator gave it, 0 if not (even where a default stands in). */
    int32_t (*given)(const struct plexctl_host *host, const char *name);
    /* The text, or the default; NULL where there is neither. For every type but BOOL. Of a persistent flag it is what
     * was typed ("output" alone has a default), and nothing of it is resolved: "server" is no more than a text,
     * "profile" a name that need not exist. */
    const char *(*string)(const struct plexctl_host *host, const char *name);
    /* The number of an INT, the seconds of a DURATION; 0 where there is none. */
    int64_t (*integer)(const struct plexctl_host *host, const char *name);
    /* 1 if a BOOL is set, else 0. */
    int32_t (*boolean)(const struct plexctl_host *host, const char *name);
};

/* settings: what the persistent flags, the environment and the profile came to. Its texts live until run returns. */
#define PLEXCTL_OVERRIDDEN_URL UINT32_C(1)   /* PLEXSPHERE_URL names another server than the profile has */
#define PLEXCTL_OVERRIDDEN_TOKEN UINT32_C(2) /* PLEXSPHERE_TOKEN is set */

struct plexctl_host_settings {
    uint32_t size, reserved;
    /* The resolved server URL without a trailing '/': "https://cp.example.com/eu"; NULL unless the command needs one.
     */
    const char *(*server)(const struct plexctl_host *host);
    /* The profile that was read for this run: the one that --profile names, else the default one where server or token
     * had to come from it; NULL where none was read. */
    const char *(*profile)(const struct plexctl_host *host);
    /* 1 if the operator gave --yes, else 0. confirm() sees to it by itself. */
    int32_t (*yes)(const struct plexctl_host *host);
    /* See to `needs`, which are some or all of the command's: for PLEXCTL_NEEDS_LATER, once, before the first service
     * that takes a server, a token or the config file. `server` NULL: resolved as ever. Else the server that it has to
     * be, which comes before profile and environment; --server may only say the same, or its origin alone. That is for
     * plugins that were granted PLEXCTL_NEEDS_CREDENTIALS, else DENIED; and INVALID with PLEXCTL_NEEDS_TOKEN, since
     * where the operator's token goes is the operator's word. Fails as the need does [exit 2, 3], with the line
     * recorded; INVALID for a command without PLEXCTL_NEEDS_LATER, for needs that it does not name, and the second
     * time. */
    plexctl_status (*prepare)(const struct plexctl_host *host, uint32_t needs, const char *server);
    /* What in the environment comes before the saved profile `name` (NULL: the one that --profile names, else the
     * default one) when a later command resolves server and token, by the rules it does so: PLEXCTL_OVERRIDDEN_...,
     * or-ed. PLEXSPHERE_URL comes before the default profile alone, where that is not named by --profile, and counts
     * unless it is that one's server, path and all; also where that cannot be told, since there is no such profile, the
     * config file or a URL is malformed, or there is no memory. --server and --token-file do not count. Any time in the
     * run. */
    uint32_t (*overridden_by)(const struct plexctl_host *host, const char *name);
    /* *ret_server: the server that a prepare() without one of the command's would find. Fails as that would [exit 2,
     * 3], and changes nothing: for a command that asks whether it has to prepare. Valid until the next call. */
    plexctl_status (*foresee_server)(const struct plexctl_host *host, const char **ret_server);
    /* 1 if two URLs name one server: both of one origin and, but for slashes at their ends, one path. With
     * `may_lack_path` 1 also where `said` is the origin alone, as --server may be for prepare(). 0 for another server,
     * for NULL, for what a server's URL cannot be (by url->parse, or with query or fragment), and where it cannot be
     * told, without memory or plexctl's HTTP module. Records nothing. */
    int32_t (*is_same_server)(const struct plexctl_host *host, const char *said, const char *server,
                              int32_t may_lack_path);
};

/* url: URLs by the operator's policy, parsed by the same parser that dials them. */
struct plexctl_url {
    uint32_t size, reserved;
    const char *origin; /* "https://host:port", lower case, the port always given: equal origins compare equal */
    const char *host;   /* "cp.example.com", "[::1]" */
    const char *path;   /* at least "/" */
    const char *query;  /* without '?'; NULL for none */
};

struct plexctl_host_url {
    uint32_t size, reserved;
    /* Accepts an absolute https URL, or http on loopback (localhost, 127.0.0.0/8, [::1]), of printable ASCII, at most
     * 2,048 bytes, without userinfo. PLEXCTL_FAILED for anything else. *ret_url lives until run returns. */
    plexctl_status (*parse)(const struct plexctl_host *host, const char *text, const struct plexctl_url **ret_url);
};

/* json: a strict reader and a builder on opaque values (RFC 8259, UTF-8). A value belongs to the host. */
struct plexctl_json;

#define PLEXCTL_JSON_NULL 0
#define PLEXCTL_JSON_BOOLEAN 1
#define PLEXCTL_JSON_INTEGER 2 /* a number without fraction and exponent that fits int64_t */
#define PLEXCTL_JSON_NUMBER 3  /* any other number */
#define PLEXCTL_JSON_STRING 4
#define PLEXCTL_JSON_ARRAY 5
#define PLEXCTL_JSON_OBJECT 6
#define PLEXCTL_JSON_ABSENT (-1) /* what type() says of NULL */

struct plexctl_host_json {
    uint32_t size, reserved;

    /* Read one whole document of `bytes_size` bytes (need not end in NUL). Refused with PLEXCTL_FAILED and line and
     * column: duplicate members, NaN, Infinity, bad UTF-8, \u0000, nesting over 64, text after the end. */
    plexctl_status (*parse)(const struct plexctl_host *host, const void *bytes, uint64_t bytes_size,
                            struct plexctl_json **ret_value);

    /* Readers. They take NULL and values of another type, never convert, and answer "absent". */
    int32_t (*type)(const struct plexctl_json *value);                               /* PLEXCTL_JSON_... */
    struct plexctl_json *(*get)(const struct plexctl_json *object, const char *key); /* NULL if absent */
    struct plexctl_json *(*at)(const struct plexctl_json *array, uint64_t index);    /* NULL if absent */
    uint64_t (*length)(const struct plexctl_json *value);    /* of an array or object; 0 for anything else */
    const char *(*string)(const struct plexctl_json *value); /* NULL if no string; a secret reads as "***" */
    int32_t (*integer)(const struct plexctl_json *value, int64_t *ret_number); /* 1 if an INTEGER, else 0 */
    int32_t (*boolean)(const struct plexctl_json *value, int32_t *ret_truth);  /* 1 if a BOOLEAN, else 0 */

    /* The key of an object's member number `index`, in the document's order; NULL if absent. */
    const char *(*key_at)(const struct plexctl_json *object, uint64_t index);
    /* A NUMBER as its document writes it, with all its digits; NULL for anything else. Valid while the value is. */
    const char *(*number_text)(const struct plexctl_json *value);

    /* Builders. An object, array or copy lives until release() or until run returns; one that was put into another
     * belongs to that one, and a part of a tree cannot be put elsewhere: copy it. One that fails answers NULL or its
     * status, and all accept NULL, so that a tree can be built without a check a line: the first failure is kept, in
     * one register a process, and a failure in one tree is reported, once, by the next emit(), serialise(),
     * events->write() or state->put() of any tree. Setting a key again replaces its value. What has no builder of its
     * own, such as a number in an array, is parsed: parse("42") and append(). */
    struct plexctl_json *(*object)(const struct plexctl_host *host);
    struct plexctl_json *(*array)(const struct plexctl_host *host);
    /* A whole copy of a value or a part of one, secrets still secret. */
    struct plexctl_json *(*copy)(const struct plexctl_host *host, const struct plexctl_json *value);
    plexctl_status (*set)(struct plexctl_json *object, const char *key, struct plexctl_json *value);
    plexctl_status (*set_string)(struct plexctl_json *object, const char *key, const char *text); /* NULL text: null */
    /* Shown as *** in every format, unless --reveal-secrets. NULL text: null. */
    plexctl_status (*set_secret)(struct plexctl_json *object, const char *key, const char *text);
    plexctl_status (*set_integer)(struct plexctl_json *object, const char *key, int64_t number);
    plexctl_status (*set_boolean)(struct plexctl_json *object, const char *key, int32_t truth);
    plexctl_status (*append)(struct plexctl_json *array, struct plexctl_json *value);
    plexctl_status (*append_string)(struct plexctl_json *array, const char *text); /* NULL text: null */

    /* The document on one line, for a request body; FAILED above 65,536 bytes. *ret_text lives as long as `value`.
     * Secrets are written "***", bytes that are not UTF-8 as U+FFFD. */
    plexctl_status (*serialise)(const struct plexctl_host *host, struct plexctl_json *value, const char **ret_text);
    /* Hand a parsed or built root back early, with everything in it; for loops. NULL is allowed. Its strings are wiped.
     */
    void (*release)(const struct plexctl_host *host, struct plexctl_json *value);
};

/* http: requests to the resolved server over verified TLS. Redirects are not followed; one connection is kept. */
#define PLEXCTL_HTTP_BEARER \
    UINT32_C(1) /* the host adds "Authorization: Bearer"; the command must need a token, or have saved one */

struct plexctl_http_request {
    uint32_t size;           /* sizeof(struct plexctl_http_request) */
    uint32_t flags;          /* PLEXCTL_HTTP_BEARER or 0 */
    const char *method;      /* one of "GET", "POST", "PUT", "PATCH", "DELETE" */
    const char *path;        /* "/v1/auth/whoami?x=y": joined to the server's URL, so never an absolute URL; printable
                                ASCII that begins with '/', %-encoded where it must be, without '#', '\\' and the
                                segments "." and ".." */
    const char *body;        /* JSON text, sent as application/json; NULL for none */
    int64_t timeout_ms;      /* for the whole request; 0, or more than 30,000, is 30,000 */
    uint64_t body_max_bytes; /* a longer reply is refused while it is read; 0 for 65,536 */
    /* Called at least about once a second while the reply is waited for, with `context`: to draw progress() anew. It
     * calls output->progress and the clock's services that do not block, nothing else. NULL for none. */
    void (*tick)(void *context);
    void *context;
};

struct plexctl_http_reply {
    uint32_t size;
    int32_t status;           /* HTTP status, 100 to 599 */
    const char *content_type; /* lower case, without parameters: "application/json"; "" where absent */
    const char *body;         /* ended by NUL; "" where empty */
    uint64_t body_size;
    int64_t retry_after_s; /* Retry-After (RFC 9110 section 10.2.3), seconds from now; -1 where absent */
};

struct plexctl_host_http {
    uint32_t size, reserved;
    /* Send one request and read the whole reply. *ret_reply lives until the next send or until run returns.
     *   OK           a reply with any status but 403: look at it
     *   DENIED       403; *ret_reply is set as well
     *   UNREACHABLE  no whole reply came, and another try may work
     *   FAILED       it will not work: a certificate that does not verify, a reply over the limit
     *   NO_SERVER    the command needs no server, see PLEXCTL_NEEDS_SERVER, or has not called settings->prepare yet
     *   NO_TOKEN     PLEXCTL_HTTP_BEARER without PLEXCTL_NEEDS_TOKEN (likewise), and before the run has saved a token
     *   INVALID      an unknown method or flag, a path that is none, a timeout below 0, a call from a tick
     *   CANCELLED */
    plexctl_status (*send)(const struct plexctl_host *host, const struct plexctl_http_request *request,
                           const struct plexctl_http_reply **ret_reply);
    /* Record the failure that `reply` tells of: the URL without its query, the proxy if there is one, the HTTP status
     * and, where the body is a Problem (RFC 9457), its title, detail and code, safe for a terminal; and advice (see
     * error->advise), unless the Problem is all there is to say. If the body is HTML, records that this is no
     * plexsphere API. Returns DENIED for 403, FAILED for everything else, also for a 2xx. */
    plexctl_status (*problem)(const struct plexctl_host *host, const struct plexctl_http_reply *reply);
    /* Record that a reply with the wanted status is not `what` ("whoami response"). The recorded line, json->parse's or
     * yours by error->fail, says what is wrong with it; this puts server, HTTP status and what to do around it. For
     * HTML the same as problem(). Returns FAILED. */
    plexctl_status (*malformed)(const struct plexctl_host *host, const struct plexctl_http_reply *reply,
                                const char *what);
    /* After a send() without a whole reply: 1 if the request went out, so that the server may have acted on it all the
     * same; 0 if it certainly did not (no address, no connection, no TLS). */
    int32_t (*was_sent)(const struct plexctl_host *host);
};

/* output: everything that a person or a pipe sees. Control, bidi and invalid bytes are escaped in what you pass. */
#define PLEXCTL_OUTPUT_TABLE 0
#define PLEXCTL_OUTPUT_JSON 1
#define PLEXCTL_OUTPUT_YAML 2

struct plexctl_host_output {
    uint32_t size, reserved;
    int32_t (*format)(const struct plexctl_host *host); /* PLEXCTL_OUTPUT_..., as --output asks */
    /* Print the result: an object or an array of objects, as table, json or yaml. Once a run, after everything else: a
     * second one is refused as INVALID, and the run fails by it [1], whatever it returns. */
    plexctl_status (*emit)(const struct plexctl_host *host, const struct plexctl_json *result);
    /* One line on stdout, in every format, flushed before the call returns. */
    plexctl_status (*line)(const struct plexctl_host *host, const char *text);
    /* One line on stderr: "plexctl: warning: ...". */
    void (*warn)(const struct plexctl_host *host, const char *text);
    /* A line on stderr that the next one replaces, only on a terminal; NULL removes it. It is gone when run returns. */
    void (*progress)(const struct plexctl_host *host, const char *text);
    /* Ask "<question> [y/N]" on the terminal. OK for yes (or --yes), FAILED for no and where the terminal fails,
     * USAGE where there is no terminal to ask on. */
    plexctl_status (*confirm)(const struct plexctl_host *host, const char *question);
    /* From now on nothing that is shown repeats `secret`, which a server may say back: not as it is, %-encoded, in hex
     * or in base64, nor its first 16 bytes. Messages have *** in its place; line() and emit() fail. The token of
     * PLEXCTL_HTTP_BEARER is guarded already. One shorter than 16 bytes may stand in a text by chance: messages mask
     * it, line() and emit() let it pass; below 6 bytes it is not guarded. */
    plexctl_status (*guard)(const struct plexctl_host *host, const char *secret);
    /* 1 where line() and emit() write to a terminal, so that a person reads along; 0 for a file or a pipe. */
    int32_t (*is_terminal)(const struct plexctl_host *host);
    /* 1 where progress() shows anything, else 0: whether it is worth waking up for. */
    int32_t (*shows_progress)(const struct plexctl_host *host);
    /* line() of a URL, which stands alone on its line. Where standard output is a terminal that is known to take it,
     * and url->parse accepts it, it can be clicked on; anywhere else it is what line() writes, byte for byte. */
    plexctl_status (*link)(const struct plexctl_host *host, const char *url);
    /* What a person asked for beside the text. None of these three harms a run that goes on after its failure: FAILED,
     * with the reason recorded, is worth a warn(). INVALID without what they need; CANCELLED, NO_MEMORY.
     *
     * A square of `width` times `width` modules, 1 to 177, row by row, a byte each: 0 is light, anything else dark,
     * such as a QR code. On standard output, black on white whatever the terminal's own colours are, with a quiet zone
     * around it. FAILED where standard output is no terminal, takes no colours, or has no room for it and two lines
     * more. */
    plexctl_status (*draw_modules)(const struct plexctl_host *host, const uint8_t *modules, uint32_t width);
    /* Show `url`, which url->parse accepts, in the operator's browser: what BROWSER names, else xdg-open. It is started
     * and not waited for: OK says no more. Other users of the machine can see the URL in the list of processes. FAILED
     * over ssh, without a graphical session, under sudo, and where there are only browsers for a terminal. */
    plexctl_status (*open_browser)(const struct plexctl_host *host, const char *url);
    /* Ask the terminal to put `text`, 1 to 1,024 bytes without control bytes, on the operator's clipboard (OSC 52),
     * also one at the other end of ssh. A line says so; not all terminals do it, and there is no answer. FAILED where
     * neither standard output nor standard error is a terminal that could. */
    plexctl_status (*copy_to_clipboard)(const struct plexctl_host *host, const char *text);
};

/* credentials: the profiles in the config file. A token never comes out: it is a secret value, see json->set_secret. */
#define PLEXCTL_CREDENTIAL_DEFAULT UINT32_C(1) /* it becomes the default profile as well, in the same write */

struct plexctl_credential {
    uint32_t size;              /* sizeof(struct plexctl_credential) */
    uint32_t flags;             /* PLEXCTL_CREDENTIAL_DEFAULT or 0; the first profile becomes the default anyway */
    const char *profile;        /* the name to save under */
    const char *token;          /* access_token, 1 to 16,384 bytes of [A-Za-z0-9._~+/=-] */
    const char *token_type;     /* "Bearer" */
    const char *domain_id;      /* NULL for none */
    const char *idp_binding_id; /* NULL for none */
    int64_t expires_in_s;       /* from now */
};

struct plexctl_host_credentials {
    uint32_t size, reserved;
    /* *ret_profiles: an array of objects as by describe(), in the file's order; empty where there is no file. */
    plexctl_status (*list)(const struct plexctl_host *host, struct plexctl_json **ret_profiles);
    /* *ret_profile: "name", "default" (boolean), "server", "token" (secret), "token_type", "expires_at", "domain_id",
     * "idp_binding_id", "subject", "previous_subject", absent ones left out. `name` NULL: the profile that --profile
     * names, else the default one. PLEXCTL_NO_TOKEN where it does not exist [exit 3]. */
    plexctl_status (*describe)(const struct plexctl_host *host, const char *name, struct plexctl_json **ret_profile);
    /* Save a profile with the resolved server. Whom the token speaks for is not known then: "subject" goes, and stays
     * as "previous_subject" where the server is the same. OK: it is on the disk, and the token is guarded, and the one
     * of PLEXCTL_HTTP_BEARER in this run from now on. Otherwise the file is unchanged, and nothing of the token is left
     * beside it, unless, on a file system that cannot exchange two files, the recorded line says that it was replaced
     * without the disk having confirmed it. UNREACHABLE where another process holds the file. DENIED unless the command
     * needs PLEXCTL_NEEDS_CREDENTIALS and its plugin was granted it. */
    plexctl_status (*save)(const struct plexctl_host *host, const struct plexctl_credential *credential);
    /* *ret_findings: an array of objects, what was looked at of the config file and its profiles, in that order:
     * "item", "verdict" ("ok"; "note": worth knowing; "fault": to be mended), "found" (what is there, and what is wrong
     * with it), "fix" (how to mend it, with the command; null where there is nothing to mend). At least one row, also
     * where there is no file. Expiry is judged by unix_s(). No token is in it. A file that is unfit is a finding
     * and PLEXCTL_OK; FAILED where it could not be judged, NO_MEMORY. Any command may call it, any time in its run; it
     * sends nothing, takes no lock, waits for nothing, and changes nothing on the disk. */
    plexctl_status (*diagnose)(const struct plexctl_host *host, struct plexctl_json **ret_findings);
    /* Note in `profile`, after save(), whom the token that it saved speaks for, by the server's word. Nothing else of
     * the file changes, but that "previous_subject" goes.
     *   OK           it is on the disk
     *   NOT_FOUND    nothing was done: the profile holds another token by now, or is gone
     *   FAILED       also for a subject that a terminal could not show as it is, one over 256 bytes, and one that
     *                repeats a secret: the recorded line says so
     *   INVALID      `subject` is NULL or "", `profile` is no name, or nothing has been saved in this run
     *   otherwise    as save() */
    plexctl_status (*set_subject)(const struct plexctl_host *host, const char *profile, const char *subject);
};

/* clock */
struct plexctl_host_clock {
    uint32_t size, reserved;
    /* Milliseconds that never go back, count time in which the machine is suspended and ignore changes of the date. */
    int64_t (*now_ms)(const struct plexctl_host *host);
    /* Seconds since 1970-01-01T00:00:00Z, as the wall clock has it. */
    int64_t (*unix_s)(const struct plexctl_host *host);
    /* Sleep until now_ms() is `when_ms` (at once if that is past). OK or CANCELLED. */
    plexctl_status (*sleep_until_ms)(const struct plexctl_host *host, int64_t when_ms);
    /* 1 once a signal has asked to stop: for a plugin that runs a loop of its own. */
    int32_t (*cancelled)(const struct plexctl_host *host);
    /* A time of unix_s() as JSON and the config file have it, RFC 3339 in UTC: "2026-11-24T12:00:00Z"; one outside 1970
     * to 9999 as the nearest inside. Valid until the next format(). */
    const char *(*format)(const struct plexctl_host *host, int64_t unix_s);
    /* The other way round: 1, and 0 for NULL and for what format() would not write. */
    int32_t (*parse)(const struct plexctl_host *host, const char *text, int64_t *ret_unix_s);
    /* A length of time in words, "58 minutes", in the largest unit of which there are two; its sign does not count.
     * Valid until the next span(). */
    const char *(*span)(const struct plexctl_host *host, int64_t span_s);
};

/* log */
struct plexctl_host_log {
    uint32_t size, reserved;
    /* One line on stderr where --debug or PLEXCTL_DEBUG=1 asks for it, else nothing. No secret. */
    void (*debug)(const struct plexctl_host *host, const char *text);
};

/* completion: what a shell offers when the operator presses Tab at a value whose flag or argument has a `complete`.
 *
 * That function is called instead of run, in a process of its own, with the same table of services: values holds what
 * stands before the cursor, typed holds the beginning of the value, "" for none. Offer what begins with it; what does
 * not is dropped, so that a short list may be offered whole. It is not called where something before the cursor is
 * wrong. What is required may be absent. Server and token are resolved as for run, and where that fails nothing is
 * said: http answers NO_SERVER or NO_TOKEN, settings->server NULL.
 *
 * Nothing is shown but the candidates: output's and events' services, state's that write, settings->prepare and
 * credentials' that save answer DENIED and do nothing; failures are not printed. 2 seconds after the Tab the process is
 * killed, a request and all, and nothing is offered; so ask for little, with a short timeout_ms. What was offered
 * before a status other than OK is kept. Change nothing, here or on the server: people press Tab without a thought. */
struct plexctl_host_completion {
    uint32_t size, reserved;
    /* `value` as it would be typed, without quotes: the shell's script adds what its shell needs. `description` is for
     * shells that show one; NULL for none. A value that could not stand on a command line or in a list as what it is
     * (an empty one, one with control, bidi or invalid bytes, over 1,024 bytes) is dropped, as is one that would be
     * taken for a flag.
     *   OK           also where it was dropped
     *   FAILED       there are enough: a mebibyte of them
     *   INVALID      `value` is NULL, or nothing is being completed
     *   NO_MEMORY */
    plexctl_status (*offer)(const struct plexctl_host *host, const char *value, const char *description);
};

/* events: what happens, as JSON for the program that started plexctl: one object a line, each line at once. Where they
 * go is the operator's word, a flag of yours of type STRING. Nothing of a secret goes there: secret values, and what
 * output->guard guards, are written "***". */
struct plexctl_host_events {
    uint32_t size, reserved;
    /* Open where write() writes to, once a run:
     *   "fd:N"       a descriptor that plexctl was started with and that can be written, N from 1
     *   anything     the name of a file, appended to; made with mode 0600 if missing. It has to be the operator's own,
     *                and is not reached by another user's symbolic link; a FIFO needs its reader. A device is as good.
     * USAGE where it is none of these; INVALID the second time, and for NULL. */
    plexctl_status (*open)(const struct plexctl_host *host, const char *target);
    /* Write one object. Nothing without an open(). The first line that cannot be written (its reader is gone, or does
     * not read; the disk is full) is a warning, and the last one tried; that is PLEXCTL_OK, since what the run is for
     * is not this. INVALID for what is no object, FAILED for one over 65,536 bytes, NO_MEMORY. */
    plexctl_status (*write)(const struct plexctl_host *host, const struct plexctl_json *object);
};

/* state: what a command keeps from one run to the next, below $XDG_STATE_HOME/plexctl, else ~/.local/state/plexctl: a
 * file an object, of mode 0600 in a directory of 0700. Each command has names of its own, of a profile name's letters.
 * A secret in it, set_secret or not, is written as it is: what else would a later run do with it? It comes back as a
 * plain string, so guard it.
 *
 * Files that other users could have written, or that are damaged, are USAGE, with the command that mends it. What has
 * expired, and what killed processes left, is removed by the first call of a run, and never comes back. */
struct plexctl_host_state {
    uint32_t size, reserved;
    /* Hold the name against other processes until run returns; put() and remove() do so while they work.
     * UNREACHABLE where another process holds it for longer than a moment (0.2 s). The kernel lets go of it however a
     * process ends. */
    plexctl_status (*hold)(const struct plexctl_host *host, const char *name);
    /* Keep `value`, an object of at most 65,536 bytes, until the wall clock says `expires_unix_s`, in place of what has
     * that name. OK: it is on the disk. */
    plexctl_status (*put)(const struct plexctl_host *host, const char *name, const struct plexctl_json *value,
                          int64_t expires_unix_s);
    /* NOT_FOUND where there is nothing of that name, or it has expired. *ret_value is a root as by json->parse. */
    plexctl_status (*get)(const struct plexctl_host *host, const char *name, struct plexctl_json **ret_value);
    /* OK also where there is nothing. */
    plexctl_status (*remove)(const struct plexctl_host *host, const char *name);
    /* *ret_names: an array of the names that get() may find, in no order. */
    plexctl_status (*list)(const struct plexctl_host *host, struct plexctl_json **ret_names);
};

struct plexctl_host {
    uint32_t size;      /* of this table as the host has it */
    uint32_t abi_minor; /* the host's minor */
    const struct plexctl_host_error *error;
    const struct plexctl_host_values *values;
    const struct plexctl_host_settings *settings;
    const struct plexctl_host_url *url;
    const struct plexctl_host_json *json;
    const struct plexctl_host_http *http;
    const struct plexctl_host_output *output;
    const struct plexctl_host_credentials *credentials;
    const struct plexctl_host_clock *clock;
    const struct plexctl_host_log *log;
    const struct plexctl_host_completion *completion;
    const struct plexctl_host_events *events;
    const struct plexctl_host_state *state;
};

/* ------------------------------------------------------------------------------------------------------------------
 * The note: what plexctl knows of a plugin without loading it. An ELF note of owner "plexctl" and type 1 in a section
 * named .note.plexctl, so that the linker puts it into a PT_NOTE segment. Texts end in NUL; the rest is zero.
 */
#define PLEXCTL_NOTE_TYPE 1

struct plexctl_note {
    uint32_t name_size;       /* 8, with the NUL */
    uint32_t descriptor_size; /* bytes that follow `owner`; may grow */
    uint32_t type;            /* PLEXCTL_NOTE_TYPE */
    char owner[8];            /* "plexctl" */
    uint32_t abi_major;       /* PLEXCTL_ABI_MAJOR of the header it was built with */
    uint32_t abi_minor;       /* the lowest minor it works with */
    char command[32];         /* the command word: the file's name without ".so" */
    char version[32];         /* the plugin's own, at most 31 bytes */
    char summary[96];         /* one line for `plexctl help`, at most 95 bytes; `plexctl help WORD` has the record's */
};

/* The lowest minor that your plugin works with. Define it before you include this header if you use PLEXCTL_HAS to do
 * without what later minors brought; else it is the header's own. */
#ifndef PLEXCTL_PLUGIN_MINOR
#define PLEXCTL_PLUGIN_MINOR PLEXCTL_ABI_MINOR
#endif

#if defined(__GNUC__)
#define PLEXCTL_EXPORT_ __attribute__((visibility("default"), used))
#define PLEXCTL_NOTE_SECTION_ __attribute__((section(".note.plexctl"), used, aligned(4)))
#else
#define PLEXCTL_EXPORT_
#define PLEXCTL_NOTE_SECTION_
#endif

/* Makes the file's one plugin: the note, what points to the record, and the exported function. The three texts are
 * string literals, and one that the note has no room for does not compile; command_pointer is the address of a struct
 * plexctl_command. Stands once, at file level, without a semicolon. */
#define PLEXCTL_PLUGIN(command_name, plugin_version, plugin_summary, command_pointer) \
    typedef char plexctl_texts_fit_the_note_ \
        [sizeof(command_name) <= 32 && sizeof(plugin_version) <= 32 && sizeof(plugin_summary) <= 96 ? 1 : -1]; \
    PLEXCTL_NOTE_SECTION_ static const struct plexctl_note plexctl_note_ = { \
        8, \
        (uint32_t)(sizeof(struct plexctl_note) - offsetof(struct plexctl_note, abi_major)), \
        PLEXCTL_NOTE_TYPE, \
        "plexctl", \
        PLEXCTL_ABI_MAJOR, \
        PLEXCTL_PLUGIN_MINOR, \
        command_name, \
        plugin_version, \
        plugin_summary}; \
    static const struct plexctl_plugin plexctl_plugin_ = {(uint32_t)sizeof(struct plexctl_plugin), \
                                                          PLEXCTL_PLUGIN_MINOR, (command_pointer)}; \
    PLEXCTL_EXPORT_ const struct plexctl_plugin *plexctl_plugin_v1(void) \
    { \
        return &plexctl_plugin_; \
    }

/* The one symbol that a plugin exports. */
PLEXCTL_EXPORT_ const struct plexctl_plugin *plexctl_plugin_v1(void);

#ifdef __cplusplus
}
#endif

#endif
