// SPDX-License-Identifier: Apache-2.0
//! plexctl health - a plugin in Rust, with std alone: what the control plane says of its own health.
//!
//! The ABI is that of C, and no panic may cross it: `run` is the one door, and catches what unwinds behind it. abi.rs
//! declares what is used of <plexctl/plugin.h>; the rest of this file is the command.

mod abi;

use abi::*;
use std::any::Any;
use std::ffi::{CStr, CString};
use std::mem::size_of;
use std::os::raw::c_char;
use std::panic::{catch_unwind, set_hook, AssertUnwindSafe};
use std::ptr::{null, null_mut};

macro_rules! summary {
    () => {
        "Show the health of the control plane"
    };
}

macro_rules! c {
    ($text:expr) => {
        concat!($text, "\0").as_ptr() as *const c_char
    };
}

macro_rules! text {
    ($text:expr) => {
        Text(c!($text))
    };
}

fn fetch(host: &Host) -> Result<*const Json, Status> {
    let request = HttpRequest {
        size: size_of::<HttpRequest>() as u32,
        flags: 0,
        method: c!("GET"),
        path: c!("/v1/health"),
        body: null(),
        timeout_ms: 0,
        body_max_bytes: 0,
    };
    let mut reply: *const HttpReply = null();
    let mut body: *mut Json = null_mut();
    // SAFETY: the host's own functions, called as plugin.h says; a reply is set where send() is OK.
    unsafe {
        check((host.http.send)(host, &request, &mut reply))?;
        // What is down answers 503, with the same body.
        if (*reply).status != 200 && (*reply).status != 503 {
            return Err((host.http.problem)(host, reply));
        }
        let status = (host.json.parse)(host, (*reply).body.cast(), (*reply).body_size, &mut body);
        let checks = (host.json.get)(body, c!("checks"));
        if status == OK && (host.json.kind)(checks) == JSON_ARRAY {
            return Ok(checks);
        }
        if status == OK {
            (host.error.fail)(host, FAILED, c!("`checks` must be an array"));
        }
        Err((host.http.malformed)(host, reply, c!("health response")))
    }
}

fn check(status: Status) -> Result<(), Status> {
    if status == OK { Ok(()) } else { Err(status) }
}

fn is_failing(host: &Host, row: *const Json) -> bool {
    // SAFETY: readers take any value; a string is NULL or ends in NUL.
    let status = unsafe { (host.json.string)((host.json.get)(row, c!("status"))) };
    status.is_null() || unsafe { CStr::from_ptr(status) }.to_bytes() != b"ok"
}

fn health(host: &Host) -> Result<(), Status> {
    let checks = fetch(host)?;
    // SAFETY: as above; `result` takes the copies in.
    unsafe {
        let mut rows: Vec<*const Json> =
            (0..(host.json.length)(checks)).map(|i| (host.json.at)(checks, i) as *const Json).collect();
        if (host.values.boolean)(host, c!("failing")) != 0 {
            rows.retain(|row| is_failing(host, *row));
        }
        if (host.values.given)(host, c!("row")) != 0 {
            // Panics where there is no such row.
            rows = vec![rows[(host.values.integer)(host, c!("row")) as usize]];
        }
        let result = (host.json.array)(host);
        for row in rows {
            (host.json.append)(result, (host.json.copy)(host, row));
        }
        check((host.output.emit)(host, result))
    }
}

fn message_of(panic: &(dyn Any + Send)) -> CString {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    CString::new(format!("a panic: {}", text.unwrap_or("of unknown kind"))).unwrap_or_default()
}

unsafe extern "C" fn run(host: *const Host) -> Status {
    let host = &*host;
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        set_hook(Box::new(|_| {})); // plexctl writes to standard error, nobody else
        health(host)
    }));
    match outcome {
        Ok(Ok(())) => OK,
        Ok(Err(status)) => status,
        // The panic's own end is in here too: it could be another one.
        Err(panic) => catch_unwind(AssertUnwindSafe(move || {
            let message = message_of(&*panic);
            (host.error.fail)(host, FAILED, message.as_ptr())
        }))
        .unwrap_or(NO_MEMORY),
    }
}

static FLAGS: [Flag; 2] = [
    Flag {
        name: text!("failing"),
        value_name: NONE,
        help: text!("Show what is not well only"),
        default_value: NONE,
        choices: NONE,
        minimum: 0,
        maximum: 0,
        kind: BOOL,
        attributes: 0,
        letter: 'f' as u32,
        reserved: 0,
    },
    Flag {
        name: text!("row"),
        value_name: NONE,
        help: text!("Show that row only, counted from 0"),
        default_value: NONE,
        choices: NONE,
        minimum: 0,
        maximum: 1000,
        kind: INT,
        attributes: 0,
        letter: 0,
        reserved: 0,
    },
];

static COLUMNS: [Column; 3] = [
    Column { key: text!("name"), title: text!("CHECK") },
    Column { key: text!("status"), title: text!("STATUS") },
    Column { key: text!("detail"), title: text!("DETAIL") },
];

static COMMAND: Command = Command {
    size: size_of::<Command>() as u32,
    needs: NEEDS_SERVER,
    inert: INERT_TOKEN_FILE | INERT_YES | INERT_REVEAL_SECRETS,
    reserved: 0,
    name: text!("health"),
    summary: text!(summary!()),
    description: NONE,
    examples: NONE,
    flags: Rows::of(&FLAGS),
    arguments: Rows::NONE,
    columns: Rows::of(&COLUMNS),
    subcommands: null(),
    run,
};

static PLUGIN: Plugin = Plugin { size: size_of::<Plugin>() as u32, abi_minor: 0, command: &COMMAND };

#[no_mangle]
pub extern "C" fn plexctl_plugin_v1() -> &'static Plugin {
    &PLUGIN
}

/// The text, then zeros; one that does not fit with its NUL does not compile.
const fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    let mut i = 0;
    assert!(text.len() < N);
    while i < text.len() {
        bytes[i] = text.as_bytes()[i];
        i += 1;
    }
    bytes
}

/// What plexctl reads before it loads anything of this file.
#[used]
#[link_section = ".note.plexctl"]
static NOTE: Note = Note {
    name_size: 8,
    descriptor_size: (size_of::<Note>() - Note::HEAD_SIZE) as u32,
    kind: 1,
    owner: *b"plexctl\0",
    abi_major: 1,
    abi_minor: 0,
    command: padded("health"),
    version: padded(env!("CARGO_PKG_VERSION")),
    summary: padded(summary!()),
};
