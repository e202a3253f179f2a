// SPDX-License-Identifier: Apache-2.0
//
// plexctl login --no-wait, and --resume from another process: the kept session, its modes, its end, and who may be at it.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { approve, assertExit, devserver, loginFlags, plexctl, run, scratch, start } = require('./lib/harness.js');
const { assertNoLeaks } = require('./lib/leaks.js');
const peers = require('./lib/peers.js');
const { measure, repeatAlone, timed } = require('./lib/late.js');

const CODE = 'device-code-0123456789-of-the-pending-test';
const stateDir = (home) => path.join(home.dir, '.local/state/plexctl');
const stateFile = (home, profile = 'default') => path.join(stateDir(home), `login.${profile}.json`);
const filesOf = (home) => (fs.existsSync(stateDir(home)) ? fs.readdirSync(stateDir(home)) : []);

function begin(home, server, args = [], umask = '022') {
  const words = ['login', '--server', server.url, ...loginFlags, '--no-wait', ...args];
  return run(home, ['-c', `umask ${umask}; exec "$@"`, 'sh', plexctl, ...words], { command: '/bin/sh', env: server.trust });
}

const resume = (home, server, args = []) => start(home, ['login', '--resume', ...args], { env: server.trust });
const linkIn = (result) => result.stdout.match(/https?:\/\/\S+user_code=\S+/)[0];

// The session as if it had been kept so.
function change(home, alter, profile) {
  const file = stateFile(home, profile);
  const document = JSON.parse(fs.readFileSync(file, 'utf8'));
  alter(document);
  fs.writeFileSync(file, JSON.stringify(document));
}

// A server whose polls are answered by `verdicts`, the last one again and again; `polls` are their times.
async function plain(t, verdicts) {
  const polls = [];
  const waiters = [];
  const { url } = await peers.server(t, (request, body, response) => {
    if (request.url === '/v1/auth/device-code') {
      peers.reply(response, 200, peers.deviceCode(CODE));
      return;
    }
    polls.push(performance.now());
    const verdict = verdicts[Math.min(polls.length, verdicts.length) - 1];
    if (verdict === 'token') peers.reply(response, 200, { access_token: 'canary-token-of-the-pending-test', token_type: 'Bearer', expires_in: 60 });
    else peers.problem(response, 400, verdict);
    for (const waiter of [...waiters]) waiter();
  });
  const came = (count) => new Promise((resolve) => {
    const look = () => polls.length >= count && resolve();
    waiters.push(look);
    look();
  });
  return { url, trust: {}, polls, came };
}

describe('login --no-wait and --resume', { concurrency: 4 }, () => {
  for (const umask of ['000', '022', '077']) {
    test(`begun under umask ${umask}, finished by another process that is told nothing`, async (t) => {
      const server = await devserver(t);
      const home = scratch(t);
      const begun = await begin(home, server, [], umask);
      assertExit(begun, 0);
      assert.match(begun.stdout, /\nThen finish the login, in any shell, with: plexctl login --resume\n$/);
      assert.equal(fs.statSync(stateFile(home)).mode & 0o7777, 0o600);
      assert.equal(fs.statSync(stateDir(home)).mode & 0o7777, 0o700);
      assert.ok(!fs.existsSync(home.configFile));
      assert.throws(() => assertNoLeaks(home), /a secret stands in .*login\.default\.json/, 'the control: the canary sees it while it is there');

      await approve(server, linkIn(begun));
      const finished = await resume(home, server).done;
      assertExit(finished, 0);
      assert.equal(linkIn(finished), linkIn(begun));
      assert.match(finished.stdout, /\nLogged in\. Saved profile "default"\.\n$/);
      assert.equal(home.readConfig().profiles.default.server, server.url);
      assert.deepEqual(filesOf(home), []);
      assertExit(await run(home, ['whoami'], { env: server.trust }), 0);
    });
  }

  test('json: the document says what to approve and how to go on, and no secret', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const begun = await begin(home, server, ['-o', 'json', '--profile-name', 'ci']);
    assertExit(begun, 0);
    const document = JSON.parse(begun.stdout.slice(begun.stdout.indexOf('\n{') + 1));
    assert.deepEqual(Object.keys(document), ['profile', 'server', 'user_code', 'verification_uri', 'verification_uri_complete', 'expires_at', 'interval', 'resume']);
    await approve(server, document.verification_uri_complete);
    const finished = await run(home, ['-c', `${document.resume} -o json`], { command: '/bin/sh', env: server.trust });
    assertExit(finished, 0);
    assert.equal(JSON.parse(finished.stdout.slice(finished.stdout.indexOf('\n{') + 1)).profile, 'ci');
    assert.deepEqual(filesOf(home), []);
  });

  test('$XDG_STATE_HOME is the place, where it is absolute', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    home.env.XDG_STATE_HOME = path.join(home.dir, 'state');
    await begin(home, server);
    assert.ok(fs.existsSync(home.holdsSecret(path.join(home.dir, 'state/plexctl/login.default.json'))));
    home.env.XDG_STATE_HOME = 'relative';
    assertExit(await resume(home, server).done, 1, /no login is pending/);
  });

  test('troubles of the server are waited out by a resume as by a login', async (t) => {
    const server = await devserver(t, ['--fault', '503:1,reset:1']);
    const home = scratch(t);
    const begun = await begin(home, server);
    await approve(server, linkIn(begun));
    assertExit(await resume(home, server).done, 0);
    assert.deepEqual(filesOf(home), []);
  });

  test('killed, and resumed: the interval that slow_down made longer is kept', async (t) => {
    const server = await plain(t, ['slow_down', 'token']);
    const home = scratch(t);
    assertExit(await begin(home, server), 0);
    const first = resume(home, server, ['--debug']);
    await first.until(/waiting \d+ ms before the next poll: slow_down, the interval is 6 s/, 'stderr');
    first.child.kill('SIGKILL');
    assert.equal((await first.done).signal, 'SIGKILL');
    assert.equal(JSON.parse(fs.readFileSync(stateFile(home), 'utf8')).value.interval_added, 5);
    const started = performance.now();
    assertExit(await resume(home, server).done, 0);
    assert.ok(server.polls[1] - started >= 6000, `${server.polls[1] - started} ms`);
    assert.deepEqual(filesOf(home), []);
  });

  test('a signal leaves the session, and a second resume at once ends with exit 1', async (t) => {
    const verdicts = ['authorization_pending'];
    const server = await plain(t, verdicts);
    const home = scratch(t);
    assertExit(await begin(home, server), 0);
    const first = resume(home, server);
    await server.came(1);
    assertExit(await resume(home, server).done, 1, /another process is finishing the pending login of profile "default"; try again when it has ended; `fuser -v \S+`/);
    assertExit(await begin(home, server), 1, /another process is beginning or finishing the pending login/);
    first.child.kill('SIGINT');
    assert.equal((await first.done).signal, 'SIGINT');
    verdicts[0] = 'token';
    assertExit(await resume(home, server).done, 0);
    assert.deepEqual(filesOf(home), []);
  });

  test('of eight resumes at the same time one logs in', async (t) => {
    const server = await plain(t, ['token', 'invalid_grant']);
    const home = scratch(t);
    assertExit(await begin(home, server), 0);
    const results = await Promise.all(Array.from({ length: 8 }, () => resume(home, server).done));
    assert.equal(results.filter(({ code }) => code === 0).length, 1);
    for (const result of results.filter(({ code }) => code !== 0)) assertExit(result, 1, /another process is finishing|no login is pending/);
    assert.equal(server.polls.length, 1);
    assert.deepEqual(filesOf(home), []);
  });

  test('the signal ends a resume in time', (t) => measure(t, 'resume', 200, async (one) => {
    const server = await plain(one, ['authorization_pending']);
    const home = scratch(one);
    await begin(home, server);
    const attempt = resume(home, server);
    await server.came(1);
    attempt.child.kill('SIGTERM');
    const { result, took } = await timed(attempt.done);
    assert.equal(result.signal, 'SIGTERM');
    assert.deepEqual(filesOf(home).sort(), ['login.default.json', 'login.default.json.lock']);
    home.holdsSecret(stateFile(home));
    return took;
  }));

  for (const verdict of ['access_denied', 'expired_token', 'invalid_grant']) {
    test(`${verdict} is the end of the session`, async (t) => {
      const server = await plain(t, [verdict]);
      const home = scratch(t);
      await begin(home, server);
      assertExit(await resume(home, server).done, 1);
      assert.deepEqual(filesOf(home), []);
      assertExit(await resume(home, server).done, 1, /no login is pending for profile "default", or its code has expired; begin one with `plexctl login --no-wait --domain-id UUID --idp-binding-id UUID`/);
    });
  }

  test('what has expired is removed by the next login that looks there', async (t) => {
    const server = await plain(t, ['token']);
    for (const look of [(home) => resume(home, server, ['--profile-name', 'other']).done, (home) => begin(home, server, ['--profile-name', 'other'])]) {
      const home = scratch(t);
      await begin(home, server);
      change(home, (document) => { document.expires_at = '2020-01-01T00:00:00Z'; });
      await look(home);
      assert.ok(!filesOf(home).some((name) => name.startsWith('login.default.')), filesOf(home).join());
      home.holdsSecret(stateFile(home, 'other'));
    }
  });

  test('a second one for the profile takes its place, with a note; another profile has its own', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const first = await begin(home, server);
    await begin(home, server, ['--profile-name', 'other']);
    home.holdsSecret(stateFile(home, 'other'));
    const second = await begin(home, server);
    assertExit(second, 0);
    assert.match(second.stderr, /^plexctl: warning: the login that was pending for profile "default" is given up for this one$/m);
    await approve(server, linkIn(second));
    assert.equal(linkIn(await resume(home, server).done), linkIn(second));
    assert.notEqual(linkIn(first), linkIn(second));
    assert.ok(fs.existsSync(stateFile(home, 'other')));
  });

  test('the config file is looked at by both, before a request', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    home.writeConfig('[');
    assertExit(await begin(home, server), 2, /config\.json: line 1/);
    assert.equal(server.exchanges.length, 0);
    fs.rmSync(home.configFile);
    await begin(home, server);
    home.writeConfig('[');
    assertExit(await resume(home, server).done, 2, /config\.json: line 1/);
    assert.equal(server.exchanges.length, 1);
    assert.ok(fs.existsSync(home.holdsSecret(stateFile(home))));
  });

  test('where the session cannot be kept, no code is asked for', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    fs.writeFileSync(path.join(home.dir, '.local'), '');
    assertExit(await begin(home, server), 1, /cannot save to \S+login\.default\.json: /);
    assert.equal(server.exchanges.length, 0);
  });

  for (const [name, spoil, pattern] of [
    ['others can write the file', (home) => fs.chmodSync(stateFile(home), 0o622), /login\.default\.json can be written by others .*`chmod 600 /],
    ['others can write the directory', (home) => fs.chmodSync(stateDir(home), 0o777), /plexctl can be written by others .*`chmod 700 /],
    ['the file is damaged', (home) => fs.writeFileSync(stateFile(home), '{'), /login\.default\.json is not what plexctl keeps there; run `rm /],
    ['one of its times is none', (home) => change(home, ({ value }) => { value.received_at = 'x'; }), /`received_at` must be a whole number .*; begin another with `plexctl login /],
    ['the file is a directory', (home) => { fs.rmSync(stateFile(home)); fs.mkdirSync(stateFile(home)); }, /is a directory/],
  ]) {
    test(`${name}: exit 2, nothing sent`, async (t) => {
      const server = await plain(t, ['token']);
      const home = scratch(t);
      await begin(home, server);
      spoil(home);
      home.holdsSecret(stateFile(home));
      assertExit(await resume(home, server).done, 2, pattern);
      assert.equal(server.polls.length, 0);
    });
  }

  test('another server than the session\'s is a fault: exit 2; so are flags that ask for something else', async (t) => {
    const server = await plain(t, ['token']);
    const home = scratch(t);
    await begin(home, server);
    home.holdsSecret(stateFile(home));
    assertExit(await resume(home, server, ['--server', 'https://other.example.com']).done, 2, /--server/);
    assertExit(await resume(home, server, ['--server', `${server.url}/eu`]).done, 2, /--server/);
    assertExit(await resume(home, server, ['--no-wait']).done, 2, /--resume and --no-wait exclude each other/);
    assertExit(await resume(home, server, loginFlags).done, 2, /--resume and --domain-id exclude each other/);
    assert.equal(server.polls.length, 0);
  });

  test('--set-default is kept for the resume; so is the only session\'s name', async (t) => {
    const server = await plain(t, ['token']);
    const home = scratch(t);
    home.writeConfig({ default: 'a', profiles: { a: { server: server.url } } });
    assertExit(await begin(home, server, ['--profile-name', 'b', '--set-default']), 0);
    const finished = await resume(home, server).done;
    assertExit(finished, 0);
    assert.match(finished.stdout, /Saved profile "b"/);
    assert.equal(home.readConfig().default, 'b');
  });

  test('--resume goes by --profile-name, else by --profile; the others are named', async (t) => {
    const server = await plain(t, ['token']);
    const home = scratch(t);
    for (const name of ['one', 'two']) assertExit(await begin(home, server, ['--profile-name', name]), 0);
    assertExit(await resume(home, server).done, 1, /pending for profile "default".*; with --profile-name, one is pending for (one, two|two, one)$/m);
    assert.match((await resume(home, server, ['--profile', 'two']).done).stdout, /Saved profile "two"/);
    assert.match((await resume(home, server, ['--profile-name', 'one', '--profile', 'two']).done).stdout, /Saved profile "one"/);
    assertExit(await resume(home, server, ['--profile', 'two']).done, 1, /begin one with `plexctl login --again --no-wait --profile-name two`/);
    assertExit(await run(home, ['login', '--again', '--no-wait', '--profile-name', 'two']), 0);
    home.holdsSecret(stateFile(home, 'two'));
  });

  test('what was killed while it kept a session leaves nothing for long', async (t) => {
    const server = await plain(t, ['token']);
    const home = scratch(t);
    assertExit(await begin(home, server), 0);
    fs.copyFileSync(stateFile(home), path.join(stateDir(home), '.login.ci.json.abcdefghij.tmp'));
    fs.writeFileSync(path.join(stateDir(home), 'login.ci.json.lock'), '');
    assertExit(await run(home, ['login', '--if-expiring', '1m', '--profile-name', 'none']), 2);
    assert.deepEqual(filesOf(home).sort(), ['login.default.json', 'login.default.json.lock']);
    home.holdsSecret(stateFile(home));
  });

  test('a login that is done gives up the one that is pending', async (t) => {
    const server = await plain(t, ['token']);
    const home = scratch(t);
    assertExit(await begin(home, server), 0);
    const done = await run(home, ['login', '--server', server.url, ...loginFlags]);
    assertExit(done, 0);
    assert.match(done.stderr, /warning: the login that was pending for profile "default" is given up, since this one is done/);
    assert.deepEqual(filesOf(home), []);
  });

  test('others can read the session: a warning with the command that mends it', async (t) => {
    const server = await plain(t, ['token']);
    const home = scratch(t);
    await begin(home, server);
    fs.chmodSync(stateFile(home), 0o644);
    const finished = await resume(home, server).done;
    assertExit(finished, 0);
    assert.match(finished.stderr, /warning: \S+login\.default\.json can be read by others; run `chmod 600 /);
  });

  test('a clock that was set back does not make the code live longer', async (t) => {
    const server = await plain(t, ['authorization_pending']);
    const home = scratch(t);
    await begin(home, server);
    // As left by a process that saw a second of it left; the clock says that all 60 are.
    change(home, ({ value }) => { value.seen_at = value.received_at + value.expires_in - 2; });
    const attempt = resume(home, server);
    assertExit(await attempt.done, 1, /expired before approval/);
    assert.ok(server.polls.length <= 1, `${server.polls.length}`);
    assert.deepEqual(filesOf(home), []);
  });
});

repeatAlone();
