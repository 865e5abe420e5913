// The obvious program: reads a file line by line and parses each, with nothing done to the items. In JavaScript, so that its
// start is as short as it can be.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const [, , path] = process.argv;
for await (const line of createInterface({ input: createReadStream(path) })) JSON.parse(line);
