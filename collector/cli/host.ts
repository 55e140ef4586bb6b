// `gabion-collector host`: who waits for approval, and who may speak no more.
import { Command } from 'commander'
import { visible } from '../../policy/visible-text.ts'
import { isoTime, systemClock } from '../../runtime/clock.ts'
import { GabionError } from '../../runtime/errors.ts'
import { decide as decideIn } from '../domain/enrollment.ts'
import type { Store } from '../store/store.ts'
import { changeAsCli } from './change-as-cli.ts'
import { withStore } from './own-store.ts'
import { type DataOptions, dataOptions, dataSettings } from './settings.ts'
import { table } from './table.ts'

interface RevokeOptions extends DataOptions {
  readonly reason: string
}

export function hostCommand(): Command {
  const pending = dataOptions(new Command('pending').description('list hosts that wait for approval')).action(
    listPending,
  )
  const approve = dataOptions(new Command('approve').description('let a host in that waits'))
    .argument('<request>')
    .action((id: string, options: DataOptions) => decide(id, true, options))
  const refuse = dataOptions(new Command('refuse').description('do not let a host in that waits'))
    .argument('<request>')
    .action((id: string, options: DataOptions) => decide(id, false, options))
  const revoke = dataOptions(
    new Command('revoke').description('take an enrolled host’s credentials away and end its stream'),
  )
    .argument('<host>')
    .option('--reason <text>', 'what the host is told', 'revoked by an operator')
    .action(revokeHost)
  const release = dataOptions(new Command('release').description('let a quarantined or retired host speak again'))
    .argument('<host>')
    .action(releaseHost)
  const retire = dataOptions(new Command('retire').description('a host is no more: it counts no more, its past stays'))
    .argument('<host>')
    .option('--reason <text>', 'why', 'retired by an operator')
    .action(retireHost)
  const remove = dataOptions(new Command('delete').description('delete a host with all that is known of it'))
    .argument('<host>')
    .action(deleteHost)
  const standing = dataOptions(
    new Command('standing').description('list hosts that are quarantined, revoked or retired'),
  ).action(listStanding)
  const host = new Command('host').description('hosts: approve, revoke, release, retire, delete')
  for (const command of [pending, approve, refuse, standing, revoke, release, retire, remove]) host.addCommand(command)
  return host
}

function open<T>(options: DataOptions, work: (store: Store) => Promise<T>): Promise<T> {
  return withStore(dataSettings(options), work)
}

async function listPending(options: DataOptions): Promise<void> {
  const waiting = await open(options, ({ read }) => read.enrollments({ state: 'pending' }))
  const rows = waiting.map(({ requestId, hostname, machineId, address, tokenId, requestedAtMs }) =>
    [requestId, hostname, machineId, address, tokenId, isoTime(requestedAtMs)].map(visible),
  )
  process.stdout.write(table([['REQUEST', 'HOSTNAME', 'MACHINE ID', 'FROM', 'TOKEN', 'SINCE'], ...rows]))
}

async function decide(requestId: string, approve: boolean, options: DataOptions): Promise<void> {
  const decided = await open(options, store =>
    changeAsCli(store, 'enrollments.update', ({ fleet }) =>
      fleet(requestId, transaction => decideIn(transaction, requestId, approve, systemClock.now()), {
        decision: approve ? 'approved' : 'refused',
      }),
    ),
  )
  if (!decided) throw new GabionError('usage', `request ${visible(requestId)}: no host waits under that id`)
  const outcome = approve ? `is let in as ${decided.hostId}` : 'is refused'
  process.stdout.write(`${visible(decided.hostname)} ${outcome}\n`)
}

async function revokeHost(hostId: string, { reason, ...options }: RevokeOptions): Promise<void> {
  const atMs = systemClock.now()
  const revoked = await open(options, store =>
    changeAsCli(store, 'hosts.update', ({ host }) =>
      host(
        hostId,
        async transaction => {
          const isKnown = await transaction.setStanding({ hostId, standing: 'revoked', reason, sinceMs: atMs })
          return isKnown ? transaction.revokeCredentials(hostId, atMs) : undefined
        },
        { standing: 'revoked', reason },
      ),
    ),
  )
  if (revoked === undefined) throw new GabionError('usage', `host ${visible(hostId)}: is not known`)
  process.stdout.write(`host ${hostId} is revoked, ${revoked} credentials were in force\n`)
}

async function releaseHost(hostId: string, options: DataOptions): Promise<void> {
  const before = await open(options, async store => {
    const standing = await store.read.standing(hostId)
    const before = standing?.standing ?? 'not known'
    if (!isReleasable(before)) return before
    const active = { hostId, standing: 'active', reason: '', sinceMs: 0 } as const
    await changeAsCli(store, 'hosts.update', ({ host }) =>
      host(hostId, transaction => transaction.setStanding(active), { standing: 'active' }),
    )
    return before
  })
  if (!isReleasable(before)) {
    throw new GabionError('usage', `host ${visible(hostId)}: is ${before}, not quarantined or retired`)
  }
  process.stdout.write(`host ${hostId} may speak again\n`)
}

const isReleasable = (standing: string) => standing === 'quarantined' || standing === 'retired'

async function retireHost(hostId: string, { reason, ...options }: RevokeOptions): Promise<void> {
  const isRetired = await open(options, store =>
    changeAsCli(store, 'hosts.update', ({ host }) =>
      host(hostId, transaction => transaction.retireHost(hostId, reason, systemClock.now()), {
        ...{ standing: 'retired', reason },
      }),
    ),
  )
  if (!isRetired) throw new GabionError('usage', `host ${visible(hostId)}: is not known`)
  process.stdout.write(`host ${hostId} is retired\n`)
}

async function deleteHost(hostId: string, options: DataOptions): Promise<void> {
  const isDeleted = await open(options, store =>
    changeAsCli(store, 'hosts.delete', ({ host }) => host(hostId, transaction => transaction.deleteHost(hostId))),
  )
  if (!isDeleted) throw new GabionError('usage', `host ${visible(hostId)}: is not known`)
  process.stdout.write(`host ${hostId} is deleted\n`)
}

async function listStanding(options: DataOptions): Promise<void> {
  const found = await open(options, ({ read }) => read.standings())
  const rows = found.map(({ hostId, standing, reason, sinceMs }) =>
    [hostId, standing, isoTime(sinceMs), reason].map(visible),
  )
  process.stdout.write(table([['HOST', 'STANDING', 'SINCE', 'REASON'], ...rows]))
}
