// What every transaction on a host ends with: progress, drift of its facts, and marks of what has to be judged.
import type { JudgementMark, StoreTransaction } from '../store/transaction.ts'
import { type FlapRules, neverFlapping, tellChanges } from './flapping.ts'
import { createHostUnit, type HostUnit } from './host-unit.ts'

/** One transaction over any number of hosts. */
export interface WriteBatch {
  /** @returns the unit of a host; `finish` ends it. @throws Error for a host that is not there */
  begin(host: number): Promise<HostUnit>
  finish(unit: HostUnit): Promise<void>
  /** hosts that have to be judged when the transaction is on disk */
  readonly toJudge: ReadonlySet<number>
}

/** @param host number that stands for no host: its unit has a transaction and nothing else */
export const noHost = 0

/** @param readsObservations whether observations of a facet can change a result */
export function createWriteBatch(
  transaction: StoreTransaction,
  readsObservations: (facet: string) => boolean,
  nowMs: number,
  flapping: FlapRules = neverFlapping,
): WriteBatch {
  const toJudge = new Set<number>()
  let standing: ReturnType<HostUnit['standingPolicy']> | undefined
  const standingPolicy = () => {
    standing ??= transaction.standingPolicy()
    return standing
  }
  return {
    toJudge,
    async begin(host) {
      const revision = host === noHost ? 0 : await transaction.holdHost(host)
      if (revision === undefined) throw new Error(`host ${host} is not in the store`)
      return createHostUnit({ transaction, host, revision, nowMs, toJudge, standingPolicy })
    },
    async finish(unit) {
      for (const [outbox, sequence] of unit.progress) {
        await transaction.setAppliedSequence(unit.host, outbox, sequence, nowMs)
      }
      const marks = marksOf(unit, readsObservations)
      if (marks.length > 0) {
        await transaction.markForJudgement(unit.host, marks)
        toJudge.add(unit.host)
      }
      if (unit.drift.length === 0) return
      const told = await tellChanges(transaction, unit.host, unit.drift, flapping)
      const rows = told.map(({ row: { key: _, ...row }, atMs }) => ({ ...row, atMs, receivedAtMs: nowMs }))
      await transaction.appendDrift(unit.host, rows)
      const turned = new Set(told.flatMap(({ row }) => (row.kind === 'result' ? [row.subject] : [])))
      await transaction.countTurns(unit.failures.filter(({ check }) => turned.has(check)))
    },
  }
}

function marksOf(
  { changed, observed }: HostUnit,
  readsObservations: (facet: string) => boolean,
): readonly JudgementMark[] {
  const seen = [...observed].filter(([facet]) => readsObservations(facet))
  return [
    ...[...changed].map(([facet, touch]) => ({ facet, changed: true, ...touch })),
    ...seen.map(([facet, touch]) => ({ facet, changed: false, ...touch })),
  ]
}
