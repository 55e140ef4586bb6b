// Reads the recordings of containers, and builds a little host of each for probes to look at.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FixtureFile } from './host-from.ts'
import { littleProc } from './little-processes.ts'

export interface RecordedContainer {
  /** what the recording calls it */
  readonly name: string
  readonly command: string
  readonly pid: number
  /** lines of status by their name, values as they stand */
  readonly status: ReadonlyMap<string, string>
  readonly attrCurrent: string
  readonly cgroup: string
  /** by kind, such as pid → 4026532225 */
  readonly namespaces: Readonly<Record<string, string>>
}

/** @param engine `ctr` or `docker` */
export function recordedContainers(engine: 'ctr' | 'docker'): readonly RecordedContainer[] {
  const text = readFileSync(join(import.meta.dirname, 'fixtures/containers', `debian12-vm-${engine}.txt`), 'utf8')
  return text
    .split('\n$ ')
    .slice(1)
    .flatMap(section => readSection(section))
}

function readSection(section: string): readonly RecordedContainer[] {
  const [command = '', ...lines] = section.split('\n')
  const head = lines.map(line => /^## (\S+) pid=(\d+)$/.exec(line)).find(match => match)
  if (!head) return []
  const value = (name: string) => lines.find(line => line.startsWith(`   ${name}: `))?.slice(name.length + 5) ?? ''
  const status = lines.flatMap(line => {
    const match = /^ {3}(\w+):\t(.*)$/.exec(line)
    return match ? [[match[1] ?? '', match[2] ?? ''] as const] : []
  })
  const namespaces = [...value('ns').matchAll(/(\w+)=(\d+)/g)].map(([, kind, inode]) => [kind, `${kind}:[${inode}]`])
  return [
    {
      ...{ name: head[1] ?? '', command, pid: Number(head[2]), status: new Map(status) },
      ...{ attrCurrent: value('attr/current'), cgroup: value('cgroup').replace('0::', '') },
      namespaces: Object.fromEntries(namespaces),
    },
  ]
}

/** Namespaces of process 1 on that machine: the initial ones of the kernel. */
const hostNamespaces = {
  ...{ cgroup: 'cgroup:[4026531835]', ipc: 'ipc:[4026531839]', mnt: 'mnt:[4026531841]', net: 'net:[4026531840]' },
  ...{ pid: 'pid:[4026531836]', user: 'user:[4026531837]', uts: 'uts:[4026531838]' },
}
const hostMounts = `22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
23 22 0:21 / /proc rw - proc proc rw
24 22 0:22 / /sys rw - sysfs sysfs rw
25 22 0:5 / /dev rw - devtmpfs udev rw
26 22 0:23 / /run rw - tmpfs tmpfs rw
`
const allRights = ['CapPrm', 'CapEff', 'CapBnd'].map(name => `${name}:\t000001ffffffffff\n`).join('')

/** Process 1, as every host with containers has it. */
export function hostFiles(): Record<string, FixtureFile> {
  return {
    ...littleProc({
      ...{ pid: 1, parentPid: 0, executable: '/usr/lib/systemd/systemd', cgroup: '/init.scope', startTicks: 1 },
      status: `Gid:\t0\t0\t0\t0\n${allRights}CapAmb:\t0000000000000000\nNoNewPrivs:\t0\nSeccomp:\t0\n`,
      namespaces: hostNamespaces,
      files: { mountinfo: hostMounts, 'attr/current': 'unconfined\n' },
    }),
    '/proc/uptime': '100000.00 1.00\n',
    '/proc/sys/kernel/cap_last_cap': '40\n',
  }
}

export const overlayRoot = '500 400 0:50 / / rw,relatime - overlay overlay rw\n501 500 0:51 / /proc rw - proc proc rw\n'

/** The processes of one recorded container: a shim that is a child of process 1, and the container's first process. */
export function containerFiles(container: RecordedContainer, mountinfo = overlayRoot): Record<string, FixtureFile> {
  const { pid, name, status, cgroup } = container
  const args = ['-namespace', cgroup.startsWith('/default/') ? 'default' : 'moby', '-id', name]
  return littleProc(
    { pid: pid - 1, executable: '/usr/bin/containerd-shim-runc-v2', args, cgroup: '/system.slice/containerd.service' },
    {
      ...{ pid, parentPid: pid - 1, executable: '/bin/busybox', cgroup, namespaces: container.namespaces },
      status: `Gid:\t0\t0\t0\t0\n${[...status].map(([key, value]) => `${key}:\t${value}\n`).join('')}`,
      uid: Number(status.get('Uid')?.split('\t')[1]),
      files: { mountinfo, 'attr/current': `${container.attrCurrent}\n`, uid_map: '0 0 4294967295\n' },
    },
  )
}
