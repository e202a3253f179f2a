// SPDX-License-Identifier: Apache-2.0
//
// plexctl login --events: what a program is told, held to tests/contract/events.json; and where the lines may go.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const Ajv = require('ajv/dist/2020');
const {
  NOBODY, approve, assertExit, assertNoSecret, devserver, login, loginFlags, plexctl, run, scratch, sourceDir, start,
} = require('./lib/harness.js');
const peers = require('./lib/peers.js');
const { cannotBecomeNobody, giveToNobody } = require('./lib/trouble.js');

const schema = JSON.parse(fs.readFileSync(path.join(sourceDir, 'tests/contract/events.json'), 'utf8'));
const isEvent = new Ajv({ strictTypes: false, strictRequired: false }).compile(schema);

// Every line is whole and an event.
function eventsOf(text) {
  assert.ok(text === '' || text.endsWith('\n'), text);
  return text.split('\n').slice(0, -1).map((line) => {
    const event = JSON.parse(line);
    assert.ok(isEvent(event), `${line}\n${JSON.stringify(isEvent.errors)}`);
    return event;
  });
}

const namesOf = (text) => eventsOf(text).map(({ event }) => event);
const warningsOf = (result) => result.stderr.split('\n').filter((line) => line.startsWith('plexctl: warning: '));

// A login with a pipe as descriptor 3; `next(name)` resolves with the first event of that name.
function listen(home, server, args = []) {
  const stdio = ['pipe', 'pipe', 'pipe', 'pipe'];
  const attempt = start(home, ['login', '--server', server.url, ...loginFlags, '--events', 'fd:3', ...args], { env: server.trust, stdio });
  const stream = attempt.child.stdio[3];
  const heard = { text: '' };
  home.runs.push({ args: ['events'], seen: { get stdout() { return heard.text; }, stderr: '' } });
  const next = (name) => new Promise((resolve) => {
    const look = () => {
      const found = heard.text.split('\n').slice(0, -1).map((line) => JSON.parse(line)).find(({ event }) => event === name);
      if (found) resolve(found);
    };
    stream.on('data', look);
    look();
  });
  stream.setEncoding('utf8').on('data', (text) => { heard.text += text; });
  return { ...attempt, heard, next, stream };
}

describe('login --events', { concurrency: 4 }, () => {
  test('fd:N: a program approves by what it is told, and reads no other output', async (t) => {
    const server = await devserver(t, ['--fault', '503:1,slow_down:1']);
    const home = scratch(t);
    const attempt = listen(home, server);
    const prompt = await attempt.next('prompt');
    assert.equal(prompt.server, server.url);
    await approve(server, prompt.verification_uri_complete);
    assertExit(await attempt.done, 0);
    assert.deepEqual(namesOf(attempt.heard.text), ['prompt', 'retry', 'slow_down', 'approved', 'saved']);
    const [, retry, slowDown, approved, saved] = eventsOf(attempt.heard.text);
    assert.deepEqual([retry.why, retry.next_poll_in], ['HTTP 503', 2]);
    assert.deepEqual([slowDown.interval, slowDown.next_poll_in], [6, 6]);
    assert.ok(approved.expires_in > 3500);
    assert.equal(saved.server, server.url);
    const [{ verification_uri_complete: link, ...rest }] = eventsOf(attempt.heard.text);
    assert.ok(!isEvent({ ...rest, verification_uri_complete: link, more: 1 }), 'the control: a member that no event has');
    assert.ok(!isEvent({ ...rest, interval: undefined, version: 2 }), 'the control: another version');
  });

  for (const umask of ['000', '077']) {
    test(`a file under umask ${umask} is made with 0600 and appended to`, async (t) => {
      const server = await devserver(t);
      const home = scratch(t);
      const file = path.join(home.dir, 'events');
      for (let i = 0; i < 2; i++) {
        const attempt = start(home, ['-c', `umask ${umask}; exec "$@"`, 'sh', plexctl, 'login', '--server', server.url, ...loginFlags, '--events', file], { command: '/bin/sh', env: server.trust });
        const [link] = await attempt.until(/https?:\/\/\S+user_code=\S+/);
        assert.deepEqual(namesOf(fs.readFileSync(file, 'utf8')).filter((name) => name !== 'poll').slice(-1), ['prompt'], 'told before the prompt is shown');
        await approve(server, link);
        assertExit(await attempt.done, 0);
      }
      assert.equal(fs.statSync(file).mode & 0o7777, 0o600);
      const names = namesOf(fs.readFileSync(file, 'utf8')).filter((name) => name !== 'poll');
      assert.deepEqual(names, ['prompt', 'approved', 'saved', 'prompt', 'approved', 'saved']);
    });
  }

  test('standard error takes them too', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const attempt = start(home, ['login', '--server', server.url, ...loginFlags, '--events', 'fd:2'], { env: server.trust });
    const [line] = await attempt.until(/^\{.*\n/, 'stderr');
    await approve(server, JSON.parse(line).verification_uri_complete);
    const { code, stderr } = await attempt.done;
    assert.equal(code, 0, stderr);
    assert.deepEqual(namesOf(stderr).filter((name) => name !== 'poll'), ['prompt', 'approved', 'saved']);
  });

  // With an offset of its own each would write over the other.
  test('/dev/stdout, where the shell sends it to a file, is that file\'s one descriptor', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const log = path.join(home.dir, 'log');
    const into = (target) => {
      const words = ['login', '--server', server.url, ...loginFlags, '--debug', '--events', target];
      return start(home, ['-c', 'log=$1; shift; exec "$@" > "$log"', 'sh', log, plexctl, ...words], { command: '/bin/sh', env: server.trust });
    };
    const attempt = into('/dev/stdout');
    await attempt.until(/waiting \d+ ms before the next poll/, 'stderr');
    await approve(server, fs.readFileSync(log, 'utf8').match(/^https?:\/\/\S+user_code=\S+/m)[0]);
    assert.equal((await attempt.done).code, 0);
    const lines = fs.readFileSync(log, 'utf8').split('\n');
    const events = lines.filter((line) => line.startsWith('{'));
    assert.deepEqual(namesOf(`${events.join('\n')}\n`).filter((name) => name !== 'poll'), ['prompt', 'approved', 'saved']);
    assert.equal(lines.at(-2), 'Logged in. Saved profile "default".');
    const { code, stderr } = await into(log).done;
    assert.equal(code, 2);
    assert.match(stderr, /--events: standard output goes to this file, .*use fd:1/);
  });

  test('plexctl\'s own files are not written', async (t) => {
    const home = scratch(t);
    for (const file of [home.configFile, path.join(home.dir, '.local/state/plexctl/login.x.json')]) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      assertExit(await run(home, ['login', ...loginFlags, '--events', file]), 2, /--events: plexctl keeps data of its own in this file/);
      assert.ok(!fs.existsSync(file));
    }
  });

  test('flags that exclude each other are told as well', async (t) => {
    const home = scratch(t);
    const file = path.join(home.dir, 'events');
    assertExit(await run(home, ['login', '--resume', '--again', '--events', file]), 2);
    const [event] = eventsOf(fs.readFileSync(file, 'utf8'));
    assert.deepEqual([event.reason, event.exit_code], ['usage', 2]);
  });

  // What begins well and then takes no more: one warning, and the login goes on.
  test('a disk that is full costs a warning', async (t) => {
    const server = await devserver(t, ['--fault', '503:1']);
    const home = scratch(t);
    const result = await login(home, server, ['--events', '/dev/full']);
    assertExit(result, 0);
    const said = warningsOf(result).filter((line) => /events/.test(line));
    assert.deepEqual(said, ['plexctl: warning: the events end here, and the command goes on: cannot write: No space left on device']);
    assert.ok(home.readConfig().profiles.default.token);
  });

  test('a reader that goes costs a warning', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const attempt = listen(home, server);
    const prompt = await attempt.next('prompt');
    attempt.stream.destroy();
    await approve(server, prompt.verification_uri_complete);
    const result = await attempt.done;
    assertExit(result, 0);
    assert.equal(warningsOf(result).length, 1, result.stderr);
    assert.match(result.stderr, /events end here.*(Broken pipe|does not read)/);
  });

  for (const [target, pattern] of [
    ['fd:9', /--events: descriptor 9 is not open/],
    ['fd:0', /--events: fd: wants/],
    ['fd:x', /--events: fd: wants/],
    ['', /--events/],
    ['3', /--events: a descriptor is written fd:3/],
    ['fd3', /--events: a descriptor is written fd:3/],
    ['/dev/stdin', /--events: fd: wants/],
    ['/no/such/directory/file', /--events: cannot open \/no\/such\/directory\/file: No such file/],
    ['/proc', /--events: cannot open \/proc: Is a directory/],
  ]) {
    test(`--events '${target}': exit 2, before a server is looked for`, async (t) => {
      assertExit(await run(scratch(t), ['login', ...loginFlags, '--events', target]), 2, pattern);
    });
  }

  // plexctl has descriptors of its own open by then; none of them can be meant.
  test('no number reaches what plexctl has opened itself', async (t) => {
    const home = scratch(t);
    const numbers = Array.from({ length: 13 }, (_, i) => i + 3);
    const results = await Promise.all(numbers.map((n) => run(home, ['login', ...loginFlags, '--events', `fd:${n}`])));
    for (const result of results) assertExit(result, 2, /is not open/);
  });

  test('what another user owns is not written: exit 2', { skip: cannotBecomeNobody }, async (t) => {
    const home = scratch(t);
    const shared = path.join(home.dir, 'shared');
    const file = path.join(shared, 'events');
    giveToNobody(home);
    fs.mkdirSync(shared);
    fs.chmodSync(shared, 0o1777);
    fs.writeFileSync(file, '');
    fs.chmodSync(file, 0o666);
    execFileSync('mkfifo', ['-m', '666', `${file}.fifo`]);
    const reader = fs.openSync(`${file}.fifo`, fs.constants.O_RDWR);
    t.after(() => fs.closeSync(reader));
    // A link of a third user's to what is nobody's own.
    fs.writeFileSync(path.join(home.dir, 'mine'), '');
    fs.chownSync(path.join(home.dir, 'mine'), NOBODY, NOBODY);
    fs.symlinkSync(path.join(home.dir, 'mine'), `${file}.link`);
    fs.lchownSync(`${file}.link`, 1, 1);
    for (const one of [file, `${file}.fifo`, `${file}.link`]) {
      const result = await run(home, ['login', ...loginFlags, '--events', one], { uid: NOBODY });
      assert.equal(result.code, 2, `${one}: ${result.stderr}`);
      assert.match(result.stderr, /^plexctl: --events: /);
    }
    assert.equal(fs.readFileSync(path.join(home.dir, 'mine'), 'utf8') + fs.readFileSync(file, 'utf8'), '');
    // The control: it would have been written.
    fs.rmSync(`${file}.link`);
    const control = await run(home, ['login', ...loginFlags, '--events', path.join(home.dir, 'mine')], { uid: NOBODY });
    assert.equal(control.code, 3, control.stderr);
  });

  test('a server that repeats the device code: masked', async (t) => {
    const code = 'device-code-0123456789-of-the-events-test';
    const { url } = await peers.scripted(t, code, [(response) => peers.problem(response, 400, 'invalid_grant', `${code} is unknown`)]);
    const home = scratch(t);
    const file = path.join(home.dir, 'events');
    assertExit(await run(home, ['login', '--server', url, ...loginFlags, '--events', file]), 1);
    const text = fs.readFileSync(file, 'utf8');
    assert.deepEqual(namesOf(text), ['prompt', 'failed']);
    const { reason, exit_code: exitCode, http_status: status, message } = eventsOf(text)[1];
    assert.deepEqual([reason, exitCode, status], ['invalid_grant', 1, 400]);
    assert.match(message, /\*\*\* is unknown/);
    assertNoSecret(text, code);
  });

  test('a signal is told as the end', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const attempt = listen(home, server);
    await attempt.next('prompt');
    attempt.child.kill('SIGINT');
    assert.equal((await attempt.done).signal, 'SIGINT');
    assert.deepEqual(eventsOf(attempt.heard.text).at(-1).reason, 'cancelled');
  });
});
