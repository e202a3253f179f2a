// SPDX-License-Identifier: Apache-2.0
//
// Writers that each count in a profile of their own, readers that must see whole files and no number go back, and
// random kills. A writer that was killed is started again where it was; whoever finds less than was saved ends the run.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { environment, judgeNextSave, makeWorld, tokenOf } = require('./world.js');
const { readOrNull } = require('../lib/report.js');

const EACH_RUN = 20; // saves by one process at most, once its writer has saved as often as asked
const FORMS = {
  short: { writers: 6, saves: 20, readers: 3, kills: 40, limit_ms: 40_000 },
  full: { writers: 16, saves: 500, readers: 8, kills: 1000, limit_ms: 480_000 },
};

// Numbers that a seed repeats (Park and Miller's generator).
function randomOf(seed) {
  let state = seed % 2147483647 || 1;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}

class Contest {
  constructor(setting, form, mode) {
    Object.assign(this, { setting, form, mode, kills: 0, saved: 0, last: {}, faults: [], children: new Set() });
    this.seed = Date.now() % 1_000_000;
    this.random = randomOf(this.seed);
    this.world = makeWorld(setting.scratch, 'new');
    this.over = new Promise((resolve) => { this.end = resolve; });
  }

  start(args) {
    const env = environment(this.world.root);
    const child = spawn(this.setting.driver, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.children.add(child);
    child.words = '';
    child.stdout.setEncoding('utf8');
    child.stderr.on('data', (bytes) => { child.words += bytes; });
    child.on('close', () => this.children.delete(child));
    return child;
  }

  fault(text) {
    this.faults.push(text);
    this.end();
  }

  // Any writer, wherever it is: this one has just saved, the others save or wait for the lock.
  killOne() {
    const living = [...this.children].filter((child) => child.isWriter && !child.killed);
    if (living.length === 0) return;
    living[Math.floor(this.random() * living.length)].kill('SIGKILL');
    this.kills += 1;
  }

  afterSave() {
    this.saved += 1;
    const due = Math.min(1, this.saved / (this.form.writers * this.form.saves)) * this.form.kills;
    // A moment later, so that the kill may fall anywhere in the saves that follow.
    if (this.kills < Math.ceil(due)) setTimeout(() => this.killOne(), this.random() * 4);
  }

  // Resolves when the profile has been saved as often as asked, by one process or by many, the last of which ended by
  // itself, and when as many were killed as asked: the saves may be faster than this process, which kills.
  async write(name) {
    const { saves, kills } = this.form;
    let last = 0;
    let isWhole = false;
    while ((!isWhole || last < saves || this.kills < kills) && this.faults.length === 0) {
      const child = this.start([this.mode, name, String(last + 1), String(Math.max(saves, last + EACH_RUN))]);
      child.isWriter = true;
      let rest = '';
      child.stdout.on('data', (text) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop();
        for (const line of lines) {
          last = Number(line);
          this.afterSave();
        }
      });
      const [status, signal] = await new Promise((resolve) => { child.on('close', (...end) => resolve(end)); });
      if (this.ended) return;
      isWhole = status === 0;
      this.last[name] = last;
      if (status === 0 || signal === 'SIGKILL') continue;
      this.fault(`${name}, after ${last}: ${signal ?? status} ${child.words.trim()}`);
    }
  }

  read(name) {
    const child = this.start(['reader']);
    // It reads without a pause, in the time that the writers leave: otherwise all that these wait for is a core.
    os.setPriority(child.pid, os.constants.priority.PRIORITY_LOW);
    child.stdin.on('error', () => {});
    return new Promise((resolve) => {
      let words = '';
      child.stdout.on('data', (text) => { words += text; });
      child.on('close', (status, signal) => {
        if (status !== 0 && !this.ended) this.fault(`reader ${name}: ${signal ?? status} ${child.words.trim()}`);
        resolve(Number(words));
      });
    });
  }

  async run() {
    const limit_ms = this.form.limit_ms;
    const timer = setTimeout(() => this.fault(`not done after ${limit_ms} ms, ${this.saved} saved`), limit_ms);
    // The control needs a file to tear; for the store it makes no difference.
    fs.mkdirSync(path.dirname(this.world.file), { recursive: true, mode: 0o700 });
    const readers = Array.from({ length: this.form.readers }, (_, i) => this.read(i));
    const writers = Array.from({ length: this.form.writers }, (_, i) => this.write(`w${i}`));
    await Promise.race([Promise.all(writers), this.over]);
    clearTimeout(timer);
    for (const child of this.children) {
      if (child.isWriter) this.ended = true; // only where a fault ended the run
      if (child.isWriter) child.kill('SIGKILL');
      else child.stdin.end();
    }
    this.reads = (await Promise.all(readers)).reduce((sum, count) => sum + count, 0);
    await Promise.all(writers);
  }

  // What is in the file at the end, and whether a lock is stuck.
  async judgeEnd() {
    const config = JSON.parse(readOrNull(this.world.file));
    for (let i = 0; i < this.form.writers; i += 1) {
      const token = config.profiles[`w${i}`]?.token;
      if (token !== String(this.last[`w${i}`])) this.faults.push(`w${i} holds ${token}, not ${this.last[`w${i}`]}`);
    }
    if (this.reads < this.form.saves) this.faults.push(`only ${this.reads} reads`);
    config.profiles.next = { ...config.profiles.w0, token: tokenOf('next') };
    const expected = { left: 'plexctl plexctl/config.json plexctl/config.json.lock' };
    expected.oldNext = `${JSON.stringify(config, null, 2)}\n`;
    this.faults.push(...await judgeNextSave(this.setting.driver, this.world, expected));
  }
}

async function compete(setting, mode = 'writer') {
  const contest = new Contest(setting, FORMS[setting.full ? 'full' : 'short'], mode);
  await contest.run();
  if (contest.faults.length === 0) await contest.judgeEnd();
  fs.rmSync(contest.world.base, { recursive: true });
  const { saved, kills, reads, seed, faults } = contest;
  return { runs: saved, faults, note: `${saved} saves seen, ${kills} kills, ${reads} reads, seed ${seed}` };
}

module.exports = { compete };
