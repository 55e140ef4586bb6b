// Changes that people and programs ask for: each in one transaction with its entry in the audit log.
import type { AuditEntry, AuditOutcome, Scope } from '../store/access-records.ts'
import type { Store } from '../store/store.ts'
import type { StoreTransaction } from '../store/transaction.ts'
import { OutOfScope } from './scoped-reader.ts'

/** Who changes what, from where: what every entry of one request has in common. */
export type Occasion = Pick<AuditEntry, 'actor' | 'address' | 'requestId' | 'action'>

type Detail = AuditEntry['detail']
type Work<T> = (transaction: StoreTransaction) => Promise<T>

export interface Changes {
  /**
   * Changes a host that may be seen. When the work says false or undefined, nothing was there to change.
   * @returns undefined, too, when there is no such host for who asks
   */
  host<T>(id: string, work: Work<T>, detail?: Detail): Promise<T | undefined>
  /** Changes what concerns all hosts. @throws OutOfScope */
  fleet<T>(target: string, work: Work<T>, detail?: Detail): Promise<T>
  /** Notes what was done or attempted without a change of the store. */
  note(target: string, outcome: AuditOutcome, detail?: Detail): Promise<void>
  /** whether an entry was written */
  readonly isNoted: boolean
}

export interface ChangesOptions {
  readonly store: Pick<Store, 'read' | 'write'>
  readonly scope: Scope
  readonly occasion: Occasion
  readonly now: () => number
}

export function createChanges({ store, scope, occasion, now }: ChangesOptions): Changes {
  let isNoted = false
  const append = (transaction: StoreTransaction, target: string, outcome: AuditOutcome, detail: Detail = {}) =>
    transaction.appendAudit({ ...occasion, atMs: now(), target, outcome, detail })

  async function apply<T>(target: string, work: Work<T>, detail?: Detail): Promise<T> {
    const done = await store.write(async transaction => {
      const found = await work(transaction)
      const outcome = found === undefined || found === false ? 'refused' : 'done'
      await append(transaction, target, outcome, detail)
      return found
    })
    isNoted = true
    return done
  }

  return {
    async host(id, work, detail) {
      if ((await store.read.hostNumber(id, scope)) === undefined) return undefined
      return apply(id, work, detail)
    },
    async fleet(target, work, detail) {
      if (Object.keys(scope).length > 0) throw new OutOfScope()
      return apply(target, work, detail)
    },
    async note(target, outcome, detail) {
      await store.write(transaction => append(transaction, target, outcome, detail))
      isNoted = true
    },
    get isNoted() {
      return isNoted
    },
  }
}
