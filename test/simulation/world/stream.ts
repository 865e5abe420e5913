import type * as model from '../../model/stream.ts';
import type { Change } from './change.ts';

// The streams of the simulated table. Their records' changes say what became of them.

export type ModelStream = model.ModelStream<Change>;
export type ModelShard = model.ModelShard<Change>;
export type ModelRecord = model.ModelRecord<Change>;
