// SPDX-License-Identifier: Apache-2.0
//
// Time, as a login meets it: a process that is stopped, a wall clock that is set, a clock that runs fast. The server
// here is a few lines that note when each poll came, so that the gaps are measured on its side.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { before, describe, test, after } = require('node:test');
const { setTimeout: pass } = require('node:timers/promises');
const os = require('node:os');
const { assertExit, loginFlags, scratch, start } = require('./lib/harness.js');
const { measure, repeatAlone } = require('./lib/late.js');
const { noteIssued } = require('./lib/leaks.js');

const expired = 'plexctl: device-code session expired before approval; restart with `plexctl login`\n';
const INTERVAL_MS = 1000;
const YEAR_S = 31536000n;

// `judge(poll, gap)` says what a poll gets: 'token' or a Problem code; it may be a promise. `came(n)` waits for poll n.
async function server(t, judge, expiresIn = 60) {
  const polls = []; // { ms, answered_ms }, since a fixed moment
  const waiters = [];
  const answer = (response, status, body) => {
    response.writeHead(status, { 'content-type': status === 200 ? 'application/json' : 'application/problem+json' });
    const text = JSON.stringify(body);
    noteIssued(text);
    response.end(text);
  };
  const listener = http.createServer(async (request, response) => {
    const ms = performance.now();
    request.resume();
    if (request.url === '/v1/auth/device-code') {
      const uri = `${url}/device`;
      const code = { device_code: 'd'.repeat(40), user_code: 'ABCD-2345', verification_uri: uri };
      polls.push({ answered_ms: ms });
      answer(response, 200, { ...code, verification_uri_complete: `${uri}?user_code=ABCD-2345`, expires_in: expiresIn, interval: 1 });
      return;
    }
    const poll = { ms, gap: ms - polls.at(-1).answered_ms, since_last: ms - (polls.at(-1).ms ?? -Infinity) };
    polls.push(poll);
    for (const waiter of [...waiters]) waiter();
    const verdict = await judge(polls.length - 1, poll);
    poll.answered_ms = performance.now();
    if (verdict === 'token') answer(response, 200, { access_token: 'token-of-the-clock-test', token_type: 'Bearer', expires_in: 3600 });
    else answer(response, 400, { type: 'about:blank', title: verdict, status: 400, detail: verdict, instance: '/x', code: verdict });
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  t.after(() => listener.close());
  const url = `http://127.0.0.1:${listener.address().port}`;
  const came = (n) =>
    new Promise((resolve) => {
      const waiter = () => {
        if (polls.length > n) resolve(polls[n]);
      };
      waiters.push(waiter);
      waiter();
    });
  return { url, came, polls: () => polls.slice(1) };
}

async function startAt(t, { url }, env = {}) {
  const home = scratch(t);
  const login = start(home, ['login', '--server', url, ...loginFlags], { env });
  t.after(() => login.child.kill('SIGKILL'));
  await login.until(/started this login/);
  return { ...login, home };
}

// plexctl's clock counts whole milliseconds, which may cut one off a wait.
function assertGaps(polls, leastMs = INTERVAL_MS) {
  for (const [i, poll] of polls.entries()) assert.ok(poll.gap >= leastMs - 1, `poll ${i + 1} after ${poll.gap} ms`);
}

// In place: the shim has the file mapped.
function writeSeconds(file, seconds) {
  const fd = fs.openSync(file, 'r+');
  fs.writeSync(fd, Buffer.from(new BigInt64Array([seconds]).buffer), 0, 8, 0);
  fs.closeSync(fd);
}

// Of the file, not of the describe(): repeatAlone() needs them as well.
let dir;
let shim;
before(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'plexctl-clock.'));
  fs.chmodSync(dir, 0o755);
  shim = path.join(dir, 'clock_shim.so');
  execFileSync(process.env.CC || 'cc', ['-shared', '-fPIC', '-Wall', '-Werror', '-D_GNU_SOURCE', '-o', shim, path.join(__dirname, '../faults/clock_shim.c')]);
});
after(() => fs.rmSync(dir, { recursive: true, force: true }));

describe('the clock', { concurrency: 4, timeout: 60000 }, () => {
  const duePoll = 'stopped while it waits: one poll at once when it goes on, then the interval';
  test(duePoll, (t) => measure(t, duePoll, INTERVAL_MS / 2, async (t) => {
    const plane = await server(t, (n) => (n < 4 ? 'authorization_pending' : 'token'));
    const login = await startAt(t, plane);
    login.child.kill('SIGSTOP');
    await pass(4 * INTERVAL_MS + 500);
    const continued = performance.now();
    login.child.kill('SIGCONT');
    const first = await plane.came(1);
    assertExit(await login.done, 0);
    assert.equal(plane.polls().length, 4);
    assertGaps(plane.polls());
    // Before: it was stopped too late.
    return first.ms < continued ? Infinity : Math.round(first.ms - continued);
  }));

  test('stopped while a reply is on its way: the interval counts from when it is read', async (t) => {
    let reply;
    const sent = new Promise((resolve) => (reply = resolve));
    const plane = await server(t, async (n) => {
      if (n > 1) return 'token';
      await sent;
      return 'authorization_pending';
    });
    const login = await startAt(t, plane);
    await plane.came(1);
    login.child.kill('SIGSTOP');
    reply();
    await pass(2 * INTERVAL_MS);
    const continued = performance.now();
    login.child.kill('SIGCONT');
    const second = await plane.came(2);
    assert.ok(second.ms - continued >= INTERVAL_MS - 1, `${second.ms - continued} ms`);
    assertExit(await login.done, 0);
  });

  test('stopped past the deadline: expired, and no poll more', async (t) => {
    const plane = await server(t, () => 'authorization_pending', 3);
    const login = await startAt(t, plane);
    login.child.kill('SIGSTOP');
    await pass(3500);
    const before = plane.polls().length;
    login.child.kill('SIGCONT');
    const result = await login.done;
    assertExit(result, 1);
    assert.equal(result.stderr, expired);
    assert.equal(plane.polls().length, before);
  });

  // Long enough for three polls on a machine that makes them late.
  const EXPIRES_IN_S = 8;
  const setWall = 'a wall clock set a year on and two years back changes neither polls nor deadline';
  test(setWall, (t) => measure(t, setWall, EXPIRES_IN_S * 1000 + 2000, async (t) => {
    const wall = path.join(dir, 'wall');
    const set = (seconds) => writeSeconds(wall, seconds);
    fs.writeFileSync(wall, Buffer.alloc(8));
    const plane = await server(t, () => 'authorization_pending', EXPIRES_IN_S);
    const began = performance.now();
    const login = await startAt(t, plane, { LD_PRELOAD: shim, CLOCK_SHIM_WALL: wall });
    await plane.came(1);
    set(YEAR_S);
    await plane.came(2);
    set(-YEAR_S);
    const result = await login.done;
    const tookMs = performance.now() - began;
    assertExit(result, 1);
    assert.equal(result.stderr, expired);
    assertGaps(plane.polls());
    assert.ok(plane.polls().length >= 3, `${plane.polls().length} polls`);
    assert.ok(tookMs >= EXPIRES_IN_S * 1000, `${tookMs} ms`);
    return Math.round(tookMs);
  }));

  test('suspended past the deadline: expired, and no poll more', async (t) => {
    const suspended = path.join(dir, 'suspended');
    fs.writeFileSync(suspended, Buffer.alloc(8));
    const plane = await server(t, () => 'authorization_pending', 60);
    const login = await startAt(t, plane, { LD_PRELOAD: shim, CLOCK_SHIM_SUSPEND: suspended });
    await plane.came(1);
    writeSeconds(suspended, 3600n);
    const result = await login.done;
    assertExit(result, 1);
    assert.equal(result.stderr, expired);
    assert.equal(plane.polls().length, 1);
  });

  test('the shim sets the wall clock that plexctl reads', async (t) => {
    const wall = path.join(dir, 'wall-ahead');
    fs.writeFileSync(wall, Buffer.from(new BigInt64Array([YEAR_S]).buffer));
    const plane = await server(t, () => 'token');
    const login = await startAt(t, plane, { LD_PRELOAD: shim, CLOCK_SHIM_WALL: wall });
    assertExit(await login.done, 0);
    const ahead = Date.parse(login.home.readConfig().profiles.default.expires_at) - Date.now();
    assert.ok(Math.abs(ahead / 1000 - Number(YEAR_S) - 3600) < 60, `${ahead} ms ahead`);
  });

  // A clock that is fast makes every wait shorter than the server means it, and plexctl cannot know. The server says
  // slow_down, and five seconds more are enough for it: the login goes on and succeeds. What the machine makes late by the
  // 231 ms between is not too soon for the server, and is made again.
  const fast = 'a clock that runs 30 % fast: the server says slow_down, and the login succeeds';
  test(fast, (t) => measure(t, fast, INTERVAL_MS, async (t) => {
    const plane = await server(t, (n, poll) => {
      if (poll.since_last < INTERVAL_MS) return 'slow_down';
      return n > 2 ? 'token' : 'authorization_pending';
    });
    const login = await startAt(t, plane, { LD_PRELOAD: shim, CLOCK_SHIM_RATE: '130' });
    const result = await login.done;
    assertExit(result, 0);
    assert.equal(result.stderr, '');
    const polls = plane.polls();
    assertGaps(polls.slice(0, 2), INTERVAL_MS / 1.3);
    const secondMs = polls[1].since_last;
    if (secondMs < INTERVAL_MS) {
      assert.equal(polls.length, 3);
      assertGaps(polls.slice(2), (INTERVAL_MS + 5000) / 1.3);
    }
    return secondMs;
  }));
});

repeatAlone();
