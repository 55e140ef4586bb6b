// Recorded kubelets of test/fixtures/kubelet, and little hosts on which such a kubelet runs.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HttpAnswer, TlsAnswer } from '../agent/host/host.ts'
import type { FixtureFile } from './host-from.ts'

const recordings = join(import.meta.dirname, 'fixtures', 'kubelet')

export interface RecordedKubelet {
  readonly version: string
  readonly name: string
  /** program first */
  readonly argv: readonly string[]
  readonly config: string | undefined
  readonly dropIn: string | undefined
  /** the kubelet's own account of its configuration */
  readonly configz: Readonly<Record<string, unknown>> | undefined
  readonly sockets: readonly RecordedSocket[]
  readonly answers: Readonly<Record<string, HttpAnswer>>
  readonly tls: Readonly<Record<string, TlsAnswer>>
}

/** Such as a kubelet makes for itself, with its authority behind it. */
export const servingCertificate = readFileSync(join(recordings, 'serving.crt'), 'utf8')
export const servingLeaf = servingCertificate.slice(0, servingCertificate.indexOf('-----END') + 26)

export interface RecordedSocket {
  readonly address: string
  readonly port: number
  readonly fd: number
}

export function recordedKubelets(): readonly RecordedKubelet[] {
  const versions = readdirSync(recordings).filter(name => name.startsWith('v'))
  return versions.flatMap(version => readdirSync(join(recordings, version)).map(name => readRecording(version, name)))
}

export function recordedKubelet(version: string, name: string): RecordedKubelet {
  return readRecording(version, name)
}

export function recordedText(version: string, name: string, file: string): string {
  return readFileSync(join(recordings, version, name, file), 'utf8')
}

function readRecording(version: string, name: string): RecordedKubelet {
  const read = (file: string) =>
    existsSync(join(recordings, version, name, file)) ? recordedText(version, name, file) : undefined
  const configz = read('configz.body')
  return {
    version: version.slice(1),
    name,
    argv: (read('cmdline.txt') ?? '').trim().split(' '),
    config: read('config.yaml'),
    dropIn: read('50-open.conf'),
    configz: configz === undefined ? undefined : JSON.parse(configz).kubeletconfig,
    sockets: [...(read('listen.txt') ?? '').matchAll(/LISTEN +\d+ +\d+ +([\d.]+):(\d+) .*,fd=(\d+)\)/g)].map(
      ([, address = '', port, fd]) => ({ address, port: Number(port), fd: Number(fd) }),
    ),
    answers: Object.fromEntries([
      ...answerOf('https://127.0.0.1:10250/pods', read('pods.status'), read('pods.body'), 'TLSv1.3'),
      ...answerOf('http://127.0.0.1:10255/pods', read('ro-pods.status'), read('ro-pods.body'), ''),
      ...answerOf('http://127.0.0.1:10248/healthz', read('hz.status'), read('hz.body'), ''),
    ]),
    tls: { 'tls://127.0.0.1:10250': offersOf(read('tls-versions.txt') ?? '', read('tls-clientca.txt') ?? '') },
  }
}

function answerOf(url: string, status = '000', body = '', tlsVersion = ''): [string, HttpAnswer][] {
  const certificate = url.startsWith('https:') ? { certificate: servingLeaf } : {}
  return Number(status) === 0
    ? []
    : [[url, { state: 'open', status: Number(status), body, tlsVersion, ...certificate }]]
}

function offersOf(versions: string, authorities: string): TlsAnswer {
  const names = ['TLSv1.3', 'TLSv1.2'].filter(name => versions.includes(`New, ${name}, `))
  // Of the suites only the one that was chosen is known.
  const cipherSuites = versions.includes('ECDHE-RSA-AES128-GCM-SHA256') ? ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'] : []
  const clientAuthorities = authorities.includes('Acceptable') ? (authorities.match(/^CN = /gm)?.length ?? 0) : -1
  return { state: 'open', versions: names, cipherSuites, clientAuthorities }
}

export interface FixtureProcess {
  readonly pid: number
  readonly executable: string
  readonly argv: readonly string[]
  readonly name?: string
  readonly cgroup?: string
  readonly cwd?: string
  readonly startTicks?: number
  readonly sockets?: readonly RecordedSocket[]
  /** inode numbers of /proc/PID/ns */
  readonly namespaces?: Readonly<Record<string, number>>
}

/** What /proc says of one process. */
export function processFiles(process: FixtureProcess): Record<string, FixtureFile> {
  const directory = `/proc/${process.pid}`
  const name = process.name ?? process.executable.split('/').at(-1)?.slice(0, 15)
  const files: Record<string, FixtureFile> = {
    [`${directory}/stat`]: `${process.pid} (${name}) S 1 1 1 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 ${process.startTicks ?? 4200} 1 1 1 1 1 1 1 1 1 1 1 0 0 0 0 17\n`,
    [`${directory}/status`]: `Name:\t${name}\nPid:\t${process.pid}\nPPid:\t1\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n`,
    [`${directory}/cgroup`]: `0::${process.cgroup ?? '/system.slice/kubelet.service'}\n`,
    [`${directory}/cmdline`]: process.argv.map(argument => `${argument}\0`).join(''),
    [`${directory}/exe`]: { symlink: process.executable },
    [`${directory}/cwd`]: { symlink: process.cwd ?? '/' },
    [`${directory}/fd/0`]: { symlink: '/dev/null' },
  }
  for (const { fd } of process.sockets ?? []) files[`${directory}/fd/${fd}`] = { symlink: `socket:[${inodeOf(fd)}]` }
  for (const [kind, inode] of Object.entries(process.namespaces ?? {})) {
    files[`${directory}/ns/${kind}`] = { symlink: `${kind}:[${inode}]` }
  }
  return files
}

const inodeOf = (fd: number) => 7000 + fd

/** /proc/1/net/tcp and the rest of /proc that every live host has; booted in the year 2100, after all files' dates. */
export function kernelFiles(sockets: readonly RecordedSocket[], btime = 4_102_444_800): Record<string, FixtureFile> {
  const rows = sockets.map(({ address, port, fd }, index) => {
    const hex = address
      .split('.')
      .toReversed()
      .map(byte => Number(byte).toString(16).padStart(2, '0'))
    const local = `${hex.join('').toUpperCase()}:${port.toString(16).toUpperCase().padStart(4, '0')}`
    return `   ${index}: ${local} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${inodeOf(fd)} 1 0 100 0 0 10 0\n`
  })
  return {
    '/proc/stat': `cpu  1 2 3 4\nbtime ${btime}\n`,
    '/proc/1/net/tcp': `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n${rows.join('')}`,
    '/proc/1/net/tcp6':
      '  sl  local_address                         remote_address                        st tx_queue rx_queue\n',
  }
}

/** Debian's record of an installed kubelet, and the program itself. */
export function packageFiles(version: string): Record<string, FixtureFile> {
  return {
    '/usr/bin/kubelet': 'a program',
    '/var/lib/dpkg/status': `Package: kubeadm\nStatus: install ok installed\nVersion: 1.0.0-0\n\nPackage: kubelet\nStatus: install ok installed\nPriority: optional\nVersion: ${version}-1.1\nDescription: Node Agent\n\n`,
  }
}

/** Files of a host on which a recorded kubelet runs. */
export function recordedHostFiles(recorded: RecordedKubelet): Record<string, FixtureFile> {
  const flag = (name: string) =>
    recorded.argv.find(argument => argument.startsWith(`--${name}=`))?.slice(name.length + 3)
  return {
    ...kernelFiles(recorded.sockets),
    ...packageFiles(recorded.version),
    ...processFiles({
      pid: 812,
      executable: '/usr/bin/kubelet',
      argv: recorded.argv,
      sockets: recorded.sockets,
    }),
    [`${flag('cert-dir') ?? '/var/lib/kubelet/pki'}/kubelet.crt`]: servingCertificate,
    ...(recorded.config === undefined ? {} : { [flag('config') ?? '/unnamed']: recorded.config }),
    ...(recorded.dropIn === undefined ? {} : { [`${flag('config-dir')}/50-open.conf`]: recorded.dropIn }),
  }
}
