// The examples of docs/kubernetes.md: configuration that is accepted, commands that the programs know, files that are there.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { ClustersSchema } from '../collector/auth/kubernetes/cluster.ts'
import { openAuthority } from '../collector/auth/pki/authority.ts'
import { CollectorConfigSchema } from '../collector/collector-config.ts'
import { createProgram } from '../collector/main.ts'
import { systemClock } from '../runtime/clock.ts'
import { kustomized } from './deploy/rendered.ts'
import { helm, kubectl } from './kubectl.ts'

const root = join(import.meta.dirname, '..')
const guide = readFileSync(join(root, 'docs/kubernetes.md'), 'utf8')
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(match => match[1] ?? '')
const scratch = mkdtempSync(join(tmpdir(), 'gabion-guide-'))
t.teardown(() => rmSync(scratch, { recursive: true, force: true }))

/** Lines of commands, continued ones joined. */
const commands = blocks('sh').flatMap(block =>
  block
    .replace(/\\\n\s*/g, ' ')
    .replace(/^cat .*<<END\n[\s\S]*?^END$/gm, '')
    .split('\n')
    .filter(line => line !== ''),
)

t.test('its configurations are accepted', async t => {
  const several = blocks('yaml').find(block => block.startsWith('# collector.yaml')) ?? ''
  const config = CollectorConfigSchema.strict().parse(parse(several))
  t.match(config.kubernetes, [
    { name: 'local', audience: 'gabion-collector' },
    { name: 'east', audience: 'gabion-collector-east' },
  ])
  const trial = blocks('sh').find(block => block.includes('trial.yaml')) ?? ''
  const text = (/<<END\n([\s\S]*?)^END$/m.exec(trial)?.[1] ?? '').replace(/\$\(.*\)/, 'https://127.0.0.1:6443')
  t.match(CollectorConfigSchema.strict().parse(parse(text)).kubernetes, [
    { name: 'trial', publishNamespace: 'gabion-agent' },
  ])
})

t.test('its kustomization renders, with the images that it names', async t => {
  const own = blocks('yaml').find(block => block.includes('kind: Kustomization')) ?? ''
  const path = relative(scratch, join(root, 'deploy/kubernetes'))
  writeFileSync(join(scratch, 'kustomization.yaml'), own.replace('- deploy/kubernetes', `- ${path}`))
  const images = [...JSON.stringify(kustomized(scratch)).matchAll(/"image":"([^"]+)"/g)].map(([, image]) => image)
  t.strictSame(images.sort(), [
    'registry.example.org/gabion-agent:0.1.0',
    'registry.example.org/gabion-collector:0.1.0',
  ])
})

t.test('its table names every key of a cluster', async t => {
  const keys = Object.keys(ClustersSchema.parse(true)[0] ?? {})
  for (const key of keys) t.match(guide, new RegExp(`^\\| \`${key}\` \\| `, 'm'), key)
})

t.test('files that it names are there', async t => {
  const files = [...guide.matchAll(/deploy\/(?:[\w-]+\/)*[\w.-]*\w/g)].map(([path]) => path)
  t.ok(files.length >= 10)
  for (const file of new Set(files)) t.ok(existsSync(join(root, file)), file)
  for (const [, name = ''] of guide.matchAll(/`(components\/[\w-]+|overlays\/[\w/-]+)`/g)) {
    t.ok(existsSync(join(root, 'deploy/kubernetes', name)), name)
  }
  for (const [, name = ''] of guide.matchAll(/\| `([\w-]+\.yaml)` \|/g)) {
    t.ok(existsSync(join(root, 'deploy/helm/gabion/presets', name)), name)
  }
})

t.test('commands of the collector that it names are there', async t => {
  const named = [...guide.matchAll(/gabion-collector(?:\.mjs)? (token|host|api-token|ca) (\w+)((?: --[\w-]+ \S+)*)/g)]
  t.ok(named.length >= 3)
  for (const [text, group, name, flags = ''] of named) {
    const found = createProgram().commands.find(command => command.name() === group)
    const command = found?.commands.find(one => one.name() === name)
    t.ok(command, text)
    const known = command?.options.map(option => option.long) ?? []
    for (const [flag] of flags.matchAll(/--[\w-]+/g)) t.ok(known.includes(flag), `${flag} of ${text}`)
  }
})

t.test('its shell commands are such', async t => {
  for (const block of blocks('sh')) t.doesNotThrow(() => execFileSync('bash', ['-n'], { input: block }), block)
})

/** Words of kubectl or helm on a line, without those of a command in it that is another's. */
function invocations(tool: string): readonly (readonly string[])[] {
  const pattern = new RegExp(`(?:^|\\$\\(|&& )${tool} ([^|>)&\\n]*)`, 'g')
  return commands.flatMap(line => [...line.matchAll(pattern)].map(([, words = '']) => words.trim().split(/\s+/)))
}

const kubectlVerbs =
  /^(apply|create|delete|get|rollout|port-forward|config|label|run|wait|exec|logs|token|status|view|namespace|secret|generic|tls|serviceaccount|clusterrolebinding)$/

t.test('kubectl knows each of its commands with all their flags', async t => {
  const found = invocations('kubectl')
  t.ok(found.length >= 20, `${found.length} commands`)
  const help = new Map<string, string>()
  for (const words of found) {
    const rest = words
      .join(' ')
      .replace(/^-n \S+ /, '')
      .split(' ')
    const verbs = rest.slice(0, rest.findIndex(word => !kubectlVerbs.test(word)) >>> 0)
    const path =
      verbs[0] === 'create' || verbs[0] === 'rollout' || verbs[0] === 'config'
        ? verbs.slice(0, verbs[1] === 'secret' ? 3 : 2)
        : verbs.slice(0, 1)
    const key = path.join(' ')
    const text = help.get(key) ?? `${kubectl(...path, '--help')}\n${kubectl('options')}`
    help.set(key, text)
    t.match(text, `kubectl ${key}`, words.join(' '))
    for (const [flag] of rest.join(' ').matchAll(/(?<= )--[\w-]+/g))
      t.match(text, new RegExp(`${flag}\\b`), `${flag} of ${key}`)
  }
})

t.test('what it makes without a cluster can be made', async t => {
  writeFileSync(join(scratch, 'password'), 'x')
  const create = invocations('kubectl')
    .map(words =>
      words
        .join(' ')
        .replace(/'/g, '')
        .replace('=password', `=${join(scratch, 'password')}`),
    )
    .filter(text => /(^| )create (namespace|serviceaccount|clusterrolebinding|secret generic) /.test(text))
  t.ok(create.length >= 4)
  for (const text of create) {
    t.match(kubectl(...text.split(' '), '--dry-run=client', '-o', 'yaml'), /^kind: /m, text)
  }
  const [install = []] = invocations('helm').filter(([verb]) => verb === 'install')
  t.match(helm(...install, '--dry-run=client'), 'registry.example.org/gabion-agent:0.1.0')
})

t.test('the CA that it makes for several collectors is one that they can use', async t => {
  const line = commands.find(command => command.includes('ca create')) ?? ''
  const directory = join(scratch, 'pki')
  execFileSync('bash', ['-ec', line.replace('./pki', directory)], { cwd: root, stdio: 'pipe' })
  const authority = await openAuthority(scratch, systemClock)
  t.equal(authority.certificates, readFileSync(join(directory, 'ca.crt'), 'utf8'))
  const { certificate } = await authority.issueServer(['gabion-collector.gabion.svc'])
  t.match(certificate, authority.certificates)
})
