// SPDX-License-Identifier: Apache-2.0
//
// Compiles one changed file, links the test programs of one build with it in the place of their own, and runs them. All
// that is written lies in the scratch directory.
'use strict';

const { execFile, execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');

const run = promisify(execFile);
const CPU_MAX_S = { plain: 10, sanitized: 60 }; // of one process
const CPU_SHARE = 4; // all of a program's processes may use this part of its wall time: ends a loop without end
const TICKS_PER_S = Number(execFileSync('getconf', ['CLK_TCK']));
const WALL_MIN_MS = 20_000;
const WALL_FACTOR = 8; // of what the program took without a fault
const LOOK_MS = 2_000;
const WALL_LIMITS = 5; // beside other work a loop may need so long to use up its CPU time
const MEMORY_MAX_KIB = 4 << 20;
const SANITIZERS = ['-g', '-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];

// The processes of a session: [pid, state, ticks of CPU time with that of its children that have ended] (proc(5)).
function processesOf(session) {
    return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
        try {
            const fields = fs.readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /, '').split(' ');
            return Number(fields[3]) === session ? [[pid, fields[0], fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0)]] : [];
        } catch {
            return []; // it has ended
        }
    });
}

// Watches a session: ended by the CPU time that it used, or, past its wall time, because it waits for what does not come:
// whoever is only kept from a core is runnable, or uses it meanwhile. Gives up, which proves nothing, at WALL_LIMITS.
class Watch {
    constructor(session, limitMs) {
        Object.assign(this, { session, limitMs, started: Date.now(), before: '' });
    }

    // null as long as it may go on
    look() {
        const now = processesOf(this.session);
        const ticks = now.reduce((sum, [, , used]) => sum + used, 0);
        const isStill = String(now) === this.before && now.every(([, state]) => 'SZT'.includes(state));
        const wallMs = Date.now() - this.started;
        this.before = String(now);
        if (now.length === 0) return null;
        if ((1000 * ticks) / TICKS_PER_S > this.limitMs / CPU_SHARE) return 'endless';
        if (wallMs > this.limitMs && isStill) return 'asleep';
        return wallMs > WALL_LIMITS * this.limitMs ? 'late' : null;
    }
}

// What configure has found, as make gives it to the compiler.
function definesOf(buildDir) {
    const [, words] = fs.readFileSync(path.join(buildDir, 'Makefile'), 'utf8').match(/^DEFS = (.*)$/m);
    return execFileSync('sh', ['-c', `printf '%s\\n' ${words}`], { encoding: 'utf8' }).trim().split('\n');
}

class Workshop {
    constructor(buildDir, scratch, tests, isSanitized) {
        this.buildDir = buildDir;
        this.scratch = scratch;
        this.compiler = isSanitized ? ['clang', ...SANITIZERS] : ['cc', '-O0'];
        // The sanitizer's shadow of the memory is larger than any limit.
        this.limits = `ulimit -c 0; ulimit -t ${isSanitized ? CPU_MAX_S.sanitized : CPU_MAX_S.plain}; ${isSanitized ? '' : `ulimit -v ${MEMORY_MAX_KIB};`} exec "$0"`;
        this.guard = path.join(scratch, 'guard.o');
        this.defines = definesOf(buildDir);
        this.includes = ['-Iinclude', '-Icore', ...execFileSync('pkg-config', ['--cflags', 'json-c']).toString().trim().split(/\s+/)];
        this.controls = new Map();
        this.home = path.join(scratch, 'units');
        fs.mkdirSync(this.home, { recursive: true });
        fs.chmodSync(scratch, 0o755);
        fs.chmodSync(this.home, 0o1777); // cases that run as an ordinary user make directories there
        execFileSync('cc', ['-c', '-o', this.guard, path.join(__dirname, 'guard.c')]);
        this.links = this.planLinks(tests);
    }

    flags(file) {
        return ['-std=gnu11', ...this.defines, `-iquote${path.dirname(file)}`, ...this.includes];
    }

    async tree(file) {
        const dump = ['-Xclang', '-ast-dump=json', '-fsyntax-only', ...this.flags(file), file];
        return JSON.parse((await run('clang', dump, { maxBuffer: 1 << 30 })).stdout);
    }

    // The object of `file` with `source` for its text, null where that does not compile.
    async compile(file, source, name) {
        const changed = path.join(this.scratch, `${name}.c`);
        const object = path.join(this.scratch, `${name}.o`);
        fs.writeFileSync(changed, source, 'latin1');
        try {
            const [compiler, ...options] = this.compiler;
            await run(compiler, [...options, '-w', ...this.flags(file), '-c', '-o', object, changed]);
            return object;
        } catch {
            return null;
        } finally {
            fs.rmSync(changed);
        }
    }

    // make's own commands that link the programs, by test: known from here on, whatever is built meanwhile.
    planLinks(tests) {
        const programs = tests.map((test) => `tests/unit/test_${test}`);
        const sources = programs.flatMap((program) => ['-W', `${program}.c`]);
        const plan = execFileSync('make', ['-n', 'V=1', ...sources, ...programs], { cwd: this.buildDir, encoding: 'utf8' });
        const links = plan.matchAll(/^.*--mode=link .* -o tests\/unit\/test_(\S+) .*$/gm);
        return new Map([...links].map(([line, test]) => [test, line]));
    }

    // What libtool makes of it. An object that comes before the libraries stands in for theirs.
    linkCommand(test) {
        const line = this.links.get(test);
        if (line.includes('./libtool')) {
            const options = { cwd: this.buildDir, encoding: 'utf8' };
            const dry = execFileSync('bash', ['-c', line.replace('./libtool', './libtool --dry-run')], options);
            this.links.set(test, dry.match(/^libtool: link: (.* -o \S+.*)$/m)[1]);
        }
        return this.links.get(test);
    }

    async link(test, object, name) {
        const output = path.join(this.scratch, name);
        const changed = `-o ${output} ${object} ${this.guard} -Wl,--wrap=kill `;
        const command = this.linkCommand(test).replace(/ -o \S+ /, ` ${changed}`);
        await run('sh', ['-c', command], { cwd: this.buildDir });
        return output;
    }

    // 'passed', 'failed', 'endless', 'asleep' or 'late'. The time of Check's own limits is beyond ours: they cannot tell a fault
    // from a machine that does other work.
    execute(program, limitMs) {
        return new Promise((resolve) => {
            const env = {
                ...process.env,
                PLEXCTL_TEST_SCRATCH: this.home,
                PLEXCTL_TEST_PLUGINS: path.join(this.buildDir, 'tests/plugins/.libs'),
                CK_TIMEOUT_MULTIPLIER: String((WALL_LIMITS * limitMs) / 1000), // of at least a second
            };
            const child = spawn('sh', ['-c', this.limits, program], { cwd: this.home, env, detached: true, stdio: 'ignore' });
            let verdict = null;
            const watch = new Watch(child.pid, limitMs);
            const timer = setInterval(() => {
                verdict ??= watch.look();
                if (verdict) child.kill('SIGKILL');
            }, LOOK_MS);
            child.on('close', (code) => {
                clearInterval(timer);
                const end = verdict ?? (code === 0 ? 'passed' : 'failed');
                // Check gives each case a process group of its own; the session is ours.
                execFile('pkill', ['-KILL', '-s', String(child.pid)], () => resolve(end));
            });
        });
    }

    async judge(test, object, name, limitMs) {
        const program = await this.link(test, object, name);
        try {
            return await this.execute(program, limitMs);
        } finally {
            fs.rmSync(program);
        }
    }

    // How long the program takes with the file as it is; throws where it does not pass, for then nothing can be said.
    async control(test, file) {
        const started = Date.now();
        const name = `control-${test}`;
        const object = await this.compile(file, fs.readFileSync(file, 'latin1'), name);
        if (!object || (await this.judge(test, object, name, 10 * WALL_MIN_MS)) !== 'passed')
            throw new Error(`test_${test} does not pass without a fault in ${file}`);
        fs.rmSync(object);
        return Date.now() - started;
    }

    async limitMs(test, file) {
        if (!this.controls.has(test)) this.controls.set(test, this.control(test, file));
        return Math.max(WALL_MIN_MS, WALL_FACTOR * (await this.controls.get(test)));
    }

    // How one of `tests` catches the fault: 'failed', 'endless' or 'asleep'; null if none does, 'late' if one took too long for
    // whatever reason, which catches nothing; 'invalid' where the file does not compile.
    async hunt({ file, source, start, end, text }, tests, name) {
        const object = await this.compile(file, source.slice(0, start) + text + source.slice(end), name);
        if (!object) return 'invalid';
        try {
            let isLate = false;
            for (const test of tests) {
                const verdict = await this.judge(test, object, name, await this.limitMs(test, file));
                if (verdict === 'late') isLate = true;
                else if (verdict !== 'passed') return verdict;
            }
            return isLate ? 'late' : null;
        } finally {
            fs.rmSync(object);
        }
    }
}

module.exports = { Workshop };
