// The agent on its own: drift of facts and results, metrics that follow, time that turns a verdict.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openSite } from '../../agent/policy/open-site.ts'
import { defineProbe, every, type Probe, present, unreadable } from '../../agent/probe.ts'
import { host as hostProbe } from '../../agent/probes/host.ts'
import { type DriftLine, runStandalone } from '../../agent/standalone.ts'
import { AccountsFacet } from '../../proto/facets/accounts.ts'
import type { Fields, Log } from '../../runtime/log.ts'
import { silentLog } from '../../runtime/log.ts'
import { createFakeClock, settle } from '../fake-clock.ts'
import { openFixtureHost } from '../fixture-host.ts'
import { parsePrometheus } from '../prometheus-text.ts'

const user = (name: string, uid: number) => ({
  ...{ name, uid, gid: uid, entries: 1, home: '/', shell: '/bin/sh', system: false, interactive: true },
})

const accounts = (users: readonly ReturnType<typeof user>[]) => ({
  ...{ users: [...users], groups: [], privilegedMembers: [], legacyEntries: [], sudoRules: [] },
  ...{ pamModules: [], passwordQuality: [], passwordHistory: [], accountLockout: [], nullokServices: [] },
})

/** An agent with two probes whose answers the test sets. */
async function start(t: Pick<Test, 'teardown'>, log: Log = silentLog, paths: readonly string[] | false = false) {
  let answer: Awaited<ReturnType<Probe['run']>> = present(accounts([user('root', 0)]), { sessions: [], lastLogins: [] })
  const probes: readonly Probe[] = [
    {
      ...defineProbe({ facet: AccountsFacet, triggers: [every(1_000)], run: async () => answer as never }),
    },
    hostProbe,
  ]
  const clock = createFakeClock(Date.UTC(2026, 10, 22))
  const lines: DriftLine[] = []
  const files: string[] = []
  const stop = new AbortController()
  let broken = false
  let reload: () => void = () => undefined
  const policy: { paths: readonly string[] | false } = { paths }
  const options = { host: await openFixtureHost('debian12-vm'), probes, clock, log, probePorts: false }
  const running = runStandalone(
    {
      ...options,
      openSite: () => openSite(policy.paths, {}),
      onReload: listener => {
        reload = listener
      },
      emit: line => lines.push(line),
      writeMetrics: text => {
        if (broken) throw new Error('disk is full')
        files.push(text)
      },
    },
    stop.signal,
  )
  t.teardown(async () => {
    stop.abort()
    await running
  })
  return {
    clock,
    lines,
    files,
    say: (next: typeof answer) => {
      answer = next
    },
    /** other files, and the signal to read them */
    reload: (next: readonly string[]) => {
      policy.paths = next
      reload()
    },
    breakDisk: (isBroken: boolean) => {
      broken = isBroken
    },
    async pass(ms: number) {
      for (let passed = 0; passed < ms; passed += 500) {
        await clock.advance(500)
        await settle()
      }
    },
    async stop() {
      stop.abort()
      await running
    },
  }
}

const metric = (text: string | undefined, name: string, label = '') =>
  parsePrometheus(text ?? '').find(
    one => one.name === name && (label === '' || Object.values(one.labels).includes(label)),
  )?.value

t.test('a first look is no drift; what changes then is told, first the fact and then the verdict', async t => {
  const agent = await start(t)
  await agent.pass(2_000)
  t.same(agent.lines, [])
  t.equal(metric(agent.files.at(-1), 'gabion_host_finding', 'only-root-has-uid-0'), undefined)
  agent.say(present(accounts([user('root', 0), user('toor', 0)]), { sessions: [], lastLogins: [] }))
  await agent.pass(3_000)
  t.match(agent.lines, [
    { facet: 'accounts', change: 'added', field: 'users', text: 'user toor added', at: /^2026-11-22T00:00:0\d/ },
    {
      check: 'only-root-has-uid-0',
      change: 'changed',
      field: 'state',
      text: 'Only root has uid 0: pass → fail (user toor has uid 0)',
      before: 'pass',
      after: 'fail',
    },
  ])
  t.equal(agent.lines.length, 2)
  t.equal(metric(agent.files.at(-1), 'gabion_host_finding', 'only-root-has-uid-0'), 1)
})

t.test('a facet that fails turns its checks to errors, and back without a trace', async t => {
  const agent = await start(t)
  await agent.pass(2_000)
  agent.say(unreadable('EACCES', '/etc/passwd'))
  await agent.pass(2_000)
  t.match(agent.lines[0], { facet: 'accounts', text: 'accounts can no longer be read: EACCES: /etc/passwd' })
  t.ok(agent.lines.some(line => 'check' in line && line.check === 'only-root-has-uid-0' && line.after === 'error'))
  t.equal(metric(agent.files.at(-1), 'gabion_probe_state', 'unreadable'), 1)
  const before = agent.lines.length
  agent.say(present(accounts([user('root', 0)]), { sessions: [], lastLogins: [] }))
  await agent.pass(2_000)
  t.match(agent.lines[before], { text: 'accounts can be read again' })
  t.ok(
    agent.lines.slice(before + 1).every(line => 'check' in line),
    'no fact has changed',
  )
})

t.test('metrics are written when something is judged, and now and then', async t => {
  const agent = await start(t)
  await agent.pass(2_000)
  const first = agent.files.length
  t.ok(first >= 1)
  await agent.pass(60_000)
  t.ok(agent.files.length - first <= 5, `${agent.files.length - first} times in a minute without a change`)
})

t.test('a disk that is full is said once, and the agent goes on', async t => {
  const said: string[] = []
  const log: Log = {
    ...silentLog,
    error: (message: string, fields?: Fields) => said.push(`${message} ${fields?.['reason']}`),
  }
  const agent = await start(t, log)
  agent.breakDisk(true)
  await agent.pass(60_000)
  t.same(said, ['metrics could not be written disk is full'])
  agent.breakDisk(false)
  await agent.pass(60_000)
  t.ok(agent.files.length > 0, 'it is written when it can be again')
})

t.test('it ends when it is told to', async t => {
  const agent = await start(t)
  await agent.pass(1_000)
  await agent.stop()
  t.pass('ended')
})

function policyFile(t: Test, text: string): readonly string[] {
  const directory = mkdtempSync(join(tmpdir(), 'gabion-standalone-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'policy.yaml')
  writeFileSync(file, text)
  return [file]
}
const waiverUntil = (expires: string) => `waivers:
  - { id: W, hosts: all, check: only-root-has-uid-0, reason: r, owner: o, expires: "${expires}" }
`

t.test('a waived finding counts again at the very moment its waiver ends', async t => {
  const agent = await start(t, silentLog, policyFile(t, waiverUntil('2026-11-22T00:01:00Z')))
  agent.say(present(accounts([user('root', 0), user('toor', 0)]), { sessions: [], lastLogins: [] }))
  await agent.pass(3_000)
  t.equal(metric(agent.files.at(-1), 'gabion_host_results_waived'), 1)
  t.equal(metric(agent.files.at(-1), 'gabion_host_finding', 'only-root-has-uid-0'), undefined)
  await agent.pass(60_000)
  const lines = agent.lines.filter(line => 'check' in line && line.check === 'only-root-has-uid-0')
  t.match(lines.at(-1), { before: 'fail (waived)', after: 'fail', at: /^2026-11-22T00:01:00/ })
  t.equal(metric(agent.files.at(-1), 'gabion_host_finding', 'only-root-has-uid-0'), 1)
})

t.test('a policy is read again when asked to, and one with mistakes changes nothing', async t => {
  const errors: (Fields | undefined)[] = []
  const log: Log = { ...silentLog, error: (_, fields) => errors.push(fields), with: () => log }
  const agent = await start(t, log)
  agent.say(present(accounts([user('root', 0), user('toor', 0)]), { sessions: [], lastLogins: [] }))
  await agent.pass(3_000)
  t.equal(metric(agent.files.at(-1), 'gabion_host_finding', 'only-root-has-uid-0'), 1)
  agent.reload(policyFile(t, waiverUntil('2027-01-01')))
  await agent.pass(3_000)
  t.match(agent.lines.at(-1), { check: 'only-root-has-uid-0', before: 'fail', after: 'fail (waived)' })
  agent.reload(policyFile(t, 'waivers: 7'))
  await agent.pass(3_000)
  t.match(errors, [{ reason: /policy\.yaml:1:10: waivers: must be a list/ }])
  t.equal(metric(agent.files.at(-1), 'gabion_host_results_waived'), 1)
})
