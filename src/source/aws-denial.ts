/** A call to a service of AWS, for messages about its failure. */
export type AwsCall = {
  /** The IAM action that it needs, such as `dynamodb:Scan`. */
  readonly action: string;
  /** Name of the table, or a stream's ARN. */
  readonly subject: string;
  /** On what IAM allows the action, if not on the subject. */
  readonly resource?: string;
  /** Where it was sent, for people: a URL, or words such as `DynamoDB in eu-west-1`. */
  readonly endpoint: string;
};

/** Why AWS refused a call, for a person, and what to do about it. */
export type AwsDenial = { readonly message: string; readonly remedy: string };

/** The SDK's names of refusals; the last two are refusals of the key that encrypts the resource. */
const DENIED = new Set(['AccessDeniedException', 'AccessDenied', 'KmsAccessDenied', 'KMS.AccessDeniedException']);

/**
 * The parts of IAM's one sentence that name things: principal, action, resource and the kind of policy. None of them holds
 * an attribute value; the rest of a message stays in the cause.
 * Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>
 */
const PRINCIPAL = /(?:^|: )User: (arn:[!-~]+) is not authorized/;
const ACTION = /is not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/;
const RESOURCE = /on(?: resource:)? "?(arn:[!#-~]+)/;
const POLICY =
  /(because no|with an explicit deny in an?) ((?:identity-based|resource-based|session|service control|resource control|VPC endpoint) policy|permissions boundary)/;

/** Reads a refusal of AWS: principal, action and resource, and the policy that would allow it; `undefined` if `error` is none. */
export function awsDenial(
  error: unknown,
  { action, subject, resource }: Omit<AwsCall, 'endpoint'>,
): AwsDenial | undefined {
  if (!(error instanceof Error) || !DENIED.has(error.name)) return undefined;
  const { message } = error;
  const principal = PRINCIPAL.exec(message)?.[1];
  const on = RESOURCE.exec(message)?.[1];
  const named = ACTION.exec(message)?.[1] ?? action;
  const [, reason, policy] = POLICY.exec(message) ?? [];
  const who = principal ?? 'These credentials';

  // SQS writes its actions in small letters. Another action is one that this one needs, such as a key's.
  const isOwn = named.toLowerCase() === action.toLowerCase();
  const what = isOwn ? `${action} on ${subject}` : `${named}, which ${action} on ${subject} needs`;
  const grant = `${isOwn ? action : named} on ${on ?? (isOwn ? (resource ?? subject) : 'the resource')}`;
  const to = principal === undefined ? '' : ` to ${principal}`;
  const isExplicit = reason?.startsWith('with') === true;
  const step = isExplicit ? `Change the ${policy} that denies it` : `Allow ${grant}${to}${wherePolicyIs(policy)}`;
  return {
    message: `${who} may not ${what}${isExplicit ? `: a ${policy} denies it` : ''}`,
    remedy: `${step}, or give other credentials (--profile, AWS_PROFILE).`,
  };
}

/** The policy to change, if that isn't one of the principal's own. */
function wherePolicyIs(policy: string | undefined): string {
  return policy === undefined || policy === 'identity-based policy' ? '' : ` in the ${policy}`;
}
