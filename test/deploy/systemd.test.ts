// The units: systemd accepts them, their exposure stays below what docs/systemd.md promises, and the agent keeps its sight.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findTool } from '../tools.ts'

const root = join(import.meta.dirname, '../..')
const systemd = join(root, 'deploy/systemd')
const analyze = findTool('systemd-analyze')
const skip = analyze === undefined ? 'needs systemd-analyze' : false
/** Highest exposure, as `systemd-analyze security` of systemd 252 counts it. */
const exposure = { agent: 3.5, collector: 1.3 } as const
const guide = readFileSync(join(root, 'docs/systemd.md'), 'utf8')

/** Directive → values, of all lines that are no comment. */
function directivesOf(name: string): ReadonlyMap<string, readonly string[]> {
  const lines = readFileSync(join(systemd, `gabion-${name}.service`), 'utf8').split('\n')
  const found = new Map<string, string[]>()
  for (const line of lines.filter(each => /^[A-Z]/.test(each))) {
    const [key = '', ...value] = line.split('=')
    found.set(key, [...(found.get(key) ?? []), value.join('=')])
  }
  return found
}

/** What systemd says against units, '' for nothing; keys that it does not know are no failure to it. */
function verdictOn(...units: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(analyze ?? '', ['verify', '--man=no', ...units], { encoding: 'utf8' })
  return status === 0 ? stdout + stderr : `${stdout}${stderr}exit code ${status}`
}

for (const name of ['agent', 'collector'] as const) {
  t.test(`systemd accepts the unit of the ${name}`, { skip }, async t => {
    const place = t.testdir({})
    const text = readFileSync(join(systemd, `gabion-${name}.service`), 'utf8')
    const unit = join(place, `gabion-${name}.service`)
    // The program is not installed here.
    writeFileSync(unit, text.replace(`/usr/bin/gabion-${name}`, '/bin/true'))
    t.equal(verdictOn(unit), '')
  })

  t.test(`the exposure of the ${name} is at most ${exposure[name]}`, { skip }, async t => {
    const place = t.testdir({})
    cpSync(join(systemd, `gabion-${name}.service`), join(place, `gabion-${name}.service`))
    const limit = `--threshold=${exposure[name] * 10}`
    const args = ['security', '--offline=true', '--no-pager', limit, join(place, `gabion-${name}.service`)]
    const output = execFileSync(analyze ?? '', args, { encoding: 'utf8', stdio: 'pipe' })
    t.match(output, /Overall exposure level for gabion-\w+\.service: \d\.\d/)
    t.match(guide, new RegExp(`\\| \`gabion-${name}.service\` \\| ${exposure[name]} \\|`), 'the guide says so')
  })
}

t.test('nothing hides from the agent what a probe reads', async t => {
  const set = directivesOf('agent')
  const hiding = {
    ...{ ProtectKernelModules: 'kernel-modules', ProtectProc: 'ports', ProcSubset: 'sysctl', PrivateTmp: 'files' },
    ...{ PrivateNetwork: 'ports', PrivateUsers: 'accounts', PrivateDevices: 'files', ProtectHostname: 'host' },
    ...{ MemoryDenyWriteExecute: 'JavaScript', RootDirectory: 'files', DynamicUser: 'files', PrivatePIDs: 'ports' },
  }
  for (const [directive, facet] of Object.entries(hiding)) {
    t.notOk(set.has(directive), `${directive} is not set, for ${facet}`)
    t.match(guide, `\`${directive}`, `${directive} has its reason in the guide`)
  }
  t.same(set.get('ProtectHome'), ['read-only'], 'homes can be read')
  t.same(set.get('User'), ['root'])
})

t.test('the guide tells of every directive that restricts the agent', async t => {
  const told = [...directivesOf('agent').keys()].filter(key =>
    /^(?:Protect|Private|Restrict|Capab|SystemCall|Device|Lock|NoNew|Keyring)/.test(key),
  )
  t.ok(told.length >= 15)
  for (const directive of told) t.match(guide, `\`${directive}`, directive)
})

t.test('the agent waits to be enrolled, and a wrong configuration is not tried again', async t => {
  const agent = directivesOf('agent')
  t.same(agent.get('ConditionPathExists'), ['/var/lib/gabion/agent/credential.json'])
  for (const name of ['agent', 'collector']) t.same(directivesOf(name).get('RestartPreventExitStatus'), ['2'])
  t.same(directivesOf('collector').get('CapabilityBoundingSet'), [''], 'the collector has no capability')
})

t.test('user and directories of the collector are those of its unit', { skip }, async t => {
  const place = t.testdir({ etc: {} })
  const sysusers = readFileSync(join(systemd, 'gabion-collector.sysusers'), 'utf8')
  const tmpfiles = readFileSync(join(systemd, 'gabion-collector.tmpfiles'), 'utf8')
  t.match(sysusers, `u ${directivesOf('collector').get('User')?.[0]} `)
  t.match(tmpfiles, /^d \/var\/lib\/gabion\/collector 0700 gabion-collector gabion-collector/m)
  const made = findTool('systemd-sysusers')
  if (made) execFileSync(made, [`--root=${place}`, join(systemd, 'gabion-collector.sysusers')], { stdio: 'pipe' })
  if (made) t.match(readFileSync(join(place, 'etc/passwd'), 'utf8'), /^gabion-collector:.*:\/usr\/sbin\/nologin$/m)
})

t.test('systemd accepts what the guide has its readers add', { skip }, async t => {
  const place = t.testdir({ 'gabion-agent.service.d': {} })
  const blocks = [...guide.matchAll(/^```ini\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
  const named = blocks.map(block => [/^# \S+\/(\S+\.(?:service|timer))/.exec(block)?.[1], block] as const)
  const units = named.flatMap(([name, block]) => (name === undefined ? [] : [{ name, block }]))
  t.strictSame(
    units.map(({ name }) => name),
    ['gabion-agent-check.service', 'gabion-agent-check.timer'],
  )
  t.equal(named.length, 3, 'and one drop-in')
  const installed = (text: string) => text.replaceAll('/usr/bin/gabion-agent', '/bin/true')
  for (const { name, block } of units) writeFileSync(join(place, name), installed(block))
  const [, dropIn = ''] = named.find(([name]) => name === undefined) ?? []
  writeFileSync(join(place, 'gabion-agent.service.d/override.conf'), installed(dropIn))
  const unit = readFileSync(join(systemd, 'gabion-agent.service'), 'utf8')
  writeFileSync(join(place, 'gabion-agent.service'), installed(unit))
  const all = ['gabion-agent.service', ...units.map(({ name }) => name)].map(name => join(place, name))
  t.equal(verdictOn(...all), '')
  writeFileSync(join(place, 'gabion-agent-check.timer'), '[Timer]\nOnActiveSecond=2min\n')
  t.match(verdictOn(...all), /Unknown key/, 'a mistake would be noticed')
})
