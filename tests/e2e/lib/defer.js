// SPDX-License-Identifier: Apache-2.0
//
// What a test leaves behind is cleaned up in reverse order, and all of it: after a hook that throws, node runs
// no other, and a server that was left running would keep the whole run from ending.
'use strict';

const actions = new WeakMap();

async function runAll(list) {
  const failures = [];
  for (const action of list.reverse()) {
    try {
      await action();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

// `t` is the context of a test, or whatever has its after().
function defer(t, action) {
  if (!actions.has(t)) {
    const list = [];
    actions.set(t, list);
    t.after(() => runAll(list));
  }
  actions.get(t).push(action);
}

module.exports = { defer };
