// SPDX-License-Identifier: Apache-2.0
//
// The Chromium of the tests: headless, and with no way to any host but this one.
'use strict';

const { chromium } = require('playwright-core');
const { defer } = require('./defer.js');

function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost'],
  });
}

// A page in a browser that trusts the server's certificate, as an operator's would after an import.
async function openPage(t, browser, options) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
  defer(t, () => context.close());
  return context.newPage();
}

module.exports = { launchBrowser, openPage };
