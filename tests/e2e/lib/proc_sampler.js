// SPDX-License-Identifier: Apache-2.0
//
//   proc_sampler.js REPORT COMMAND ARGUMENT...
//
// Runs the command in its own place, and from its first moment to its last reads what /proc tells anyone who looks of
// it and of its children: argv, environment, name. REPORT gets { samples, refused, processes, texts } as JSON, at each
// new text and at the end: the different texts, and how often the kernel refused one. Ends as the command ended.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');

const EVERY_MS = 1;
const FILES = ['cmdline', 'environ', 'comm'];

const [report, command, ...args] = process.argv.slice(2);
const texts = new Set();
const processes = new Set();
const refused = {};
let samples = 0;

function read(name) {
  try {
    return fs.readFileSync(`/proc/${name}`, 'latin1');
  } catch (error) {
    if (error.code === 'EACCES') refused[name.split('/')[1]] = (refused[name.split('/')[1]] ?? 0) + 1;
    else if (!['ENOENT', 'ESRCH'].includes(error.code)) throw error;
    return '';
  }
}

function sample(pid) {
  processes.add(pid);
  for (const file of FILES) texts.add(read(`${pid}/${file}`));
  for (const child of read(`${pid}/task/${pid}/children`).split(' ').filter(Boolean)) sample(Number(child));
}

const child = spawn(command, args, { stdio: 'inherit' });
const tell = () => {
  fs.writeFileSync(`${report}.new`, JSON.stringify({ samples, refused, processes: [...processes], texts: [...texts] }));
  fs.renameSync(`${report}.new`, report);
};
const look = () => {
  const known = texts.size;
  samples += 1;
  sample(child.pid);
  if (texts.size > known) tell();
};
look();
const timer = setInterval(look, EVERY_MS);
child.on('exit', (code, signal) => {
  clearInterval(timer);
  tell();
  if (signal) process.kill(process.pid, signal);
  else process.exitCode = code;
});
