/** Ctrl-C, `kill` and a closed terminal. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * One Ctrl-C can arrive twice: the terminal signals every process in the foreground, and npm passes its own signal on to
 * its child. A signal that follows this soon is the same Ctrl-C.
 */
const SAME_MS = 500;

/** A user's wish to stop. */
export interface Interruption extends Disposable {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal;
}

/** Turns the first signal into an abort, so that the command can stop cleanly. The next one ends the process at once. */
export function watchSignals(process: NodeJS.Process): Interruption {
  const controller = new AbortController();
  let firstAt: number | undefined;

  const onSignal = (name: NodeJS.Signals) => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      controller.abort();
    } else if (now - firstAt > SAME_MS) {
      dispose();
      process.kill(process.pid, name);
    }
  };
  const dispose = () => {
    for (const name of SIGNALS) process.off(name, onSignal);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return { signal: controller.signal, [Symbol.dispose]: dispose };
}
