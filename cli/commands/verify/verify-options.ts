import type { Invocation } from '../../invocation.ts';

/** What `tailrace verify` was asked for. */
export type VerifyOptions = Invocation & {
  readonly table: string;
  /** `undefined` for the default, or as many as a repair was begun with. */
  readonly segments: number | undefined;
  /** In seconds; `undefined` for what fits the endpoint. */
  readonly maxLag: number | undefined;
  readonly maxReadUnits: number | undefined;
  readonly rate: number | undefined;
  readonly maxFindings: number;
  readonly whole: number;
  /** Percentage of both sides that is compared; `undefined` for all. */
  readonly sample: number | undefined;
  /** Whether the latest view is made to stand on what was read. */
  readonly repair: boolean;
};
