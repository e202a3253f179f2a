// SPDX-License-Identifier: Apache-2.0
//
// A person with a browser: the printed link is opened in a real Chromium, signed in, approved; the command line finishes.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { launchBrowser, openPage } = require('./lib/browser.js');
const { assertExit, devserver, scratch, startLogin } = require('./lib/harness.js');

const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

describe('a browser approves', () => {
  let browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  async function assertAccessible(page, where) {
    // The page's own policy forbids scripts; the checker runs in the page by the debugger, not by the page.
    const violations = await page.evaluate(`${axeSource}; axe.run().then((found) =>
      found.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.html).join(' ')))`);
    assert.deepEqual(violations, [], where);
    const overflow = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
    assert.equal(overflow, false, `${where} fits its width`);
  }

  async function signIn(page, identity) {
    await page.getByText(identity).first().click();
    const button = page.getByRole('button', { name: /sign in|continue/i });
    if (await button.count()) await button.first().click();
  }

  for (const [name, options] of [
    ['a desktop', { viewport: { width: 1280, height: 800 } }],
    ['a phone', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, colorScheme: 'dark' }],
    ['a browser without JavaScript', { javaScriptEnabled: false }],
  ]) {
    test(`on ${name}: sign in, compare the code, approve; login finishes`, async (t) => {
      const server = await devserver(t);
      const home = scratch(t);
      const login = await startLogin(home, server);
      const [code] = login.seen.stdout.match(/^ *([A-Z2-7]{4}-?[A-Z2-7]{4})$/m);
      const page = await openPage(t, browser, options);
      const scripts = options.javaScriptEnabled !== false;

      await page.goto(login.link);
      if (scripts) await assertAccessible(page, 'the sign-in page');
      await signIn(page, 'alice@example.test');
      await page.getByRole('button', { name: /^approve/i }).waitFor();
      const text = await page.locator('body').innerText();
      assert.ok(text.includes(code.trim()), 'the approval page shows the code to compare');
      assert.ok(text.includes('alice@example.test'), 'and who is signed in');
      assert.ok(await page.getByRole('button', { name: /^deny/i }).count());
      if (scripts) await assertAccessible(page, 'the approval page');
      await page.getByRole('button', { name: /^approve/i }).click();
      await page.getByText(/approved/i).first().waitFor();
      if (scripts) await assertAccessible(page, 'the result page');

      const result = await login.done;
      assertExit(result, 0);
      assert.match(result.stdout, /^Logged in\. Saved profile "default"\.$/m);
      assert.ok(home.readConfig().profiles.default.token);
    });
  }

  test('the plain page takes a typed code; Deny ends the login with access_denied', async (t) => {
    const server = await devserver(t);
    const home = scratch(t);
    const login = await startLogin(home, server);
    const code = login.seen.stdout.match(/^ *([A-Z2-7]{4}-?[A-Z2-7]{4})$/m)[1];
    const plain = login.seen.stdout.match(/^ *(https:\/\/[^\s?]+)$/m)[1];
    const page = await openPage(t, browser);
    await page.goto(plain);
    await signIn(page, 'alice@example.test');
    await page.getByLabel('Code').waitFor();
    await assertAccessible(page, 'the code page');
    await page.getByLabel('Code').fill(code.toLowerCase());
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^deny/i }).waitFor();
    await page.getByRole('button', { name: /^deny/i }).click();
    await page.getByText(/denied/i).first().waitFor();
    const result = await login.done;
    assertExit(result, 1, /access_denied/);
    assert.ok(!fs.existsSync(path.join(home.env.XDG_CONFIG_HOME, 'plexctl/config.json')));
  });

  test('what a browser may not do: no script of a page runs, no frame, no cache', async (t) => {
    const server = await devserver(t);
    const login = await startLogin(scratch(t), server);
    const page = await openPage(t, browser);
    const response = await page.goto(login.link);
    const headers = response.headers();
    assert.match(headers['content-security-policy'], /default-src 'none'/);
    assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
    assert.match(headers['cache-control'], /no-store/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    login.child.kill('SIGTERM');
    await login.done;
  });
});
