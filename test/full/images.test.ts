// Builds both images for real, without a network, on a base made from Debian packages, and runs them.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { probes } from '../../agent/probes.generated.ts'
import { freePort } from '../free-port.ts'
import { findTool, skipFull } from '../tools.ts'

const root = join(import.meta.dirname, '../..')
const skip = skipFull('buildah', 'debootstrap')
if (skip !== false) t.plan(0, skip)
else {
  t.setTimeout(600_000)
  const work = mkdtempSync(join(tmpdir(), 'gabion-images-'))
  t.teardown(() => {
    buildah('umount', '--all')
    for (const mount of mountsBelow(work)) run('umount', mount)
    rmSync(work, { recursive: true, force: true })
  })
  const storage = ['--root', join(work, 'storage'), '--runroot', join(work, 'run')]
  const environment = { ...process.env, STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot' }
  const run = (command: string, ...args: readonly string[]) =>
    execFileSync(command, args, {
      cwd: root,
      encoding: 'utf8',
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  const buildah = (...args: readonly string[]) => run('buildah', ...storage, ...args)

  makeBase()
  run(process.execPath, 'scripts/build.ts')

  for (const name of ['agent', 'collector']) {
    const options = ['--pull-never', '--build-arg', 'BASE=localhost/gabion-base', '-f', `Dockerfile.${name}`]
    buildah('bud', '-q', ...options, '-t', `localhost/gabion-${name}`, '.')
  }

  t.test('the agent’s image scans the host mounted at /host', t => {
    const container = buildah('from', '--pull-never', 'localhost/gabion-agent')
    const entry = JSON.parse(buildah('inspect', '--type', 'image', 'localhost/gabion-agent')).OCIv1.config
    t.same(entry.Entrypoint, ['node', '/opt/gabion/gabion-agent.mjs'])
    t.same(entry.Cmd, ['scan', '--root', '/host'])
    const mount = ['-v', '/:/host:ro,rslave']
    const text = buildah('run', ...mount, container, '--', ...entry.Entrypoint, 'scan', '--root', '/host', '-o', 'json')
    const report = JSON.parse(text)
    t.equal(report.facets.length, probes.length, 'reads every facet')
    t.same(
      report.facets.filter((facet: { state: string }) => facet.state === 'error'),
      [],
      'no probe fails',
    )
    t.ok(report.results.length >= 40, `judges ${report.results.length} checks`)
    t.end()
  })

  t.test('the agent’s image holds nft and iptables-save', t => {
    const container = buildah('from', '--pull-never', 'localhost/gabion-agent')
    t.match(buildah('run', container, '--', 'nft', '--version'), /nftables v/)
    t.match(buildah('run', container, '--', 'iptables-save', '--version'), /iptables-save v/)
    t.end()
  })

  t.test('the collector’s image serves, stores, and ends cleanly on SIGTERM', async t => {
    const config = JSON.parse(buildah('inspect', '--type', 'image', 'localhost/gabion-collector')).OCIv1.config
    t.equal(config.User, '65532:65532', 'runs as nobody in particular')
    const container = buildah('from', '--pull-never', 'localhost/gabion-collector')
    const mounted = buildah('mount', container)
    const http = await freePort()
    const grpc = await freePort()
    const args = [
      'serve',
      '--insecure-loopback',
      '--http-address',
      `127.0.0.1:${http}`,
      '--grpc-address',
      `127.0.0.1:${grpc}`,
    ]
    const child = spawn(
      findTool('chroot') ?? 'chroot',
      ['--userspec=65532:65532', mounted, '/usr/bin/env', '-u', 'NODE_OPTIONS', ...config.Entrypoint, ...args],
      {
        env: { PATH: '/usr/local/bin:/usr/bin:/bin', GABION_DATA_DIR: '/var/lib/gabion/collector' },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    let log = ''
    child.stderr.on('data', chunk => {
      log += chunk
    })
    t.teardown(() => child.kill('SIGKILL'))
    const ended = once(child, 'exit')
    const ready = await answers(`http://127.0.0.1:${http}/readyz`, child)
    t.ok(ready, `answers /readyz: ${log.slice(-400)}`)
    const hosts = await fetch(`http://127.0.0.1:${http}/api/v1/hosts`)
    t.same(await hosts.json(), { items: [] }, 'has no hosts yet')
    t.ok(existsSync(join(mounted, 'var/lib/gabion/collector')), 'keeps its data where the image says')
    child.kill('SIGTERM')
    t.same(await ended, [0, null], 'ends with 0')
    t.end()
  })

  function makeBase(): void {
    const base = join(work, 'base')
    const packages = 'nftables,iptables,libstdc++6'
    run('debootstrap', '--variant=minbase', `--include=${packages}`, 'bookworm', base)
    mkdirSync(join(base, 'usr/local/bin'), { recursive: true })
    const node = join(base, 'usr/local/bin/node')
    copyFileSync(process.execPath, node)
    chmodSync(node, 0o755)
    run('tar', '-C', base, '--exclude=./var/cache/apt', '--exclude=./dev', '-cf', join(work, 'base.tar'), '.')
    const container = buildah('from', 'scratch')
    buildah('add', '-q', container, join(work, 'base.tar'), '/')
    buildah('config', '--env', 'PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', container)
    buildah('commit', '-q', container, 'localhost/gabion-base')
    buildah('rm', container)
    rmSync(base, { recursive: true, force: true })
  }
}

/** What is mounted below a directory, the deepest first: container storages mount themselves. */
function mountsBelow(directory: string): readonly string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map(line => line.split(' ')[1] ?? '')
    .filter(path => path.startsWith(`${directory}/`))
    .sort()
    .reverse()
}

/** Asks until there is an answer or the process has ended. */
async function answers(url: string, child: { readonly exitCode: number | null }): Promise<boolean> {
  for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt++) {
    try {
      if ((await fetch(url)).ok) return true
    } catch {
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
  return false
}
