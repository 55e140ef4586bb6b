// Tests of opening a root: live or offline, replayed or real.
import { mkdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openHost } from '../../../agent/host/open-host.ts'
import { hostFrom, rootFrom } from '../../host-from.ts'

const probe = { address: '127.0.0.1', port: 1, tls: true, path: '/pods' }

t.test('the real root is live', async t => {
  const host = await openHost({ root: '/' })
  t.equal(host.live, true)
  t.match(await host.pids(), { state: 'present' })
  t.match(await host.run({ command: 'true', args: [] }), { state: 'present', value: { exitCode: 0 } })
  t.match(await host.probeHttp({ ...probe, timeoutMs: 500 }), { state: 'present', value: { state: 'closed' } })
})

t.test('a directory is offline, whatever its /proc looks like', async t => {
  const bootId = await (await openHost({ root: '/' })).readText('/proc/sys/kernel/random/boot_id')
  const copied = rootFrom(t, { '/proc/sys/kernel/random/boot_id': bootId.state === 'present' ? bootId.value : '' })
  const linked = rootFrom(t, {})
  symlinkSync('/proc', join(linked, 'proc'))
  const empty = rootFrom(t, {})
  mkdirSync(join(empty, 'proc'))
  for (const root of [copied, linked, empty, rootFrom(t, {})]) {
    const host = await openHost({ root })
    t.equal(host.live, false)
    const offline = { state: 'absent', detail: 'offline root' }
    t.match(await host.pids(), offline)
    t.match(await host.run({ command: 'true', args: [] }), offline)
    t.match(await host.probeHttp(probe), offline)
    t.match(await host.hardware(), offline)
  }
})

t.test('the root of a process is opened as that process sees it', async t => {
  const host = await openHost({ root: '/proc/self/root' })
  t.equal(host.live, true)
  t.match(await host.realPath('/etc'), { state: 'present', value: '/etc' })
})

t.test('a root that cannot be opened is one clear error', async t => {
  await t.rejects(openHost({ root: '/no/such/root' }), {
    code: 'usage',
    message: 'root /no/such/root cannot be opened: ENOENT',
  })
  await t.rejects(openHost({ root: '/etc/passwd' }), { code: 'usage', message: 'root /etc/passwd is not a directory' })
  const readMountinfo = () => {
    throw new Error('EACCES')
  }
  await t.rejects(openHost({ root: '/', readMountinfo }), { code: 'usage', message: /is \/proc mounted/ })
})

t.test('what tells of another network namespace is not asked', async t => {
  const own = { '/proc/1/ns/net': { symlink: readlinkSync('/proc/self/ns/net') } }
  const other = { '/proc/1/ns/net': { symlink: 'net:[1]' } }
  const detail = 'the agent is not in the network namespace of the host'
  for (const files of [other, {}]) {
    const host = await openHost({ root: rootFrom(t, files), live: true })
    t.match(await host.probeHttp(probe), { state: 'unavailable', detail })
    t.match(await host.run({ command: 'nft', args: ['list', 'ruleset'] }), {
      state: 'unavailable',
      path: 'nft list ruleset',
      detail,
    })
    t.match(await host.run({ command: 'true', args: [] }), { state: 'present' })
  }
  const host = await openHost({ root: rootFrom(t, own), live: true })
  t.match(await host.probeHttp(probe), { state: 'present', value: { state: 'closed' } })
})

t.test('recordings answer instead of the system', async t => {
  const host = await hostFrom(t, {
    files: {},
    commands: { 'nft -j list ruleset': { stdout: '{}' }, 'ufw status': { exitCode: 1, stdout: '', stderr: 'no' } },
    http: { 'https://127.0.0.1:1/pods': { state: 'open', status: 200, body: '{}', tlsVersion: 'TLSv1.3' } },
    hardware: { cpuModel: 'x', cpuCores: 1, memoryMiB: 1, virtualization: 'none' },
  })
  t.match(await host.run({ command: 'nft', args: ['-j', 'list', 'ruleset'] }), {
    value: { exitCode: 0, stdout: '{}', stderr: '' },
  })
  t.match(await host.run({ command: 'ufw', args: ['status'] }), { value: { exitCode: 1, stderr: 'no' } })
  t.match(await host.run({ command: 'nft', args: ['list', 'tables'] }), { state: 'unavailable' })
  t.match(await host.run({ command: 'true', args: [] }), { state: 'absent', detail: 'true is not installed' })
  t.match(await host.probeHttp(probe), { value: { state: 'open', status: 200 } })
  t.match(await host.probeHttp({ ...probe, port: 2 }), { value: { state: 'closed' } })
  t.match(await host.hardware(), { value: { cpuModel: 'x' } })
})
