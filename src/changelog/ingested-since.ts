/** Two hours: far more than the clocks of those who write rows and of DynamoDB are apart. */
const MARGIN_MS = 2 * 60 * 60 * 1000;

/**
 * The time since which all rows of changes since `changedAt` were ingested, in milliseconds since the epoch.
 *
 * Nothing is ingested before it changed. A record without a time of its own has the earliest of its batch, which is a
 * time before its ingestion too. So the margin is for clocks that differ.
 */
export function ingestedSince(changedAt: number): number {
  return Math.max(0, changedAt - MARGIN_MS);
}
