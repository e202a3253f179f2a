// SPDX-License-Identifier: Apache-2.0
//
// What the end-to-end tests share: the installed plexctl, a scratch home for each test, the development server.
'use strict';

const assert = require('node:assert/strict');
const { spawn, execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { assertNoSecret } = require('./canary.js');
const { defer } = require('./defer.js');
const { assertNoLeaks } = require('./leaks.js');
const { assertContract, countFaults, startTap } = require('./tap.js');

const prefix = process.env.PLEXCTL_PREFIX;
if (!prefix) throw new Error('PLEXCTL_PREFIX must name the prefix that plexctl is installed under');

const plexctl = path.join(prefix, 'bin/plexctl');
const sourceDir = path.join(__dirname, '../../..');

// The ids of the specification's examples, which devserver knows.
const domainId = '0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0';
const bindingId = '0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0';
const loginFlags = ['--domain-id', domainId, '--idp-binding-id', bindingId];

const NOBODY = 65534;

// A scratch home, removed after the test, when no secret has leaked into it or from what was run there (leaks.js) and
// nothing of that runs any more. `env` is all that a plexctl started with it sees.
function scratch(t) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'plexctl-e2e.'));
  fs.chmodSync(dir, 0o755);
  const config = path.join(dir, 'config');
  defer(t, () => removeDir(dir));
  const home = {
    dir,
    runs: [],
    secretFiles: new Set(),
    configFile: path.join(config, 'plexctl/config.json'),
    env: { PATH: `${path.join(prefix, 'bin')}:/usr/bin:/bin`, HOME: dir, XDG_CONFIG_HOME: config, TZ: 'UTC0', ...sanitizerEnv() },
    // Declares that a file of the test's own making holds a token. Returns its name.
    holdsSecret(file) {
      this.secretFiles.add(path.resolve(file));
      return file;
    },
    readConfig() {
      return JSON.parse(fs.readFileSync(this.configFile, 'utf8'));
    },
    writeConfig(document, mode = 0o600) {
      fs.mkdirSync(path.dirname(this.configFile), { recursive: true, mode: 0o700 });
      fs.writeFileSync(this.configFile, typeof document === 'string' ? document : JSON.stringify(document), { mode });
      fs.chmodSync(this.configFile, mode);
    },
  };
  defer(t, () => assertNoLeaks(home));
  defer(t, () => Promise.all(home.runs.map(({ child }) => child && endRun(child))));
  return home;
}

// What a test that failed has left would run on until its code expires, and its pipes would keep the file from ending.
async function endRun(child) {
  if (!child.pid || child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.on('exit', resolve));
  child.kill('SIGKILL');
  await exited;
  for (const stream of [child.stdout, child.stderr]) stream?.destroy();
}

// A shell that a screen hung up may write its history meanwhile. rmSync()'s own maxRetries never list the directory anew.
async function removeDir(dir, retries = 5) {
  try {
    fs.rmSync(dir, { recursive: true, force: true });
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' || retries === 0) throw error;
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    await removeDir(dir, retries - 1);
  }
}

function sanitizerEnv() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(ASAN|UBSAN|LSAN)_OPTIONS$/.test(name)));
}

// Starts plexctl. `done` resolves with { code, signal, stdout, stderr } when it has ended; `until(regex)` resolves with
// the match when stdout shows it. `reveals` declares that it is asked to show a token.
function start(home, args, options = {}) {
  const child = spawn(options.command || plexctl, args, {
    env: { ...home.env, ...options.env },
    cwd: options.cwd || home.dir,
    stdio: options.stdio || ['pipe', 'pipe', 'pipe'],
    uid: options.uid,
    gid: options.uid,
  });
  const seen = { stdout: '', stderr: '' };
  home.runs.push({ args, child, seen, reveals: options.reveals });
  const waiters = [];
  const look = () => {
    for (const waiter of [...waiters]) waiter();
  };
  for (const name of ['stdout', 'stderr']) {
    if (!child[name]) continue;
    child[name].setEncoding('utf8');
    child[name].on('data', (text) => {
      seen[name] += text;
      look();
    });
  }
  if (child.stdin) {
    child.stdin.on('error', () => {});
    child.stdin.end(options.input || '');
  }
  let ended = false;
  const done = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      ended = true;
      resolve({ code, signal, ...seen });
      look();
    });
  });
  const until = (regex, stream = 'stdout') =>
    new Promise((resolve, reject) => {
      const waiter = () => {
        const match = seen[stream].match(regex);
        if (!match && !ended) return;
        waiters.splice(waiters.indexOf(waiter), 1);
        if (match) resolve(match);
        else reject(new Error(`ended before ${stream} showed ${regex}:\n${seen.stdout}\n${seen.stderr}`));
      };
      waiters.push(waiter);
      waiter();
    });
  return { child, done, until, seen };
}

function run(home, args, options) {
  return start(home, args, options).done;
}

// The control plane that plexctl ships, behind a tap that holds both sides to the contract. Stopped after the test.
// `url` is the tap's, `direct` the server's own, where its pages are.
async function devserver(t, args = [], { tls = true } = {}) {
  const home = scratch(t);
  const tlsDir = path.join(home.dir, 'tls');
  const server = start(home, ['devserver', '--port', '0', '--interval', '1s', ...(tls ? ['--tls-dir', tlsDir] : []), ...args]);
  defer(t, async () => {
    server.child.kill('SIGTERM');
    await server.done;
  });
  const [, direct] = await server.until(/^Listening on (\S+)$/m);
  const pem = (name) => fs.readFileSync(path.join(tlsDir, `${name}.pem`));
  const own = tls ? { key: pem('key'), cert: pem('cert'), ca: pem('ca') } : null;
  const { url, exchanges, connections } = await startTap(t, direct, own);
  defer(t, () => assertContract(exchanges, countFaults(args)));
  const trust = tls ? { SSL_CERT_FILE: path.join(tlsDir, 'ca.pem') } : {};
  return { url, direct, exchanges, connections, tlsDir, trust, server };
}

// Approves (or denies) as `identity` by the HTTP calls that a browser makes.
function approve(server, link, identity = 'alice@example.test', decision = 'approve') {
  return new Promise((resolve, reject) => {
    execFile(
      path.join(sourceDir, 'script/approve'),
      [link, identity, decision],
      { env: { PATH: process.env.PATH, ...server.trust } },
      (error, stdout, stderr) => (error ? reject(new Error(`${error.message}\n${stdout}\n${stderr}`)) : resolve(stdout)),
    );
  });
}

// A login that has shown its prompt; `link` carries the code.
async function startLogin(home, server, args = [], options = {}) {
  const login = start(home, ['login', '--server', server.url, ...loginFlags, ...args], {
    ...options,
    env: { ...server.trust, ...options.env },
  });
  const [link] = await login.until(/https?:\/\/\S+user_code=\S+/);
  return { ...login, link };
}

async function login(home, server, args = [], options = {}) {
  const started = await startLogin(home, server, args, options);
  await approve(server, started.link, options.identity, options.decision);
  return started.done;
}

// What holds after every run, whatever it was for: a documented exit code, one error line, no crash, no control
// bytes, no secret.
function assertTidy(result, secrets = []) {
  assert.ok([0, 1, 2, 3, 4, 64].includes(result.code), `exit ${result.code}, signal ${result.signal}\n${result.stderr}`);
  const errors = result.stderr.split('\n').filter((line) => line && !line.startsWith('plexctl: warning: '));
  if (result.code === 0) assert.deepEqual(errors, []);
  else assert.equal(errors.length, 1, `one error line:\n${result.stderr}`);
  for (const line of errors) assert.match(line, /^plexctl: /);
  // A crash of ours in one of our plugins ends with exit 1 as well.
  assert.doesNotMatch(result.stderr, /report this fault of plexctl$/m);
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(result.stdout + result.stderr, /[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u202a-\u202e\u2066-\u2069]/);
  for (const secret of secrets) assertNoSecret(result.stdout + result.stderr, secret);
}

// Asserts exit code and a pattern of stderr in one go.
function assertExit(result, code, pattern) {
  assert.equal(result.code, code, `stdout:\n${result.stdout}\nstderr:\n${result.stderr}`);
  assertTidy(result);
  if (pattern) assert.match(result.stderr, pattern);
}

module.exports = {
  NOBODY, approve, assertExit, assertNoSecret, assertTidy, bindingId, devserver, domainId, login, loginFlags, plexctl, prefix,
  run, scratch, sourceDir, start, startLogin,
};
