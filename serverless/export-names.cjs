// Names the stack's exports for the stack. The framework names them for service and stage, which several stacks of one
// repository share, and an account takes each name once.

class ExportNames {
  constructor(serverless) {
    this.hooks = { 'after:aws:package:finalize:addExportNameForOutputs': () => rename(serverless) };
  }
}

function rename(serverless) {
  const { Outputs } = serverless.service.provider.compiledCloudFormationTemplate;
  const stack = serverless.getProvider('aws').naming.getStackName();
  for (const [name, output] of Object.entries(Outputs)) output.Export = { Name: `sls-${stack}-${name}` };
}

module.exports = ExportNames;
