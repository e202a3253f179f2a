// SPDX-License-Identifier: Apache-2.0
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { prefix, scratch, sourceDir } = require('./harness.js');

// Makes the shared object `file`, as an author does: with the installed header alone. The rest are cc's options and sources.
function compile(file, ...rest) {
  execFileSync(process.env.CC || 'cc', ['-shared', '-fPIC', '-I', path.join(prefix, 'include'), '-o', file, ...rest]);
}

let objects; // what was built is kept for the process's later tests

function build(source) {
  if (!objects) {
    objects = fs.mkdtempSync(path.join(os.tmpdir(), 'plexctl-plugins.'));
    process.on('exit', () => fs.rmSync(objects, { recursive: true, force: true }));
  }
  const object = path.join(objects, `${source}.so`);
  if (!fs.existsSync(object)) compile(object, path.join(sourceDir, 'tests/plugins', `${source}.c`));
  return object;
}

// A scratch home with a directory of plugins made of sources in tests/plugins, in PLEXCTL_PLUGIN_PATH.
function pluginDir(t, names) {
  const home = scratch(t);
  const dir = path.join(home.dir, 'plugins');
  fs.mkdirSync(dir);
  for (const [file, source] of Object.entries(names)) fs.copyFileSync(build(source), path.join(dir, `${file}.so`));
  home.env.PLEXCTL_PLUGIN_PATH = dir;
  return { ...home, pluginDir: dir };
}

module.exports = { compile, pluginDir };
