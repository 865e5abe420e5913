// Refuses to deploy a stack whose parameters have missing or invalid values, before anything is created.
// CloudFormation would refuse it too, but only after the framework has made a stack and a bucket.

class CheckValues {
  constructor(serverless) {
    this.hooks = { 'before:deploy:deploy': () => check(serverless) };
  }
}

function check(serverless) {
  const { Parameters = {} } = serverless.service.provider.compiledCloudFormationTemplate;
  const region = serverless.getProvider('aws').getRegion();
  const problems = Object.entries(Parameters).flatMap(([name, { Default, AllowedPattern, Description }]) => {
    if (Default === undefined) return [`${name} has no value. ${Description}`];
    if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(Default)) {
      return [`${name} can't be "${Default}". ${Description}`];
    }
    if (name.endsWith('StreamArn') && Default.split(':')[3] !== region) {
      return [`${name} is in another region than the stack, which is in ${region} (--region).`];
    }
    return [];
  });
  if (problems.length === 0) return;
  throw new serverless.classes.Error(`${problems.join('\n')}\nGive values by --param: see serverless.yml.`);
}

module.exports = CheckValues;
