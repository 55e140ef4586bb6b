// Secrets stay on the host: planted wherever a probe reads, they are in no facet, report, log, byte on the wire or file.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createAgent } from '../../agent/agent.ts'
import type { Host } from '../../agent/host/host.ts'
import { probes } from '../../agent/probes.generated.ts'
import { sweep } from '../../agent/sweep.ts'
import { plaintextChannel } from '../../agent/uplink/channel.ts'
import { databasePath } from '../../collector/data-directory.ts'
import { catalog } from '../../policy/catalog.generated.ts'
import { createEngine, score } from '../../policy/engine.ts'
import { type FacetState, facetProperty } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'
import { formatNames } from '../../report/formats.ts'
import { renderJson } from '../../report/json.ts'
import { createScanReport } from '../../report/scan-report.ts'
import { renderTable } from '../../report/table.ts'
import { systemClock } from '../../runtime/clock.ts'
import type { Fields, Log } from '../../runtime/log.ts'
import { type Canaries, createCanaries } from '../canary/canaries.ts'
import { databaseTexts } from '../canary/database-texts.ts'
import { type MergedHost, mergeHosts } from '../canary/merged-host.ts'
import { soundPlants } from '../canary/plants.ts'
import { tapWire } from '../canary/wire-tap.ts'
import { startTestCollector } from '../collector/start-collector.ts'
import { recordingHost } from '../recording-host.ts'
import { runBin } from '../run-bin.ts'

t.setTimeout(280_000)

const fixtures = ['debian12-vm', 'kubeadm-node', ...kubeadmFixtures()]

/** Hosts of kubeadm that were recorded besides, such as a control plane. */
function kubeadmFixtures(): readonly string[] {
  const hosts = readdirSync(join(import.meta.dirname, '../fixtures/hosts'))
  return hosts.filter(name => name.startsWith('kubeadm-') && name !== 'kubeadm-node').sort()
}

/** Files whose words are names of things, and so are facts by schema. */
const namesOfThings = [/^\/etc\/modules$/, /\/modules-load\.d\//, /^\/etc\/hostname$/, /^\/run\/reboot-required\.pkgs$/]

interface Captured extends Log {
  readonly lines: string[]
}

function captureLog(lines: string[] = [], about: Fields = {}): Captured {
  const write = (message: string, fields: Fields = {}) => {
    lines.push(JSON.stringify({ ...about, ...fields, message }))
  }
  const more = (fields: Fields) => captureLog(lines, { ...about, ...fields })
  return { lines, error: write, warn: write, info: write, debug: write, with: more }
}

interface Look {
  readonly states: readonly FacetState[]
  /** everything that a sweep and a scan tell */
  readonly texts: Readonly<Record<string, string>>
}

async function look(host: Host): Promise<Look> {
  const log = captureLog()
  const states = await sweep({
    ...{ host, probes, clock: systemClock, log },
    ...{ probePorts: true, oneShot: true, memories: new Map() },
  })
  const engine = createEngine(catalog, facets, { verified: true })
  const byProperty = new Map(states.map(state => [facetProperty(state.facet), state]))
  const results = engine.evaluate({ facets: byProperty, now: new Date() })
  const report = createScanReport({
    ...{ tool: { name: 'gabion-agent', version: '0' }, root: host.root, scannedAt: '', profiles: [] },
    ...{ checks: catalog.checks, results, score: score(results, catalog.checks), facets: states },
  })
  const table = renderTable(report, { width: 120, paint: (_, text) => text, all: true })
  const texts = Object.fromEntries(states.map(state => [`facet ${state.facet}`, JSON.stringify(state)]))
  return { states, texts: { ...texts, table, json: renderJson(report), log: log.lines.join('\n') } }
}

const present = ({ states }: Look) => states.filter(({ state }) => state === 'present').map(({ facet }) => facet)

function search(t: Test, canaries: Canaries, texts: Readonly<Record<string, string | Uint8Array>>, about: string) {
  const leaks = Object.entries(texts).flatMap(([where, text]) => canaries.leaks(where, text))
  t.same(leaks, [], about)
}

async function plantSoundly(host: MergedHost, canaries: Canaries): Promise<readonly string[]> {
  const paths: string[] = []
  for (const [path, change] of Object.entries(soundPlants(place => canaries.plant(place)))) {
    const places = path.includes('/PID/') ? pidsOf(host).map(pid => path.replace('PID', pid)) : [path]
    for (const place of places) if (await host.edit(place, change)) paths.push(place)
  }
  return paths
}

const pidsOf = (host: MergedHost) => readdirSync(join(host.root, 'proc')).filter(name => /^\d+$/.test(name))

/** Regular files, none of them the kernel's own, that the probes read on this host. */
async function filesRead(host: MergedHost): Promise<readonly string[]> {
  const paths = new Set<string>()
  for (const live of [true, false]) await look(recordingHost(await host.open({ live }), paths))
  return [...paths].filter(path => !/^\/(proc|sys)\//.test(path)).sort()
}

/** Ways to break a file, or to put into it what nobody expects there. */
const intrusions: Readonly<Record<string, (text: string, secret: string) => string>> = {
  'a comment at the end': (text, secret) => `${text}\n# ${secret}\n`,
  'a word at the end': (text, secret) => `${text}\n${secret}\n`,
  'a word at the start': (text, secret) => `${secret}\n${text}`,
  'an assignment': (text, secret) => `${text}\nunheard_of = ${secret}\n`,
  'a mapping': (text, secret) => `${text}\nunheardOf: ${secret}\n`,
  'a keyword': (text, secret) => `${text}\nUnheardOf ${secret}\n`,
  'an open quote in the middle': (text, secret) => {
    const at = text.indexOf('\n', text.length / 2) + 1
    return `${text.slice(0, at)}"${secret}\n${text.slice(at)}`
  },
  'nothing else': (_, secret) => secret,
}

t.test('secrets in values, comments and arguments are in nothing that a sweep or a scan tells', async t => {
  const host = await mergeHosts(t, fixtures)
  const before = await look(await host.open({ live: true }))
  const canaries = createCanaries()
  const planted = await plantSoundly(host, canaries)
  const read = new Set<string>()
  for (const live of [true, false]) {
    const after = await look(recordingHost(await host.open({ live }), read))
    search(t, canaries, after.texts, live ? 'of the running host' : 'of its disk')
    if (live) {
      const lost = present(before).filter(name => !present(after).includes(name))
      t.same(lost, [], 'and every facet that was there still is')
    }
    for (const name of present(after)) t.ok((after.texts[`facet ${name}`] ?? '').length > 300, `${name} is not empty`)
  }
  const unread = planted.filter(path => !read.has(path))
  t.comment(`planted in ${planted.length} files; not read by any probe: ${unread.join(', ')}`)
  t.ok(planted.length - unread.length >= 25, `${planted.length - unread.length} of them were read`)
})

t.test('secrets in a file that is broken, or where nobody expects them, are not told in its errors', async t => {
  const host = await mergeHosts(t, fixtures)
  const files = (await filesRead(host)).filter(path => !namesOfThings.some(pattern => pattern.test(path)))
  for (const [how, change] of Object.entries(intrusions)) {
    const canaries = createCanaries()
    let changed = 0
    for (const path of files) if (await host.edit(path, text => change(text, canaries.plant(path)))) changed += 1
    t.ok(changed > 50, `${how}: ${changed} files of ${files.length} that the probes ask for`)
    for (const live of [true, false]) {
      const { texts, states } = await look(await host.open({ live }))
      search(t, canaries, texts, live ? 'of the running host' : 'of its disk')
      t.same(
        states.filter(({ state }) => state === 'error'),
        [],
        'no probe fails',
      )
    }
    host.restore()
  }
})

t.test('secrets in what commands and ports answer are not told', async t => {
  const host = await mergeHosts(t, fixtures)
  const answers: readonly ((text: string, secret: string) => string)[] = [
    (_, secret) => secret,
    (text, secret) => `${text}\n${secret}\n`,
    (text, secret) => `${text.slice(0, text.length / 2)}"${secret}`,
  ]
  const recorded = [...host.commands]
  for (const [index, answer] of answers.entries()) {
    for (const exitCode of [0, 1]) {
      const canaries = createCanaries()
      for (const [line, { stdout }] of recorded) {
        const text = answer(stdout, canaries.plant(`output of ${line}`))
        host.commands.set(line, { exitCode, stdout: text, stderr: `${canaries.plant(`errors of ${line}`)}\n` })
      }
      for (const [url, reply] of host.http) {
        if (reply.state === 'open') host.http.set(url, { ...reply, body: canaries.plant(`body of ${url}`) })
      }
      const { texts, states } = await look(await host.open({ live: true }))
      search(t, canaries, texts, `answer ${index}, exit code ${exitCode}`)
      t.same(
        states.filter(({ state }) => state === 'error'),
        [],
        'no probe fails',
      )
    }
  }
})

t.test('secrets are in nothing that the program prints', async t => {
  const host = await mergeHosts(t, fixtures)
  const canaries = createCanaries()
  await plantSoundly(host, canaries)
  for (const args of [
    ['facts', '--all'],
    ['scan', '--all'],
    ['scan', '--output', 'json'],
  ]) {
    const { code, stdout, stderr } = await runBin('agent', [...args, '--root', host.root])
    t.equal(code, 0, stderr)
    t.ok(stdout.length > 2_000, `${args.join(' ')} printed ${stdout.length} characters`)
    search(t, canaries, { stdout, stderr }, args.join(' '))
  }
})

t.test('secrets are in no form of the report, nor in a fix plan', async t => {
  const host = await mergeHosts(t, fixtures)
  const canaries = createCanaries()
  await plantSoundly(host, canaries)
  const directory = t.testdir({})
  const outputs = formatNames.flatMap(name => ['-o', `${name}=${join(directory, name)}`])
  const { code, stderr } = await runBin('agent', ['scan', '--root', host.root, '--fix-plan', directory, ...outputs])
  t.equal(code, 0, stderr)
  const files = [...formatNames, 'fix-plan.sh', 'fix-plan.yaml']
  search(t, canaries, Object.fromEntries(files.map(name => [name, readFileSync(join(directory, name))])), 'in no file')
})

t.test('secrets are not on the wire, in the database, in the logs or in what the collector answers', async t => {
  const host = await mergeHosts(t, fixtures)
  const canaries = createCanaries()
  await plantSoundly(host, canaries)
  const logs = { agent: captureLog(), collector: captureLog() }
  const collector = await startTestCollector(t, { catalog, facets, log: logs.collector })
  const tap = await tapWire(t, collector.grpcAddress)
  const stop = new AbortController()
  const agent = createAgent({
    ...{ host: await host.open({ live: true }), probes, clock: systemClock, log: logs.agent, probePorts: true },
    ...{
      stateDirectory: join(collector.dataDirectory, 'agent'),
      openChannel: plaintextChannel(tap.address),
      fallbackHostname: 'x',
    },
  })
  const running = agent.run(stop.signal)
  t.teardown(() => stop.abort())

  const first = await untilFacets(collector, items => items.length === probes.length)
  for (const path of ['/etc/passwd', '/etc/sudoers', '/etc/docker/daemon.json', '/var/lib/kubelet/config.yaml']) {
    await host.edit(path, text => `${text}\n"${canaries.plant(`end of ${path}`)}\n`)
  }
  const hostId = (await collector.hosts())[0]?.id ?? ''
  await fetch(`${collector.base}/api/v1/hosts/${hostId}/rescan`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
  })
  const accounts = first.find(({ facet }) => facet === 'accounts')?.digest
  await untilFacets(collector, items => items.some(({ facet, digest }) => facet === 'accounts' && digest !== accounts))
  await collector.waitFor(async () => (await collector.drift()).some(({ subject }) => subject === 'accounts'))

  const answers = await everyAnswer(
    collector.base,
    hostId,
    first.map(({ facet }) => facet),
  )
  for (const [path, text] of Object.entries(answers)) t.ok(text.length > 0, path)
  t.ok(answers['/api/v1/drift']?.includes('malformed'), 'the broken file is told of')
  search(t, canaries, answers, 'API')
  stop.abort()
  await running
  search(t, canaries, { bytes: tap.bytes(), payloads: tap.payloads() }, 'wire')
  t.ok(tap.payloads().includes('"sudoRules"'), 'facts stand on the wire in the clear, so that a secret would be seen')
  const files = readdirSync(collector.dataDirectory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
  search(t, canaries, Object.fromEntries(files.map(path => [path, readFileSync(path)])), 'files of collector and agent')
  const stored = databaseTexts(databasePath(collector.dataDirectory))
  t.ok(stored.includes('"sudoRules"') && stored.includes('malformed'), 'facts stand in the database, old ones and new')
  search(t, canaries, { stored }, 'database')
  const lines = Object.fromEntries(Object.entries(logs).map(([name, log]) => [name, log.lines.join('\n')]))
  for (const [name, text] of Object.entries(lines)) t.ok(text.length > 100, `${name} logged`)
  search(t, canaries, lines, 'logs')
})

interface FacetItem {
  readonly facet: string
  readonly digest: string
}
type TestCollector = Awaited<ReturnType<typeof startTestCollector>>

async function untilFacets(
  collector: TestCollector,
  holds: (items: readonly FacetItem[]) => boolean,
): Promise<readonly FacetItem[]> {
  let items: readonly FacetItem[] = []
  await collector.waitFor(async () => {
    const [host] = await collector.hosts()
    if (!host) return false
    items = (await collector.get<{ items: readonly FacetItem[] }>(`hosts/${host.id}/facets`)).items
    return holds(items)
  })
  return items
}

/** What every GET of the API answers, by path with its parameters filled in. */
async function everyAnswer(
  base: string,
  hostId: string,
  facetNames: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const text = async (path: string) => {
    const response = await fetch(base + path)
    if (!response.ok) throw new Error(`GET ${path}: ${response.status}`)
    return response.text()
  }
  const document = JSON.parse(await text('/openapi.json')) as {
    paths: Record<string, { get?: { parameters?: { name: string }[] } }>
  }
  const answers: Record<string, string> = {}
  for (const [template, { get }] of Object.entries(document.paths)) {
    // The stream of events has what drift has, and no end; an agent tells how it does after minutes only.
    if (!get || template.endsWith('/events') || template.endsWith('/health')) continue
    if (template.includes('{id}') && !/^\/api\/v1\/(hosts|checks|profiles)\//.test(template)) continue
    if (template === '/api/v1/query') {
      for (const facet of facetNames) {
        const path = `${template}?all=true&expr=${facetProperty(facet)}`
        answers[path] = await text(path)
      }
      continue
    }
    if (template === '/api/v1/outliers') {
      for (const facet of facetNames) answers[`outliers ${facet}`] = await text(`${template}?facet=${facet}`)
      continue
    }
    const limit = get.parameters?.some(({ name }) => name === 'limit') ? '?limit=500' : ''
    const { values, placeholder } = choices(template, facetNames)
    for (const value of values) {
      const id = idIn(template, hostId)
      const path = template
        .replace(placeholder, value)
        .replace('{check}', catalog.checks[0]?.id ?? '')
        .replace('{id}', id)
      answers[path] = await text(path + limit)
    }
  }
  for (const page of ['/', '/metrics']) answers[page] = await text(page)
  return answers
}

function idIn(template: string, hostId: string): string {
  if (template.startsWith('/api/v1/checks')) return catalog.checks[0]?.id ?? ''
  return template.startsWith('/api/v1/profiles') ? (catalog.profiles[0]?.id ?? '') : hostId
}

function choices(
  template: string,
  facetNames: readonly string[],
): { readonly placeholder: string; readonly values: readonly string[] } {
  if (template.includes('{facet}')) return { placeholder: '{facet}', values: facetNames }
  if (!template.includes('{format}')) return { placeholder: '', values: [''] }
  return { placeholder: '{format}', values: ['csv', 'ocsf', 'sarif', 'junit', 'json', 'markdown', 'html'] }
}
