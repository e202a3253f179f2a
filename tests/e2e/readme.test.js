// SPDX-License-Identifier: Apache-2.0
//
// Every command in README is executed: those that set up the machine or the build by tests/setup.sh, those that make packages by tests/packages.sh, the others here, in order. The specification's three examples run as they are written.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { approve, assertExit, devserver, domainId, bindingId, scratch, sourceDir, start } = require('./lib/harness.js');

const setUp = (block) => block.some((line) => /^(script\/|make|dpkg-buildpackage)/.test(line));

// The blocks of commands, each a list of lines
function readmeBlocks() {
  const text = fs.readFileSync(path.join(sourceDir, 'README.md'), 'utf8');
  return [...text.matchAll(/^```sh\n([^]*?)^```/gm)].map((block) => block[1].trim().split('\n'));
}

test('every command in README that uses plexctl runs', async (t) => {
  const commands = readmeBlocks().filter((block) => !setUp(block)).flat();
  assert.ok(commands.length > 7, 'README has commands');
  const server = await devserver(t);
  const home = scratch(t);
  // In place of Terraform: its provider reads these two.
  const terraform = 'terraform() { [ "$1" = plan ] && [ "$PLEXSPHERE_ENDPOINT" ] && [ "$PLEXSPHERE_TOKEN" ]; }\n';
  for (const command of commands) {
    const shell = start(home, ['-e', '-o', 'pipefail', '-c', terraform + command.replaceAll('https://localhost:8080', server.url)], {
      command: '/bin/bash',
      env: server.trust,
    });
    if (command.includes('--idp-binding-id')) {
      const [link] = await shell.until(/https:\/\/\S+user_code=\S+/);
      await approve(server, link);
    }
    const result = await shell.done;
    assert.equal(result.code, 0, `${command}\n${result.stdout}\n${result.stderr}`);
  }
});

// What differs from run to run, made equal.
function normalise(text, url) {
  return text
    .replaceAll(url, 'https://localhost:8080')
    .replace(/\b[A-Z2-7]{4}-[A-Z2-7]{4}\b/g, 'CODE')
    .replace(/\d\d:\d\d:\d\d UTC/, 'TIME');
}

test('the transcript in README is what happens', async (t) => {
  const text = fs.readFileSync(path.join(sourceDir, 'README.md'), 'utf8');
  const [, transcript] = text.match(/^```text\n([^]*?)^```/m);
  // Without the tap: a reader's browser goes to the server that the login goes to.
  const { direct: url, ...server } = await devserver(t, ['--expires-in', '600s']);
  const home = scratch(t);
  let seen = '';
  for (const [, command] of transcript.matchAll(/^\$ (.*)$/gm)) {
    const shell = start(home, ['-c', command.replaceAll('https://localhost:8080', url)], { command: '/bin/bash', env: server.trust });
    if (command.includes('--idp-binding-id')) {
      const [link] = await shell.until(/https:\/\/\S+user_code=\S+/);
      await approve(server, link);
    }
    const result = await shell.done;
    assertExit(result, 0);
    seen += `$ ${command}\n${result.stdout}`;
  }
  assert.equal(normalise(seen, url), normalise(transcript, url));
});

test('README shows the summary as it is', () => {
  const text = fs.readFileSync(path.join(sourceDir, 'README.md'), 'utf8');
  const [, block] = text.match(/^```json\n([^]*?)^```/m);
  assert.deepEqual(Object.keys(JSON.parse(block)), ['profile', 'server', 'token_type', 'expires_in', 'has_token']);
});

// The examples of the specification, word for word; PLEXSPHERE_URL is what they leave to the operator.
const example = `plexctl login \\
--server "\${PLEXSPHERE_URL}" \\
--domain-id ${domainId} \\
--idp-binding-id ${bindingId}`;

test('the happy path of the specification', async (t) => {
  const server = await devserver(t);
  const home = scratch(t);
  const script = `export PLEXSPHERE_URL="\${PLEXSPHERE_URL:-https://localhost:8080}"\n${example}\nplexctl whoami\n`;
  const shell = start(home, ['-e', '-c', script], { command: '/bin/bash', env: { ...server.trust, PLEXSPHERE_URL: server.url } });
  const [link] = await shell.until(/https:\/\/\S+user_code=\S+/);
  await approve(server, link);
  const result = await shell.done;
  assertExit(result, 0);
  assert.match(result.stdout, /^Logged in\. Saved profile "default"\.$/m);
  assert.match(result.stdout, /alice@example\.test/);
});

test('the expired session of the specification', async (t) => {
  const server = await devserver(t, ['--expires-in', '2s']);
  const shell = start(scratch(t), ['-c', `${example}\necho $? # 1`], {
    command: '/bin/bash',
    env: { ...server.trust, PLEXSPHERE_URL: server.url },
  });
  const result = await shell.done;
  assert.match(result.stdout, /^1$/m);
  assert.equal(result.stderr, 'plexctl: device-code session expired before approval; restart with `plexctl login`\n');
});

test('the JSON summary of the specification', async (t) => {
  const server = await devserver(t);
  const home = scratch(t);
  const shell = start(home, ['-c', `${example} \\\n--output json`], {
    command: '/bin/bash',
    env: { ...server.trust, PLEXSPHERE_URL: server.url },
  });
  const [link] = await shell.until(/https:\/\/\S+user_code=\S+/);
  await approve(server, link);
  const result = await shell.done;
  assertExit(result, 0);
  const document = JSON.parse(result.stdout.slice(result.stdout.lastIndexOf('\n{')));
  assert.deepEqual(document, { profile: 'default', server: server.url, token_type: 'Bearer', expires_in: 3600, has_token: true });
});
