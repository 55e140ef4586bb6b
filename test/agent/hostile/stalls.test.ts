// Whatever never answers — a mount, a program, a runtime, a port, Node's own threads — takes down at most the facet
// that asked, which then says what it waited for.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Host } from '../../../agent/host/host.ts'
import { openHost } from '../../../agent/host/open-host.ts'
import { probes } from '../../../agent/probes.generated.ts'
import { settle } from '../../fake-clock.ts'
import { fixtureRoot, openFixtureHost, readModes } from '../../fixture-host.ts'
import { sourceFiles } from '../../rules/sources.ts'
import { changed, failed, gapsOf, startSweep, sweepAll } from './sweep-all.ts'

t.setTimeout(120_000)

/** The host with some of its questions answered otherwise. */
const altered = (host: Host, answers: Partial<Host>): Host => ({ ...host, ...answers })
const never = () => new Promise<never>(() => undefined)
const isAsked = async (host: Host, question: 'run' | 'askCri' | 'probeHttp' | 'probeTls' | 'hardware') => {
  let asked = false
  const original = host[question] as (...args: unknown[]) => Promise<unknown>
  const watched = {
    [question]: (...args: unknown[]) => {
      asked = true
      return original.apply(host, args)
    },
  }
  await sweepAll(altered(host, watched as Partial<Host>))
  return asked
}

for (const fixture of ['debian12-vm', 'kubeadm-node', 'kubeadm-control-plane']) {
  t.test(`on ${fixture}`, async t => {
    const host = await openFixtureHost(fixture, { live: true })
    const usual = await sweepAll(host)
    t.equal(usual.size, probes.length)
    t.same(failed(usual), [])

    for (const question of ['run', 'askCri', 'probeHttp', 'probeTls', 'hardware'] as const) {
      t.test(`${question} never answers: who asked is an error at its deadline, the others are as usual`, async t => {
        const { clock, states } = startSweep(altered(host, { [question]: never }))
        // No answer ever comes: what is not done by now waits for it.
        for (let turn = 0; turn < 400; turn++) await settle()
        await clock.advance(60_000)
        const now = await states
        const lost = [...now.values()].filter(({ state }) => state === 'error')
        for (const state of lost)
          t.match(state, { reason: { code: 'deadline', detail: /gave no answer within \d+ ms/ } })
        t.strictSame(changed(usual, now), lost.map(({ facet }) => facet).sort())
        t.equal(lost.length > 0, await isAsked(host, question))
        t.ok(lost.length <= 8, `${lost.length} of ${now.size} facets asked`)
      })
    }

    t.test('a program that was killed at its limit of time leaves a gap, and no error', async t => {
      const now = await sweepAll(
        altered(host, {
          run: async spec => {
            const path = [spec.command, ...spec.args].join(' ')
            return { state: 'timedOut', path, detail: 'no end after 5000 ms' }
          },
        }),
      )
      t.same(failed(now), [])
      const gaps = [...now.values()].flatMap(state => gapsOf(state))
      t.ok(gaps.some(gap => gap.state === 'timedOut' && gap.detail === 'no end after 5000 ms'))
    })
  })
}

const mounts: readonly (readonly [what: string, type: string, points: readonly string[]])[] = [
  ['an NFS server that is gone', 'nfs4', ['/home', '/var']],
  ['an automount point', 'autofs', ['/etc', '/boot']],
  ['a program of a user', 'fuse.sshfs', ['/usr', '/root']],
]

for (const [what, type, points] of mounts) {
  t.test(`behind ${points.join(' and ')} stands ${what}: nothing below is touched, and gaps say so`, async t => {
    const root = fixtureRoot('debian12-vm')
    const readMountinfo = () =>
      ['20 1 8:1 / / rw - ext4 /dev/sda1 rw']
        .concat(points.map((point, i) => `${21 + i} 20 0:${40 + i} / ${root}${point} rw - ${type} there rw`))
        .join('\n')
    const host = await openHost({
      ...{ root, live: false, readMountinfo },
      overlay: readModes('debian12-vm'),
    })
    const states = await sweepAll(host)
    t.same(failed(states), [])
    t.equal(states.size, probes.length)
    const told = [...states.values()].flatMap(
      (state): readonly { readonly state: string; readonly detail: string }[] =>
        state.state === 'present' ? gapsOf(state) : [{ state: state.reason.code, detail: state.reason.detail }],
    )
    const remote = told.filter(gap => gap.state === 'remote')
    t.ok(remote.length > 0)
    for (const { detail } of remote) t.match(detail, `mount of type ${type}`)
    const texts = JSON.stringify([...states.values()].map(state => (state.state === 'present' ? state.facts : '')))
    if (points.includes('/etc')) t.notMatch(texts, /Debian GNU/, 'nothing of /etc was read')
  })
}

t.test('nothing that reads a host waits for a thread of Node’s pool', async t => {
  // inotify has a descriptor of its own; everything else that does not say Sync goes through the pool
  const direct = /^(?:\w+Sync|constants|type \w+|watch(?: as \w+)?)$/
  for (const { path, text } of sourceFiles().filter(file => /^agent\/(?:host|probes|parse|watch)\//.test(file.path))) {
    t.notMatch(text, /from 'node:(?:fs\/promises|dns)'/, `${path} uses no pool`)
    for (const [, names = ''] of text.matchAll(/^import \{([^}]*)\} from 'node:(?:fs|zlib)'$/gm)) {
      const pooled = names
        .split(',')
        .map(name => name.trim())
        .filter(name => name !== '' && !direct.test(name))
      t.same(pooled, [], `${path} reads without the pool`)
    }
  }

  t.test('with all four threads blocked in reads that never end, every facet arrives as usual', async t => {
    const directory = mkdtempSync(join(tmpdir(), 'gabion-threads-'))
    t.teardown(() => rmSync(directory, { recursive: true, force: true }))
    const program = join(directory, 'starved.ts')
    const source = (path: string) => JSON.stringify(join(import.meta.dirname, path))
    const fifos = ['a', 'b', 'c', 'd', 'e'].map(name => join(directory, name))
    execFileSync('mkfifo', fifos)
    // Opening a FIFO that nobody writes to blocks the thread that opens it, for ever.
    writeFileSync(
      program,
      `import { readFile } from 'node:fs'
import { openFixtureHost } from ${source('../../fixture-host.ts')}
import { openHost } from ${source('../../../agent/host/open-host.ts')}
import { sweepAll } from ${source('sweep-all.ts')}
let ended = 0
if (process.argv[2] === 'starved') for (const fifo of ${JSON.stringify(fifos)}) readFile(fifo, () => { ended += 1 })
const recorded = await sweepAll(await openFixtureHost('debian12-vm', { live: true }))
const here = await sweepAll(await openHost({ root: '/' }))
const states = [...here.values()].map(({ facet, state }) => [facet, state])
const digests = [...recorded.values()].map(({ facet, digest }) => [facet, digest])
process.stdout.write(JSON.stringify({ ended, digests, states }), () => process.kill(process.pid, 'SIGKILL'))
`,
    )
    const look = async (how: string) => {
      const child = spawn(process.execPath, [program, how], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, UV_THREADPOOL_SIZE: '4' },
      })
      const chunks: Buffer[] = []
      child.stdout.on('data', chunk => chunks.push(chunk))
      await once(child, 'close')
      return JSON.parse(Buffer.concat(chunks).toString()) as {
        readonly ended: number
        readonly digests: readonly (readonly [string, string])[]
        readonly states: readonly (readonly [string, string])[]
      }
    }
    const starved = await look('starved')
    const free = await look('free')
    t.equal(starved.ended, 0, 'the reads were blocked all the time')
    t.equal(starved.digests.length, probes.length)
    t.same(starved.digests, free.digests, 'a recorded host is read the same')
    t.same(starved.states, free.states, 'and so is this one')
  })
})
