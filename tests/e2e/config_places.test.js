// SPDX-License-Identifier: Apache-2.0
//
// The config file in every kind of place: modes, access lists, owners, links, environments, file systems. Each has the
// result that plexctl-config(5) documents, and no other user can read what is saved, not for an instant.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { DAEMON, examine, mountable, warning } = require('./lib/places.js');

const directory = (home) => path.dirname(home.configFile);
const beside = (home, name) => path.join(directory(home), name);
const well = { list: [0], login: [0] };
const refused = (pattern) => ({ list: [2, pattern], login: [2, pattern] });
const chmod = (mode) => ({ name: `a file of mode ${mode.toString(8).padStart(4, '0')}`, make: (home) => fs.chmodSync(home.configFile, mode) });
const directoryMode = (mode) => ({
  name: `a directory of mode ${mode.toString(8).padStart(4, '0')}`, make: (home) => fs.chmodSync(directory(home), mode),
  after: (home) => fs.chmodSync(directory(home), mode),
  saved: (home) => assert.equal(fs.statSync(directory(home)).mode & 0o7777, mode, 'an existing directory stays as it is'),
});
const acl = (name, of, ...entries) => ({
  name: `an access list: ${name}`, make: (home) => execFileSync('setfacl', [...entries, of(home)]),
});
const configFile = (home) => home.configFile;

function link(home, ...targets) {
  fs.rmSync(home.configFile);
  for (const [name, target] of targets) fs.symlinkSync(target, path.resolve(directory(home), name));
}

// config.json -> link1 -> ... -> real, `count` links in all
function chain(home, count) {
  fs.renameSync(home.configFile, beside(home, 'real'));
  const name = (i) => (i === 0 ? 'config.json' : i === count ? 'real' : `link${i}`);
  for (let i = 0; i < count; i++) fs.symlinkSync(name(i + 1), beside(home, name(i)));
}

const umasks = ['0000', '0022', '0077', '0177', '0777'].flatMap((umask) => [
  {
    name: `umask ${umask}, nothing saved yet`, umask, none: true, ...well,
    saved: (home) => assert.equal(fs.statSync(directory(home)).mode & 0o7777, 0o700),
  },
  { name: `umask ${umask}, a file that others can read`, umask, ...well, list: [0, warning], make: (home) => fs.chmodSync(home.configFile, 0o644) },
]);

const modes = [
  { ...chmod(0o400), ...well },
  { ...chmod(0o640), list: [0, warning], login: [0] },
  { ...chmod(0o4700), ...well },
  { ...chmod(0o620), ...refused(/mode 0620\); run `chmod 600 / ) },
  { ...chmod(0o602), ...refused(/mode 0602\); run `chmod 600 /) },
  { ...chmod(0o000), ...refused(/cannot be read by you; run `chmod 600 /) },
  { ...chmod(0o200), ...refused(/cannot be read by you; run `chmod 600 /) },
  { ...directoryMode(0o755), ...well },
  { ...directoryMode(0o777), ...well },
  { ...directoryMode(0o1777), ...well },
  { ...directoryMode(0o2775), ...well },
  { ...directoryMode(0o500), saved: undefined, list: [0], login: [1, /Permission denied; run `chmod u\+rwx /] },
  { ...directoryMode(0o600), saved: undefined, list: [2, /directory that you may not enter/], login: [1, /Permission denied; run `chmod u\+rwx /] },
  {
    name: 'a hard link beside it', ...well, copies: (home) => [beside(home, 'other')], make: (home) => fs.linkSync(home.configFile, beside(home, 'other')),
    saved: (home) => assert.doesNotMatch(fs.readFileSync(beside(home, 'other'), 'utf8'), /canary-new/),
  },
  { ...acl('another user may read', configFile, '-m', `u:${DAEMON}:r`), list: [0, warning], login: [0] },
  { ...acl('another group may read', configFile, '-m', `g:${DAEMON}:r`), list: [0, warning], login: [0] },
  { ...acl('another user may write', configFile, '-m', `u:${DAEMON}:rw`), ...refused(/can be written by others.*run `chmod 600 /) },
  { ...acl('all that is masked', configFile, '-m', `u:${DAEMON}:rw,m:-`), ...well },
  { ...acl('what the directory hands down', directory, '-m', `d:u:${DAEMON}:rwx,d:g:${DAEMON}:rwx,d:o:rwx,u:${DAEMON}:rwx`), ...well },
];

const owners = [
  {
    name: 'a file of root', ...refused(/is owned by root \(uid 0\), not by you; run `sudo chown 65534 /),
    make: (home) => fs.chmodSync(home.configFile, 0o644), after: (home) => fs.chownSync(home.configFile, 0, 0),
  },
  {
    name: 'a directory of root', list: [0], login: [1, /Permission denied; run `sudo chown 65534 /],
    after: (home) => (fs.chmodSync(directory(home), 0o755), fs.chownSync(directory(home), 0, 0)),
  },
  { name: "root in a user's home, who has a file", uid: 0, ...refused(/nobody \(uid 65534\), and you are root; run plexctl as its owner/) },
  {
    name: "root in a user's home, who has none", uid: 0, none: true, list: [0], login: [2, /nobody \(uid 65534\), and you are root/],
  },
];

const links = [
  { name: 'a relative link', ...well, file: (home) => `${home.dir}/dot/c.json`, make: (home) => (fs.mkdirSync(`${home.dir}/dot`, { mode: 0o700 }), fs.renameSync(home.configFile, `${home.dir}/dot/c.json`), fs.symlinkSync('../../dot/c.json', home.configFile)) },
  { name: 'an absolute link', ...well, file: (home) => `${home.dir}/c.json`, make: (home) => (fs.renameSync(home.configFile, `${home.dir}/c.json`), fs.symlinkSync(`${home.dir}/c.json`, home.configFile)) },
  { name: 'a link in place of the directory', ...well, file: (home) => `${home.dir}/real/config.json`, make: (home) => (fs.renameSync(directory(home), `${home.dir}/real`), fs.symlinkSync('../real', directory(home))) },
  { name: '40 links', ...well, file: (home) => beside(home, 'real'), make: (home) => chain(home, 40) },
  { name: '41 links', ...refused(/symbolic link.*namei -l/), make: (home) => chain(home, 41) },
  { name: 'a link to itself', ...refused(/symbolic link.*namei -l/), make: (home) => link(home, ['config.json', 'config.json']) },
  { name: 'links in a ring', ...refused(/symbolic link.*namei -l/), make: (home) => link(home, ['config.json', 'a'], ['a', 'b'], ['b', 'config.json']) },
  { name: 'a link that leads nowhere yet', none: true, ...well, file: (home) => `${home.dir}/later/deep/c.json`, make: (home) => (home.writeConfig(''), link(home, ['config.json', '../../later/deep/c.json'])) },
  { name: 'a link to a directory', ...refused(/is a directory/), make: (home) => link(home, ['config.json', '..']) },
  { name: 'a link to /dev/null', ...refused(/config\.json is a device.*`mv --backup=numbered \S+config\.json \S+config\.json\.old`/), make: (home) => link(home, ['config.json', '/dev/null']) },
  { name: 'a file in place of the directory', list: [2, /namei -l/], login: [1, /Not a directory; .*`namei -l /], none: true, make: (home) => (fs.mkdirSync(home.env.XDG_CONFIG_HOME), fs.writeFileSync(directory(home), '')) },
];

const at = (name, value, extra = {}) => ({
  name: `XDG_CONFIG_HOME ${name}`, none: true, ...well, env: (home) => ({ XDG_CONFIG_HOME: value(home) }),
  file: (home) => path.join(value(home), 'plexctl/config.json'), ...extra,
});
const inHome = { file: (home) => `${home.dir}/.config/plexctl/config.json` };
const lost = refused(/no place for the config file plexctl\/config\.json: HOME is .*; run `export HOME=.*`, or set XDG_CONFIG_HOME to an absolute path/);
const homeless = (name, HOME) => ({ name: `HOME ${name}`, none: true, ...lost, env: () => ({ XDG_CONFIG_HOME: '', HOME }) });
const environments = [
  at('unset', () => undefined, inHome), at('empty', () => '', inHome), at('relative', () => 'config', inHome),
  at('with a slash at its end', (home) => `${home.dir}/x/`), at('with double slashes', (home) => `/${home.dir}//x//y`),
  at('with dots', (home) => `${home.dir}/./x/../y`, { none: true, make: (home) => fs.mkdirSync(`${home.dir}/x`) }),
  at('with spaces and quotes', (home) => `${home.dir}/a b'c"d$(id)`), at('with control bytes', (home) => `${home.dir}/\x1b[31m\n\u009b\u202e`),
  at('with control bytes, and nothing may be made', (home) => `${home.dir}/\x1b[31m\n\u009b`, {
    list: [0], login: [1, /\\x1b|\\u001b|Permission denied/], after: (home) => fs.chownSync(home.dir, 0, 0),
  }),
  at('with a name of 256 bytes', (home) => `${home.dir}/${'x'.repeat(256)}`, { list: [2, /too long/], login: [1, /too long; .*`namei -l /] }),
  at('of 5000 bytes', (home) => `${home.dir}${'/x'.repeat(2500)}`, { list: [2, /too long/], login: [1, /too long; .*`namei -l /] }),
  homeless('unset', undefined), homeless('empty', ''), homeless('relative', 'home'),
  { name: 'HOME that is not there', none: true, list: [0], login: [1, /Permission denied; run `sudo install -d -m 700 -o 65534 \/nonexistent`/], env: () => ({ XDG_CONFIG_HOME: '', HOME: '/nonexistent' }) },
  { name: 'HOME that is a device', none: true, list: [2, /no directory/], login: [1, /Not a directory; .*`namei -l /], env: () => ({ XDG_CONFIG_HOME: '', HOME: '/dev/null' }) },
];

// The directory becomes a file system of its own, with the file in it.
const copies = (home) => [`${home.dir}/state.copy`];
const tmpfs = (options, then) =>
  `cp -p "$CONFIG" "$STATE.copy"; mount -t tmpfs -o mode=700,uid=65534,gid=65534,${options} none "$DIR"; cp -p "$STATE.copy" "$CONFIG"; ${then}`;
const fileSystems = [
  { name: 'a file system of its own', copies, ...well, inside: tmpfs('size=1m', ':') },
  { name: 'no room', copies, list: [0], login: [1, /No space left.*make room there: `df -h /], inside: tmpfs('size=64k', 'cat /dev/zero >"$DIR/full" 2>/dev/null || :') },
  { name: 'no inode left', copies, list: [0], login: [1, /No space left.*`df -i /], inside: tmpfs('nr_inodes=2', ':') },
  { name: 'read-only', copies, list: [0], login: [1, /Read-only file system.*remount,rw/], inside: tmpfs('size=1m', 'mount -o remount,ro "$DIR"') },
  { name: 'a file that is mounted on its own', list: [0], login: [2, /mounted on its own.*`sudo umount /], inside: 'mount --bind "$CONFIG" "$CONFIG"' },
  { name: 'a file that is mounted on its own, read-only', list: [0], login: [2, /mounted on its own/], inside: 'mount --bind "$CONFIG" "$CONFIG"; mount -o remount,bind,ro "$CONFIG"' },
];

const skip = process.getuid() !== 0 && 'needs root to become another user';
const skipMounts = !mountable && 'may not mount here: full, read-only and single-file mounts were not tested';

// Under strace, whatever the kernel is asked to make or to open to others is seen, however short the time. Leaks are not
// looked for: their sanitizer does not run under a tracer.
const traced = (extra) => ({ umask: '0000', env: () => ({ ASAN_OPTIONS: 'detect_leaks=0:abort_on_error=1' }), under: `strace -f -qq ${extra}` });
const trace = (home) => `${home.dir}/state.trace`;

function assertNeverOpen(lines, expected) {
  const made = lines.filter((line) => /^\S*\s*(open(at)?\(.*O_CREAT|mkdir(at)?\(|f?chmod(at)?2?\()/.test(line) && !/ = -1 /.test(line));
  const open = made.filter((line) => Number.parseInt(line.match(/, (0[0-7]*)(, AT_\w+)?\) /)?.[1] ?? '0777', 8) & 0o077);
  assert.deepEqual(open, [], 'made or changed so that others may read it');
  assert.ok(made.length >= expected, made.join('\n'));
}

const instants = [
  {
    name: 'umask 0000, nothing saved yet', ...traced('-e trace=openat,open,creat,mkdir,mkdirat,chmod,fchmod,fchmodat -o "$STATE.trace"'),
    none: true, ...well, saved: (home) => assertNeverOpen(fs.readFileSync(trace(home), 'utf8').split('\n'), 4),
  },
  {
    name: 'umask 0000, a directory of mode 0755', ...traced('-e trace=openat,open,creat,mkdir,mkdirat,chmod,fchmod,fchmodat -o "$STATE.trace"'),
    ...well, make: (home) => fs.chmodSync(directory(home), 0o755),
    saved: (home) => assertNeverOpen(fs.readFileSync(trace(home), 'utf8').split('\n'), 3),
  },
  {
    name: 'a file system that refuses a chmod', ...traced('-e trace=fchmod -e inject=fchmod:error=EPERM -o "$STATE.trace"'),
    list: [0], login: [1, /mode 0600: Operation not permitted; /],
  },
  {
    name: 'a file system that takes a chmod and does nothing', ...traced('-e trace=fchmod,openat -e inject=fchmod:retval=0 -o "$STATE.trace"'), umask: '0777',
    list: [0], login: [1, /mode 0000 in place of 0600|Permission denied/],
  },
];

test('a file that is open to others for an instant is seen', () => {
  const naive = 'openat(3, "config.json", O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0666) = 4';
  const late = 'fchmod(4, 0644)                   = 0';
  for (const line of [naive, `123 ${naive}`, late]) assert.throws(() => assertNeverOpen([line], 1), /others may read/);
  assertNeverOpen(['openat(3, "x", O_WRONLY|O_CREAT|O_EXCL|O_NOFOLLOW|O_CLOEXEC, 0600) = 4', 'fchmod(4, 0600) = 0'], 2);
});

for (const [title, places, why] of [
  ['umasks', umasks, skip], ['modes and access lists', modes, skip], ['owners', owners, skip], ['links', links, skip],
  ['the environment', environments, skip], ['not for an instant', instants, skip], ['file systems', fileSystems, skipMounts],
]) {
  describe(`the config file: ${title}`, { concurrency: 6, skip: why }, () => {
    for (const place of places) test(place.name, (t) => examine(t, place));
  });
}
