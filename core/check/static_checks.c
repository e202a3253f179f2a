/* SPDX-License-Identifier: Apache-2.0 */
#include "check/static_checks.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define ENTRY "plexctl_plugin_v1"

/* The note */

static void judge_note(const struct static_check *check, struct subject *subject, struct verdict *verdict)
{
    const struct plexctl_note *note = &subject->note;
    const char *name = strrchr(subject->path, '/');
    size_t length = strlen(note->command);

    name = name ? name + 1 : subject->path;
    if (subject->note_fault.status != PLEXCTL_OK)
        verdict_fail(verdict, "an ELF shared object for this machine with one note, by PLEXCTL_PLUGIN()", check->fix,
                     "%s", subject->note_fault.text);
    else if (note->abi_major != PLEXCTL_ABI_MAJOR || note->abi_minor > PLEXCTL_ABI_MINOR)
        verdict_fail(verdict, "the major version of this plexctl, and a minor that is not above its own",
                     "build it with this plexctl's header, or check it with a plexctl that it is for",
                     "it is for ABI %u.%u, and this plexctl has %d.%d", (unsigned)note->abi_major,
                     (unsigned)note->abi_minor, PLEXCTL_ABI_MAJOR, PLEXCTL_ABI_MINOR);
    else if (strncmp(name, note->command, length) != 0 || strcmp(name + length, ".so") != 0)
        verdict_fail(verdict, "the command word with .so behind it", "rename the file, or the command",
                     "the file is named \"%s\", the command \"%s\"", name, note->command);
}

/* Symbols */

static bool is_linkers(const char *name)
{
    static const char *const names[] = {"__bss_start", "_edata", "_end", "_init", "_fini"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

struct names {
    const char *const *sought; /* imports; NULL: what is exported */
    bool has_entry;
    size_t count;
    struct buf text;
};

static void take_name(void *context, const struct elf_symbol *symbol)
{
    struct names *names = context;
    bool is_wanted = symbol->is_defined && !is_linkers(symbol->name);

    if (names->sought) {
        is_wanted = false;
        for (size_t i = 0; names->sought[i] && !symbol->is_defined; i++)
            is_wanted = is_wanted || strcmp(names->sought[i], symbol->name) == 0;
    } else if (strcmp(symbol->name, ENTRY) == 0) {
        names->has_entry = names->has_entry || symbol->is_defined;
        return;
    }
    if (!is_wanted)
        return;
    if (names->count < 8)
        buf_appendf(&names->text, "%s%s", names->count ? ", " : "", symbol->name);
    else if (names->count == 8)
        buf_append_text(&names->text, ", ...");
    names->count++;
}

static void judge_exports(const struct static_check *check, struct subject *subject, struct verdict *verdict)
{
    struct names names = {.text = BUF_INIT(VERDICT_TEXT_MAX_BYTES / 2)};

    elf_object_each_symbol(subject->object, take_name, &names);
    if (!names.has_entry)
        verdict_fail(verdict, ENTRY, check->fix, "it does not export " ENTRY);
    else if (names.count)
        verdict_fail(verdict, ENTRY " alone", check->fix, "it exports %s as well", buf_text(&names.text));
    buf_release(&names.text);
}

/* Rust's std comes linked in, and calls abort() and more where a Rust plugin never would: who calls cannot be told. */
static void judge_imports(const struct static_check *check, struct subject *subject, struct verdict *verdict)
{
    struct names names = {.sought = check->imports, .text = BUF_INIT(VERDICT_TEXT_MAX_BYTES / 2)};

    elf_object_each_symbol(subject->object, take_name, &names);
    if (names.count && elf_object_has_rust_std(subject->object))
        verdict_note(verdict, "%s: imported, maybe by Rust's std alone, which is linked in", buf_text(&names.text));
    else if (names.count)
        verdict_fail(verdict, "none of these imports", check->fix, "it imports %s", buf_text(&names.text));
    buf_release(&names.text);
}

static const char *const ending[] = {"exit", "_exit", "_Exit", "quick_exit", "abort", "__assert_fail", NULL};
static const char *const signalling[] = {"signal", "sigaction", "__sysv_signal", "bsd_signal",   "sysv_signal",
                                         "sigset", "sigignore", "sigvec",        "siginterrupt", "sigprocmask",
                                         NULL};
static const char *const environment[] = {"setenv", "putenv", "unsetenv", "clearenv", NULL};
static const char *const shells[] = {"system", "popen", "wordexp", NULL};
static const char *const printing[] = {"puts",          "printf",  "vprintf", "putchar", "perror", "__printf_chk",
                                       "__vprintf_chk", "psignal", "stdin",   "stdout",  "stderr", "getchar",
                                       "err",           "errx",    "warn",    "warnx",   "error",  NULL};

/* Segments and the dynamic section */

static void judge_text_relocations(const struct static_check *check, struct subject *subject, struct verdict *verdict)
{
    uint64_t value = 0, flags = 0;
    bool has_tag = elf_object_has(subject->object, DT_TEXTREL, &value);

    if (has_tag || (elf_object_has(subject->object, DT_FLAGS, &flags) && (flags & DF_TEXTREL)))
        verdict_fail(verdict, "code that need not be written to when it is loaded", check->fix,
                     "it has text relocations (%s)", has_tag ? "DT_TEXTREL" : "DF_TEXTREL");
}

static void judge_stack(const struct static_check *check, struct subject *subject, struct verdict *verdict)
{
    uint32_t flags = 0;

    if (!elf_object_segment(subject->object, PT_GNU_STACK, &flags))
        verdict_fail(verdict, "a PT_GNU_STACK that is not executable", check->fix, "it has no PT_GNU_STACK");
    else if (flags & PF_X)
        verdict_fail(verdict, "a PT_GNU_STACK that is not executable", check->fix,
                     "loading it makes the stack of plexctl executable");
}

static void judge_search_paths(const struct static_check *check, struct subject *subject, struct verdict *verdict)
{
    static const int64_t tags[] = {DT_RPATH, DT_RUNPATH};

    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        const char *path = elf_object_text(subject->object, tags[i]);
        for (const char *at = path; at; at = *at ? at + 1 : NULL) {
            size_t length = strcspn(at, ":");
            if (*at != '/' && strncmp(at, "$ORIGIN", 7) != 0 && strncmp(at, "${ORIGIN}", 9) != 0)
                verdict_fail(verdict, "only absolute directories, or $ORIGIN", check->fix,
                             "its %s is \"%s\", of which \"%.*s\" is looked for below the current directory",
                             i ? "RUNPATH" : "RPATH", path, (int)length, at);
            at += length;
        }
    }
}

static void judge_hardening(const struct static_check *check, struct subject *subject, struct verdict *verdict)
{
    uint64_t value = 0;
    uint32_t flags = 0;

    (void)check;
    if (!elf_object_segment(subject->object, PT_GNU_RELRO, &flags))
        verdict_note(verdict, "advice: link with -Wl,-z,relro");
    if (!(elf_object_has(subject->object, DT_FLAGS, &value) && (value & DF_BIND_NOW)) &&
        !elf_object_has(subject->object, DT_BIND_NOW, &value) &&
        !(elf_object_has(subject->object, DT_FLAGS_1, &value) && (value & DF_1_NOW)))
        verdict_note(verdict, "advice: link with -Wl,-z,now");
    judge_stack(check, subject, verdict);
}

const struct static_check static_checks[] = {
    {"the note fits", "plexctl reads the note before it loads anything: what it cannot read it refuses", judge_note,
     NULL, "end one C file with PLEXCTL_PLUGIN() of <plexctl/plugin.h>, and link with -shared"},
    {"one symbol is exported", "a plugin exports plexctl_plugin_v1, nothing else (plugin.h)", judge_exports, NULL,
     "compile with -fvisibility=hidden, or link with a version script (--version-script)"},
    {"nothing ends the process", "never call exit() (plugin.h, Output): plexctl cannot tidy up behind it",
     judge_imports, ending, "return a status; build with -DNDEBUG where assert() is used"},
    {"no signal handler", "install no handler (plugin.h, Signals)", judge_imports, signalling,
     "ask clock->cancelled, and return what blocking services answer"},
    {"the environment stays", "the environment is plexctl's, and other threads may read it", judge_imports, environment,
     "keep it in a variable of your own"},
    {"no shell", "what a shell makes of a text is nobody's to foresee", judge_imports, shells,
     "do it with the host's services, or execute a program by its path, without a shell"},
    {"nothing prints but plexctl", "write nothing to stdin, stdout or stderr yourself (plugin.h, Output)",
     judge_imports, printing, "use output->emit, line, warn and log->debug"},
    {"no text relocations", "code that is written to while it is loaded is refused by hardened systems",
     judge_text_relocations, NULL, "compile every object with -fPIC"},
    {"no executable stack", "a stack that can be executed is what an attacker wants, for all of plexctl",
     judge_hardening, NULL, "link with -Wl,-z,noexecstack; assembler files need a .note.GNU-stack section"},
    {"libraries are not looked for below the current directory",
     "whoever may write to the directory that plexctl is started in could give it code", judge_search_paths, NULL,
     "link without -rpath, or with an absolute one"},
};
const size_t static_check_count = sizeof static_checks / sizeof static_checks[0];
