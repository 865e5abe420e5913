import type { Dice } from '../dice.ts';
import type { Setting, Step } from '../plan.ts';
import type { Writer } from '../writer.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** What an incident is made with. */
export type Author = { readonly dice: Dice; readonly writer: Writer; readonly setting: Setting };

/** Makes steps that belong together. */
export type Incident = (author: Author) => readonly Step[];

/** The most that a page of a scan can cost, by DynamoDB's limits. */
export const PAGE_UNITS = 178;
