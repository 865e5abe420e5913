// Refuses to package a stack that CloudFormation would refuse for its size, after minutes, when it is deployed.

// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const LIMITS = { Resources: 500, Parameters: 200, Outputs: 200 };
const MAX_TEMPLATE_BYTES = 1_000_000; // 1 MB in S3, from where the framework has it read.

class CheckLimits {
  constructor(serverless) {
    this.hooks = { 'after:aws:package:finalize:stripNullPropsFromTemplateResources': () => check(serverless) };
  }
}

function check(serverless) {
  const { compiledCloudFormationTemplate: template } = serverless.service.provider;
  const problems = Object.entries(LIMITS)
    .map(([section, limit]) => ({ what: section.toLowerCase(), count: countOf(template[section]), limit }))
    .concat({ what: 'bytes of template', count: bytesOf(template), limit: MAX_TEMPLATE_BYTES })
    .filter(({ count, limit }) => count > limit)
    .map(({ what, count, limit }) => `${count} ${what} of at most ${limit}`);
  if (problems.length === 0) return;
  const tables = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function').length;
  throw new serverless.classes.Error(
    `${tables} tables are too many for one stack: CloudFormation would get ${problems.join(', ')}.\n` +
      'Move some of them into a directory, such as schemas/b/, and package or deploy that one as a stack of its own, by ' +
      '--param group=b: see docs/lambda.md.',
  );
}

function countOf(section = {}) {
  return Object.keys(section).length;
}

/** As the framework writes it. */
function bytesOf(template) {
  return Buffer.byteLength(JSON.stringify(template));
}

module.exports = CheckLimits;
