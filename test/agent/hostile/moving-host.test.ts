// A host that changes while it is looked at: processes vanish between any two reads, files grow and are swapped. No probe
// fails, what is gone is no gap, and what stays is told as if nothing else had been there.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Host } from '../../../agent/host/host.ts'
import { openHost } from '../../../agent/host/open-host.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { type FixtureFile, hostFrom, rootFrom } from '../../host-from.ts'
import { type LittleProcess, littleProc } from '../../little-processes.ts'
import { changed, failed, gapsOf, sweepAll } from './sweep-all.ts'

t.setTimeout(120_000)

const pod = '11111111-2222-3333-4444-555555555555'
const doomed = 900
const lines = (pid: number) => ({
  mountinfo: '25 1 8:1 / / rw - ext4 /dev/sda1 rw\n',
  maps: '7f0-7f1 r-xp 00000000 08:01 131 /usr/lib/old.so (deleted)\n',
  'attr/current': 'unconfined\n',
  environ: 'A=b\0',
  'fd/3': { symlink: `socket:[${pid}00]` },
  'ns/net': { symlink: 'net:[4026531840]' },
})
const process1 = { pid: 1, executable: '/usr/lib/systemd/systemd', files: lines(1) }
const tcp = (...inodes: readonly number[]) =>
  `  sl  local_address\n${inodes.map((inode, i) => `${i}: 00000000:${(8000 + i).toString(16).toUpperCase()} 00000000:0000 0A 0:0 00:0 0 0 0 ${inode} 1 0 100 0 0 10 0\n`).join('')}`

/** Processes of all the kinds that probes look for, so that each of them has a reason to read on. */
const kinds: Readonly<
  Record<string, { readonly executable: string; readonly args?: readonly string[]; readonly cgroup?: string }>
> = {
  'a kubelet': {
    executable: '/usr/bin/kubelet',
    args: ['--config=/var/lib/kubelet/config.yaml'],
    cgroup: '/system.slice/kubelet.service',
  },
  'an API server': {
    executable: '/usr/local/bin/kube-apiserver',
    args: ['--anonymous-auth=false'],
    cgroup: `/kubepods/pod${pod}/${'a'.repeat(64)}`,
  },
  'an engine': { executable: '/usr/bin/dockerd', args: ['-H', 'fd://'], cgroup: '/system.slice/docker.service' },
  'an audit daemon': { executable: '/sbin/auditd', cgroup: '/system.slice/auditd.service' },
  'a container': { executable: '/app', cgroup: `/kubepods/besteffort/pod${pod}/${'b'.repeat(64)}` },
}

for (const [what, kind] of Object.entries(kinds)) {
  t.test(`${what} ends between any two reads of it`, async t => {
    const files = (...processes: readonly LittleProcess[]): Record<string, FixtureFile> => ({
      '/etc/hostname': 'x\n',
      '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
      '/proc/1/net/tcp': tcp(100, doomed * 100),
      ...littleProc(process1, ...processes),
    })
    const process = { pid: doomed, uid: 0, ...kind, files: lines(doomed) }
    const reads = await readsOf(await hostFrom(t, { files: files(process) }))
    t.ok(reads > 3, `${reads} reads of the process`)
    for (let after = 0; after < reads; after++) {
      const root = rootFrom(t, files(process))
      const host = await openHost({ root, live: true, commands: new Map(), http: new Map(), cri: new Map() })
      const states = await sweepAll(endingAfter(host, root, after))
      t.same(failed(states), [], `gone after ${after} reads`)
      t.same(namesOfProcess(states), [], `gone after ${after} reads: no fact or gap is about it by number`)
      rmSync(root, { recursive: true, force: true })
    }
  })
}

t.test('processes that are never there when they are read leave a host without them', async t => {
  const others = Array.from({ length: 50 }, (_, i) => ({ pid: 1000 + i, executable: `/usr/bin/p${i}` }))
  const base = { '/etc/hostname': 'x\n', '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n', '/proc/1/net/tcp': tcp(100) }
  const alone = await sweepAll(await hostFrom(t, { files: { ...base, ...littleProc(process1) } }))
  const host = await hostFrom(t, { files: { ...base, ...littleProc(process1) } })
  const pids = async () => ({ state: 'present' as const, path: '/proc', value: [1, ...others.map(({ pid }) => pid)] })
  t.same(changed(alone, await sweepAll({ ...host, pids })), [])
})

t.test('files that grow, shrink and vanish with each read of them', async t => {
  let size = 0
  const host = await hostFrom(t, {
    files: { '/etc/hostname': 'x\n', '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n', ...littleProc(process1) },
  })
  const growing: Host['readText'] = async (path, limits) => {
    if (!path.startsWith('/etc/')) return await host.readText(path, limits)
    size += 1
    if (size % 3 === 0) return { state: 'absent', path, detail: 'ENOENT' }
    return { state: 'present', path, value: `root:x:0:0:${'x'.repeat(size * 100)}` }
  }
  const states = await sweepAll({ ...host, readText: growing })
  t.same(failed(states), [])
})

const ofDoomed = (path: string) => path.startsWith(`/proc/${doomed}/`)

/** How often a sweep asks for something of the process. */
async function readsOf(host: Host): Promise<number> {
  let count = 0
  await sweepAll(
    watched(host, () => {
      count += 1
    }),
  )
  return count
}

/** The host whose process ends after that many reads of it. */
function endingAfter(host: Host, root: string, reads: number): Host {
  let left = reads
  return watched(host, () => {
    if (left === 0) rmSync(join(root, `proc/${doomed}`), { recursive: true, force: true })
    left -= 1
  })
}

/** Tells of each question about the process before it is answered. */
function watched(host: Host, onRead: () => void): Host {
  const ask = (method: 'readText' | 'readBytes' | 'readTexts' | 'readLink' | 'stat' | 'list') => {
    const original = host[method] as (path: unknown, ...rest: unknown[]) => unknown
    return (path: string | readonly string[], ...rest: unknown[]) => {
      for (const one of [path].flat()) if (ofDoomed(one)) onRead()
      return original(path, ...rest)
    }
  }
  const methods = ['readText', 'readBytes', 'readTexts', 'readLink', 'stat', 'list'] as const
  return { ...host, ...Object.fromEntries(methods.map(method => [method, ask(method)])) }
}

/** Process ids stand in observations only: facts and gaps would change by themselves. */
function namesOfProcess(states: ReadonlyMap<string, FacetState>): readonly string[] {
  return [...states.values()].flatMap(state => {
    const text = state.state === 'present' ? JSON.stringify([state.facts, gapsOf(state)]) : JSON.stringify(state.reason)
    return text.includes(`/proc/${doomed}`) ? [`${state.facet}: ${text}`] : []
  })
}
