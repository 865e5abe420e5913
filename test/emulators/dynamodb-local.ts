import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { glob, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../demo/free-port.ts';

/** The last version that rolls its shards and trims them; see <https://central.sonatype.com/artifact/com.amazonaws/DynamoDBLocal>. */
const VERSION = '2.6.1';
const CACHE = path.join(import.meta.dirname, '../../node_modules/.cache/tailrace');
const READY_WITHIN_MS = 30_000;
/** Of seconds: after so many it has noticed that its clock is to go otherwise. */
const NOTICED_WITHIN = 2;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tailrace</groupId>
  <artifactId>dynamodb-local</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>DynamoDBLocal</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

const run = promisify(execFile);

/** What a server is started from: its classes, and the library that makes time pass faster for it. */
export type DynamoDbLocalInstall = { readonly lib: string; readonly faketime: string };

/** A running DynamoDB Local. Disposing of it stops it; it keeps everything in memory. */
export interface DynamoDbLocal extends AsyncDisposable {
  readonly endpointUrl: string;
  /** When it resolves, its clock is some way ahead, never behind, and goes as fast as everybody's. */
  slowDown(): Promise<void>;
}

/**
 * Installs DynamoDB Local, by Maven, and libfaketime, by apt unless the system has it, under `node_modules/.cache`.
 *
 * @throws {Error} if they can't be had: no Java, no Maven, no network, or another platform.
 */
export async function installDynamoDbLocal(): Promise<DynamoDbLocalInstall> {
  await run('java', ['-version']);
  const [lib, faketime] = await Promise.all([
    cached(`dynamodb-local-${VERSION}`, async (directory) => {
      await writeFile(path.join(directory, 'pom.xml'), POM);
      const goal = ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=.'];
      await run('mvn', goal, { cwd: directory });
    }),
    faketimeLibrary(),
  ]);
  return { lib, faketime };
}

/** Starts a server on whose clock `speed` seconds pass in each. */
export async function startDynamoDbLocal(
  { lib, faketime }: DynamoDbLocalInstall,
  speed: number,
): Promise<DynamoDbLocal> {
  const port = await freePort();
  const directory = await mkdtemp(path.join(tmpdir(), 'tailrace-dynamodb-'));
  const clock = path.join(directory, 'clock');
  await writeFile(clock, `+0 x${speed}`);
  const startedAt = Date.now();
  const child = spawn(
    'java',
    [
      `-Djava.library.path=${lib}`,
      '-cp',
      path.join(lib, '*'),
      'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
      ...['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)],
    ],
    { stdio: 'ignore', env: { ...process.env, LD_PRELOAD: faketime, ...clockOf(clock) } },
  );
  // A test run that is killed takes it along as far as it can.
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    await ended(child);
    await rm(directory, { recursive: true });
  };
  const slowDown = async () => {
    const ahead = (speed - 1) * ((Date.now() - startedAt) / 1_000 + NOTICED_WITHIN);
    await writeFile(`${clock}.new`, `+${Math.ceil(ahead)} x1`);
    await rename(`${clock}.new`, clock);
    await sleep(NOTICED_WITHIN * 1_000);
  };
  const endpointUrl = `http://127.0.0.1:${port}`;
  try {
    await ready(endpointUrl, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpointUrl, slowDown, [Symbol.asyncDispose]: stop };
}

/** Source: <https://github.com/wolfcw/libfaketime#readme>. */
function clockOf(file: string): NodeJS.ProcessEnv {
  return { FAKETIME_TIMESTAMP_FILE: file, FAKETIME_CACHE_DURATION: String(NOTICED_WITHIN / 2) };
}

/** A directory that gets its name once it is whole. */
async function cached(name: string, fill: (directory: string) => Promise<void>): Promise<string> {
  const directory = path.join(CACHE, name);
  if (existsSync(directory)) return directory;
  await mkdir(CACHE, { recursive: true });
  const unfinished = await mkdtemp(`${directory}.`);
  try {
    await fill(unfinished);
    await rename(unfinished, directory);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return directory;
}

async function faketimeLibrary(): Promise<string> {
  const found = await libraryIn('/usr/lib');
  if (found !== undefined) return found;
  const directory = await cached('libfaketime', async (unfinished) => {
    await run('apt-get', ['download', 'libfaketime'], { cwd: unfinished });
    for await (const file of glob('*.deb', { cwd: unfinished }))
      await run('dpkg', ['-x', file, '.'], { cwd: unfinished });
  });
  const unpacked = await libraryIn(path.join(directory, 'usr/lib'));
  if (unpacked === undefined) throw new Error('the package libfaketime holds no libfaketimeMT.so.1');
  return unpacked;
}

async function libraryIn(directory: string): Promise<string | undefined> {
  for await (const file of glob('{*/,}faketime/libfaketimeMT.so.1', { cwd: directory }))
    return path.join(directory, file);
  return undefined;
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until && child.exitCode === null) {
    if (await fetch(url).catch(() => null)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('DynamoDB Local ended, or did not answer, before it was ready');
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
