import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';

/** What every destination takes from outside: time and chance, so that tests own both. */
export type DestinationDeps = { readonly clock: Clock; readonly random: Random };
