import { createStreamHandler } from '../delivery/stream-handler.ts';
import { readConfig } from './config.ts';
import { connect } from './connect.ts';

/** The entry point of Lambda: one function for one table's stream. A failed start acknowledges nothing. */
export const handler = createStreamHandler(connect(readConfig(process.env)));
