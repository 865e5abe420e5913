import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { glob, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../demo/free-port.ts';

/** The last version that rolls its shards and trims them; see <https://central.sonatype.com/artifact/com.amazonaws/DynamoDBLocal>. */
const VERSION = '2.6.1';
const CACHE = path.join(import.meta.dirname, '../../node_modules/.cache/tailrace');
const READY_WITHIN_MS = 30_000;

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
  const child = spawn(
    'java',
    [
      `-Djava.library.path=${lib}`,
      '-cp',
      path.join(lib, '*'),
      'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
      ...['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)],
    ],
    { stdio: 'ignore', env: { ...process.env, LD_PRELOAD: faketime, FAKETIME: `+0 x${speed}` } },
  );
  // A test run that is killed takes it along as far as it can.
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    await ended(child);
  };
  const endpointUrl = `http://127.0.0.1:${port}`;
  try {
    await ready(endpointUrl, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpointUrl, [Symbol.asyncDispose]: stop };
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
