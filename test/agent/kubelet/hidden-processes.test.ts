// Tests that what runs unseen is a gap of the lists that it may belong to, for kubelets and the control plane.
import t from 'tap'
import type { Probe } from '../../../agent/probe.ts'
import { controlPlane } from '../../../agent/probes/control-plane.ts'
import { kubelet } from '../../../agent/probes/kubelet.ts'
import { breakingHost } from '../../breaking-host.ts'
import { openFixtureHost } from '../../fixture-host.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

async function gapsOf(probe: Probe, fixture: string, broken: RegExp): Promise<readonly string[]> {
  const host = breakingHost(await openFixtureHost(fixture), source => broken.test(source), 'unreadable')
  const { gaps } = presentFacts(await runProbe(probe, host)) as unknown as {
    gaps: readonly { field: string; effect: string; source: string }[]
  }
  return gaps.map(({ field, effect, source }) => `${field} ${effect} ${source}`)
}
const lists = ['apiServers', 'controllerManagers', 'etcdMembers', 'kubeProxies', 'schedulers']

for (const fixture of ['debian12-vm', 'kubeadm-control-plane']) {
  t.test(`${fixture}: without a list of processes nobody says that nothing runs`, async t => {
    const told = await gapsOf(controlPlane, fixture, /^pids$/)
    t.strictSame(
      lists.filter(list => !told.includes(`${list} incomplete /proc/PID`)),
      [],
    )
    t.ok((await gapsOf(kubelet, fixture, /^pids$/)).includes('kubelets incomplete /proc/PID'))
  })
}

t.test('whether a process is of this host is not guessed from a link that cannot be read', async t => {
  const told = await gapsOf(controlPlane, 'kubeadm-control-plane', /\/ns\/mnt$/)
  t.ok(told.includes('apiServers incomplete /proc/PID/ns/mnt'))
  t.ok((await gapsOf(kubelet, 'kubeadm-node', /\/ns\/net$/)).includes('endpoints incomplete /proc/PID/ns/net'))
  const whole = await gapsOf(controlPlane, 'kubeadm-control-plane', /^nothing$/)
  t.notOk(whole.some(gap => gap.includes('/proc/PID')))
})
