// One function for each file of schemas/: repeats what serverless.yml says of a table (custom.table) for every one.
//
// With `--param group=NAME` it is one function for each file of schemas/NAME/, in a stack of its own.
//
// In that template, a logical id that begins with `Table` is the table's own: `TableRole` becomes `OrdersRole`. In its
// texts, `{table}` is the table's name in DynamoDB.
//
// JavaScript, because the framework loads it with `require` under any Node.

const { createHash } = require('node:crypto');
const { existsSync, readdirSync, statSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');

const SCHEMAS = join(__dirname, '..', 'schemas');

// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
const MAX_FUNCTION_NAME = 64;

// A logical id holds 255 characters; the longest suffix of the template stays well within the rest.
const MAX_LOGICAL_ID = 220;

// Without a hyphen: see `stackName`.
const GROUP_NAME = /^[a-z0-9]{1,32}$/;

/**
 * `${file(serverless/tables.cjs):stackName}`: what the names of its functions begin with, too.
 *
 * Two hyphens, so that no group's stack has the name of another's, or of a stage such as `sales-prod`, and replaces it.
 */
exports.stackName = async ({ resolveVariable, resolveConfigurationProperty }) => {
  const group = await groupOf(resolveVariable);
  const service = await resolveConfigurationProperty(['service']);
  const stage = await resolveVariable('sls:stage');
  return group === null ? `${service}-${stage}` : `${service}--${group}-${stage}`;
};

/** `${file(serverless/tables.cjs):functions}` */
exports.functions = async ({ resolveVariable, resolveConfigurationProperty }) => {
  const template = await resolveConfigurationProperty(['custom', 'table', 'function']);
  const prefix = `${await exports.stackName({ resolveVariable, resolveConfigurationProperty })}-`;
  const group = await groupOf(resolveVariable);
  const names = tables(group);
  warnOfTwice(names, group);
  return Object.fromEntries(
    names.map((table) => [
      functionKey(table),
      { name: functionName(prefix, functionKey(table)), ...fill(template, table) },
    ]),
  );
};

/**
 * `${file(serverless/tables.cjs):resources}`
 *
 * A parameter's value, given by `--param`, becomes its default. One that wasn't given has none, so that what was packaged
 * without values can't be deployed.
 */
exports.resources = async ({ resolveVariable, resolveConfigurationProperty }) => {
  const template = await resolveConfigurationProperty(['custom', 'table', 'resources']);
  const resources = { Parameters: {} };
  const names = tables(await groupOf(resolveVariable));
  for (const table of names) {
    for (const [section, entries] of Object.entries(fill(template, table))) {
      resources[section] = { ...resources[section], ...entries };
    }
  }
  for (const [parameter, name] of parameters(names)) {
    const value = await resolveVariable(`param:${name}, null`);
    if (value !== null) resources.Parameters[parameter] = { ...resources.Parameters[parameter], Default: value };
  }
  return resources;
};

/** Names of the stack's parameters, and their names for `--param`. */
function parameters(names) {
  return [
    ['Destination', 'destination'],
    ['BigQueryLocation', 'bigquery-location'],
    ...names.flatMap((table) => [
      [`${logicalId(table)}StreamArn`, `${table}.stream-arn`],
      [`${logicalId(table)}KeyArn`, `${table}.key-arn`],
    ]),
  ];
}

/** The group of tables that a stack is of, as `--param group=NAME` names it; `null` for the tables without one. */
async function groupOf(resolveVariable) {
  const group = await resolveVariable('param:group, null');
  if (group === null) return null;
  if (!GROUP_NAME.test(group)) {
    throw refusal(
      `A group's name is at most 32 small letters and digits, not "${group}". Rename its directory in schemas/`,
    );
  }
  return String(group);
}

function tables(group) {
  const folder = group === null ? 'schemas' : `schemas/${group}`;
  const names = filesIn(join(SCHEMAS, group ?? ''))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
  if (names.length === 0) {
    throw refusal(`No table to deploy: ${folder}/ holds no TABLE.json ({} suffices)${waysTo(directoriesWithTables())}`);
  }

  const owners = new Map();
  for (const name of names) {
    if (!TABLE_NAME.test(name)) throw refusal(`${folder}/${name}.json is not named for a DynamoDB table`);
    if (logicalId(name).length > MAX_LOGICAL_ID) throw refusal(`Table ${name}: the name is too long for a stack`);
    for (const taken of [logicalId(name), warehouseName(name)]) {
      const other = owners.get(taken);
      if (other !== undefined && other !== name) {
        throw refusal(`Tables ${other} and ${name} can't be in one stack: both would own the name ${taken}`);
      }
      owners.set(taken, name);
    }
  }
  return names;
}

function filesIn(directory) {
  if (!existsSync(directory)) return [];
  try {
    return readdirSync(directory);
  } catch (error) {
    throw refusal(
      `${relative(dirname(SCHEMAS), directory)} can't be listed (${error.code}): it must be a directory of files TABLE.json`,
    );
  }
}

/** Names of the directories in `schemas/` that hold tables, whether they can be groups or not. */
function directoriesWithTables() {
  return filesIn(SCHEMAS)
    .filter((name) => statSync(join(SCHEMAS, name), { throwIfNoEntry: false })?.isDirectory())
    .filter((name) => filesIn(join(SCHEMAS, name)).some((file) => file.endsWith('.json')))
    .sort();
}

function waysTo(directories) {
  const groups = directories.filter((name) => GROUP_NAME.test(name));
  const others = directories.filter((name) => !GROUP_NAME.test(name)).map((name) => `schemas/${name}/`);
  return [
    groups.length > 0 ? `. There are groups: give --param group=${groups.join(', or group=')}` : '',
    others.length > 0
      ? `. No groups, for their names: ${others.join(', ')}. Use at most 32 small letters and digits`
      : '',
  ].join('');
}

/** Warns of tables that another group has, too: both stacks would deliver, and pay for, every change. */
function warnOfTwice(names, group) {
  const others = [null, ...directoriesWithTables()].filter((other) => other !== group);
  for (const other of others) {
    const files = filesIn(join(SCHEMAS, other ?? ''));
    const twice = names.filter((name) => files.includes(`${name}.json`));
    if (twice.length === 0) continue;
    const where = other === null ? 'schemas/ itself' : `schemas/${other}/`;
    process.stderr.write(
      `Warning: ${where} has ${twice.join(', ')} too. Deployed to one account and region, both stacks deliver every change.\n`,
    );
  }
}

/** An error that the framework prints without a stack trace. */
function refusal(message) {
  const error = new Error(message);
  error.stack = message;
  return error;
}

/** The name of the table's objects in BigQuery, compared without case. */
function warehouseName(table) {
  return table.replace(/[.-]/g, '_').toLowerCase();
}

function functionKey(table) {
  return table.replaceAll('.', 'Dot');
}

/** A function's key as the framework writes it in its own logical ids. */
function logicalId(table) {
  const key = functionKey(table).replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
  return key.charAt(0).toUpperCase() + key.slice(1);
}

function functionName(prefix, key) {
  const name = prefix + key;
  if (name.length <= MAX_FUNCTION_NAME) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, MAX_FUNCTION_NAME - digest.length - 1)}-${digest}`;
}

function fill(template, table, property = '') {
  if (typeof template === 'string') {
    const name = property === 'AllowedPattern' ? table.replaceAll('.', '\\.') : table;
    return template.replaceAll('{table}', name).replace(/^Table(?=[A-Z])/, logicalId(table));
  }
  if (Array.isArray(template)) return template.map((value) => fill(value, table, property));
  if (template === null || typeof template !== 'object') return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) => [fill(name, table), fill(value, table, name)]),
  );
}
