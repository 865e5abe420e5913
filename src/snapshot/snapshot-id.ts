import type { Random } from '../random.ts';

/** Names a snapshot: UTC `YYYYMMDDtHHMMSSz` of its start, and 4 random hexadecimal digits. Text order is time order, to the second. */
export type SnapshotId = string;

const SNAPSHOT_ID = /^\d{8}t\d{6}z[0-9a-f]{4}$/;

/** @param startedAt Milliseconds since the epoch. */
export function newSnapshotId(startedAt: number, random: Random): SnapshotId {
  const digits = new Date(startedAt).toISOString().replace(/[-:]/g, '').slice(0, 15);
  return `${digits.replace('T', 't')}z${random.hex(4)}`;
}

export function isSnapshotId(text: string): text is SnapshotId {
  return SNAPSHOT_ID.test(text);
}

/** Whether one was begun after another, as far as their names tell: within one second neither was. */
export function isYounger(a: SnapshotId, b: SnapshotId): boolean {
  return secondOf(a) > secondOf(b);
}

function secondOf(id: SnapshotId): string {
  return id.slice(0, id.indexOf('z'));
}
