// Tests of taking generated endings off names.
import fc from 'fast-check'
import t from 'tap'
import { isGeneratedDockerName, podWorkload } from '../../../agent/parse/workload-name.ts'

t.test('pods of every kind of owner', async t => {
  for (const [pod, workload] of [
    ['web-7d4b9c6f5d-x2k9p', 'web'],
    ['coredns-5d78c9869d-79bfv', 'coredns'],
    ['kube-proxy-x2k9p', 'kube-proxy'],
    ['backup-28391234-x2k9p', 'backup'],
    ['db-0', 'db-0'],
    ['kube-apiserver-node1', 'kube-apiserver-node1'],
    ['etcd-ip-10-0-0-1', 'etcd-ip-10-0-0-1'],
    ['x2k9p', 'x2k9p'],
    ['-x2k9p', '-x2k9p'],
    ['a-7d4b9c6f5d-x2k9p', 'a'],
  ] as const) {
    t.equal(podWorkload(pod), workload, pod)
  }
})

t.test('names that Docker makes', async t => {
  for (const name of ['quirky_hopper', 'nostalgic_poincare3']) t.equal(isGeneratedDockerName(name), true, name)
  for (const name of ['web', 'shop-web-1', 'my_app_1', 'a_b', 'Quirky_hopper', ''])
    t.equal(isGeneratedDockerName(name), false, name)
})

t.test('replicas of one workload have one name, which is the beginning of theirs', async t => {
  const letters = fc.stringMatching(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[aeiou]$/)
  fc.assert(
    fc.property(name, letters, letters, (owner, a, b) => {
      const one = podWorkload(`${owner}-7d4b9c6f5d-${a}`)
      return one === podWorkload(`${owner}-7d4b9c6f5d-${b}`) && one === owner
    }),
  )
  fc.assert(fc.property(fc.string(), pod => pod.startsWith(podWorkload(pod))))
  t.pass('random names')
})
