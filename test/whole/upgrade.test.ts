// Upgrades: databases of earlier schemas, agents of the version before with the collector of today, and the reverse.
import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { createSystem, type Daemon, type DriftItem, daemonOf, type HostItem } from './system.ts'

t.setTimeout(300_000)

const root = join(import.meta.dirname, '../..')
/** The version before: what was there when the day of these changes began. */
const previous = '621498b4148cc94f107d166f71e595a25b6dfc6c'

interface Items<T> {
  readonly items: readonly T[]
}

interface StoredFacet {
  readonly facet: string
  readonly state: string
  readonly since: string
}

const fixtureRoot = join(root, 'test/fixtures/hosts/debian12-minimal/root')
const schemaOne = {
  host: '8k3k8gfc7lli9tlr',
  hostKey: 'aef1945e-be50-4e12-9be8-4a6e5475a532',
  drift: ['user toor added', 'group root: primary member toor added'],
}
const toor = 'toor:x:0:0::/:/bin/sh\n'

t.test('a database of schema 1 is taken over, and its host goes on in it', async t => {
  const host = t.testdir({})
  cpSync(fixtureRoot, host, { recursive: true })
  appendFileSync(join(host, 'etc/passwd'), toor)
  const system = await createSystem(t, ['--root', host])
  mkdirSync(join(system.dataDir, 'collector'), { mode: 0o700 })
  mkdirSync(join(system.dataDir, 'agent'), { mode: 0o700 })
  const packed = readFileSync(join(root, 'test/fixtures/databases/schema-1.db.gz'))
  writeFileSync(join(system.dataDir, 'collector/collector.db'), gunzipSync(packed), { mode: 0o600 })
  writeFileSync(join(system.dataDir, 'agent/host-key'), `${schemaOne.hostKey}\n`, { mode: 0o600 })

  system.collector.start()
  const hosts = () => system.get<Items<HostItem>>('hosts')
  const { items } = await system.until('the collector answers', hosts, () => true)
  t.match(items, [{ id: schemaOne.host, connected: false }])
  const drift = () => system.get<Items<DriftItem>>('drift?limit=500')
  const texts = (await drift()).items.map(item => item.text)
  for (const text of schemaOne.drift) t.ok(texts.includes(text), text)
  const stored = await system.get<Items<StoredFacet>>(`hosts/${schemaOne.host}/facets`)
  t.ok(stored.items.length >= 12)
  for (const { facet, state } of stored.items.filter(item => item.state === 'present')) {
    const body = await system.get<{ readonly facts: object }>(`hosts/${schemaOne.host}/facets/${facet}`)
    t.ok(Object.keys(body.facts).length > 0, `${facet} is ${state}, and its facts can be read`)
  }

  system.agent.start()
  const settled = await system.until('the host goes on', hosts, ({ items }) => items[0]?.connected === true)
  t.equal(settled.items.length, 1, 'the same host, not another one')
  const facets = () => system.get<Items<StoredFacet>>(`hosts/${schemaOne.host}/facets`)
  await system.until('facets that came since', facets, ({ items }) => items.length > stored.items.length)
  t.ok((await drift()).items.filter(item => schemaOne.drift.includes(item.text)).length === 2, 'nothing is told twice')
  t.same(await system.collector.stop('SIGTERM'), { code: 0, signal: null })
  t.match(gabion('collector', 'db', 'check', '--data-dir', join(system.dataDir, 'collector')), /: sound, schema \d+/)
})

const skip = archived() ? false : `needs the history with commit ${previous}`

t.test('with the version before', { skip }, async t => {
  const old = join(t.testdir({}), 'old')
  mkdirSync(old)
  execFileSync('sh', ['-c', `git -C "$0" archive ${previous} | tar -x -C "$1"`, root, old])
  symlinkSync(join(root, 'node_modules'), join(old, 'node_modules'))
  const hostRoot = join(old, 'host')
  cpSync(fixtureRoot, hostRoot, { recursive: true })

  await t.test(
    'a collector is upgraded under its agents, then they are, and nothing is lost or told twice',
    async t => {
      const system = await createSystem(t, ['--root', hostRoot])
      const before = {
        collector: daemonOf(t, join(old, 'collector/bin/gabion-collector.js'), system.collectorArgs),
        agent: daemonOf(t, join(old, 'agent/bin/gabion-agent.js'), system.agentArgs),
      }
      const hosts = () => system.get<Items<HostItem>>('hosts')
      const drift = async () => (await system.get<Items<DriftItem>>('drift?limit=500')).items
      const isConnected = ({ items }: Items<HostItem>) => items[0]?.connected === true
      const hasUser = (name: string) => (items: readonly DriftItem[]) =>
        items.some(item => item.text === `user ${name} added`)
      const addUser = (name: string, uid: number) =>
        appendFileSync(join(hostRoot, 'etc/passwd'), `${name}:x:${uid}:${uid}::/:/bin/sh\n`)

      before.collector.start()
      await system.until('the old collector answers', hosts, () => true)
      before.agent.start()
      const first = await system.until('the old agent is there', hosts, isConnected)
      const id = first.items[0]?.id ?? ''
      const facets = () => system.get<Items<StoredFacet>>(`hosts/${id}/facets`)
      await system.until('its facets', facets, ({ items }) => items.some(item => item.facet === 'accounts'))
      addUser('one', 2001)
      await system.until('a change, before', drift, hasUser('one'))

      await before.collector.stop('SIGTERM')
      addUser('two', 2002)
      system.collector.start()
      await system.until('the old agent comes back to the new collector', hosts, isConnected)
      await system.until('a change while it was away', drift, hasUser('two'))

      await before.agent.stop('SIGTERM')
      addUser('three', 2003)
      system.agent.start()
      await system.until('a change while the agent was away', drift, hasUser('three'))
      const last = await hosts()
      t.same(
        last.items.map(item => item.id),
        [id],
        'one host all along',
      )
      const users = (await drift()).filter(item => /^user .* added$/.test(item.text)).map(item => item.text)
      t.same(users.sort(), ['user one added', 'user three added', 'user two added'], 'each is told once')
      await ends(t, system.agent)
      await ends(t, system.collector)

      const reopened = spawn(process.execPath, [
        join(old, 'collector/bin/gabion-collector.js'),
        ...system.collectorArgs,
      ])
      let told = ''
      reopened.stderr.on('data', chunk => {
        told += chunk
      })
      const code = await new Promise(resolve => reopened.once('exit', resolve))
      t.equal(code, 1, 'the old collector refuses what a newer one wrote')
      t.match(told, /newer|schema/)
    },
  )

  await t.test('the agent of today serves the collector before', async t => {
    const system = await createSystem(t, ['--root', hostRoot])
    const collector = daemonOf(t, join(old, 'collector/bin/gabion-collector.js'), system.collectorArgs)
    const hosts = () => system.get<Items<HostItem>>('hosts')
    collector.start()
    await system.until('the old collector answers', hosts, () => true)
    system.agent.start()
    const { items } = await system.until('the new agent is there', hosts, ({ items }) => items[0]?.connected === true)
    const facets = () => system.get<Items<StoredFacet>>(`hosts/${items[0]?.id}/facets`)
    const has =
      (name: string) =>
      ({ items }: Items<StoredFacet>) =>
        items.some(item => item.facet === name && item.state === 'present')
    await system.until('its facets', facets, value => has('accounts')(value) && has('packages')(value))
    t.pass('facts of the new agent are kept')
    await ends(t, system.agent)
    await ends(t, collector)
  })
})

async function ends(t: Test, daemon: Daemon): Promise<void> {
  t.same(await daemon.stop('SIGTERM'), { code: 0, signal: null })
}

function archived(): boolean {
  try {
    execFileSync('git', ['-C', root, 'cat-file', '-e', `${previous}^{tree}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function gabion(name: 'agent' | 'collector', ...args: readonly string[]): string {
  return execFileSync(process.execPath, [join(root, name, 'bin', `gabion-${name}.js`), ...args], { encoding: 'utf8' })
}
