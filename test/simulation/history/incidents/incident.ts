import type { Step } from '../plan.ts';
import { ABSENCES } from './absences.ts';
import type { Author } from './author.ts';
import { COMMANDS } from './commands.ts';
import { COMPACTIONS } from './compactions.ts';
import { DESTINATION } from './destination.ts';
import { LAMBDA } from './lambda.ts';
import { REPLAYS } from './replays.ts';
import { RETENTIONS } from './retentions.ts';
import { SNAPSHOTS } from './snapshots.ts';
import { STREAM } from './stream.ts';
import { TAIL } from './tail.ts';

/** Makes an incident that can happen in the setting. */
export function incident(author: Author): readonly Step[] {
  const { dice, setting } = author;
  const readers = setting.readers === 'lambda' ? [LAMBDA] : setting.readers === 'tail' ? [TAIL] : [LAMBDA, TAIL];
  const [first = COMMANDS, ...rest] = dice.pick(
    [DESTINATION],
    [DESTINATION],
    [STREAM],
    [COMMANDS],
    [SNAPSHOTS],
    [COMPACTIONS],
    [COMPACTIONS, RETENTIONS],
    [REPLAYS],
    [ABSENCES],
    readers,
    readers,
    readers,
    readers,
  );
  const incidents = dice.pick(first, ...rest);
  const [one, ...others] = incidents;
  return one ? dice.pick(one, ...others)(author) : [];
}
