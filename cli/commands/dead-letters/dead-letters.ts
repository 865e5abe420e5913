import type { Root } from '../../root.ts';
import type { Start } from '../../start.ts';
import { declareGroup, type GroupHelp } from '../group.ts';
import { declareDeadLettersList } from './list.ts';
import { declareDeadLettersRemove } from './remove.ts';
import { declareDeadLettersReplay } from './replay.ts';
import { declareDeadLettersShow } from './show.ts';

const HELP: GroupHelp = {
  noun: 'dead-letters',
  summary: 'show records that were set aside, and deliver them again',
  description:
    'Dead letters: records that could not be written, each stored with its reason until it is delivered after all, or ' +
    'removed. tail, replay and backfill store them in the state directory, the Lambda in its bucket.',
  example: 'tailrace dead-letters list orders',
};

export function declareDeadLetters(root: Root, start: Start): void {
  declareGroup(root, start, HELP, [
    declareDeadLettersList,
    declareDeadLettersShow,
    declareDeadLettersReplay,
    declareDeadLettersRemove,
  ]);
}
