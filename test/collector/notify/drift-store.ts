// A store with hosts, checks and drift that tests write by hand.
import { join } from 'node:path'
import type { Test } from 'tap'
import { openPostgresStore } from '../../../collector/store/postgres/open-store.ts'
import { openSqliteStore } from '../../../collector/store/sqlite/open-store.ts'
import type { Store } from '../../../collector/store/store.ts'
import type { NewDrift, StoredResult } from '../../../collector/store/transaction.ts'
import type { ResultState, Severity } from '../../../policy/check.ts'
import type { Clock } from '../../../runtime/clock.ts'

export interface DriftStore {
  readonly store: Store
  /** number of a host, which is made */
  host(name: string, labels?: Readonly<Record<string, string>>): Promise<number>
  /** a result turns on each of the hosts, in one transaction */
  turn(hosts: readonly number[], check: string, from: ResultState, to: ResultState, waiver?: string): Promise<void>
  drift(host: number, row: Partial<NewDrift>): Promise<void>
}

/** Check → severity. */
export const checks: Readonly<Record<string, Severity>> = {
  'ssh-root-login': 'critical',
  'ssh-banner': 'low',
  'kernel-lockdown': 'high',
}

export async function openDriftStore(
  t: Pick<Test, 'teardown'>,
  clock: Clock,
  at: { readonly directory: string } | { readonly database: string },
): Promise<DriftStore> {
  const store =
    'database' in at
      ? await openPostgresStore({ url: at.database }, clock)
      : await openSqliteStore(join(at.directory, 'collector.db'), clock)
  t.teardown(() => store.close())
  const entries = Object.entries(checks).map(([check, severity]) => ({
    check,
    severity,
    title: `Title of ${check}`,
    facets: [],
  }))
  await store.write(transaction =>
    transaction.putPolicy({
      ...{ version: '1', putBy: '', catalog: '', catalogVersion: '1', entries, waivers: [], atMs: clock.now() },
      digests: new Map(entries.map(({ check }) => [check, 'x'])),
    }),
  )
  const times = () => ({ atMs: clock.now(), receivedAtMs: clock.now() })
  return {
    store,
    async host(name, labels = {}) {
      const opening = {
        machineId: '',
        bootId: '',
        agentVersion: '1',
        skewMs: 0,
        outboxId: 'o',
        labels,
        atMs: clock.now(),
      }
      const { host } = await store.write(transaction =>
        transaction.openHost({ ...opening, hostKey: name, hostname: name }),
      )
      return host
    },
    turn: (hosts, check, from, to, waiver = '') =>
      store.write(async transaction => {
        for (const host of hosts) {
          await transaction.appendDrift(host, [
            {
              ...{ kind: 'result', subject: check, change: 'changed', field: 'state', before: from, after: to },
              ...{ text: `Title of ${check}: ${from} → ${to}`, ...times() },
            },
          ])
          await transaction.putResults(host, [resultOf(check, to, waiver, clock.now())], clock.now())
        }
      }),
    drift: (host, row) =>
      store.write(transaction =>
        transaction.appendDrift(host, [
          {
            ...{ kind: 'fact', subject: 'ports', change: 'added', field: 'listeners', text: 'a port opened' },
            ...times(),
            ...row,
          } as NewDrift,
        ]),
      ),
  }
}

function resultOf(check: string, state: ResultState, waiver: string, sinceMs: number): StoredResult {
  return {
    check,
    state,
    severity: checks[check] ?? 'low',
    detail: '',
    sinceMs,
    failingSinceMs: sinceMs,
    validUntilMs: 0,
    waiver,
  }
}
