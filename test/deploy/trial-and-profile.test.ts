// The Compose trial and the AppArmor profile: the rights of the manifests, and no more.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { AgentConfigSchema } from '../../agent/agent-config.ts'
import { createProgram as createAgent } from '../../agent/main.ts'
import { createProgram as createCollector } from '../../collector/main.ts'
import { environmentName } from '../../runtime/config.ts'
import { findTool } from '../tools.ts'
import { agentPod, kustomized } from './rendered.ts'

const deploy = join(import.meta.dirname, '../../deploy')
const composeFile = join(deploy, 'compose/compose.yaml')
const profileFile = join(deploy, 'apparmor/gabion-agent')
const { container } = agentPod(kustomized('deploy/kubernetes/agent'))

interface Service {
  readonly build: { readonly context: string; readonly dockerfile: string }
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly network_mode: string
  readonly pid?: string
  readonly read_only: boolean
  readonly cap_drop: readonly string[]
  readonly cap_add?: readonly string[]
  readonly security_opt: readonly string[]
  readonly volumes: readonly string[]
  readonly ports?: readonly string[]
}

const { services } = parse(readFileSync(composeFile, 'utf8')) as {
  readonly services: Readonly<Record<'agent' | 'collector', Service>>
}
const knows = (program: ReturnType<typeof createAgent>, [name, ...flags]: readonly string[]) => {
  const command = program.commands.find(one => one.name() === name)
  const known = command?.options.map(option => option.long) ?? []
  return command !== undefined && flags.every(flag => known.includes(flag))
}

t.test('the trial’s agent has the rights that it has in a cluster', async t => {
  const { agent } = services
  t.strictSame(agent.cap_add, container.securityContext?.capabilities?.add)
  t.strictSame(agent.cap_drop, container.securityContext?.capabilities?.drop)
  t.match(agent, { read_only: true, pid: 'host', network_mode: 'host', ports: undefined })
  t.strictSame(agent.security_opt, ['no-new-privileges=true', 'apparmor=unconfined'])
  t.strictSame(agent.volumes, ['/:/host:ro,rslave', 'agent:/var/lib/gabion/agent'])
  t.ok(knows(createAgent(), agent.command))
  const names = Object.keys(AgentConfigSchema.shape).map(environmentName)
  for (const name of Object.keys(agent.environment ?? {})) t.ok(names.includes(name), name)
})

t.test('the trial’s collector has none, and stays on loopback', async t => {
  const { collector } = services
  t.strictSame([collector.cap_drop, collector.cap_add], [['ALL'], undefined])
  t.match(collector, { read_only: true, network_mode: 'host', pid: undefined, ports: undefined })
  t.ok(collector.command.includes('--insecure-loopback'), 'which refuses every other address')
  t.ok(knows(createCollector(), collector.command))
})

t.test('both are built from what is there', async t => {
  for (const { build } of Object.values(services)) {
    t.ok(existsSync(resolve(dirname(composeFile), build.context, build.dockerfile)), build.dockerfile)
  }
})

const lines = readFileSync(profileFile, 'utf8')
  .split('\n')
  .map(line => line.replace(/#.*/, '').trim())
  .filter(line => line !== '')

t.test('the profile gives the capabilities of the manifest', async t => {
  const granted = lines.flatMap(line => /^capability (\w+),$/.exec(line)?.[1]?.toUpperCase() ?? [])
  t.strictSame(granted.sort(), [...(container.securityContext?.capabilities?.add ?? [])].sort())
})

t.test('it lets the agent write to its own directory only', async t => {
  const writable = lines.flatMap(line => {
    const [, denied, path, access = ''] = /^(deny )?(\/\S*) (\w+),$/.exec(line) ?? []
    return path !== undefined && denied === undefined && /[wakl]/.test(access) ? [path] : []
  })
  const own = container.volumeMounts?.find(mount => mount.readOnly !== true)?.mountPath
  t.strictSame(writable, [`${own}/`, `${own}/**`, '/dev/null', '/dev/pts/[0-9]*'])
  t.ok(lines.includes('deny /host/** wlkx,'), 'and never to the host’s files')
})

t.test('it starts programs of the image only, each under the profile itself', async t => {
  const started = lines.flatMap(line => {
    const [, denied, path, access = ''] = /^(deny )?(\/\S*) (\w+),$/.exec(line) ?? []
    return path !== undefined && denied === undefined && access.includes('x') ? [`${access} ${path}`] : []
  })
  for (const rule of started) t.match(rule, /^mrix \/usr\/(local\/bin\/node|sbin\/(nft|xtables-\w+-multi)|lib\/)/)
  t.equal(started.length, 5)
})

t.test('its name is the one that the component asks for', async t => {
  const component = readFileSync(join(deploy, 'kubernetes/components/apparmor/kustomization.yaml'), 'utf8')
  const [, asked] = /localhostProfile: (\S+)/.exec(component) ?? []
  t.ok(lines.some(line => line.startsWith(`profile ${asked} `)))
})

const parser = findTool('apparmor_parser')
t.test('apparmor_parser compiles it', { skip: parser === undefined && 'needs apparmor_parser' }, async t => {
  const compiled = execFileSync(parser ?? '', ['-Q', '-K', '-S', profileFile], { stdio: ['ignore', 'pipe', 'ignore'] })
  t.ok(compiled.length > 1000)
})
