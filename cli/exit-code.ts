/**
 * How a command ends. 0: done. 1: it ran, and found or left something that a person should look at. 2: it could not
 * run, or could not finish.
 */
export type ExitCode = 0 | 1 | 2;
