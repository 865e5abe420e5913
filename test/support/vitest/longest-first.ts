import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What waits for processes, servers or thousands of steps: begun last, it would be waited for alone. */
const LONG = /\/test\/(?:integration|simulation)\//;

/** Begins with the files that take long, so that on a fresh checkout too all workers end at much the same time. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
