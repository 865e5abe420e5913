#!/usr/bin/env node
// Starts the command: from the sources in a checkout, from built JavaScript in an installed package. Written in
// JavaScript that an old Node reads too, so that it can say what is missing or start a newer one.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import vm from 'node:vm';

const NEEDED_MAJOR = 24;

const major = Number(process.versions.node.split('.')[0]);
const bundledNode = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

// What streams through is garbage at once: a heap that grows only when it must takes 60 to 120 MB less, and no more time.
const SMALL_NEW_SPACE = ['--semi-space-growth-factor=1'];
const SMALL_HEAP = ['--heap-growing-percent=50', '--optimize-for-size', '--no-concurrent-recompilation'];

// Not before: what is loaded at the start would be looked through again and again, a fifth of a short command's CPU.
const SMALL_HEAP_AFTER_MS = 1_500;

if (major >= NEEDED_MAJOR) {
  if (process.env.TAILRACE_LAUNCHED) dieWithLauncher();
  setFlags(SMALL_NEW_SPACE);
  setTimeout(keepHeapSmall, SMALL_HEAP_AFTER_MS).unref();
  // Each thread of the pool keeps memory of its own. DuckDB works in it, one statement at a time. Two: libuv leaves half of
  // them free of look-ups of names, which hang where the network is away.
  process.env.UV_THREADPOOL_SIZE ??= '2';
  // What was compiled is kept among the system's temporary files: half the start's time, 30 MB less.
  // Source: <https://nodejs.org/api/module.html#module-compile-cache>
  module.enableCompileCache();
  const source = new URL('../cli/main.ts', import.meta.url);
  const built = new URL('../dist/cli/main.js', import.meta.url);
  const { run } = await import((existsSync(source) ? source : built).href);
  await run(process);
} else if (existsSync(bundledNode) && realpathSync(bundledNode) !== process.execPath) {
  runUnder(bundledNode);
} else {
  process.stderr.write(
    `tailrace: This is Node ${process.versions.node}. Tailrace needs Node ${NEEDED_MAJOR} or newer: ` +
      'install it, or run `npm ci` in the checkout, which brings its own.\n',
  );
  process.exitCode = 2;
}

function setFlags(flags) {
  for (const flag of flags) v8.setFlagsFromString(flag);
}

/** How far the heap may grow is only decided when garbage is collected, and was for a heap that may be large. */
function keepHeapSmall() {
  setFlags([...SMALL_HEAP, '--expose-gc']);
  vm.runInNewContext('gc')();
}

/** Runs the same command under another Node, and ends as it ends; or it ends as we do, where we are killed. */
function runUnder(node) {
  // Before it starts: a signal that comes as soon as it runs is for it. No handler is called before `child` is there.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, TAILRACE_LAUNCHED: '1' },
  });
  child.on('error', (error) => {
    process.stderr.write(`tailrace: ${node} could not be started (${error.code}). Run \`npm ci\` again.\n`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

/** `kill -9` is told to nobody but by the channel to it, which closes. Whoever kills one process means both. */
function dieWithLauncher() {
  delete process.env.TAILRACE_LAUNCHED;
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // It alone keeps no process alive.
  process.channel?.unref();
}
