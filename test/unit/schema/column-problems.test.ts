import { describe, expect, test } from 'vitest';
import { columnFile, EACH, IN_JSON, linesFile, POLICY_TAG, problemsOf } from '../../support/values/schema-files.ts';

describe('a column of a schema file', () => {
  test.for<[string, object, readonly RegExp[]]>([
    ['an unknown format', columnFile({ format: 'epoch' }), [/^columns\[0\]\.format: expected one of epoch_seconds, /]],
    [
      'a format of another type',
      columnFile({ format: 'epoch_seconds' }),
      [/^columns\[0\]\.format: format epoch_seconds gives TIMESTAMP, DATE, DATETIME, not STRING$/],
    ],
    [
      'base64 of STRING',
      columnFile({ format: 'base64' }),
      [/^columns\[0\]\.format: format base64 gives BYTES, not STRING$/],
    ],
    [
      'a day without its zone',
      columnFile({ type: 'DATE', format: 'iso8601' }),
      [/^columns\[0\]\.format: format iso8601 needs a zone to give DATE, such as "zone": "Europe\/Berlin"/],
    ],
    [
      'a local moment without its zone',
      columnFile({ type: 'TIMESTAMP', format: 'iso8601_local' }),
      [/needs a zone to give TIMESTAMP/],
    ],
    [
      'a zone of a moment',
      columnFile({ type: 'TIMESTAMP', format: 'epoch_seconds', zone: 'UTC' }),
      [/^columns\[0\]\.format: zone has no meaning for TIMESTAMP with the format epoch_seconds$/],
    ],
    [
      'a zone of a local day',
      columnFile({ type: 'DATE', format: 'iso8601_local', zone: 'UTC' }),
      [/zone has no meaning for DATE/],
    ],
    [
      'a zone without a format',
      columnFile({ type: 'TIMESTAMP', zone: 'UTC' }),
      [/^columns\[0\]\.zone: zone has no meaning for TIMESTAMP without a format$/],
    ],
    ...['CET', '+01:00', 'Etc/GMT+99', 'europe/berlin', 'Europe/Atlantis', '', "UTC'"].map(
      (zone): [string, object, readonly RegExp[]] => [
        `the zone ${JSON.stringify(zone)}`,
        columnFile({ type: 'TIMESTAMP', format: 'iso8601_local', zone }),
        [/^columns\[0\]\.zone: expected the name of a time zone, such as Europe\/Berlin or UTC$/],
      ],
    ),
    [
      'a part without a separator',
      columnFile({ split: { separator: '', index: 0 } }),
      [/^columns\[0\]\.split\.separator: expected text that is not empty$/],
    ],
    [
      'half a part',
      columnFile({ split: { separator: '#', index: 0.5 } }),
      [/^columns\[0\]\.split\.index: expected a whole number/],
    ],
    [
      'a part without an index',
      columnFile({ split: { separator: '#' } }),
      [/^columns\[0\]\.split\.index: expected a whole number/],
    ],
    [
      'a part as JSON',
      columnFile({ type: 'JSON', split: { separator: '#', index: 0 } }),
      [/^columns\[0\]\.split: a part of a text is no JSON/],
    ],
    [
      'a list of JSON',
      columnFile({ type: 'JSON', mode: 'REPEATED' }),
      [/^columns\[0\]\.mode: a REPEATED column is of scalars/],
    ],
    [
      'each without REPEATED',
      columnFile({ path: ['a', EACH] }),
      [
        /^columns\[0\]\.path: \{"each": true\} gives many values: give the column the mode REPEATED, or the view the list as unnest$/,
      ],
    ],
    [
      'each twice',
      columnFile({ mode: 'REPEATED', path: ['a', EACH, 'b', EACH] }),
      [/^columns\[0\]\.path: expected \{"each": true\} once/],
    ],
    [
      "each of another list in a list's view",
      linesFile({ path: ['others', EACH] }),
      [/^views\[0\]\.columns\[0\]\.path: \{"each": true\} stands only behind the list of the view, \["lines"\]/],
    ],
    [
      "each twice in a list's view",
      linesFile({ path: ['lines', EACH, 'tags', EACH] }),
      [/^views\[0\]\.columns\[0\]\.path: \{"each": true\} stands only/],
    ],
    [
      "each thrice in a list's view",
      linesFile({ mode: 'REPEATED', path: ['lines', EACH, 'a', EACH, 'b', EACH] }),
      [/expected \{"each": true\} once/],
    ],
    ['each that isn’t true', columnFile({ path: ['a', { each: 1 }] }), [/^columns\[0\]\.path(\[1\])?: expected text/]],
    [
      'a step of two kinds',
      columnFile({ path: ['a', { each: true, json: true }] }),
      [/^columns\[0\]\.path(\[1\])?: expected text/],
    ],
    [
      'an index first',
      columnFile({ path: [0, 'a'] }),
      [/^columns\[0\]\.path: expected the name of an attribute as the first step$/],
    ],
    ['JSON first', columnFile({ path: [IN_JSON, 'a'] }), [/^columns\[0\]\.path: expected the name of an attribute/]],
    [
      'a tag that is none',
      columnFile({ policyTags: ['personal'] }),
      [/^columns\[0\]\.policyTags\[0\]: expected projects\/P\/locations/],
    ],
    [
      'two tags of a column',
      columnFile({ policyTags: [POLICY_TAG, POLICY_TAG] }),
      [/^columns\[0\]\.policyTags: expected one policy tag at most/],
    ],
    [
      'two tags of one definition',
      {
        columns: [{ name: 'b', type: 'STRING', policyTags: [POLICY_TAG] }],
        views: [{ name: 'v', columns: [{ name: 'b', type: 'STRING', policyTags: [`${POLICY_TAG}3`] }] }],
      },
      [/^views\[0\]\.columns\[0\]\.policyTags: expected the tag of columns\[0\]: snapshots have one column for both$/],
    ],
    [
      'a cluster column that is REPEATED',
      columnFile({ mode: 'REPEATED', cluster: true }),
      [/^columns\[0\]\.cluster: a table can't be clustered by a REPEATED column$/],
    ],
    [
      "a cluster column of a list's elements",
      linesFile({ path: ['lines', EACH, 'a'], cluster: true }),
      [/^views\[0\]\.columns\[0\]\.cluster: a table can't be clustered by values of a list's elements$/],
    ],
    [
      'four cluster columns in two views',
      {
        columns: ['b', 'c', 'd'].map((name) => ({ name, type: 'STRING', cluster: true })),
        views: [{ name: 'v', columns: [{ name: 'e', type: 'STRING', cluster: true }] }],
      },
      [/^views\[0\]\.columns\[0\]\.cluster: at most 3 columns can be cluster columns, beside the key$/],
    ],
  ])('with %s is refused by name', ([, schema, problems]) => {
    expect(problemsOf(schema)).toEqual(problems.map((problem) => expect.stringMatching(problem)));
  });
});
