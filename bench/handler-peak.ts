import { readFileSync } from 'node:fs';
import type { LambdaEvent } from './events.ts';
import { acknowledgedHandler } from './handler.ts';

// Handles the event of a file once, as Lambda does, and prints the process's peak memory, and its memory before.
const peakMb = () => Math.round(process.resourceUsage().maxRSS / 1024);
const idleMb = peakMb();
const event = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as LambdaEvent;
await acknowledgedHandler(event)(event);
process.stdout.write(JSON.stringify({ peakMb: peakMb(), idleMb }));
