// A collector without network on a database that it shares: it says that it is there, and hears what the others tell.
import type { Test } from 'tap'
import { followSignals } from '../../collector/follow-signals.ts'
import { createConnectedFleet } from '../../collector/ingest/connected-fleet.ts'
import { createConnections } from '../../collector/ingest/connections.ts'
import { type Fields, silentLog } from '../../runtime/log.ts'
import { type Domain, type DomainOptions, openDomain } from './open-domain.ts'

export interface Member extends Domain {
  /** what it warned of */
  readonly warnings: readonly { readonly message: string; readonly fields: Fields | undefined }[]
  /** what a collector does every few seconds */
  beat(): Promise<void>
  /** stops as when it is told to */
  leave(): Promise<void>
  /** hears nothing any more, as with a lost connection */
  deafen(): void
}

export async function joinFleet(t: Pick<Test, 'teardown' | 'testdir'>, options: DomainOptions): Promise<Member> {
  const warnings: Member['warnings'][number][] = []
  const quiet = () => undefined
  const warn = (message: string, fields?: Fields) => void warnings.push({ message, fields })
  const log = { ...silentLog, warn, error: warn }
  const domain = await openDomain(t, { ...options, log })
  const { store, policies, judging } = domain
  const connections = createConnections(store)
  const fleet = createConnectedFleet(store, connections, domain.clock, () => policies.current.putVersion)
  const deafen = followSignals(store.signals, {
    ...{ connections, onDrift: quiet, onStanding: quiet },
    onPolicy: () => void policies.reload().catch(quiet),
    onUnjudged: judging.takeOver,
  })
  const member = {
    ...domain,
    ...{ warnings, deafen },
    async beat() {
      await fleet.refresh()
      await policies.refresh()
    },
    async leave() {
      await judging.close()
      await fleet.leave()
      deafen()
      await domain.close()
    },
  }
  await member.beat()
  return member
}
