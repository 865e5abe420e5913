import { InvalidArgumentError } from '@commander-js/extra-typings';
import { DEFAULT_SEGMENTS } from '../../backfill/backfill-options.ts';

/** The argument of every command that is about one table. */
export const TABLE_ARGUMENT = ['<table>', 'name of the DynamoDB table'] as const;

/** The option of a command that can report what it would do. */
export const DRY_RUN_OPTION = ['--dry-run', 'report what would be done, and do nothing'] as const;

/** The option that names a bucket, the same in every command of dead letters. */
export const S3_OPTION = [
  '--s3 <url>',
  'bucket of the Lambda, s3://bucket[/prefix] (default: the dead letters in the state directory)',
] as const;

/** The option of a command that removes something for good. */
export const YES_OPTION = ['--yes', 'do not ask; without a terminal, nothing is removed unless this is given'] as const;

/** The option of a command that scans a table. */
export const SEGMENTS_OPTION = [
  '--segments <number>',
  `parts of the table that are read at once (default: ${DEFAULT_SEGMENTS})`,
  wholeNumberReader(1, 1_000),
] as const;

/** The least percentage that is accepted: one in ten thousand. */
const LEAST_PERCENT = 0.01;

const DECIMAL = /^\d*\.?\d+$/;

/** Reads an option's argument as a positive sum of US dollars, such as `2.50`. */
export function readDollars(text: string): number {
  const value = Number(text);
  if (DECIMAL.test(text) && value > 0) return value;
  throw new InvalidArgumentError('It is not a sum of dollars, such as 2.50.');
}

/** Reads an option's argument as a percentage, such as `2.5`, of at least 0.01 and at most 100. */
export function readPercent(text: string): number {
  const value = Number(text);
  if (DECIMAL.test(text) && value >= LEAST_PERCENT && value <= 100) return value;
  throw new InvalidArgumentError(`It is not a percentage from ${LEAST_PERCENT} to 100, such as 2.5.`);
}

/** Makes a reader of arguments that are whole numbers of at least `min` and at most `max`. */
export function wholeNumberReader(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It is not a whole number from ${min} to ${max}.`);
  };
}

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads an option's argument as a length of time, such as `90s`, `5m`, `2h` or `1d`; a number alone is seconds. In milliseconds. */
export function readDuration(text: string): number {
  const [, number = '', unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  if (number === '') throw new InvalidArgumentError('It is not a length of time, such as 90s, 5m or 2h.');
  return Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** Makes a reader of lengths of time, as {@link readDuration}, of at most `max` seconds. In seconds. */
export function secondsReader(max: number): (text: string) => number {
  return (text) => {
    const seconds = readDuration(text) / 1_000;
    if (seconds <= max) return seconds;
    throw new InvalidArgumentError(`It is longer than ${max} seconds.`);
  };
}
