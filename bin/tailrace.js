#!/usr/bin/env node
// Starts the command: from the sources in a checkout, from built JavaScript in an installed package. Written in
// JavaScript that an old Node reads too, so that it can report a Node that is too old, or start a newer one.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 24;

/** The signals at which a command stops cleanly. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** How often a process that npm started looks whether npm is still there. */
const NPM_CHECK_MS = 500;

const major = Number(process.versions.node.split('.')[0]);
// On Windows .bin has scripts, which can't be started as programs.
const bundledNode = fileURLToPath(
  new URL(
    process.platform === 'win32' ? '../node_modules/node/bin/node.exe' : '../node_modules/.bin/node',
    import.meta.url,
  ),
);

if (major >= NEEDED_MAJOR) {
  const handOver = recordSignals();
  // A newer Node was started with another command line than the user's.
  const launched = process.env.TAILRACE_LAUNCHED;
  const startedAs = launched ? JSON.parse(launched) : { node: process.argv0, script: process.argv[1] };
  if (launched) dieWithLauncher();
  else stopWithNpm();
  // Each thread of the pool has memory of its own. DuckDB works in it, one statement at a time. Two: libuv leaves half of
  // them free of look-ups of names, which hang where the network is away.
  process.env.UV_THREADPOOL_SIZE ??= '2';
  // Compiled code is cached: half the start's time, 30 MB less. NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE hold.
  // Source: <https://nodejs.org/api/module.html#module-compile-cache>
  module.enableCompileCache(compileCache());
  const source = new URL('../cli/main.ts', import.meta.url);
  const built = new URL('../dist/cli/main.js', import.meta.url);
  const { run } = await import((existsSync(source) ? source : built).href);
  const ended = run(process, startedAs);
  handOver();
  await ended;
} else if (existsSync(bundledNode) && realpathSync(bundledNode) !== process.execPath) {
  await runUnder(bundledNode);
} else {
  process.stderr.write(
    `tailrace: This is Node ${process.versions.node}. Tailrace needs Node ${NEEDED_MAJOR} or newer: ` +
      'install it, or run `npm ci` in the checkout, which brings its own.\n',
  );
  process.exitCode = 2;
}

/**
 * The directory of the compiled code. Node runs what it finds there, and its default may be in a directory that every user
 * of the machine can write to: another user could put code there.
 */
function compileCache() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  try {
    return join(XDG_CACHE_HOME || LOCALAPPDATA || join(homedir(), '.cache'), 'tailrace', 'compiled');
  } catch {
    // In many containers the user has no home: then the temporary files are its own.
    return undefined;
  }
}

/** Runs the same command under another Node, and ends as that does. If this process is killed, the other ends too. */
async function runUnder(node) {
  const [{ spawn }, { constants }] = await Promise.all([import('node:child_process'), import('node:os')]);
  // By the channel: what comes before the child listens waits there, and the child knows the signal from its own, which a
  // terminal sends to both. No handler runs before `child` is set.
  for (const signal of SIGNALS) process.on(signal, () => child.connected && child.send(signal));
  stopWithNpm();
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      TAILRACE_LAUNCHED: JSON.stringify({ node: process.argv0, script: process.argv[1] }),
    },
  });
  child.on('error', (error) => {
    process.stderr.write(`tailrace: ${node} could not be started (${error.code}). Run \`npm ci\` again.\n`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

/** Takes signals until the command listens. Returns what hands them over to it then. */
function recordSignals() {
  const received = [];
  const listeners = SIGNALS.map((signal) => [signal, () => received.push(signal)]);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
    for (const signal of received) process.emit(signal, signal);
  };
}

/**
 * Once the npm that started this process is gone, stops as at SIGTERM. npm passes a signal on to its shell alone, which
 * ends without passing it further: this process would go on with no one to end it.
 */
function stopWithNpm() {
  // Package managers set it for what they run. <https://docs.npmjs.com/cli/v11/using-npm/scripts#environment>
  if (process.env.npm_execpath === undefined) return;
  const parents = parentsUpToNpm();
  const timer = setInterval(() => {
    if (parents.every(({ child, parent }) => parentOf(child) === parent)) return;
    clearInterval(timer);
    process.emit('SIGTERM', 'SIGTERM');
  }, NPM_CHECK_MS);
  timer.unref();
  // It stops already: another signal would be a second one, which ends a command at once.
  for (const signal of SIGNALS) process.once(signal, () => clearInterval(timer));
}

/** The processes from this one to npm. Where there is no /proc, this one and its parent: shells there become the command. */
function parentsUpToNpm() {
  const parents = [];
  for (let child = process.pid; parents.length < 4; ) {
    const parent = parentOf(child);
    if (parent === undefined || parent <= 1) break;
    parents.push({ child, parent });
    // A package manager names itself: `npm exec tailrace`.
    if (/^(npm|npx|pnpm|yarn)/.test(readProcess(parent, 'comm') ?? '')) return parents;
    child = parent;
  }
  return parents.slice(0, 1);
}

/** The id of a process's parent; `undefined` where that can't be found out, and once either of them has ended. */
function parentOf(pid) {
  if (pid !== process.pid)
    return (
      Number(
        readProcess(pid, 'stat')
          ?.replace(/^.*\) /s, '')
          .split(' ')[1],
      ) || undefined
    );
  try {
    // Windows gives the id of a parent that has ended, too.
    process.kill(process.ppid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return undefined;
  }
  return process.ppid;
}

function readProcess(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** Nothing but the closing channel shows that the launcher was killed by `kill -9`, which was meant for both processes. */
function dieWithLauncher() {
  delete process.env.TAILRACE_LAUNCHED;
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // The channel alone must not keep the process alive.
  process.channel?.unref();
}
