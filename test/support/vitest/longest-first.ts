import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that wait for processes, servers or thousands of steps. Begun last, they would run alone. */
const LONG = /\/test\/(?:integration|simulation)\//;

/** Begins with the files that take long, so that on a fresh checkout too all workers end at much the same time. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    // What has a process of its own goes first: each change between the two kinds ends processes that could be shared.
    const rank = ({ moduleId, project }: TestSpecification) =>
      project.config.isolate ? 0 : LONG.test(moduleId) ? 1 : 2;
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
