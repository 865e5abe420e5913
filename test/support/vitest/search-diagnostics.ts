import { afterEach, expect } from 'vitest';
import { showsPlanted } from '../values/planted-values.ts';
import { takeDiagnostics } from './diagnostics.ts';
import { takeMadeErrors } from './made-errors.ts';

// Runs before every test file. After each test, it searches for the values that tests plant in attributes: in every
// TailraceError of the process, even a caught one, in log lines, dead letters' reasons and the stderr of commands.

afterEach(() => {
  const errors = takeMadeErrors().map(({ message, ...rest }) => JSON.stringify([message, rest]));
  const shown = [...errors, ...takeDiagnostics()].filter(showsPlanted);
  expect(shown, 'lines and messages that show an attribute value').toEqual([]);
});
