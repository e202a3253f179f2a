// SPDX-License-Identifier: Apache-2.0
//! What this plugin uses of <plexctl/plugin.h>, ABI 1.0. A member that is not used is room of its size; tables may end early,
//! since the host's are at least that long. `cargo test` holds each offset to the header's on LP64, as the end lists them:
//! there is no offset_of! in Rust 1.63, Debian 12's.

use std::mem::size_of;
use std::os::raw::{c_char, c_void};

pub type Status = i32;
pub const OK: Status = 0;
pub const FAILED: Status = 1;
pub const NO_MEMORY: Status = 9;

pub const BOOL: i32 = 2;
pub const INT: i32 = 1;
pub const NEEDS_SERVER: u32 = 1;
pub const INERT_TOKEN_FILE: u32 = 4;
pub const INERT_YES: u32 = 16;
pub const INERT_REVEAL_SECRETS: u32 = 32;
pub const JSON_ARRAY: i32 = 5;

/// A pointer to constant text, or NULL, in a static.
#[repr(transparent)]
pub struct Text(pub *const c_char);
pub const NONE: Text = Text(std::ptr::null());

#[repr(C)]
pub struct Flag {
    pub name: Text,
    pub value_name: Text,
    pub help: Text,
    pub default_value: Text,
    pub choices: Text,
    pub minimum: i64,
    pub maximum: i64,
    pub kind: i32,
    pub attributes: u32,
    pub letter: u32,
    pub reserved: u32,
}

#[repr(C)]
pub struct Column {
    pub key: Text,
    pub title: Text,
}

#[repr(C)]
pub struct Rows {
    pub rows: *const c_void,
    pub count: u32,
    pub row_size: u32,
}

impl Rows {
    pub const NONE: Rows = Rows { rows: std::ptr::null(), count: 0, row_size: 0 };
    pub const fn of<T, const N: usize>(rows: &'static [T; N]) -> Rows {
        Rows { rows: rows.as_ptr() as *const c_void, count: N as u32, row_size: size_of::<T>() as u32 }
    }
}

#[repr(C)]
pub struct Command {
    pub size: u32,
    pub needs: u32,
    pub inert: u32,
    pub reserved: u32,
    pub name: Text,
    pub summary: Text,
    pub description: Text,
    pub examples: Text,
    pub flags: Rows,
    pub arguments: Rows,
    pub columns: Rows,
    pub subcommands: *const c_void,
    pub run: unsafe extern "C" fn(*const Host) -> Status,
}

#[repr(C)]
pub struct Plugin {
    pub size: u32,
    pub abi_minor: u32,
    pub command: &'static Command,
}

#[repr(C)]
pub struct Note {
    pub name_size: u32,
    pub descriptor_size: u32,
    pub kind: u32,
    pub owner: [u8; 8],
    pub abi_major: u32,
    pub abi_minor: u32,
    pub command: [u8; 32],
    pub version: [u8; 32],
    pub summary: [u8; 96],
}

impl Note {
    /// Of what stands before the descriptor, which begins with abi_major.
    pub const HEAD_SIZE: usize = 3 * size_of::<u32>() + 8;
}

// Constants, never written by either side.
unsafe impl Sync for Flag {}
unsafe impl Sync for Column {}
unsafe impl Sync for Command {}

#[repr(C)]
pub struct Json {
    _opaque: [u8; 0],
}

type Fail = unsafe extern "C" fn(*const Host, Status, *const c_char) -> Status;

#[repr(C)]
pub struct HostError {
    pub size: u32,
    pub reserved: u32,
    pub fail: Fail,
}

#[repr(C)]
pub struct HostValues {
    pub size: u32,
    pub reserved: u32,
    pub given: unsafe extern "C" fn(*const Host, *const c_char) -> i32,
    _string: usize,
    pub integer: unsafe extern "C" fn(*const Host, *const c_char) -> i64,
    pub boolean: unsafe extern "C" fn(*const Host, *const c_char) -> i32,
}

#[repr(C)]
pub struct HostJson {
    pub size: u32,
    pub reserved: u32,
    pub parse: unsafe extern "C" fn(*const Host, *const c_void, u64, *mut *mut Json) -> Status,
    pub kind: unsafe extern "C" fn(*const Json) -> i32,
    pub get: unsafe extern "C" fn(*const Json, *const c_char) -> *mut Json,
    pub at: unsafe extern "C" fn(*const Json, u64) -> *mut Json,
    pub length: unsafe extern "C" fn(*const Json) -> u64,
    pub string: unsafe extern "C" fn(*const Json) -> *const c_char,
    _integer_to_object: [usize; 5],
    pub array: unsafe extern "C" fn(*const Host) -> *mut Json,
    pub copy: unsafe extern "C" fn(*const Host, *const Json) -> *mut Json,
    _set_to_set_boolean: [usize; 5],
    pub append: unsafe extern "C" fn(*mut Json, *mut Json) -> Status,
}

#[repr(C)]
pub struct HttpRequest {
    pub size: u32,
    pub flags: u32,
    pub method: *const c_char,
    pub path: *const c_char,
    pub body: *const c_char,
    pub timeout_ms: i64,
    pub body_max_bytes: u64,
}

#[repr(C)]
pub struct HttpReply {
    pub size: u32,
    pub status: i32,
    _content_type: usize,
    pub body: *const c_char,
    pub body_size: u64,
}

#[repr(C)]
pub struct HostHttp {
    pub size: u32,
    pub reserved: u32,
    pub send: unsafe extern "C" fn(*const Host, *const HttpRequest, *mut *const HttpReply) -> Status,
    pub problem: unsafe extern "C" fn(*const Host, *const HttpReply) -> Status,
    pub malformed: unsafe extern "C" fn(*const Host, *const HttpReply, *const c_char) -> Status,
}

#[repr(C)]
pub struct HostOutput {
    pub size: u32,
    pub reserved: u32,
    _format: usize,
    pub emit: unsafe extern "C" fn(*const Host, *const Json) -> Status,
}

#[repr(C)]
pub struct Host {
    pub size: u32,
    pub abi_minor: u32,
    pub error: &'static HostError,
    pub values: &'static HostValues,
    _settings: usize,
    _url: usize,
    pub json: &'static HostJson,
    pub http: &'static HostHttp,
    pub output: &'static HostOutput,
}

macro_rules! layout {
    ($($type:ident . $member:ident = $offset:expr),* $(,)?) => {
        #[test]
        fn every_member_is_where_the_header_has_it() {
            $({
                let room = std::mem::MaybeUninit::<$type>::uninit();
                let start = room.as_ptr();
                // SAFETY: the member's address alone is taken, inside of the room.
                let member = unsafe { std::ptr::addr_of!((*start).$member) };
                assert_eq!(member as usize - start as usize, $offset, stringify!($type.$member));
            })*
        }
    };
}

layout!(
    Flag.choices = 32, Flag.maximum = 48, Flag.kind = 56, Flag.letter = 64,
    Column.title = 8, Rows.count = 8, Rows.row_size = 12,
    Command.name = 16, Command.flags = 48, Command.arguments = 64, Command.columns = 80, Command.subcommands = 96,
    Command.run = 104, Plugin.command = 8,
    Note.owner = 12, Note.abi_major = 20, Note.command = 28, Note.version = 60, Note.summary = 92,
    Host.error = 8, Host.values = 16, Host.json = 40, Host.http = 48, Host.output = 56,
    HostError.fail = 8, HostValues.given = 8, HostValues.integer = 24, HostValues.boolean = 32,
    HostJson.parse = 8, HostJson.get = 24, HostJson.string = 48, HostJson.array = 96, HostJson.copy = 104,
    HostJson.append = 152,
    HttpRequest.method = 8, HttpRequest.timeout_ms = 32, HttpRequest.body_max_bytes = 40,
    HttpReply.status = 4, HttpReply.body = 16, HttpReply.body_size = 24,
    HostHttp.send = 8, HostHttp.problem = 16, HostHttp.malformed = 24, HostOutput.emit = 16,
);
const _: () = assert!(size_of::<Flag>() == 72 && size_of::<Column>() == 16 && size_of::<Command>() == 112);
const _: () = assert!(size_of::<Plugin>() == 16 && size_of::<Note>() == 188 && size_of::<HttpRequest>() == 48);
