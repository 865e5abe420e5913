import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServiceDirectory, serviceDirectory } from '../support/process/lambda-package.ts';

type Template = {
  readonly Parameters: object;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>;
  readonly Outputs: Readonly<Record<string, { readonly Export?: { readonly Name: string } }>>;
};

/** The most that fit: two parameters each, and two of the stack's own, of CloudFormation's 200. */
const MOST = 99;

function names(count: number, folder = ''): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${folder}table-${String(index).padStart(3, '0')}`);
}

/** Names that an account takes once: of functions, log groups and exports. Buckets and roles are named by CloudFormation. */
function namesOf({ Resources, Outputs }: Template): readonly unknown[] {
  const named = ['FunctionName', 'LogGroupName', 'RoleName', 'BucketName'];
  const own = Object.values(Resources).flatMap(({ Type, Properties }) =>
    Object.entries(Properties)
      // A mapping's is a reference, to the function's own.
      .filter(([property]) => named.includes(property) && Type !== 'AWS::Lambda::EventSourceMapping')
      .map(([, name]) => name),
  );
  return [...own, ...Object.values(Outputs).flatMap(({ Export }) => (Export ? [Export.Name] : []))];
}

let service: ServiceDirectory;
beforeAll(async () => {
  service = await serviceDirectory([...names(MOST), ...names(21, 'b/'), ...names(MOST + 1, 'toomany/')]);
});
afterAll(() => service[Symbol.asyncDispose]());

async function packaged(...params: readonly string[]): Promise<Template> {
  const { code, output } = await service.serverless('package', ...params);
  if (code !== 0) throw new Error(output);
  return (await service.readPackaged('cloudformation-template-update-stack.json')) as Template;
}

describe('120 tables', () => {
  test('are two stacks of one repository, within the limits, that share no name', async () => {
    const stacks = [await packaged(), await packaged('--param', 'group=b')];

    expect(stacks.map(({ Resources }) => Object.keys(Resources).length)).toEqual([4 * MOST + 4, 4 * 21 + 4]);
    expect(stacks.map(({ Parameters }) => Object.keys(Parameters).length)).toEqual([2 * MOST + 2, 2 * 21 + 2]);
    const taken = stacks.flatMap(namesOf);
    expect(new Set(taken).size).toBe(taken.length);
    expect(taken).toContain('tailrace--b-dev-table-000');
    const mappings = stacks.flatMap(({ Resources }) =>
      Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping'),
    );
    expect(mappings).toHaveLength(120);
  });

  test('one more than fit are refused offline, counted, with the way out', async () => {
    const { code, output } = await service.serverless('package', '--param', 'group=toomany');

    expect(code).toBe(1);
    expect(output).toContain(
      '100 tables are too many for one stack: CloudFormation would get 202 parameters of at most 200',
    );
    expect(output).toContain('--param group=b');
  });
});
