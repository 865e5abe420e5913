import { afterEach, expect } from 'vitest';
import { showsPlanted } from '../values/planted-values.ts';
import { takeDiagnostics } from './diagnostics.ts';

// Runs in front of every test file. After each test, all that was said while it ran is searched for the values that
// tests plant in attributes: every TailraceError that was made in the process, whoever caught it, and whatever reached a
// recording log, a dead letter's reason, or the stderr of a command.

const made: Error[] = [];

globalThis.Error = new Proxy(Error, {
  construct: function construct(target, args, newTarget) {
    const error: Error = Reflect.construct(target, args, newTarget);
    // This function has no place among the frames that a failing test shows.
    target.captureStackTrace(error, construct);
    if (newTarget.name === 'TailraceError') made.push(error);
    return error;
  },
});

afterEach(() => {
  const errors = made.splice(0).map(({ message, ...rest }) => JSON.stringify([message, rest]));
  const shown = [...errors, ...takeDiagnostics()].filter(showsPlanted);
  expect(shown, 'lines and messages that show an attribute value').toEqual([]);
});
