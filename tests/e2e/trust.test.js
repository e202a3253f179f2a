// SPDX-License-Identifier: Apache-2.0
//
// Attacks on the search for plugins and on what is trusted. Each begins with a good plugin whose constructor leaves a
// mark: the control runs it and finds the mark; then the attack changes one thing, and no code of it may run any more,
// neither as a command nor for help, list, doctor or completion. The swap under way is tests/torture/swap.c.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { describe, test } = require('node:test');
const { askWords } = require('./lib/ask_again.js');
const elfAttacks = require('./lib/elf_attacks.js');
const { NOBODY, assertExit, plexctl, prefix, run } = require('./lib/harness.js');
const peers = require('./lib/peers.js');
const { pluginDir } = require('./lib/plugin_dir.js');

const isRoot = process.getuid() === 0;
const STRANGER = 12345;
const WORD = 'mark-aaa';
const rootAlone = !isRoot && 'only root can make files of another user';
const sanitised = process.env.ASAN_OPTIONS && 'a sanitizer does not start under AT_SECURE';

// A place of its own below `home`, of the user who runs plexctl: dir/mark-NNN.so, whose code would make `mark`.
let count = 0;
function newPlace(home, uid) {
  const word = WORD.replace('aaa', String(count++).padStart(3, '0'));
  const root = path.join(home.dir, word);
  const dir = path.join(root, 'dir');
  const mark = path.join(root, 'marks/mark');
  fs.mkdirSync(dir, { recursive: true });
  fs.mkdirSync(path.dirname(mark));
  const file = path.join(dir, `${word}.so`);
  const bytes = Buffer.from(home.bytes.toString('latin1').replaceAll(WORD, word), 'latin1');
  fs.writeFileSync(file, bytes, { mode: 0o644 });
  if (isRoot) for (const one of [root, dir, file, path.dirname(mark)]) fs.chownSync(one, uid, uid);
  return {
    home, root, dir, word, file, mark, bytes, uid,
    args: [word], cwd: root, command: plexctl, env: { PLEXCTL_PLUGIN_PATH: dir, PLEXCTL_TEST_MARK: mark, HOME: root },
    // Something in the place, made for the user who runs plexctl unless `owner` says whose it is.
    make(name, { mode, owner, link, bytes: content } = {}) {
      const made = path.join(root, name);
      if (link !== undefined) fs.symlinkSync(link, made);
      else if (content) fs.writeFileSync(made, content);
      else fs.mkdirSync(made, { recursive: true });
      if (mode !== undefined) fs.chmodSync(made, mode);
      if (isRoot) fs.lchownSync(made, owner ?? uid, owner ?? uid);
      return made;
    },
    plugin(name, options) {
      return this.make(name, { mode: 0o644, bytes, ...options });
    },
    search(...names) {
      this.env.PLEXCTL_PLUGIN_PATH = names.map((name) => path.resolve(root, name)).join(':');
    },
  };
}

const inside = (place) => ({ command: place.command, cwd: place.cwd, env: place.env, uid: isRoot ? place.uid : undefined });
const runIn = (place, args = place.args) => run(place.home, args, inside(place));

function takeMark(place) {
  const was = fs.existsSync(place.mark);
  fs.rmSync(place.mark, { force: true });
  return was;
}

// What a shell asks at Tab behind the command word, for which plexctl opens the plugin.
const tabBehindWord = (place) => [place.word, ''];

async function assertRuns(place) {
  const result = await runIn(place);
  assertExit(result, 0);
  assert.equal(result.stdout, 'marked\n');
  assert.ok(takeMark(place), 'the mark');
  assertExit(await askWords(place.home.t, place.home, tabBehindWord(place), inside(place)), 0);
  assert.ok(takeMark(place), 'the mark of completion');
}

async function assertNeverRuns(place, row) {
  const refused = await runIn(place);
  assertExit(refused, row.exit ?? 1, row.says);
  for (const args of row.isGood ? [] : [['help'], ['plugin', 'list'], ['__complete', 'words', ...tabBehindWord(place)], ['plugin', 'doctor', '-o', 'json']]) {
    const result = await runIn(place, args);
    assert.ok([0, 1].includes(result.code), `${args}: ${result.stderr}`);
    if (args[1] === 'doctor' && !row.exit) {
      assert.equal(result.code, 1, result.stdout);
      const [one, ...more] = JSON.parse(result.stdout).filter((finding) => finding.verdict === 'refused');
      assert.ok(more.length === 0 && one.rule && one.found && one.fix, result.stdout);
      assert.ok(refused.stderr.includes(`${one.found}${one.wanted ? `; wanted is ${one.wanted}` : ''}; fix: ${one.fix}`), result.stdout);
    }
  }
  assert.ok(!fs.existsSync(place.mark), 'its code ran');
}

function newHome(t) {
  const home = pluginDir(t, { mark: 'mark' });
  return Object.assign(home, { t, bytes: fs.readFileSync(path.join(home.pluginDir, 'mark.so')) });
}

// Rows of { name, attack, says }, with `exit` where it is not 1, `skip` where it cannot be made here, `as` for a user
// other than nobody, `isGood` where doctor may open it all the same, and `runs` for what looks odd and is no attack. What
// `attack` answers is called in the end.
function attacks(title, rows) {
  describe(title, { concurrency: 2 }, () => {
    for (const row of rows) {
      test(`${row.name}: ${row.runs ? 'runs' : 'never runs'}`, { skip: row.skip, timeout: 120000 }, async (t) => {
        const place = newPlace(newHome(t), row.as ?? (isRoot ? NOBODY : process.getuid()));
        await assertRuns(place);
        const undo = await row.attack(place);
        try {
          await (row.runs ? assertRuns(place) : assertNeverRuns(place, row));
        } finally {
          await undo?.();
        }
      });
    }
  });
}

const chmod = (name, mode) => (place) => fs.chmodSync(path.join(place.root, name), mode);
const chown = (name, owner) => (place) => fs.chownSync(name === 'file' ? place.file : path.join(place.root, name), owner, owner);
const acl = (of, ...args) => (place) => void execFileSync('setfacl', [...args, of === 'file' ? place.file : path.join(place.root, of)]);
const replace = (make) => (place) => {
  fs.rmSync(place.file);
  return make(place);
};

attacks('a file', [
  { name: 'that a group can write', attack: (place) => fs.chmodSync(place.file, 0o664), says: /can be written by others \(mode 0664\).*fix: chmod go-w/ },
  { name: 'that everybody can write', attack: (place) => fs.chmodSync(place.file, 0o646), says: /mode 0646/ },
  { name: 'that is set-uid', attack: (place) => fs.chmodSync(place.file, 0o4755), runs: true },
  { name: 'that an access list lets another write', attack: acl('file', '-m', `u:${STRANGER}:rw`), says: /mode 0664/ },
  { name: 'whose access list is masked', attack: acl('file', '-m', `u:${STRANGER}:rw,m::r`), runs: true },
  { name: 'that may not be read', attack: (place) => fs.chmodSync(place.file, 0), says: /Permission denied/ },
  { name: 'of another user', skip: rootAlone, attack: chown('file', STRANGER), says: /belongs to user 12345; wanted is root or the user who runs plexctl \(65534\)/ },
  { name: 'of root', skip: rootAlone, attack: chown('file', 0), runs: true },
  { name: 'that is a FIFO', attack: replace((place) => void execFileSync('mkfifo', [place.file])), says: /is a pipe/ },
  { name: 'that is a socket', attack: replace((place) => {
    const listener = net.createServer().listen(place.file);
    return () => new Promise((resolve) => listener.close(resolve));
  }), says: /is a socket/ },
  { name: 'that is /dev/zero', skip: rootAlone, attack: replace((place) => void execFileSync('mknod', ['-m', '644', place.file, 'c', '1', '5'])), says: /is a pipe or a device/ },
  { name: 'that is a block device', skip: rootAlone, attack: replace((place) => void execFileSync('mknod', ['-m', '644', place.file, 'b', '7', '250'])), says: /device|No such/ },
  { name: 'that is a directory', attack: replace((place) => void fs.mkdirSync(place.file)), says: /is a directory/ },
  { name: 'that is a link to a trusted one', attack: replace((place) => void fs.symlinkSync(place.plugin('kept.so'), place.file)), says: /is a symbolic link; wanted is a regular file; fix: copy/ },
  { name: 'that is a link to one that others can write', attack: replace((place) => void fs.symlinkSync(place.plugin('kept.so', { mode: 0o666 }), place.file)), says: /is a symbolic link/ },
  { name: 'that is a link to nowhere', attack: replace((place) => void fs.symlinkSync('nowhere', place.file)), says: /is a symbolic link/ },
  { name: 'that is a link to itself', attack: replace((place) => void fs.symlinkSync(path.basename(place.file), place.file)), says: /is a symbolic link/ },
  { name: "that is a hard link to another user's", skip: rootAlone, attack: replace((place) => void fs.linkSync(place.plugin('theirs.so', { owner: STRANGER }), place.file)), says: /belongs to user 12345/ },
  { name: 'that is a hard link to one of our own', attack: replace((place) => void fs.linkSync(place.plugin('ours.so'), place.file)), runs: true },
]);

attacks('a directory', [
  { name: 'that a group can write', attack: chmod('dir', 0o775), says: /dir can be written by others \(mode 0775\).*fix: chmod go-w/ },
  { name: 'that everybody can write', attack: chmod('dir', 0o777), says: /mode 0777/ },
  { name: 'that everybody can write, sticky', attack: chmod('dir', 0o1777), says: /mode 1777/ },
  { name: 'that is set-gid', attack: chmod('dir', 0o2755), runs: true },
  { name: 'that is set-gid and writable for the group', attack: chmod('dir', 0o2775), says: /mode 2775/ },
  { name: 'that an access list lets another write', attack: acl('dir', '-m', `u:${STRANGER}:rwx`), says: /mode 0775/ },
  { name: 'whose default access list lets another write what will be made there', attack: acl('dir', '-d', '-m', `u:${STRANGER}:rwx`), runs: true },
  { name: 'with a parent that a group can write', attack: chmod('', 0o775), says: /can be written by others/ },
  { name: 'with a parent that everybody can write', attack: chmod('', 0o777), says: /can be written by others/ },
  { name: 'with a sticky parent', attack: chmod('', 0o1777), runs: true },
  { name: 'of another user', skip: rootAlone, attack: chown('dir', STRANGER), says: /dir belongs to user 12345/ },
  { name: 'of another user in a sticky parent', skip: rootAlone, attack: (place) => {
    chmod('', 0o1777)(place);
    chown('dir', STRANGER)(place);
  }, says: /dir belongs to user 12345/ },
  { name: 'with a parent of another user', skip: rootAlone, attack: chown('', STRANGER), says: /belongs to user 12345/ },
  { name: 'with a sticky parent of another user', skip: rootAlone, attack: (place) => {
    chmod('', 0o1777)(place);
    chown('', STRANGER)(place);
  }, says: /belongs to user 12345/ },
  { name: 'reached by a link to a trusted one', attack: (place) => {
    place.make('way', { link: 'dir' });
    place.search('way');
  }, runs: true },
  { name: "reached by another user's link to a trusted one", skip: rootAlone, attack: (place) => {
    chmod('', 0o1777)(place);
    place.make('way', { link: 'dir', owner: STRANGER });
    place.search('way');
  }, runs: true },
  { name: 'reached by a link to one that others can write', attack: (place) => {
    chmod('dir', 0o777)(place);
    place.make('way', { link: 'dir' });
    place.search('way');
  }, says: /dir can be written by others/ },
  { name: 'reached by a link below one that others can write', attack: (place) => {
    place.make('open');
    fs.renameSync(place.dir, path.join(place.root, 'open/dir'));
    chmod('open', 0o777)(place);
    place.make('way', { link: 'open/dir' });
    place.search('way');
  }, says: /open can be written by others/ },
  { name: 'whose name would move the cursor, and that others can write', attack: (place) => {
    place.plugin(`${path.basename(place.make('a\n\x1b[2Jb'))}/${place.word}.so`);
    chmod('a\n\x1b[2Jb', 0o777)(place);
    place.search('a\n\x1b[2Jb');
  }, says: /a\\x0a\\x1b\[2Jb can be written/ },
  { name: 'whose name has every odd character', attack: (place) => {
    place.plugin(`${path.basename(place.make('a \n%s$(x)"\'\\;é*'))}/${place.word}.so`);
    place.search('a \n%s$(x)"\'\\;é*');
  }, runs: true },
]);

const nothing = { exit: 2, says: /unknown command/ };
const searchOnly = (value, cwd = 'dir') => (place) => {
  place.env.PLEXCTL_PLUGIN_PATH = typeof value === 'function' ? value(place) : value;
  place.cwd = path.join(place.root, cwd);
};
const homeDir = '.local/lib/plexctl/plugins';
const toHome = (place) => {
  place.make(homeDir);
  if (isRoot) execFileSync('chown', ['-R', `${place.uid}:${place.uid}`, path.join(place.root, '.local')]);
  fs.renameSync(place.file, path.join(place.root, homeDir, `${place.word}.so`));
};

attacks('the search', [
  { name: 'from the current directory, nothing said', attack: searchOnly(''), ...nothing },
  ...['.', './', ':', '::', '.:', '..', '../dir', './dir:dir', ':dir:', '~', '$PWD', 'file:///'].map((value) => ({
    name: `from PLEXCTL_PLUGIN_PATH=${value}`, attack: searchOnly(value), ...nothing,
  })),
  { name: 'from one with relative elements around a good one', attack: searchOnly((place) => `.:..::${place.dir}:dir`), runs: true },
  { name: 'from one with .. that ends in a trusted one', attack: searchOnly((place) => `${place.dir}/../dir//.`), runs: true },
  { name: 'from one with .. that ends in one that others can write', attack: (place) => {
    fs.chmodSync(place.dir, 0o777);
    place.make('good');
    searchOnly(`${place.root}/good/../dir`)(place);
  }, says: /dir can be written by others/ },
  { name: 'from a list of 10,000 elements', attack: searchOnly((place) => `${'x:/n:'.repeat(5000)}${place.dir}`), runs: true },
  { name: 'with LD_LIBRARY_PATH, PATH and the current directory there', attack: (place) => {
    Object.assign(place.env, { PLEXCTL_PLUGIN_PATH: '', LD_LIBRARY_PATH: place.dir, PATH: place.dir });
    place.cwd = place.dir;
  }, ...nothing },
  { name: 'with a relative HOME', attack: (place) => {
    toHome(place);
    Object.assign(place.env, { HOME: '.', PLEXCTL_PLUGIN_PATH: '' });
  }, ...nothing },
  { name: 'at home', attack: toHome, runs: true },
  { name: 'at home, where another user planted it', skip: rootAlone, attack: (place) => {
    toHome(place);
    chown(`${homeDir}/${place.word}.so`, STRANGER)(place);
  }, says: /belongs to user 12345/ },
  { name: 'at home, where ~/.local can be written by others', attack: (place) => {
    toHome(place);
    chmod('.local', 0o777)(place);
  }, says: /\.local can be written by others/ },
  { name: 'for a file in a directory below', attack: (place) => place.search('.'), ...nothing },
  ...[(place) => `../dir/${place.word}`, (place) => `./${place.word}`, (place) => place.file, (place) => `${place.word}.so`,
    (place) => place.word.toUpperCase(), (place) => `${place.word}/`, (place) => ` ${place.word}`, (place) => `${place.word}\n`,
    (place) => place.word.slice(0, -1), () => '..', () => '', () => 'a'.repeat(40)].map((word, i) => ({
    name: `for a word that is none (${i})`, attack: (place) => void (place.args = [word(place)]), isGood: true, exit: 2, says: /command/,
  })),
  { name: 'with one planted before it that others can write: neither', attack: (place) => {
    place.plugin(`${path.basename(place.make('early'))}/${place.word}.so`, { mode: 0o666 });
    place.search('early', 'dir');
  }, says: /early\/mark-\d+\.so can be written by others/ },
  { name: 'past a directory that is not trusted and has no such file', attack: (place) => {
    place.make('early', { mode: 0o777 });
    place.search('early', 'dir');
  }, runs: true },
]);

attacks('as root', [
  { name: 'what nobody owns', skip: rootAlone, as: 0, attack: chown('file', NOBODY), says: /belongs to user 65534; wanted is root/ },
  { name: 'in a directory that nobody owns', skip: rootAlone, as: 0, attack: chown('dir', NOBODY), says: /dir belongs to user 65534/ },
  { name: 'below a directory that nobody owns', skip: rootAlone, as: 0, attack: chown('', NOBODY), says: /belongs to user 65534/ },
  { name: "in nobody's home (sudo with a kept HOME)", skip: rootAlone, as: 0, attack: (place) => {
    toHome(place);
    execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, path.join(place.root, '.local')]);
    place.env.PLEXCTL_PLUGIN_PATH = '';
  }, says: /belongs to user 65534/ },
  { name: 'with modes that stop others and not root', skip: rootAlone, as: 0, attack: (place) => {
    fs.chmodSync(place.file, 0o600);
    fs.chmodSync(place.dir, 0o700);
  }, runs: true },
]);

// A copy of what is installed, plexctl itself of the user who runs it.
function installCopy(place) {
  const copy = path.join(place.root, 'opt');
  fs.cpSync(prefix, copy, { recursive: true, dereference: true }); // no link leads back
  place.command = path.join(copy, 'bin/plexctl');
  return copy;
}

attacks("plexctl's own directories", [
  { name: 'a stranger planted in commands, which others can write', attack: (place) => {
    const commands = path.join(installCopy(place), 'lib/plexctl/commands');
    fs.renameSync(place.file, path.join(commands, `${place.word}.so`));
    fs.chmodSync(commands, 0o777);
  }, says: /commands can be written by others/ },
  { name: 'a stranger planted in commands below a bin/.. that others can write', attack: (place) => {
    const copy = installCopy(place);
    fs.renameSync(place.file, path.join(copy, 'lib/plexctl/commands', `${place.word}.so`));
    fs.chmodSync(copy, 0o777);
  }, says: /opt can be written by others/ },
  { name: 'a package put it in plugins', attack: (place) => {
    const plugins = path.join(installCopy(place), 'lib/plexctl/plugins');
    fs.mkdirSync(plugins, { recursive: true });
    fs.renameSync(place.file, path.join(plugins, `${place.word}.so`));
  }, runs: true },
  { name: 'a package put it in plugins, which others can write', attack: (place) => {
    const plugins = path.join(installCopy(place), 'lib/plexctl/plugins');
    fs.mkdirSync(plugins, { recursive: true });
    fs.renameSync(place.file, path.join(plugins, `${place.word}.so`));
    fs.chmodSync(plugins, 0o777);
  }, says: /plugins can be written by others/ },
]);

// AT_SECURE is 1 where the program was given more than its caller has. The control is the same copy before that.
function isHonoured(place, give) {
  const grep = path.join(place.root, 'grep');
  fs.copyFileSync('/bin/grep', grep);
  give(grep);
  const status = execFileSync(grep, ['-E', '^(Uid|CapEff)', '/proc/self/status'], { encoding: 'utf8', uid: place.uid, gid: place.uid });
  return /Uid:\s+65534\s+12345|CapEff:\s+0*400\b/.test(status);
}

const setUid = (file) => {
  fs.chownSync(file, STRANGER, STRANGER);
  fs.chmodSync(file, 0o4755);
};
const setCap = (file) => void execFileSync('setcap', ['cap_net_bind_service+ep', file]);

describe('under AT_SECURE', { concurrency: 2 }, () => {
  for (const [how, give] of [['set-uid', setUid], ['a file capability', setCap]]) {
    for (const where of ['PLEXCTL_PLUGIN_PATH', 'home', 'plugins beside plexctl']) {
      test(`by ${how}, what is in ${where} ${where.startsWith('plugins') ? 'runs' : 'never runs'}`, { skip: rootAlone || sanitised }, async (t) => {
        const place = newPlace(newHome(t), NOBODY);
        const beside = path.join(installCopy(place), 'lib/plexctl/plugins');
        execFileSync('chown', ['-R', '0:0', place.root]);
        fs.chownSync(path.dirname(place.mark), NOBODY, NOBODY);
        fs.chmodSync(path.dirname(place.mark), 0o777);
        if (where === 'home') toHome({ ...place, uid: 0, make: (name) => fs.mkdirSync(path.join(place.root, name), { recursive: true }) });
        if (where.startsWith('plugins')) {
          fs.mkdirSync(beside, { recursive: true });
          fs.renameSync(place.file, path.join(beside, `${place.word}.so`));
        }
        await assertRuns(place);
        if (!isHonoured(place, give)) {
          t.skip(`${how} has no effect on this file system`);
          return;
        }
        give(place.command);
        if (where.startsWith('plugins')) await assertRuns(place);
        else await assertNeverRuns(place, nothing);
      });
    }
  }
});

// Root's own files belong to nobody there.
test('in a user namespace without root, the advice is to map it, not to own /', async (t) => {
  const place = newPlace(newHome(t), isRoot ? NOBODY : process.getuid());
  const runBelow = (command, args) => run(place.home, ['--user', '--map-user=1000', command, ...args], { command: 'unshare', cwd: '/', uid: isRoot ? NOBODY : undefined });
  if ((await runBelow('true', [])).code !== 0) {
    t.skip('no user namespace can be made here');
    return;
  }
  assertExit(await runBelow(plexctl, ['whoami']), 1, /directory \/ belongs to user 65534; .*fix: in a user namespace, map root into it; else chown root \/$/m);
});

attacks('an ELF file', elfAttacks.map((row) => ({ ...row, attack: replace((place) => {
  const bytes = Buffer.from(place.bytes);
  fs.writeFileSync(place.file, row.change(bytes) ?? bytes, { mode: 0o644 });
  if (row.size) fs.truncateSync(place.file, row.size);
  if (isRoot) fs.chownSync(place.file, place.uid, place.uid);
  return row.size ? () => fs.rmSync(place.file) : undefined; // too long for what looks for secrets afterwards
}) })));

// With the command's own words, and with the operator's for control.
describe('a plugin that would choose where the token goes', { concurrency: 2 }, () => {
  for (const [args, code, says] of [
    [['--token', '--to'], 1, /^plexctl: plugin "steerer" 1\.0\.0 .*called a service against its contract.*where its token goes/m],
    [['--to'], 4, /server of their own choice is given only to plexctl's own commands/],
    [['--token', '--server'], 0],
  ]) {
    test(`${args.join(' ')} URL: ${says ? 'nothing is sent' : 'the token goes to the operator\'s'}`, async (t) => {
      const home = pluginDir(t, { steerer: 'steerer' });
      const seen = [];
      const sink = await peers.server(t, (request, body, response) => {
        seen.push(request.headers.authorization);
        peers.reply(response, 200, {});
      });
      const result = await run(home, ['steerer', ...args, sink.url], { env: { PLEXSPHERE_TOKEN: 'of-the-operator-0123456789' } });
      assertExit(result, code, says);
      assert.deepEqual(seen, says ? [] : ['Bearer of-the-operator-0123456789']);
    });
  }
});
