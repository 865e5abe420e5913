import { afterEach, expect } from 'vitest';
import { showsPlanted } from '../values/planted-values.ts';
import { takeDiagnostics } from './diagnostics.ts';

// Runs before every test file. After each test, it searches for the values that tests plant in attributes: in every
// TailraceError of the process, even a caught one, in log lines, dead letters' reasons and the stderr of commands.

const made: Error[] = [];

globalThis.Error = new Proxy(Error, {
  construct: function construct(target, args, newTarget) {
    const error: Error = Reflect.construct(target, args, newTarget);
    // This function isn't among the frames that a failing test shows.
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
