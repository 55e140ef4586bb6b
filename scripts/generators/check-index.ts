// The index of all checks: what results and severities mean, the profiles, and a table of checks by what they read.
import { type Check, type Profile, severities } from '../../policy/check.ts'
import { rootNames } from '../../policy/expression.ts'
import { facets } from '../../proto/facets.generated.ts'
import { madeHeader, markdown, oneLine, table } from './markdown.ts'

const properties = new Set(facets.map(facet => facet.property))

export function checkIndex(checks: readonly Check[], profiles: readonly Profile[]): string {
  const automatic = checks.filter(check => check.pass !== undefined).length
  const groups = groupByFacet(checks)
  const lines = [
    '# Checks',
    '',
    `${automatic} checks are judged automatically, ${checks.length - automatic} say what a person is to look at. What`,
    '[benchmarks](../reference/coverage.md) ask for stands on pages of its own, how to write a check in',
    '[writing checks](../writing-checks.md).',
    '',
    '## What a result means',
    '',
    ...table(
      ['Result', 'Means', 'To do'],
      [
        ['`pass`', 'it is as it should be', 'nothing'],
        ['`fail`', 'it is not; the evidence says where', 'what the page of the check says, or a waiver with an end'],
        [
          '`error`',
          'what it needs could not be read; the reason says which file and why',
          'give the agent what it lacks, or mend the file. It is never a pass',
        ],
        ['`manual`', 'a person has to look', 'what the page of the check says'],
        ['`not_applicable`', 'what it judges is not on this host', 'nothing'],
      ],
    ),
    '',
    '## What a severity means',
    '',
    ...table(
      ['Severity', 'Weight', 'Means'],
      [
        [
          'critical',
          '10',
          'somebody without a credential, or any local user, has the host, the cluster or all of its secrets at once',
        ],
        ['high', '5', 'one step less to that, or a whole layer of protection is missing'],
        ['medium', '2', 'weakens a layer, or hides that one is missing'],
        ['low', '1', 'hygiene, traces, and what costs more than it gains on many hosts'],
      ],
    ),
    '',
    '## Profiles',
    '',
    'A host takes the profiles whose condition holds; `--profile` names others. A benchmark that is named without a',
    'version is held in the one that fits the Kubernetes that runs.',
    '',
    ...table(
      ['Profile', 'Checks', 'Taken by itself where'],
      profiles.map(profile => [
        `\`${profile.id}\`<br>${markdown(profile.title)}`,
        String(profile.checks.length),
        taken(profile),
      ]),
    ),
    '',
    ...groups.flatMap(([name, members]) => [`## ${name}`, '', ...checkTable(members), '']),
  ]
  return `${madeHeader}${lines.join('\n')}`
}

function taken({ appliesTo, versions = [] }: Profile): string {
  if (oneLine(appliesTo) === 'false') return 'only by name'
  const parts = versions.map(({ profile, when }) => `<br>\`${profile}\` where \`${markdown(oneLine(when))}\``)
  return `\`${markdown(oneLine(appliesTo))}\`${parts.join('')}`
}

/** Checks by the first facet that they read, in the order of the facets; `other` read none. */
function groupByFacet(checks: readonly Check[]): readonly (readonly [string, readonly Check[]])[] {
  const first = (check: Check) => {
    const [property] = rootNames([check.pass, check.applies].filter(part => part !== undefined).join(' '), properties)
    return facets.find(facet => facet.property === property)?.name ?? 'other'
  }
  return [...facets.map(facet => facet.name), 'other'].flatMap(name => {
    const members = checks.filter(check => first(check) === name)
    return members.length === 0 ? [] : [[name, members] as const]
  })
}

function checkTable(checks: readonly Check[]): readonly string[] {
  const rank = (check: Check) => severities.indexOf(check.severity)
  const sorted = [...checks].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1))
  return table(
    ['Check', 'Asks that', 'Severity'],
    sorted.map(check => [
      `[${check.id}](${check.id}.md)`,
      markdown(check.title),
      check.pass === undefined ? `${check.severity}, manual` : check.severity,
    ]),
  )
}
