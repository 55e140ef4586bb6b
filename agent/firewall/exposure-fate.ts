// Sums up what happens to one packet: let in, stopped, let in on a condition, or not told.
import type { FirewallFacts } from '../../proto/facets/firewall.ts'
import type { Assumption, Condition } from './packet-condition.ts'
import type { End, Walk } from './packet-walk.ts'

type Exposure = NonNullable<FirewallFacts['exposures']>[number]
export type ExposureFate = Pick<Exposure, 'verdict' | 'decidedBy' | 'condition' | 'restriction' | 'via'>

const maxNamed = 8

export function exposureFate({ ends, unread }: Walk): ExposureFate {
  const via = ends.some(end => end.translated) ? 'dnat' : 'socket'
  const unnamed = ends.toSorted((a, b) => held(a) - held(b))[0]
  const verdicts = new Set(ends.map(({ verdict }) => verdict))
  const plain = { condition: '', restriction: 'none', via } as const
  const puzzle = ends.find(({ verdict }) => verdict === 'unknown')
  if (puzzle || !unnamed) return { ...plain, verdict: 'unknown', decidedBy: puzzle?.decidedBy ?? '' }
  if (verdicts.size === 1) return { ...plain, verdict: unnamed.verdict, decidedBy: unnamed.decidedBy }
  if (unread !== '') return { ...plain, verdict: 'unknown', decidedBy: unread }
  const accepted = ends.filter(({ verdict }) => verdict === 'accepted')
  return {
    via,
    verdict: 'conditional',
    decidedBy: accepted[0]?.decidedBy ?? '',
    condition: conditionText(accepted, ends),
    restriction: restrictionOf(accepted),
  }
}

const held = ({ assumed }: End) => assumed.filter(({ holds }) => holds).length

/** The strongest thing that every way in asks for. */
function restrictionOf(accepted: readonly End[]): Exposure['restriction'] {
  const asks = (kinds: readonly Condition['kind'][]) =>
    accepted.every(({ assumed }) => assumed.some(({ condition, holds }) => holds && kinds.includes(condition.kind)))
  if (asks(['source'])) return 'sources'
  if (asks(['source', 'interface', 'destination', 'sourcePort'])) return 'other'
  const exceptions = accepted.every(({ assumed }) => assumed.every(({ condition }) => condition.kind !== 'rate'))
  return exceptions ? 'exceptions' : 'rate'
}

/** `from 10.0.0.0/8 on eth0; from 192.0.2.1`: ways in, with what is stopped before them. */
function conditionText(accepted: readonly End[], ends: readonly End[]): string {
  const stops = new Set(
    ends.flatMap(({ verdict, assumed }) =>
      verdict === 'dropped' ? assumed.filter(({ holds }) => holds).map(({ condition }) => condition.key) : [],
    ),
  )
  const ways = accepted.map(({ assumed }) => wayText(assumed, stops))
  const distinct = [...new Set(ways.map(way => way || 'from elsewhere'))].sort()
  return distinct.length > maxNamed ? `${distinct.slice(0, maxNamed).join('; ')}; and others` : distinct.join('; ')
}

function wayText(assumed: readonly Assumption[], stops: ReadonlySet<string>): string {
  const yes = assumed.filter(({ holds }) => holds).map(({ condition }) => nameOf(condition, true))
  const no = assumed
    .filter(({ holds, condition }) => !holds && (stops.has(condition.key) || condition.kind === 'rate'))
    .map(({ condition }) => nameOf(condition, false))
  return [...new Set([...yes, ...no])].join(' ')
}

const words = { source: 'from', interface: 'on', destination: 'to', sourcePort: 'from port' } as const

function nameOf({ kind, of }: Condition, holds: boolean): string {
  if (kind === 'rate') return holds ? 'within a rate' : 'within a rate or over it'
  const names = of.length > maxNamed ? `${of.slice(0, maxNamed).join(', ')} and others` : of.join(', ')
  return `${holds ? '' : 'not '}${words[kind]} ${names}`
}
