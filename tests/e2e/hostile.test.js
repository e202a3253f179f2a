// SPDX-License-Identifier: Apache-2.0
//
// plexctl against servers, networks and proxies that lie, stall and break: the cases below hostile/cases/, as data.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const tls = require('node:tls');
const { loginFlags, plexctl, scratch, start } = require('./lib/harness.js');
const { measure, repeatAlone } = require('./lib/late.js');
const { noteIssued } = require('./lib/leaks.js');
const { makeCertificates } = require('./hostile/certificates.js');
const { assertConfig, assertMessages, assertNoSecrets, snapshot, unsafe } = require('./hostile/invariants.js');
const { HostileServer } = require('./hostile/server.js');
const { canary, code, endless, pending, problem, quick, reply, token, who } = require('./hostile/wire.js');

const endpoints = ['device-code', 'device-token', 'whoami'];
const paths = Object.fromEntries(endpoints.map((endpoint) => [`/v1/auth/${endpoint}`, endpoint]));

// A case's own words:
//   name, endpoint         what is attacked; the others answer well
//   does                   steps of the reply (wire.js); or a list of such lists, one a reply, the last one repeated
//   connects               steps on connection, before TLS and HTTP
//   tls                    as of tls.TLSSocket, with `certificate` and `chain`: names of certificates.js; absent: http
//   scheme, host           of the server's URL where not of `tls` and 127.0.0.1
//   proxy, proxy_tls       what a proxy does with each CONNECT; `{proxy}` in env is its port; as `tls`
//   code                   changes to the device-code reply, in cases on polls
//   args, env, files       of plexctl; files in its home
//   exit, says             exit code; what stderr shows (null: nothing)
//   shows, hides           what stdout shows; what no output has
//   warnings               number of warnings, 0 where absent
//   requests               number of requests to the endpoint, or the least and the most, where that matters
//   never_sent             what no request has
//   max_bytes, max_ms      bytes that the server's and proxy's sockets took, and time from start to end, at most
const families = fs.readdirSync(path.join(__dirname, 'hostile/cases')).sort();
const cases = families.flatMap((file) =>
  require(`./hostile/cases/${file}`).map((one) => ({
    ...one, name: `${path.basename(file, '.js')}: ${one.endpoint}: ${one.name}`,
  })),
);

noteIssued(JSON.stringify({ device_code: canary.device_code, access_token: canary.token }));

const LEAST_CASES = 600;
const AT_ONCE = 16;

let certificates;
let bait;
let bait_connections = 0;

function tlsOptions(given) {
  if (!given) return undefined;
  const { certificate = 'good', chain, ...rest } = given;
  return { ...certificates.of(certificate, chain), ...rest };
}

// The steps for each request: of `does` for the attacked endpoint, else what a good server says.
function answers(one) {
  const lists = Array.isArray(one.does[0]) ? one.does : [one.does];
  let asked = 0;
  const well = { 'device-code': () => [code(one.code)], 'device-token': () => [token()], whoami: () => [who()] };
  return (request) => {
    const endpoint = paths[request.path];
    if (!endpoint) return [problem('404 Not Found', 'no_such_path')];
    return endpoint === one.endpoint ? lists[Math.min(asked++, lists.length - 1)] : well[endpoint]();
  };
}

// `steps` and texts with {bait} and the like filled in.
const filled = (value, words) =>
  typeof value === 'string' ? value.replace(/\{(\w+)\}/g, (all, word) => words[word] ?? all) : value;

function filledSteps(steps, words) {
  return steps.map((step) => {
    if (Array.isArray(step)) return filledSteps(step, words);
    return Buffer.isBuffer(step) ? Buffer.from(filled(step.toString('latin1'), words), 'latin1') : filled(step, words);
  });
}

function prepareHome(t, one, url) {
  const home = scratch(t);
  home.writeConfig({
    default: 'default',
    profiles: {
      default: { server: url, token: canary.token, token_type: 'Bearer' },
      kept: { server: 'https://kept.example', token: 'kept', x: [1.5, { y: null }] },
    },
  });
  for (const [name, text] of Object.entries(one.files ?? {})) fs.writeFileSync(path.join(home.dir, name), text);
  return home;
}

// "" where it has ended; only root may look into a process that cannot be dumped.
function readOfProcess(child, name) {
  try {
    return fs.readFileSync(`/proc/${child.pid}/${name}`, 'latin1');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(error.code) || (error.code === 'EACCES' && process.getuid() !== 0)) return '';
    throw error;
  }
}

// Runs one case; answers what happened. `command` stands in for plexctl.
async function play(t, one, command = plexctl) {
  let child;
  let surroundings = '';
  const look = () => {
    for (const name of ['cmdline', 'environ']) surroundings += readOfProcess(child, name);
  };
  const server = await new HostileServer({
    tls: tlsOptions(one.tls),
    connects: one.connects,
    answer: answers({ ...one, does: filledSteps(one.does ?? [[]], { bait: bait.port }) }),
    on_connection: look,
  }).listen();
  t.after(() => server.stop());
  const answer = () => one.proxy ?? [];
  const proxy = await new HostileServer({ tls: tlsOptions(one.proxy_tls), target: server.port, answer, on_connection: look }).listen();
  t.after(() => proxy.stop());

  const scheme = one.scheme ?? (one.tls || one.proxy ? 'https' : 'http');
  const url = `${scheme}://${one.host ?? '127.0.0.1'}:${server.port}`;
  const home = prepareHome(t, one, url);
  const was = snapshot(home);
  const [ca, expired_ca] = ['ca', 'expired_ca'].map(certificates.file);
  const words = { proxy: proxy.port, server: server.port, dir: home.dir, ca, expired_ca };
  const env = { SSL_CERT_FILE: '{ca}', ...one.env };
  for (const name of Object.keys(env)) env[name] = filled(env[name], words);

  const args = one.endpoint === 'whoami' ? ['whoami'] : ['login', '--server', url, ...loginFlags];
  const started_at = performance.now();
  // What stands in for plexctl may leak: judge() has to see it.
  const run = start(home, [...args, ...(one.args ?? [])], { command, env, reveals: command !== plexctl });
  child = run.child;
  look();
  const result = await run.done;
  const ms = performance.now() - started_at;
  return { ...result, ms, home, was, surroundings, server, proxy, bytes: server.bytes + proxy.bytes };
}

function judge(one, seen) {
  const { code: exit, signal, stdout, stderr, ms, bytes, home, was, server, proxy } = seen;
  assert.deepEqual({ exit, signal }, { exit: one.exit, signal: null }, `stdout:\n${stdout}\nstderr:\n${stderr}`);
  assertNoSecrets('the output', stdout + stderr, canary);
  assertNoSecrets('argv or environment', seen.surroundings, { device_code: canary.device_code, token: canary.token });
  assert.doesNotMatch(stdout + stderr, unsafe);
  assertMessages(seen, one.warnings ?? 0);
  if (one.says) assert.match(stderr, one.says);
  if (one.shows) assert.match(stdout, one.shows);
  if (one.hides) assert.doesNotMatch(stdout + stderr, one.hides);
  assertConfig(home, was, exit === 0 && one.endpoint !== 'whoami', canary.token);
  const requests = [...server.requests, ...proxy.requests];
  if (one.requests !== undefined) {
    const [least, most] = [one.requests].flat().concat(one.requests);
    const count = requests.filter((request) => paths[request.path] === one.endpoint).length;
    assert.ok(count >= least && count <= most, `${count} requests, ${one.requests} expected`);
  }
  if (one.never_sent) for (const request of requests) assert.doesNotMatch(request.head, one.never_sent);
  assert.equal(bait_connections, 0, 'nobody went where the server pointed to');
  assert.ok(bytes <= one.max_bytes, `${bytes} bytes were read, ${one.max_bytes} allowed`);
  assert.ok(ms <= one.max_ms, `it took ${Math.round(ms)} ms, ${one.max_ms} allowed`);
}

before(async () => {
  certificates = makeCertificates(fs.mkdtempSync(path.join(os.tmpdir(), 'plexctl-hostile.')));
  bait = await new HostileServer({ answer: () => [reply('200 OK')], on_connection: () => bait_connections++ }).listen();
});
after(async () => {
  await bait.stop();
  fs.rmSync(path.dirname(certificates.file('ca')), { recursive: true });
});

describe('hostile', { concurrency: AT_ONCE }, () => {
  // Those that wait longest come first, and beside each other.
  for (const one of [...cases].sort((a, b) => b.max_ms - a.max_ms)) {
    test(one.name, (t) => measure(t, one.name, one.max_ms, async (t) => {
      const seen = await play(t, one);
      judge({ ...one, max_ms: Infinity }, seen);
      return Math.round(seen.ms);
    }));
  }
});

describe('the cases themselves', () => {
  test('are whole, different, and many enough', () => {
    assert.ok(cases.length >= LEAST_CASES, `${cases.length} cases`);
    assert.equal(new Set(cases.map((one) => one.name)).size, cases.length, 'names differ');
    for (const one of cases) {
      assert.ok(endpoints.includes(one.endpoint), one.name);
      assert.ok(one.does || one.connects || one.proxy || one.tls, one.name);
      for (const key of ['exit', 'max_bytes', 'max_ms']) assert.equal(typeof one[key], 'number', `${one.name}: ${key}`);
      assert.ok(one.exit === 0 || one.says instanceof RegExp, `${one.name}: what does it say?`);
    }
  });
});

// Each invariant is seen to fail: clients that do what plexctl must not.
describe('negative controls', () => {
  const quiet = { endpoint: 'whoami', does: [who()], exit: 0, ...quick };
  const url = '$(sed -n \'s/.*"default":{"server":"\\([^"]*\\)".*/\\1/p\' "$file")/v1/auth/whoami';
  const controls = [
    ['a client that prints the token', /token stands in the output/, quiet, `sed -n 's/.*"token":"\\(cA[^"]*\\)".*/\\1/p' "$file"`],
    ['a client that prints it in base64', /token stands in the output/, quiet, `printf 'x%s' '${canary.token}' | base64`],
    ['a client that prints it in hex', /token stands in the output/, quiet, `printf %s '${canary.token}' | od -An -tx1 | tr -d ' \\n'`],
    ['a client that hands the token to another program', /token stands in argv/, quiet, `exec curl -s -o /dev/null "${url}" -H 'A: ${canary.token}'`],
    ['a client that prints an escape', /input was expected to not match/, quiet, `printf '\\033[2J'`],
    ['a client that says two lines', /one line says/, { ...quiet, exit: 1 }, `echo 'plexctl: a' >&2; echo 'plexctl: b' >&2; exit 1`],
    ['a client that touches the config', /is unchanged/, { ...quiet, exit: 1 }, `echo >>"$file"; echo 'plexctl: a' >&2; exit 1`],
    ['a client that replaces the config by a copy', /is unchanged/, quiet, `cp "$file" "$file.x"; mv "$file.x" "$file"`],
    ['a client that leaves a file behind', /nothing is left behind/, quiet, `: >"$HOME/left"`],
    ['a client that dies of a signal', /SIGKILL/, quiet, `kill -9 $$`],
    ['a client that takes too long', /ms, 50 allowed/, { ...quiet, max_ms: 50 }, 'sleep 0.2'],
    ['a client that reads everything', /bytes were read/, { ...quiet, does: ['HTTP/1.1 200 OK\r\n\r\n', endless('x')] },
      `curl -s -o /dev/null "${url}"`],
    ['a client that follows redirects', /nobody went/, { ...quiet, does: [reply('302 Found', '', { Location: 'http://127.0.0.1:{bait}/' })] },
      `curl -s -L -o /dev/null "${url}"`],
  ];
  for (const [name, pattern, one, script] of controls) {
    test(`${name} is caught`, async (t) => {
      const home = scratch(t);
      const command = home.holdsSecret(path.join(home.dir, 'client'));
      fs.writeFileSync(command, `#!/bin/sh\nfile=$XDG_CONFIG_HOME/plexctl/config.json\n${script}\n`, { mode: 0o755 });
      const seen = await play(t, one, command);
      assert.throws(() => judge(one, seen), pattern);
      bait_connections = 0;
    });
  }

  // The server must really speak what plexctl refuses.
  for (const version of ['TLSv1', 'TLSv1.1']) {
    test(`the server offers ${version} to whoever takes it`, async (t) => {
      const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
      const server = await new HostileServer({ tls: tlsOptions(old) }).listen();
      t.after(() => server.stop());
      const socket = tls.connect({ port: server.port, host: '127.0.0.1', ca: fs.readFileSync(certificates.file('ca')), ...old });
      t.after(() => socket.destroy());
      await new Promise((resolve, reject) => socket.on('secureConnect', resolve).on('error', reject));
      assert.equal(socket.getProtocol(), version);
    });
  }
});

repeatAlone();
