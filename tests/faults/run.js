// SPDX-License-Identifier: Apache-2.0
//
// One run of the installed plexctl in a home of its own, under the shims, and what came of it.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { SECRETS } = require('./plane.js');
const { readOrNull, shownSecrets } = require('../lib/report.js');

const HANG_MS = 60_000;
const KEPT = ['plexctl', 'plexctl/config.json', 'plexctl/config.json.lock'];

// The lines that own_heap.c documents.
function readReport(text) {
  const rows = (text || '').split('\n').map((line) => line.split(' '));
  const of = (word) => rows.filter((row) => row[0] === word);
  const [end] = of('end');
  return {
    ended: Boolean(end),
    allocations: Number(end?.[1]),
    failures: Number(end?.[2]),
    failed: of('failed').map((row) => row[1]),
    leaks: of('leak').map((row) => row.slice(1).join(' ')),
    seen: of('seen').map((row) => ({ owner: row[1], line: `${row[1]} secret ${row[2]} ${row[3]}` })),
  };
}

// What differs between two good runs: the moment, and the run's own name.
function levelled(text, base) {
  return text.replaceAll(base, 'BASE')
    .replace(/\/run[0-9]+\//g, '/RUN/')
    .replace(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z/g, (moment) => (moment.startsWith('2099') ? moment : 'MOMENT'))
    .replace(/[0-9]{2}:[0-9]{2}(:[0-9]{2})?/g, 'HH:MM')
    .replace(/[0-9]+ days/g, 'DAYS');
}

// run(flow, fail) ends with { code, signal, stdout, stderr, shown, before, config, left, heap }; shown are the secrets that
// it printed, but a token that was asked for.
function makeRunner({ prefix, shims, scratch, planes, trust }) {
  const watched = path.join(scratch, 'watched');
  fs.writeFileSync(watched, `${SECRETS.token}\n${SECRETS.deviceCode}\n`);
  let number = 0;

  return async (flow, fail = '') => {
    const name = `run${number += 1}`;
    const base = path.join(scratch, name);
    const plane = flow.tls ? planes.https : planes.http;
    const server = `${plane.url}/${name}/${flow.fate || 'approved'}`;
    const file = path.join(base, 'plexctl/config.json');
    const before = flow.config ? flow.config(server) : null;
    fs.mkdirSync(base, { mode: 0o700 });
    if (before !== null) {
      fs.mkdirSync(path.dirname(file), { mode: 0o700 });
      fs.writeFileSync(file, before);
      fs.chmodSync(file, flow.mode || 0o600);
    }
    const child = spawn(path.join(prefix, 'bin/plexctl'), flow.args.map((arg) => (arg === 'server' ? server : arg)), {
      cwd: base,
      env: {
        PATH: '/usr/bin:/bin', HOME: base, XDG_CONFIG_HOME: base, LC_ALL: 'C', CLOCK_SHIM_SKIP: '1',
        LD_PRELOAD: `${path.join(shims, 'own_heap.so')} ${path.join(shims, 'clock_shim.so')}`,
        OWN_HEAP_REPORT: `${base}.heap`, OWN_HEAP_WATCH: watched, ...(fail ? { OWN_HEAP_FAIL: fail } : {}),
        ...(flow.tls ? { SSL_CERT_FILE: trust } : {}), ...(flow.plugins ? { PLEXCTL_PLUGIN_PATH: flow.plugins } : {}), ...flow.env,
      },
    });
    const ended = finish(child, flow.input);
    if (flow.cancel) void plane.polled(name, 2).then(() => child.kill('SIGINT'));
    const result = await ended;
    const left = fs.readdirSync(base, { recursive: true }).filter((each) => ![...KEPT, ...(flow.keeps || [])].includes(each));
    const hidden = flow.args.includes('--reveal-secrets') ? [SECRETS.deviceCode] : Object.values(SECRETS);
    const shown = shownSecrets(result.stdout + result.stderr, hidden);
    const level = (text) => (text === null ? null : levelled(text, base));
    const made = {
      ...result, shown, stdout: level(result.stdout), stderr: level(result.stderr), before: level(before) ?? '',
      config: level(readOrNull(file)), left, heap: readReport(readOrNull(`${base}.heap`)),
    };
    fs.rmSync(base, { recursive: true });
    fs.rmSync(`${base}.heap`, { force: true });
    return made;
  };
}

function finish(child, input = '') {
  return new Promise((resolve, reject) => {
    const seen = { stdout: '', stderr: '' };
    const timer = setTimeout(() => child.kill('SIGKILL'), HANG_MS);
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8');
      child[name].on('data', (text) => { seen[name] += text; });
    }
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...seen });
    });
  });
}

module.exports = { makeRunner };
