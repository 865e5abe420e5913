import { runVerify } from './verify.ts';
import type { VerifyFinding, VerifyOptions, VerifyResult } from './verify-options.ts';

export type CollectedVerify = VerifyResult & {
  /** Those that were told, in their order. */
  readonly findings: readonly VerifyFinding[];
};

/** Compares as {@link runVerify} does, and gives the findings at the end, for those who expect few. */
export async function collectFindings(options: Omit<VerifyOptions, 'onFinding'>): Promise<CollectedVerify> {
  const findings: VerifyFinding[] = [];
  const result = await runVerify({ ...options, onFinding: (finding) => findings.push(finding) });
  return { ...result, findings };
}
