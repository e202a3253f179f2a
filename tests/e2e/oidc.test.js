// SPDX-License-Identifier: Apache-2.0
//
// plexctl login against a certified OAuth 2.0 server that none of us wrote, in a real browser on that server's own
// pages. The server states no interval, so that plexctl keeps to the 5 s of RFC 8628 section 3.2.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { launchBrowser, openPage } = require('./lib/browser.js');
const { assertExit, assertNoSecret, run, scratch, startLogin } = require('./lib/harness.js');
const { request } = require('./lib/https.js');
const { startBridge } = require('./lib/oauth_bridge.js');
const { DEVICE_GRANT, startProvider } = require('./lib/oidc_provider.js');
const { certificates } = require('./lib/peers.js');

const expired = /^plexctl: device-code session expired before approval; restart with `plexctl login`\n$/;
// The server's own words and code.
const denied = /^plexctl: the login was denied in the browser: .*HTTP 400.*access_denied: End-User aborted inter.*\n$/;
const person = 'olga@example.test';

// `tls` is what a server of node takes; `trust` is the environment in which plexctl believes it.
function selfSigned(dir) {
  const tls = certificates(dir).selfSigned;
  return { tls, ca: tls.cert, trust: { SSL_CERT_FILE: path.join(dir, 'selfSigned.pem') } };
}

describe('login against oidc-provider', { concurrency: true }, () => {
  let browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  // A login that has shown its prompt, with all that stands behind it.
  async function begin(t, { provider = {}, bridge = {} } = {}) {
    const home = scratch(t);
    const identity = selfSigned(home.dir);
    const oauth = await startProvider(t, identity, provider);
    const server = await startBridge(t, identity, oauth, bridge);
    const login = await startLogin(home, server);
    const code = login.seen.stdout.match(/^([A-Z]{4}-[A-Z]{4})$/m)[1];
    return { home, oauth, server, login, code, deviceCode: server.deviceCodes[0].device_code };
  }

  const press = (page, name) => page.getByRole('button', { name }).click();

  // From the confirmation page to the end, as a person who agrees.
  async function agree(page) {
    await press(page, 'Continue');
    await page.getByPlaceholder('Enter any login').fill(person);
    await page.getByPlaceholder('and password').fill('any');
    await press(page, 'Sign-in');
    await page.getByRole('heading', { name: 'Authorize' }).waitFor();
    await press(page, 'Continue');
    await page.getByRole('heading', { name: 'Sign-in Success' }).waitFor();
  }

  async function openLink(t, login) {
    const page = await openPage(t, browser);
    await page.goto(login.link);
    await page.getByRole('heading', { name: 'Confirm Device' }).waitFor();
    return page;
  }

  // What holds of every end without a token.
  async function assertRefused({ home, login, deviceCode }, message) {
    const result = await login.done;
    assertExit(result, 1);
    assert.match(result.stderr, message);
    assert.ok(!fs.existsSync(home.configFile));
    assertNoSecret(result.stdout + result.stderr, deviceCode);
  }

  const pacedBy = (polls, gap_ms) => polls.every((poll, i) => i === 0 || poll.came_ms - polls[i - 1].came_ms >= gap_ms);

  test('code, login and consent pages: the token that the server issued is saved, and whoami takes it', async (t) => {
    const { home, oauth, server, login, code, deviceCode } = await begin(t);
    assert.ok(!('interval' in server.deviceCodes[0]), 'the server states no interval');
    const page = await openPage(t, browser);
    await page.goto(login.seen.stdout.match(/^(https:\/\/[^\s?]+\/device)$/m)[1]);
    await page.getByPlaceholder('Enter code').fill(code.toLowerCase());
    await press(page, 'Continue');
    await page.getByText(code).waitFor();
    await agree(page);

    const result = await login.done;
    assertExit(result, 0);
    assert.match(result.stdout, /^Logged in\. Saved profile "default"\.$/m);
    assert.equal(result.stderr, '');
    const { token, token_type: type } = home.readConfig().profiles.default;
    assert.equal(type, 'Bearer');
    assert.equal(token, server.polls.at(-1).access_token);
    const issued = await oauth.introspect(token);
    assert.equal(issued.active, true);
    assert.equal(issued.sub, person);
    assert.equal(issued.client_id, 'plexctl');
    assert.equal((await oauth.introspect(`${token}x`)).active, false, 'the server tells its tokens from others');
    assert.ok(pacedBy(server.polls, 5000), JSON.stringify(server.polls));
    for (const secret of [deviceCode, token]) assertNoSecret(result.stdout + result.stderr, secret);

    const who = await run(home, ['whoami', '-o', 'json'], { env: server.trust });
    assertExit(who, 0);
    assert.deepEqual([JSON.parse(who.stdout).subject, JSON.parse(who.stdout).email], [person, person]);
  });

  test('whoami with a token that the server did not issue: its 401 and code, exit 1', async (t) => {
    const home = scratch(t);
    const identity = selfSigned(home.dir);
    const server = await startBridge(t, identity, await startProvider(t, identity));
    const env = { ...server.trust, PLEXSPHERE_TOKEN: 'forged' };
    const who = await run(home, ['whoami', '--server', server.url], { env });
    assertExit(who, 1, /401.*invalid_token.*plexctl login/);
  });

  test('Abort on the confirmation page: access_denied, exit 1', async (t) => {
    const attempt = await begin(t);
    const page = await openLink(t, attempt.login);
    await press(page, '[ Abort ]');
    await page.getByText('The Sign-in request was interrupted').waitFor();
    await assertRefused(attempt, denied);
  });

  test('Cancel on the login page: access_denied, exit 1', async (t) => {
    const attempt = await begin(t);
    const page = await openLink(t, attempt.login);
    await press(page, 'Continue');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByText('The Sign-in request was interrupted').waitFor();
    await assertRefused(attempt, denied);
  });

  test('nobody decides before expires_in is over: the specified message, exit 1', async (t) => {
    const attempt = await begin(t, { provider: { expiresIn_s: 12 } });
    await assertRefused(attempt, expired);
    const { polls } = attempt.server;
    // One after 5 to 7.5 s, and a last one a second before the end at the latest, where that is 5 s later; this server
    // counts in whole seconds and may be up to one ahead of that.
    assert.ok(polls.length === 1 || polls.length === 2, JSON.stringify(polls));
    assert.ok(pacedBy(polls, 5000), JSON.stringify(polls));
    if (polls.length === 2) assert.equal(polls[0].code, 'authorization_pending');
    assert.match(polls.at(-1).code, /^(authorization_pending|expired_token)$/);
    // Had plexctl gone on asking, the server would have said the same.
    const { oauth, deviceCode } = attempt;
    const late = await oauth.post('token_endpoint', { grant_type: DEVICE_GRANT, device_code: deviceCode });
    assert.equal(JSON.parse(late.text).error, 'expired_token');
  });

  test('the server holds the code for expired before plexctl does: the same message, exit 1', async (t) => {
    const attempt = await begin(t);
    await attempt.oauth.expire(attempt.deviceCode);
    await assertRefused(attempt, expired);
    assert.deepEqual(attempt.server.polls.map((poll) => poll.code), ['expired_token']);
  });

  test('control: whoever polls too soon is told so, and the server is not asked', async (t) => {
    const { server, oauth, login, deviceCode } = await begin(t, { bridge: { pace_ms: 60000 } });
    let asked = 0;
    oauth.provider.on('grant.error', () => { asked++; });
    const ca = fs.readFileSync(server.trust.SSL_CERT_FILE);
    const body = JSON.stringify({ device_code: deviceCode });
    for (let i = 0; i < 2; i++) {
      const reply = await request(`${server.url}/v1/auth/device-token`, { method: 'POST', ca, body });
      assert.deepEqual([reply.status, JSON.parse(reply.text).code], [400, 'slow_down']);
    }
    assert.equal(asked, 0);
    login.child.kill('SIGTERM');
    await login.done;
  });

  test('slow_down: five seconds more from then on, then the token', async (t) => {
    // A server that wants 9.5 s between polls and has not said so: more than 5 s and the jitter before the first one, which
    // a busy machine makes late, and less than the 10 s that follow.
    const { home, server, login } = await begin(t, { bridge: { pace_ms: 9500 } });
    await agree(await openLink(t, login));
    const result = await login.done;
    assertExit(result, 0);
    assert.equal(result.stderr, '');
    // Polls that the person is not done at are further apart as well.
    const said = server.polls.map((poll) => poll.code ?? poll.status);
    assert.deepEqual(said.filter((what) => what !== 'authorization_pending'), ['slow_down', 200]);
    assert.ok(pacedBy(server.polls, 10000), JSON.stringify(server.polls));
    assert.equal(home.readConfig().profiles.default.token, server.polls.at(-1).access_token);
  });

  test('a token that is issued and lost on the way: the approval is used up, and plexctl says so', async (t) => {
    const attempt = await begin(t);
    attempt.server.loseNextToken();
    await agree(await openLink(t, attempt.login));
    const result = await attempt.login.done;
    assertExit(result, 1);
    const [warning, failure] = result.stderr.trimEnd().split('\n');
    assert.match(warning, /^plexctl: warning: .* goes on asking until the code expires$/);
    assert.match(failure, /^plexctl: .*HTTP 400.*invalid_grant.*; a reply was lost before, so the approval may /);
    assert.match(failure, / have been used; restart with `plexctl login`$/);
    const lost = attempt.server.polls.find((poll) => poll.status === 200).access_token;
    assert.equal(attempt.server.polls.at(-1).code, 'invalid_grant');
    assert.equal((await attempt.oauth.introspect(lost)).active, false, 'the server revokes what a used code issued');
    assertNoSecret(result.stdout + result.stderr, lost);
    assert.ok(!fs.existsSync(attempt.home.configFile));
  });
});
