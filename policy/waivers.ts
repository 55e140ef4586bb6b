// Marks results that somebody accepted, and tells which waivers are of no use or end soon.
import type { Result, WaiverMark } from './check.ts'
import { type HostIdentity, type HostSelector, matchesGlob, selectsHost } from './host-selector.ts'

/** A failure that is accepted for a time: the check still runs, and its result carries the waiver. */
export interface Waiver extends WaiverMark {
  readonly hosts: HostSelector
  /** id of a check, or a glob over ids */
  readonly check: string
}

export const waiverUses = ['used', 'unused', 'expired'] as const

/** What became of one waiver that is meant for the host. */
export interface WaiverUse extends Omit<Waiver, 'hosts'> {
  /** used: it accepts a result now; expired: it did, or would, were its time not over */
  readonly use: (typeof waiverUses)[number]
  /** checks that fail, or could not be judged, and that it is meant for */
  readonly results: readonly string[]
  /** it is not expired, but will be within the notice */
  readonly expiresSoon: boolean
}

export interface WaivedResults {
  readonly results: readonly Result[]
  /** waivers of this host, in their own order */
  readonly waivers: readonly WaiverUse[]
}

export interface WaiverContext {
  readonly host: HostIdentity
  readonly now: Date
  /** days before the end of a waiver from which on it is told to end soon */
  readonly noticeDays: number
  /** whether every check of the host was judged; else a waiver of a check that was not is passed over */
  readonly complete: boolean
}

const dayMs = 86_400_000

/**
 * Sets the mark on what fails or could not be judged. Of several waivers the one that lasts longest counts. A result
 * that carries one is valid until the waiver ends at the latest: it counts again at that moment.
 */
export function applyWaivers(
  results: readonly Result[],
  waivers: readonly Waiver[],
  context: WaiverContext,
): WaivedResults {
  const mine = waiversOf(waivers, context.host)
  const waiverFor = finderOf(mine, context.now.getTime())
  return {
    results: results.map(result => {
      const found = waiverFor(result)
      return found ? waived(result, found) : result
    }),
    waivers: mine.flatMap(waiver => useOf(waiver, results, context)),
  }
}

/** Of several waivers the one that lasts longest counts. @returns what finds the waiver of a result of that host, now */
export function createWaiverFinder(waivers: readonly Waiver[], host: HostIdentity, nowMs: number): WaiverFinder {
  return finderOf(waiversOf(waivers, host), nowMs)
}

type WaiverFinder = (result: Pick<Result, 'check' | 'state'>) => Waiver | undefined

const waiversOf = (waivers: readonly Waiver[], host: HostIdentity) =>
  waivers.filter(({ hosts }) => selectsHost(hosts, host))

function finderOf(waivers: readonly Waiver[], nowMs: number): WaiverFinder {
  const lasting = waivers
    .filter(({ expiresAt }) => Date.parse(expiresAt) > nowMs)
    .sort((a, b) => Date.parse(b.expiresAt) - Date.parse(a.expiresAt))
  return result => (isWaivable(result) ? lasting.find(({ check }) => matchesGlob(check, result.check)) : undefined)
}

const isWaivable = ({ state }: Pick<Result, 'state'>) => state === 'fail' || state === 'error'

function waived(result: Result, { id, reason, owner, ticket, expiresAt }: Waiver): Result {
  const before = result.validUntil === undefined ? Number.POSITIVE_INFINITY : Date.parse(result.validUntil)
  const validUntil = new Date(Math.min(before, Date.parse(expiresAt))).toISOString()
  return { ...result, validUntil, waiver: { id, reason, owner, ticket, expiresAt } }
}

function useOf(waiver: Waiver, results: readonly Result[], context: WaiverContext): readonly WaiverUse[] {
  const concerned = results.filter(result => matchesGlob(waiver.check, result.check))
  if (concerned.length === 0 && !context.complete) return []
  const matched = concerned.filter(isWaivable).map(result => result.check)
  const leftMs = Date.parse(waiver.expiresAt) - context.now.getTime()
  const { hosts: _, ...rest } = waiver
  const use = leftMs <= 0 ? 'expired' : matched.length > 0 ? 'used' : 'unused'
  return [{ ...rest, use, results: matched, expiresSoon: leftMs > 0 && leftMs <= context.noticeDays * dayMs }]
}

/** One line about each waiver that somebody has to look at. */
export function waiverNotices(waivers: readonly WaiverUse[]): readonly string[] {
  return waivers.flatMap(({ id, check, owner, use, results, expiresAt, expiresSoon }) => {
    const subject = `waiver ${id} (${check}, owner ${owner})`
    if (use === 'expired') {
      const again = results.length > 0 ? `, counts again: ${results.join(', ')}` : ', and nothing fails: remove it'
      return [`${subject} expired at ${expiresAt}${again}`]
    }
    if (use === 'unused') return [`${subject} is not used: nothing that it is meant for fails on this host`]
    return expiresSoon ? [`${subject} expires at ${expiresAt}`] : []
  })
}
