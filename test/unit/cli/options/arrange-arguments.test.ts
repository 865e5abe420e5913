import { describe, expect, test } from 'vitest';
import { arrange } from '../../../../cli/options/arrange-arguments.ts';

const OPTIONS = [
  { long: '--profile', required: true },
  { long: '--json', required: false },
  { short: '-v', long: '--version', required: false },
];
const COMMANDS = { query: {}, snapshots: { members: ['list', 'drop'] } };

function arranged(text: string) {
  const { command, operand, rest } = arrange(text.split(' ').filter(Boolean), OPTIONS, COMMANDS);
  const name = Object.entries(COMMANDS).find(([, entry]) => entry === command)?.[0];
  return { name, operand, rest: rest.join(' ') };
}

describe('the command', () => {
  test.each([
    ['query SQL', 'query'],
    ['--json query SQL', 'query'],
    ['--profile snapshots query SQL', 'query'],
    ['--profile=snapshots query SQL', 'query'],
    ['-v query', 'query'],
    ['-- query SQL', 'query'],
    ['snapshots list', 'snapshots'],
  ])('of %j is %s, and the arguments stay', (text, name) => {
    expect(arranged(text)).toEqual({ name, operand: name, rest: text });
  });

  test.each([
    ['', undefined],
    ['--json', undefined],
    ['--profile query', undefined],
    ['qurey SQL', 'qurey'],
    ['toString', 'toString'],
  ])('of %j is none', (text, operand) => {
    expect(arranged(text)).toEqual({ name: undefined, operand, rest: text });
  });
});

describe('a wish for help', () => {
  test.each([
    ['help', '--help'],
    ['help query', 'query --help'],
    ['--json help query', '--json query --help'],
    ['help snapshots', 'snapshots --help'],
    ['help snapshots list', 'snapshots list --help'],
    ['snapshots help list', 'snapshots list --help'],
    ['snapshots help', 'snapshots --help'],
    ['--help query', 'query --help'],
    ['-h snapshots list', 'snapshots list --help'],
    ['help query --help', 'query --help'],
    ['query -h', 'query -h'],
  ])('written as %j is %j', (text, rest) => {
    expect(arranged(text).rest).toBe(rest);
  });

  test('for a command that does not exist leaves its name to be refused', () => {
    expect(arranged('help qurey')).toEqual({ name: undefined, operand: 'qurey', rest: 'qurey' });
  });

  test('is no help of a command that takes "help" as its argument', () => {
    expect(arranged('query help').rest).toBe('query help');
  });
});
