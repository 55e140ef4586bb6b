// What every transaction on a host begins and ends with: results of the catalog in force, progress, judgement, drift.
import type { StoreTransaction } from '../store/transaction.ts'
import { createHostUnit, type HostUnit, type ResultCounts } from './host-unit.ts'
import type { Judge } from './judge.ts'

/** One transaction over any number of hosts. */
export interface WriteBatch {
  /** @returns the unit of a host; `finish` ends it */
  begin(host: number): Promise<HostUnit>
  finish(unit: HostUnit): Promise<void>
  /** writes what the hosts have in common; nothing follows */
  end(): Promise<void>
}

/** @param host number that stands for no host: its unit has a transaction and nothing else */
export const noHost = 0

export function createWriteBatch(transaction: StoreTransaction, judge: Judge, nowMs: number): WriteBatch {
  const counts: ResultCounts = new Map()
  return {
    async begin(host) {
      const unit = createHostUnit({ transaction, host, nowMs, counts })
      if (host === noHost) return unit
      const row = await transaction.hostForWrite(host)
      if (!row) throw new Error(`host ${host} is not in the store`)
      const outdated = row.judgedWith !== '' && row.judgedWith !== judge.judgedWith
      if (outdated) await judge.judge(unit, 'catalog')
      return unit
    },
    async finish(unit) {
      for (const [outbox, sequence] of unit.progress) {
        await transaction.setAppliedSequence(unit.host, outbox, sequence, nowMs)
      }
      const observed = [...unit.observed.keys()].some(judge.readsObservations)
      if (unit.changed.size > 0 || observed) await judge.judge(unit, 'change')
      const rows = unit.drift.map(({ row, atMs }) => ({ ...row, atMs, receivedAtMs: nowMs }))
      await transaction.appendDrift(unit.host, rows)
    },
    async end() {
      const changes = [...counts].flatMap(([check, states]) =>
        [...states].map(([state, change]) => [check, state, change] as const),
      )
      await transaction.countResults(changes)
    },
  }
}
