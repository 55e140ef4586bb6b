// Nodes that are not like others: what the guide adds to the manifests for them is what they need.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Host } from '../../agent/host/host.ts'
import { apparmor } from '../../agent/probes/apparmor.ts'
import { host as hostProbe } from '../../agent/probes/host.ts'
import { kubelet } from '../../agent/probes/kubelet.ts'
import { selinux } from '../../agent/probes/selinux.ts'
import { openFixtureHost } from '../fixture-host.ts'
import { hostFrom } from '../host-from.ts'
import { runProbe } from '../run-probe.ts'

const guide = readFileSync(join(import.meta.dirname, '../../docs/kubernetes.md'), 'utf8')
/** What the guide's table adds for nodes of a name. */
function added(name: string): string {
  const row = guide.split('\n').find(line => line.startsWith('| ') && line.split('|')[1]?.includes(name))
  return row?.split('|')[2]?.trim() ?? `no row of ${name}`
}

async function enforces(host: Host): Promise<boolean> {
  const state = await runProbe(selinux, host)
  return state.state === 'present' && (state.facts as { readonly mode?: string }).mode === 'enforcing'
}

for (const [fixture, name] of [
  ['talos', 'Talos'],
  ['k3s-1.32', 'k3s'],
  ['rhel9', 'Red Hat'],
] as const) {
  t.test(`${name}: SELinux wants a type of its own exactly where the guide says so`, async t => {
    const host = await openFixtureHost(fixture)
    t.equal(added(name), (await enforces(host)) ? '`components/selinux`' : 'nothing')
    const state = await runProbe(hostProbe, host)
    t.equal(state.state, 'present')
    t.equal((await host.stat('/var')).state, 'present', 'has a place for the state')
  })
}

t.test('the kubelets of Talos and k3s are found without being told where they are', async t => {
  for (const name of ['talos', 'k3s-1.32']) {
    const state = await runProbe(kubelet, await openFixtureHost(name))
    t.equal(state.state, 'present', name)
    t.equal(state.state === 'present' && (state.facts['kubelets'] as readonly unknown[]).length, 1, name)
  }
})

t.test('Bottlerocket: SELinux enforces, there is no AppArmor, and its files are read', async t => {
  const host = await hostFrom(t, {
    files: {
      '/etc/os-release': 'NAME=Bottlerocket\nID=bottlerocket\nVERSION_ID=1.20.0\nVARIANT_ID=aws-k8s-1.30\n',
      '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
      '/etc/selinux/config': 'SELINUX=enforcing\nSELINUXTYPE=fortified\n',
      '/etc/kubernetes/kubelet/config':
        'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nreadOnlyPort: 0\n',
      '/var/lib': { directory: true },
    },
  })
  t.equal(added('Bottlerocket'), '`components/selinux`')
  const labels = await runProbe(selinux, host)
  t.match(labels, { state: 'present', facts: { configuredMode: 'enforcing' } })
  const machine = await runProbe(hostProbe, host)
  t.match(machine, { state: 'present', facts: { os: { id: 'bottlerocket' } } })
  t.not((await runProbe(apparmor, host)).state, 'error')
  const found = await runProbe(kubelet, host)
  t.match(JSON.stringify(found), '/etc/kubernetes/kubelet/config')
})
