import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that wait for processes, servers or thousands of steps. Begun last, they would run alone. */
const LONG = /\/test\/(?:integration|simulation)\//;

/** Begins with the files that take long, so that all workers end at about the same time, even on a fresh checkout. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
