// Tests of how a kubelet's version is told without running it.
import t from 'tap'
import { configured, type FoundKubelet } from '../../../agent/kubelet/found-kubelet.ts'
import { readVersion, upstreamVersion, type Version, versionInPath } from '../../../agent/kubelet/version.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { rpmDatabase } from '../../rpm-database.ts'

t.test('paths of programs tell versions only where they say so', async t => {
  const paths: readonly (readonly [string, string | undefined])[] = [
    ['/var/lib/rancher/rke2/data/v1.33.4-rke2r1-0a1b2c3d4e5f/bin/kubelet', '1.33.4'],
    ['/opt/kubernetes-v1.29.4/kubelet', '1.29.4'],
    ['/opt/k8s/1.29.4/bin/kubelet', '1.29.4'],
    ['/usr/bin/kubelet', undefined],
    ['/opt/1.29/kubelet', undefined],
    ['/opt/11.29.4/kubelet', undefined],
    ['/opt/v1.29.45678/kubelet', undefined],
    ['', undefined],
  ]
  for (const [path, version] of paths) t.equal(versionInPath(path), version, path)
})

t.test('upstream versions are taken from those of packages', async t => {
  const versions: readonly (readonly [string, string | undefined])[] = [
    ['1.30.2-1.1', '1.30.2'],
    ['1.20.2-00', '1.20.2'],
    ['1:1.20.5+really1.20.2-1', '1.20.2'],
    ['1.20.5+really1.20.2-1', '1.20.2'],
    ['1.30.2~rc.1-0', '1.30.2'],
    ['1.30.2.1-1', undefined],
    ['2.0.0', undefined],
    ['', undefined],
  ]
  for (const [text, version] of versions) t.equal(upstreamVersion(text), version, text)
})

const found: FoundKubelet = { ...configured, kind: 'kubelet', unit: 'kubelet.service', flags: {}, cwd: '/' }

const versionOf = (told: Version) => ('version' in told ? told.version : undefined)

t.test('a package counts only while it is installed, and is read once', async t => {
  const status = (state: string) =>
    `Package: kubelet-extras\nVersion: 9\n\nPackage: kubelet\nStatus: ${state}\nVersion: 1.30.2-1.1`
  const read = async (text: string, memory = new Map<string, unknown>()) => {
    const host = await hostFrom(t, { files: { '/usr/bin/kubelet': 'x', '/var/lib/dpkg/status': text } })
    return versionOf(await readVersion(host, found, undefined, memory))
  }
  const memory = new Map<string, unknown>()
  t.equal(await read(status('install ok installed'), memory), '1.30.2')
  t.match(memory.get('package'), { version: '1.30.2' })
  t.equal(await read(status('deinstall ok config-files')), undefined)
  t.equal(await read('Package: other\n'), undefined)
  t.equal(await read(''), undefined)
  const only = 'Package: kubelet\nStatus: install ok installed\nVersion: 1.2.3-1\n\n'
  t.equal(await read(only), '1.2.3', 'the first stanza')
})

t.test('where there is no dpkg, rpm tells it', async t => {
  const rpm = '/var/lib/rpm/rpmdb.sqlite'
  const read = async (database: FixtureFile) =>
    await readVersion(
      await hostFrom(t, { files: { '/usr/bin/kubelet': 'x', [rpm]: database } }),
      found,
      undefined,
      new Map(),
    )
  const packages = { 'kubelet-extras': '9.9.9-1', kubelet: '1.36.2-150500.1.1' }
  t.strictSame(await read(rpmDatabase(packages)), { version: '1.36.2' })
  t.match(await read(rpmDatabase({ kubeadm: '1.36.2-1' })), { obstacle: { detail: /^nothing on disk/ } })
  t.match(await read('x'), { obstacle: { source: rpm, state: 'unavailable' } })
  t.match(await read({ fifo: true }), { obstacle: { source: rpm, state: 'notRegular' } })
})

t.test('a program elsewhere is not the package’s', async t => {
  const files = {
    '/opt/bin/kubelet': 'x',
    '/usr/bin/kubelet': 'x',
    '/var/lib/dpkg/status': 'Package: kubelet\nStatus: install ok installed\nVersion: 1.2.3-1\n\n',
  }
  const process = {
    pid: 1,
    name: 'kubelet',
    executable: '/opt/bin/kubelet',
    uid: 0,
    parentPid: 0,
    startTicks: 0,
    cgroups: [],
  }
  t.strictSame(await readVersion(await hostFrom(t, { files }), { ...found, process }, undefined, new Map()), {
    obstacle: {
      source: '/opt/bin/kubelet',
      state: 'unavailable',
      detail: 'nothing on disk tells the version of this binary',
    },
  })
})

t.test('a record of packages that cannot be used is named, one of many MiB is read', async t => {
  const status = '/var/lib/dpkg/status'
  const read = async (file: FixtureFile, memory = new Map<string, unknown>()) =>
    await readVersion(
      await hostFrom(t, { files: { '/usr/bin/kubelet': 'x', [status]: file } }),
      found,
      undefined,
      memory,
    )
  const kubeletStanza = 'Package: kubelet\nStatus: install ok installed\nVersion: 1.30.2-1.1\n\n'
  const other = `Package: other\nStatus: install ok installed\nDescription: ${'x'.repeat(900)}\n\n`
  t.strictSame(await read(other.repeat(9000) + kubeletStanza), { version: '1.30.2' }, 'nine MiB')
  const memory = new Map<string, unknown>()
  for (const attempt of ['first', 'second']) {
    t.match(await read({ fifo: true }, memory), { obstacle: { source: status, state: 'notRegular' } }, attempt)
  }
  t.match(await read({ directory: true }), { obstacle: { source: status, state: 'notRegular' } })
  t.match(await read('x'.repeat(33 * 1024 * 1024)), { obstacle: { source: status, state: 'tooLarge' } })
})
