import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { median } from './measure.ts';
import { fixed, type Part, ratio, whole } from './part.ts';

/** Bundle size in bytes, and milliseconds from the start of a process until its handler is loaded. */
type ColdStart = { readonly bundleBytes: number; readonly oursMs: number; readonly helloMs: number };

const ROUNDS = 15;

/** A function that does nothing, with the client that ours needs. */
const HELLO = `
import { BigQuery } from '@google-cloud/bigquery';
const client = new BigQuery({ projectId: 'hello' });
export const handler = async () => client.projectId;
`;

/** Only its existence is checked before the first request. */
const CREDENTIALS = 'google-credentials.json';

/** The function's environment on Lambda. Nothing is sent at the start. */
const ENV = {
  TAILRACE_DESTINATION: 'bigquery:my-project.my_dataset',
  TAILRACE_STREAM_ARN: 'arn:aws:dynamodb:eu-central-1:123456789012:table/Orders/stream/2026-01-02T03:04:05.678',
  TAILRACE_DEAD_LETTER_BUCKET: 'failures',
  TAILRACE_BIGQUERY_LOCATION: '',
};

/** Measures the start of the Lambda's bundle against a hello-world's with the same client, bundled the same way. */
export const coldStartPart: Part = async () => {
  const { bundleBytes, oursMs, helloMs } = await coldStart();
  return {
    paragraphs: [
      `Bundle of the handler: ${whole(bundleBytes / 1000)} KB. Process start to handler: ${fixed(oursMs)} ms; ` +
        `a hello-world with the same client: ${fixed(helloMs)} ms.`,
    ],
    ratios: { bundle_bytes: bundleBytes, cold_start: ratio(oursMs, helloMs) },
  };
};

async function coldStart(): Promise<ColdStart> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-bench-'));
  try {
    const root = resolve(import.meta.dirname, '..');
    const hello = join(directory, 'hello.ts');
    await writeFile(hello, HELLO);
    await writeFile(join(directory, CREDENTIALS), '{}');
    const bundleBytes = await bundle(join(root, 'src/lambda/stream.ts'), join(directory, 'ours.mjs'), root);
    await bundle(hello, join(directory, 'hello.mjs'), root);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const oursMs = await startMs(directory, 'ours.mjs');
      const helloMs = await startMs(directory, 'hello.mjs');
      // The first round fills the file cache.
      if (round > 0) ours.push(oursMs);
      if (round > 0) theirs.push(helloMs);
    }
    return { bundleBytes, oursMs: median(ours), helloMs: median(theirs) };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Bundles as serverless.yml says. Gives the bundle's bytes. */
async function bundle(entry: string, outfile: string, root: string): Promise<number> {
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    charset: 'utf8',
    platform: 'node',
    target: 'node24',
    external: ['@aws-sdk/*'],
    nodePaths: [join(root, 'node_modules')],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    metafile: true,
    logLevel: 'error',
  });
  return Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
}

async function startMs(directory: string, module: string): Promise<number> {
  const load = `const { handler } = await import(${JSON.stringify(join(directory, module))})`;
  const script = `${load}; if (!handler) throw new Error('There is no handler');`;
  const env = { ...process.env, ...ENV, GOOGLE_APPLICATION_CREDENTIALS: join(directory, CREDENTIALS) };
  const began = performance.now();
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
  return performance.now() - began;
}
