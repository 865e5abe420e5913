import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { main } from '../../../cli/main.ts';
import { launcherOf } from '../../../cli/next-step/launcher.ts';
import { productionDependencies } from '../../../cli/production-dependencies.ts';
import type { Terminal } from '../../../cli/terminal/output.ts';
import { systemClock } from '../../../src/clock.ts';
import { RecordingStream } from '../memory/recording-stream.ts';
import type { CommandOptions, Ended } from './tailrace-process.ts';

const LAUNCHER = fileURLToPath(new URL('../../../bin/tailrace.js', import.meta.url));

/** Settings that a command reads: no test gets those of the machine. */
const SETTINGS = /^(?:AWS_|BIGQUERY_|GOOGLE_|GCLOUD_|TAILRACE_|npm_)/;

/** The command that runs, or ran last. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `tailrace` to its end in this process, which saves the start of another one. It has all that it can reach there.
 * The directory and the environment belong to the whole process, so commands wait for each other.
 */
export function runInProcess(args: readonly string[], directory: string, options: Options = {}): Promise<Ended> {
  const ended = last.then(() => run(args, directory, options));
  last = ended.catch(() => {});
  return ended;
}

type Options = Pick<CommandOptions, 'env' | 'stdin'>;

async function run(args: readonly string[], directory: string, { env = {}, stdin }: Options): Promise<Ended> {
  const [stdout, stderr] = [new RecordingStream(), new RecordingStream()];
  const input = Readable.from([Buffer.from(stdin ?? '')]);
  const leave = enter(directory, env);
  try {
    const launcher = launcherOf({ node: process.execPath, script: LAUNCHER }, surroundings());
    const terminal: Terminal = {
      ...{ stdout, stderr, env: process.env, clock: systemClock, launcher, platform: process.platform },
      isForeground: () => true,
    };
    const own = Object.create(process, {
      stdin: { value: input },
      stdout: { value: stdout },
      stderr: { value: stderr },
    });
    const code = await main(args, terminal, async () => productionDependencies(own, new AbortController().signal));
    return { code, stdout: stdout.text, stderr: stderr.text };
  } finally {
    leave();
  }
}

/** Makes the directory and the environment those of a command. Calling what it returns makes them the test's again. */
function enter(directory: string, env: Options['env']): () => void {
  const [outerDirectory, outerEnv] = [process.cwd(), process.env];
  const others = Object.entries(outerEnv).filter(([name]) => !SETTINGS.test(name));
  process.chdir(directory);
  process.env = { ...Object.fromEntries(others), HOME: directory, ...env };
  return () => {
    process.env = outerEnv;
    process.chdir(outerDirectory);
  };
}

function surroundings() {
  return { env: process.env, cwd: process.cwd(), platform: process.platform };
}
