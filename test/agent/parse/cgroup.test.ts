// Tests of what /proc/PID/cgroup tells: unit, container and pod.
import fc from 'fast-check'
import t from 'tap'
import { identifyCgroups, parseCgroup } from '../../../agent/parse/cgroup.ts'

const id = '3f2a'.repeat(16)
const other = '9b1c'.repeat(16)
const podUid = '6bb0fa2e-5f1c-4a2c-9a3f-0d8b5b9f5a11'
const podUnder = podUid.replaceAll('-', '_')
const staticPod = '0123456789abcdef0123456789abcdef'

t.test('the unified hierarchy stands first, and each path once', async t => {
  t.same(parseCgroup('0::/init.scope\n'), ['/init.scope'])
  t.same(parseCgroup('12:cpu,cpuacct:/a\n3:memory:/b\n1:name=systemd:/a\n0::/u\n'), ['/u', '/a', '/b'])
  t.same(parseCgroup('2:cpu:/with:colons:/x\n'), ['/with:colons:/x'])
  t.same(parseCgroup('0::/a (deleted)\n'), ['/a (deleted)'])
})

t.test('lines that are no cgroup are left out', async t => {
  for (const text of ['', '\n', '0::', '0:/x', 'x::/a', '0::relative', '::', '\0'])
    t.same(parseCgroup(text), [], JSON.stringify(text))
  t.same(parseCgroup('0::/a\r\n'), ['/a\r'])
})

const rows: readonly (readonly [title: string, path: string, unit: string, container: string, pod: string])[] = [
  ['the root', '/', '', '', ''],
  ['process 1', '/init.scope', 'init.scope', '', ''],
  ['a system service', '/system.slice/ssh.service', 'ssh.service', '', ''],
  ['a template instance', '/system.slice/system-getty.slice/getty@tty1.service', 'getty@tty1.service', '', ''],
  ['an escaped name', '/system.slice/dev-disk-by\\x2duuid.swap', 'dev-disk-by\\x2duuid.swap', '', ''],
  ['a sub-cgroup of a service', '/system.slice/systemd-udevd.service/udev', 'systemd-udevd.service', '', ''],
  ['a name that systemd escapes', '/system.slice/_cpu.service', 'cpu.service', '', ''],
  ['a login', '/user.slice/user-0.slice/session-1.scope', 'session-1.scope', '', ''],
  ['a user manager', '/user.slice/user-1000.slice/user@1000.service/init.scope', 'user@1000.service', '', ''],
  [
    'a user service',
    '/user.slice/user-1000.slice/user@1000.service/app.slice/foo.service',
    'user@1000.service',
    '',
    '',
  ],
  ['docker, systemd driver', `/system.slice/docker-${id}.scope`, '', id, ''],
  ['docker, cgroupfs driver', `/docker/${id}`, '', id, ''],
  ['docker in docker', `/docker/${id}/docker/${other}`, '', other, ''],
  ['systemd inside a container', `/system.slice/docker-${id}.scope/system.slice/nginx.service`, '', id, ''],
  ['podman, rootful', `/machine.slice/libpod-${id}.scope`, '', id, ''],
  ['podman, the container’s own level', `/machine.slice/libpod-${id}.scope/container`, '', id, ''],
  [
    'podman, rootless',
    `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope/container`,
    'user@1000.service',
    id,
    '',
  ],
  ['podman, cgroupfs', `/libpod_parent/libpod-${id}`, '', id, ''],
  ['podman’s monitor is no container', `/machine.slice/libpod-conmon-${id}.scope`, '', '', ''],
  ['cri-o’s monitor is no container', `/system.slice/crio-conmon-${id}.scope`, '', '', ''],
  [
    'Kubernetes, containerd, systemd driver',
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${podUnder}.slice/cri-containerd-${id}.scope`,
    '',
    id,
    podUid,
  ],
  [
    'Kubernetes, guaranteed class has no class slice',
    `/kubepods.slice/kubepods-pod${podUnder}.slice/cri-containerd-${id}.scope`,
    '',
    id,
    podUid,
  ],
  [
    'Kubernetes, cri-o, systemd driver',
    `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${podUnder}.slice/crio-${id}.scope/container`,
    '',
    id,
    podUid,
  ],
  [
    'Kubernetes, docker, systemd driver',
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${podUnder}.slice/docker-${id}.scope`,
    '',
    id,
    podUid,
  ],
  ['Kubernetes, cgroupfs driver', `/kubepods/burstable/pod${podUid}/${id}`, '', id, podUid],
  ['Kubernetes, cri-o, cgroupfs driver', `/kubepods/besteffort/pod${podUid}/crio-${id}`, '', id, podUid],
  ['a static pod', `/kubepods/burstable/pod${staticPod}/${id}`, '', id, staticPod],
  [
    'a static pod, systemd driver',
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${staticPod}.slice/cri-containerd-${id}.scope`,
    '',
    id,
    staticPod,
  ],
  ['the pod’s own level', `/kubepods/pod${podUid}`, '', '', podUid],
  [
    'containerd’s path when drivers disagree',
    `/system.slice/containerd.service/kubepods-burstable-pod${podUnder}.slice:cri-containerd:${id}`,
    'containerd.service',
    id,
    podUid,
  ],
  ['kind: a node inside a container', `/docker/${other}/kubelet/kubepods/burstable/pod${podUid}/${id}`, '', id, podUid],
  [
    'kind with the systemd driver',
    `/system.slice/docker-${other}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod${podUnder}.slice/cri-containerd-${id}.scope`,
    '',
    id,
    podUid,
  ],
  ['the kubelet itself', '/system.slice/kubelet.service', 'kubelet.service', '', ''],
  ['k3s', '/system.slice/k3s.service', 'k3s.service', '', ''],
  ['a path relative to a cgroup namespace', `/../cri-containerd-${id}.scope`, '', id, ''],
  ['LXC', '/lxc/web', '', 'web', ''],
  ['LXC, version 4', '/lxc.payload.web/system.slice/ssh.service', '', 'web', ''],
  ['containerd without Kubernetes', '/default/nginx', '', '', ''],
  ['an id of the wrong length', `/docker/${id}0`, '', '', ''],
  ['upper case is no id', `/docker/${id.toUpperCase()}`, '', '', ''],
  ['a pod outside kubepods', `/pod${podUid}/x`, '', '', ''],
  ['a name that no unit may have', '/system.slice/a b.service', '', '', ''],
  ['a control character', '/system.slice/a\u001bb.service', '', '', ''],
  ['over-long', `/system.slice/${'a'.repeat(5000)}.service`, '', '', ''],
]

for (const [title, path, unit, containerId, uid] of rows) {
  t.same(identifyCgroups([path]), { unit, containerId, podUid: uid }, title)
}

t.test('a hybrid host says the unit in one hierarchy and the container in another', async t => {
  const paths = parseCgroup(
    `11:memory:/docker/${id}\n1:name=systemd:/system.slice/docker.service\n0::/system.slice/docker.service\n`,
  )
  t.same(identifyCgroups(paths), { unit: 'docker.service', containerId: id, podUid: '' })
})

t.test('no path is an error, and what it says has only harmless characters', async t => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom('kubepods', `pod${podUid}`, id, `docker-${id}.scope`, 'x.service', 'lxc', '..'),
  )
  fc.assert(
    fc.property(fc.array(fc.array(part).map(parts => `/${parts.join('/')}`)), paths => {
      const { unit, containerId, podUid } = identifyCgroups(paths)
      t.match(unit, /^[A-Za-z0-9:_.\\@-]*$/)
      t.match(containerId, /^[A-Za-z0-9_.-]*$/)
      t.match(podUid, /^[0-9a-f-]*$/)
    }),
    { numRuns: 500 },
  )
})
