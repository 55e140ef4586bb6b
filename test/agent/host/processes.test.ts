// Tests of the process table.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openHost } from '../../../agent/host/open-host.ts'
import { readProcesses } from '../../../agent/host/processes.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { hostFrom } from '../../host-from.ts'

const tail = '1 1 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 66 0 0 0 0'
const stat = (pid: number, comm: string) => `${pid} (${comm}) S 1 ${tail}\n`
const status = (uid: number) => `Name:\tx\nUid:\t0\t${uid}\t0\t0\nGid:\t0\t0\t0\t0\n`
const init = { '/proc/1/stat': stat(1, 'systemd'), '/proc/1/status': status(0) }

t.test('the recorded machine has the processes that ps printed', async t => {
  const table = await readProcesses(await openFixtureHost('debian12-vm'))
  t.same(table.unreadable, { count: 0, detail: '' })
  const printed = new Map<number, { parentPid: number; uid: number; name: string }>()
  for (const line of fixtureCommand('debian12-vm', 'ps').split('\n').slice(1)) {
    const match = /^\s*(\d+)\s+(\d+)\s+\S+\s+(\d+)\s+(?:unconfined|\S+ \(\w+\))\s+\S+\s+(\S+)/.exec(line)
    if (match)
      printed.set(Number(match[1]), { parentPid: Number(match[2]), uid: Number(match[3]), name: match[4] ?? '' })
  }
  for (const { pid, parentPid, uid, name } of table.processes) {
    t.same({ parentPid, uid, name }, printed.get(pid), `process ${pid}`)
  }
  const userland = [...printed].filter(([pid, { parentPid, name }]) => pid !== 2 && parentPid !== 2 && name !== 'ps')
  t.same(
    userland.filter(([pid]) => !table.byPid.has(pid)),
    [],
  )
  t.match(table.byPid.get(411), {
    executable: '/usr/sbin/dockerd',
    cgroups: ['/system.slice/docker.service'],
    startTicks: 4013,
  })
  t.match(table.byPid.get(2), { name: 'kthreadd', executable: '' })
})

t.test('names with any bytes, deleted executables and several hierarchies', async t => {
  const host = await hostFrom(t, {
    files: {
      ...init,
      '/proc/7/stat': stat(7, 'a) R (\n\udcff'),
      '/proc/7/status': status(33),
      '/proc/7/cgroup': '2:cpu:/docker/x\n0::/system.slice/a.service\n',
      '/proc/7/exe': { symlink: '/usr/bin/my tool (deleted)' },
    },
  })
  t.same((await readProcesses(host)).byPid.get(7), {
    pid: 7,
    name: 'a) R (\n\udcff',
    executable: '/usr/bin/my tool',
    uid: 33,
    parentPid: 1,
    startTicks: 66,
    cgroups: ['/system.slice/a.service', '/docker/x'],
  })
})

t.test('processes that vanish are left out, those that cannot be read are counted', async t => {
  const host = await hostFrom(t, {
    files: {
      ...init,
      '/proc/8/status': status(0),
      '/proc/9/stat': stat(9, 'cut').slice(0, 20),
      '/proc/9/status': status(0),
      '/proc/10/stat': stat(10, 'x'),
      '/proc/10/status': 'Name:\tx\n',
      '/proc/11/stat': { fifo: true },
      '/proc/notanumber/stat': 'x',
      '/proc/0012/stat': 'x',
    },
  })
  const table = await readProcesses(host)
  t.same(
    table.processes.map(process => process.pid),
    [1],
  )
  t.equal(table.unreadable.count, 3)
  t.match(table.unreadable.detail, /^\/proc\/9: not the text of procfs/)
})

t.test('a /proc that hides process 1 hides others, too', async t => {
  const host = await hostFrom(t, { files: { '/proc/7/stat': stat(7, 'own'), '/proc/7/status': status(1000) } })
  const table = await readProcesses(host)
  t.equal(table.processes.length, 1)
  t.same(table.unreadable, { count: 1, detail: '/proc: hides processes of other users' })
})

t.test('an offline root has no processes', async t => {
  const host = await hostFrom(t, { live: false, files: init })
  t.same(await readProcesses(host), { processes: [], byPid: new Map(), unreadable: { count: 0, detail: '' } })
})

t.test('the running system: this process and its parent', async t => {
  const table = await readProcesses(await openHost({ root: '/' }))
  t.match(table.byPid.get(process.pid), {
    executable: process.execPath,
    parentPid: process.ppid,
    uid: process.geteuid?.(),
  })
  t.ok(table.byPid.has(process.ppid))
})

t.test('a later look sees what changed', async t => {
  const host = await hostFrom(t, {
    files: {
      ...init,
      '/proc/7/stat': stat(7, 'one'),
      '/proc/7/status': status(0),
      '/proc/8/stat': stat(8, 'x'),
      '/proc/8/status': status(0),
    },
  })
  t.match((await readProcesses(host)).byPid.get(7), { name: 'one', uid: 0 })
  writeFileSync(join(host.root, 'proc/7/stat'), stat(7, 'two'))
  writeFileSync(join(host.root, 'proc/7/status'), status(5))
  rmSync(join(host.root, 'proc/8'), { recursive: true })
  mkdirSync(join(host.root, 'proc/9'))
  writeFileSync(join(host.root, 'proc/9/stat'), stat(9, 'new'))
  writeFileSync(join(host.root, 'proc/9/status'), status(9))
  const table = await readProcesses(host)
  t.match(table.byPid.get(7), { name: 'two', uid: 5 })
  t.same(
    table.processes.map(process => process.pid),
    [1, 7, 9],
  )
})

t.test('executables and cgroups of settled processes are taken over, but not for ever', async t => {
  const files = { ...init, '/proc/7/stat': stat(7, 'x'), '/proc/7/status': status(0), '/proc/7/cgroup': '0::/old\n' }
  const host = await hostFrom(t, { files })
  for (let sweep = 0; sweep < 3; sweep += 1) await readProcesses(host)
  writeFileSync(join(host.root, 'proc/7/cgroup'), '0::/new\n')
  const seen: string[] = []
  for (let sweep = 0; sweep < 16; sweep += 1) seen.push((await readProcesses(host)).byPid.get(7)?.cgroups[0] ?? '')
  t.equal(seen[0], '/old')
  t.equal(seen.at(-1), '/new')
  writeFileSync(join(host.root, 'proc/7/cgroup'), '0::/newest\n')
  writeFileSync(join(host.root, 'proc/7/stat'), stat(7, 'renamed'))
  t.match(
    (await readProcesses(host)).byPid.get(7),
    { name: 'renamed', cgroups: ['/newest'] },
    'a new name is a new look',
  )
})

t.test('a process that ends while it is read is left out, not shown in part', async t => {
  const files = { ...init, '/proc/7/stat': stat(7, 'x'), '/proc/7/status': status(0) }
  const host = await hostFrom(t, { files })
  const ending: typeof host = {
    ...host,
    readLink: path => {
      rmSync(join(host.root, 'proc/7'), { recursive: true, force: true })
      return host.readLink(path)
    },
  }
  const table = await readProcesses(ending)
  t.same(
    table.processes.map(process => process.pid),
    [1],
  )
  t.same(table.unreadable, { count: 0, detail: '' })
})
