// A site's own policy on the fleet: an own check in its sandbox, over what a real agent sent, through a real collector.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createSystem, daemon, type HostItem } from './system.ts'

const root = join(import.meta.dirname, '../fixtures/hosts/debian12-minimal/root')

const policy = `
checks:
  - id: site-is-debian
    title: Hosts are Debian
    severity: low
    pass: host.os.id == params.id
    evidence: "[host.os.id]"
    rationale: We know no other.
    remediation: Install it.
    parameters: { id: debian }
    tests:
      - { name: debian, facets: { host: { os: { id: debian } } }, expect: pass }
      - { name: another, facets: { host: { os: { id: arch } } }, expect: fail, evidence: [arch] }
      - { name: unread, facets: { host: error }, expect: error }
tailoring:
  - { check: site-is-debian, severity: high, hosts: { matchLabels: { role: db } } }
`

interface Items<T> {
  readonly items: readonly T[]
}

t.test('an own check is judged on the fleet, with its labels', { timeout: 120_000 }, async t => {
  const system = await createSystem(t, ['--root', root, '--label', 'role=db'])
  const directory = join(system.dataDir, 'policy')
  mkdirSync(directory)
  writeFileSync(join(directory, 'site.yaml'), policy)
  const collector = daemon(t, 'collector', [...system.collectorArgs, '--policy', directory])
  collector.start()
  system.agent.start()
  const ask = () => system.get<Items<{ readonly state: string }>>('results?check=site-is-debian')
  // Before the facet has come its check is an error that says so.
  const { items } = await system.until('the facet is judged', ask, found => found.items[0]?.state === 'pass')
  t.match(items, [{ state: 'pass', severity: 'high', title: 'Hosts are Debian' }])
  const hosts = await system.get<Items<HostItem>>('hosts')
  t.equal(hosts.items.length, 1)
  t.match(await system.get('checks/site-is-debian'), { profiles: ['local'], counts: { pass: 1 } })
  t.same(await system.agent.stop('SIGTERM'), { code: 0, signal: null })
  t.same(await collector.stop('SIGTERM'), { code: 0, signal: null })
})
