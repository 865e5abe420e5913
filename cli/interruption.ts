/** Ctrl-C, `kill` and a closed terminal. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * One Ctrl-C can arrive twice: the terminal signals every process in the foreground, and npm passes its own signal on to
 * its child. A signal that follows this soon is the same Ctrl-C.
 */
const SAME_MS = 1_000;

/** A user's wish to stop. */
export interface Interruption extends Disposable {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal;
}

/**
 * Turns the first signal into an abort, so that the command can stop cleanly. The next one ends the process at once.
 *
 * A launcher passes on what it receives as a message. Those count apart: a terminal signals both processes, however late
 * the message is.
 */
export function watchSignals(process: NodeJS.Process): Interruption {
  const controller = new AbortController();

  const counter = () => {
    let firstAt: number | undefined;
    return (name: NodeJS.Signals) => {
      const now = performance.now();
      firstAt ??= now;
      controller.abort();
      if (now - firstAt <= SAME_MS) return;
      dispose();
      process.kill(process.pid, name);
    };
  };
  const onSignal = counter();
  const onPassedOn = counter();
  const onMessage = (message: unknown) => {
    const name = SIGNALS.find((signal) => signal === message);
    if (name !== undefined) onPassedOn(name);
  };
  const dispose = () => {
    for (const name of SIGNALS) process.off(name, onSignal);
    process.off('message', onMessage);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  process.on('message', onMessage);
  return { signal: controller.signal, [Symbol.dispose]: dispose };
}
