// Builds both images for real, without a network but for the base, looks at what is in them, and runs them.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Version } from '@cyclonedx/cyclonedx-library/Spec'
import { JsonStrictValidator } from '@cyclonedx/cyclonedx-library/Validation'
import t, { type Test } from 'tap'
import { facets } from '../../proto/facets.generated.ts'
import { version } from '../../runtime/version.ts'
import { agentPod, kustomized } from '../deploy/rendered.ts'
import { buildImages, type ImageName, type Images } from '../images/build-images.ts'
import type { ComposeResults } from '../images/compose-trial.ts'
import type { ConfinedPlan, ConfinedResults } from '../images/confined-host.ts'
import { execsOf, writesOf } from '../images/strace-log.ts'
import { outsideOfTap } from '../outside-of-tap.ts'
import { skipFull } from '../tools.ts'
import { serveAndEnd } from './serve-and-end.ts'

const root = join(import.meta.dirname, '../..')

/** Every file with a name to call it by, without the part of its path that names the processor. */
const programs: Readonly<Record<ImageName, readonly string[]>> = {
  agent: [
    ...['/opt/gabion/gabion-agent.mjs', '/usr/lib/ld-linux.so', '/usr/lib/libc.so.6', '/usr/local/bin/node'],
    ...['/usr/sbin/nft', '/usr/sbin/xtables-legacy-multi', '/usr/sbin/xtables-nft-multi'],
  ],
  collector: [
    ...['/opt/gabion/gabion-collector.mjs', '/usr/lib/ld-linux.so', '/usr/lib/libc.so.6', '/usr/local/bin/node'],
  ],
}
const links: Readonly<Record<ImageName, readonly string[]>> = {
  agent: ['ip6tables-legacy-save', 'ip6tables-save', 'iptables-legacy-save', 'iptables-save'],
  collector: [],
}
/** MiB beside Node.js */
const limits = { agent: 25, collector: 40 }

const skip = skipFull('buildah', 'debootstrap', 'containerd', 'ctr', 'runc', 'strace', 'unshare', 'ip', 'nft')
if (skip !== false) t.plan(0, skip)
else {
  t.setTimeout(600_000)
  const images = buildImages()
  t.teardown(() => images.remove())
  const roots = { agent: images.mount('agent'), collector: images.mount('collector') }
  for (const image of ['agent', 'collector'] as const) {
    t.test(`the ${image}’s image holds what it needs to run, and nothing else`, async t =>
      checkContents(t, image, roots[image]),
    )
    t.test(`the ${image}’s image tells what it is made of`, async t => checkBill(t, image, roots[image]))
  }
  t.test('both say how they are run', async t => checkConfigs(t, images))
  t.test('the collector’s image serves, stores, and ends cleanly on SIGTERM', async t =>
    serve(t, images, roots.collector),
  )
  const noDocker = skipFull('dockerd', 'docker-compose')
  t.test('the trial of Compose shows the host that it runs on', { timeout: 400_000, skip: noDocker }, async t =>
    checkTrial(t, await tryCompose(images)),
  )
  t.test('the agent in its container, with the rights of the manifest', { timeout: 300_000 }, async t => {
    const results = await lookAround(images, roots)
    checkSight(t, results)
    checkWrites(t, results)
  })
}

async function checkContents(t: Test, image: ImageName, directory: string): Promise<void> {
  const files = filesBelow(directory).map(path => ({ path, stats: lstatSync(directory + path) }))
  const plain = (path: string) =>
    path.replace(/^\/usr\/lib\/[\w-]+-linux-gnu\//, '/usr/lib/').replace(/ld-linux[\w.-]*$/, 'ld-linux.so')
  const executable = files
    .filter(({ stats }) => stats.isFile() && (stats.mode & 0o111) !== 0)
    .map(({ path }) => plain(path))
  t.comment(`executable: ${executable.sort().join(' ')}`)
  t.strictSame(executable.sort(), [...programs[image]].sort(), 'no shell, no package manager, no compiler')
  const binaries = files
    .filter(({ path, stats }) => stats.isFile() && isElf(join(directory, path)))
    .map(({ path }) => path)
  const others = binaries.filter(path => !/\.so(\.|$)|\.node$/.test(path) && !executable.includes(plain(path)))
  t.strictSame(others, [], 'whatever else is machine code is a library')
  const called = files.filter(({ path, stats }) => stats.isSymbolicLink() && /\/s?bin\//.test(path))
  t.strictSame(called.map(({ path }) => path.replace('/usr/sbin/', '')).sort(), links[image])
  t.strictSame(
    files.filter(({ stats }) => (stats.mode & 0o6000) !== 0).map(({ path }) => path),
    [],
    'nothing is set-id',
  )
  const open = files.filter(({ stats }) => !stats.isSymbolicLink() && (stats.mode & 0o002) !== 0)
  t.strictSame(
    open.map(({ path }) => path),
    ['/tmp'],
    'nothing else can be written by everybody',
  )
  const bytes = files.reduce((sum, { path, stats }) => sum + (path === '/usr/local/bin/node' ? 0 : stats.size), 0)
  t.comment(`${(bytes / 2 ** 20).toFixed(1)} MiB beside Node.js`)
  t.ok(bytes <= limits[image] * 2 ** 20, `at most ${limits[image]} MiB beside Node.js`)
}

/** Paths from a root on, `/` before each; links are not followed. */
function filesBelow(root: string, path = ''): readonly string[] {
  return readdirSync(root + path, { withFileTypes: true }).flatMap(entry => {
    const here = `${path}/${entry.name}`
    return entry.isDirectory() ? [here, ...filesBelow(root, here)] : [here]
  })
}

function isElf(path: string): boolean {
  const file = openSync(path, 'r')
  const head = Buffer.alloc(4)
  readSync(file, head)
  closeSync(file)
  return head.equals(Buffer.from('\x7fELF', 'latin1'))
}

async function checkBill(t: Test, image: ImageName, directory: string): Promise<void> {
  const text = readFileSync(join(directory, 'usr/share/doc/gabion/sbom.cdx.json'), 'utf8')
  t.equal(await new JsonStrictValidator(Version.v1dot6).validate(text), null, 'valid CycloneDX 1.6')
  const bill = JSON.parse(text) as {
    readonly metadata: { readonly component: { readonly name: string; readonly version: string } }
    readonly components: readonly { readonly name: string; readonly purl: string }[]
  }
  t.match(bill.metadata.component, { name: `gabion-${image}`, version })
  const names = bill.components.map(({ purl }) => purl.replace(/@[^@]*$/, ''))
  const packages = readdirSync(join(directory, 'var/lib/dpkg/status.d'))
  const listed = bill.components.filter(({ purl }) => purl.startsWith('pkg:deb/')).map(({ name }) => name)
  t.strictSame(listed.sort(), packages.sort(), 'as scanners of images read it')
  for (const name of packages) {
    const status = readFileSync(join(directory, 'var/lib/dpkg/status.d', name), 'utf8')
    t.match(status, new RegExp(`^Package: ${name.replace(/\W/g, '\\$&')}$`, 'm'))
    t.ok(lstatSync(join(directory, 'usr/share/doc', name, 'copyright')).isFile(), `${name} comes with its licence`)
  }
  const wanted = {
    agent: [
      'pkg:generic/node',
      'pkg:deb/debian/libc6',
      'pkg:deb/debian/nftables',
      'pkg:deb/debian/iptables',
      'pkg:npm/zod',
    ],
    collector: ['pkg:generic/node', 'pkg:deb/debian/libc6', 'pkg:npm/better-sqlite3', 'pkg:npm/express'],
  }
  for (const name of wanted[image]) t.ok(names.includes(name), name)
  t.equal(new Set(bill.components.map(({ purl }) => purl)).size, bill.components.length, 'each once')
}

function checkConfigs(t: Test, images: Images): void {
  const [agent, collector] = [images.config('agent'), images.config('collector')]
  t.strictSame(
    [agent.Entrypoint, agent.Cmd],
    [
      ['node', '/opt/gabion/gabion-agent.mjs'],
      ['scan', '--root', '/host'],
    ],
  )
  t.equal(agent.User, '0:0')
  t.strictSame(Object.keys(agent.Volumes), ['/var/lib/gabion/agent'])
  t.strictSame(collector.Entrypoint, ['node', '/opt/gabion/gabion-collector.mjs'])
  t.equal(collector.User, '65532:65532', 'nobody in particular')
  t.strictSame(Object.keys(collector.Volumes), ['/var/lib/gabion/collector'])
  t.strictSame(collector.Healthcheck?.Test, ['CMD', 'node', '/opt/gabion/gabion-collector.mjs', 'ready'])
  t.strictSame(agent.Healthcheck?.Test, ['CMD', 'node', '/opt/gabion/gabion-agent.mjs', 'healthcheck'])
  for (const { Labels } of [agent, collector]) {
    const label = (name: string) => Labels[`org.opencontainers.image.${name}`]
    t.strictSame([label('licenses'), label('version')], ['Apache-2.0', version])
    t.match(label('title'), /^gabion-/)
  }
}

async function serve(t: Test, images: Images, mounted: string): Promise<void> {
  const { Entrypoint, Env } = images.config('collector')
  const program = [join('/usr/local/bin', Entrypoint[0] ?? ''), ...Entrypoint.slice(1)]
  const chroot = (...words: readonly string[]) => ['--userspec=65532:65532', mounted, ...program, ...words]
  const env = { ...Object.fromEntries(Env.map(pair => pair.split(/=(.*)/s))), PATH: process.env['PATH'] }
  const inImage = (...words: readonly string[]) => outsideOfTap('chroot', chroot(...words))
  await serveAndEnd(t, {
    command: words => inImage(...words),
    env,
    async look(address) {
      const said = execFileSync(...inImage('ready', '--http-address', address), { env, encoding: 'utf8' })
      t.equal(said, 'ready\n', 'its health check knows')
      const hosts = await fetch(`http://${address}/api/v1/hosts`)
      t.same(await hosts.json(), { items: [] }, 'has no hosts yet')
      t.ok(readdirSync(join(mounted, 'var/lib/gabion/collector')).length > 0, 'keeps its data where the image says')
    },
  })
}

async function lookAround(
  { work, config }: Images,
  roots: Readonly<Record<ImageName, string>>,
): Promise<ConfinedResults> {
  const plan = join(work, 'plan.json')
  const { Env: environment, Healthcheck } = config('agent')
  const healthcheck = Healthcheck?.Test.slice(1) ?? []
  writeFileSync(plan, JSON.stringify({ ...roots, environment, healthcheck } satisfies ConfinedPlan))
  await inOwnNamespaces('confined-host.ts', plan)
  return JSON.parse(readFileSync(join(work, 'results.json'), 'utf8')) as ConfinedResults
}

async function tryCompose({ work }: Images): Promise<ComposeResults> {
  await inOwnNamespaces('compose-trial.ts', work)
  return JSON.parse(readFileSync(join(work, 'trial.json'), 'utf8')) as ComposeResults
}

/** They stand for those of a host. */
async function inOwnNamespaces(name: string, argument: string): Promise<void> {
  const script = join(root, 'test/images', name)
  const namespaces = ['--pid', '--net', '--mount', '--fork', '--mount-proc', '--kill-child']
  // A shell as first process waits for whatever loses its parent.
  const shell = ['sh', '-c', '"$@"; exit $?', 'sh', process.execPath, script, argument]
  const child = spawn('unshare', [...namespaces, ...shell], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', chunk => {
    said += chunk
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${name}: ${said.slice(-2000)}`)
}

function checkTrial(t: Test, results: ComposeResults): void {
  const { health, hosts, facets, overview, elsewhere, status, exit, built } = results
  t.equal(health.collector, 'healthy', 'before the agent begins')
  t.match(health.agent, /^lives: .*, connected$/, 'and so says the agent’s own check')
  t.match(hosts.items, [{ connected: true }])
  t.equal(hosts.items.length, 1)
  t.strictSame(
    facets.items.filter(({ state }) => state === 'error' || state === 'unreadable'),
    [],
    'every facet is read',
  )
  t.ok(facets.items.length >= 15)
  t.match(overview, /<html/)
  t.match(status.collector, /^CapBnd:\s+0{16}$/m, 'the collector has no capability')
  t.match(status.collector, /^Uid:\s+65532\s/m)
  for (const one of Object.values(status)) t.match(one, /^NoNewPrivs:\s+1$/m)
  t.equal(elsewhere, 'ECONNREFUSED', 'no other address of the machine has anything of it')
  t.equal(exit, 0, 'both end when Compose is interrupted')
  for (const name of ['agent', 'collector']) t.ok(built.includes(`registry.example.org/gabion-${name}`), name)
}

const digests = (states: ConfinedResults['direct']) => new Map(states.map(({ facet, digest }) => [facet, digest]))

function checkSight(t: Test, { direct, confined, without, job, resident }: ConfinedResults): void {
  const mask = agentPod(kustomized('deploy/kubernetes')).container.securityContext?.capabilities?.add ?? []
  const numbers: Readonly<Record<string, bigint>> = { DAC_READ_SEARCH: 2n, NET_ADMIN: 12n, SYS_PTRACE: 19n }
  const bits = mask
    .reduce((sum, name) => sum | (1n << (numbers[name] ?? 63n)), 0n)
    .toString(16)
    .padStart(16, '0')
  for (const set of ['Prm', 'Eff', 'Bnd']) t.match(resident.status, new RegExp(`^Cap${set}:\\s+${bits}$`, 'm'), set)
  t.match(resident.status, /^NoNewPrivs:\s+1$/m)
  t.match(resident.status, /^Seccomp:\s+2$/m, 'under the runtime’s own filter')
  t.strictSame([...digests(confined).keys()].sort(), facets.map(({ name }) => name).sort(), 'reads every facet')
  t.strictSame(
    confined.filter(({ state }) => state === 'error' || state === 'unreadable'),
    [],
    'no probe fails',
  )
  t.strictSame(digests(confined), digests(direct), 'and each says what root says without a container')
  t.match(job, /linux-hardening/, 'the job prints a report')
  const guide = readFileSync(join(root, 'docs/kubernetes.md'), 'utf8')
  for (const [capability, states] of Object.entries(without)) {
    const seen = digests(direct)
    const lost = states.filter(({ facet, digest }) => digest !== seen.get(facet)).map(({ facet }) => facet)
    const row = new RegExp(`^\\| \`${capability.replace('CAP_', '')}\` \\| ([^|]+) \\|`, 'm').exec(guide)?.[1] ?? ''
    t.comment(`without ${capability}: ${lost.join(', ')}`)
    t.ok(lost.length > 0, `${capability} is needed`)
    const told = row.split(',').map(word => word.trim().replaceAll('`', ''))
    t.strictSame(
      lost.filter(facet => !told.includes(facet)),
      [],
      `the guide tells what ${capability} is for`,
    )
  }
}

function checkWrites(t: Test, { resident }: ConfinedResults): void {
  const present = (resident.facets as { readonly items: readonly { readonly facet: string; readonly state: string }[] })
    .items
  t.equal(present.length, facets.length, 'the collector’s image has every facet of the agent’s')
  t.strictSame(resident.stateFiles.filter(name => !name.includes('/')).sort(), ['alive.json', 'host-key', 'outbox'])
  t.match(resident.health, /^lives: process \d+, version [\d.]+, looked \d+ s ago, connected\n$/)
  const writes = writesOf(resident.trace)
  t.ok(writes.length > 3, `${writes.length} calls that write`)
  t.strictSame(
    writes.filter(({ path }) => !path.startsWith('/var/lib/gabion/agent')),
    [],
    'nowhere but in its directory',
  )
  const allowed = ['/usr/local/bin/node', '/usr/sbin/nft', '/usr/sbin/iptables-save', '/usr/sbin/ip6tables-save']
  t.strictSame(
    [...new Set(execsOf(resident.trace))].filter(path => !allowed.includes(path)),
    [],
    'starts what it is known to',
  )
}
