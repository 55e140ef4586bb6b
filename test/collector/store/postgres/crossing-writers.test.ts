// Several collectors write to the same hosts at once, in other orders: the server ends one of two that wait for each other,
// which begins again; nothing fails, is lost or is there twice, and counters are true.
import t, { type Test } from 'tap'
import { applyChange } from '../../../../collector/domain/apply-change.ts'
import { checkStore } from '../../../../collector/store/look-after.ts'
import { smallState } from '../../../small-facet.ts'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'
import { agentHealth } from '../../agent-health.ts'
import { changeOf, openDomain } from '../../open-domain.ts'

const why = whyNoPostgres()
if (why) t.plan(0, why)
else t.test('three collectors, eight hosts, each from another end', { timeout: 120_000 }, crossing)

async function crossing(t: Test): Promise<void> {
  const server = await startPostgres(t)
  const url = await server.database()
  const domains = await Promise.all([1, 2, 3].map(() => openDomain(t, { database: url })))
  const names = Array.from({ length: 8 }, (_, index) => `host-${index}`)
  const opened = await Promise.all(
    domains.map(async ({ open }, writer) => {
      const hosts = []
      for (const name of names) hosts.push(await open(name, `outbox-${writer}`))
      return writer === 1 ? hosts.reverse() : hosts
    }),
  )
  const rounds = 12
  await Promise.all(
    domains.map(async ({ commits, apply, store }, writer) => {
      const outboxId = `outbox-${writer}`
      const hosts = opened[writer] ?? []
      for (let sequence = 1; sequence <= rounds; sequence++) {
        const turned = [...hosts.slice(sequence % 8), ...hosts.slice(0, sequence % 8)]
        await Promise.all(
          turned.map(({ host }) => {
            const change = changeOf(sequence, smallState({ [`of-${writer}`]: sequence, a: (sequence * 5) % 17 }), {
              outboxId,
            })
            return commits.submit(host, unit => applyChange(unit, change, apply))
          }),
        )
        const seen = new Map(turned.map(({ host }) => [host, sequence * 1_000 + writer]))
        const reports = new Map(turned.map(({ host }) => [host, { health: agentHealth(), receivedAtMs: sequence }]))
        await store.write(async transaction => {
          await transaction.touchHosts(seen)
          await transaction.putAgentReports(reports)
        })
      }
    }),
  )
  await Promise.all(domains.map(({ judging }) => judging.idle()))
  const { problems, rows } = await checkStore({ kind: 'postgres', url, passwordFile: '' })
  t.same([problems, rows['hosts'], rows['states']], [[], 8, 8 * 3 * rounds])
  const [first] = domains
  if (!first) throw new Error('no collector')
  for (const [writer] of domains.entries()) {
    for (const name of names) t.equal((await first.open(name, `outbox-${writer}`)).appliedSequence, rounds)
  }
}
