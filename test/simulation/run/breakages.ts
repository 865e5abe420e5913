import type { Breakage } from './breakage.ts';
import { ABSENCE_BREAKAGES } from './breakages/absence.ts';
import { DELIVERY_BREAKAGES } from './breakages/delivery.ts';
import { REMADE_BREAKAGES } from './breakages/remade.ts';
import { REPLAY_BREAKAGES } from './breakages/replay.ts';
import { SNAPSHOT_BREAKAGES } from './breakages/snapshot.ts';
import { TAIL_BREAKAGES } from './breakages/tail.ts';
import { VIEW_BREAKAGES } from './breakages/view.ts';

/**
 * Deliberate breakages of the product, each of one rule. The simulation must find every one of them: otherwise it proves
 * less than it seems to.
 */
export const BREAKAGES: readonly Breakage[] = [
  ...VIEW_BREAKAGES,
  ...TAIL_BREAKAGES,
  ...SNAPSHOT_BREAKAGES,
  ...DELIVERY_BREAKAGES,
  ...REPLAY_BREAKAGES,
  ...ABSENCE_BREAKAGES,
  ...REMADE_BREAKAGES,
];
