// Tests of who made a chain.
import t from 'tap'
import { chainOwner, changesByItself, isPerWorkload } from '../../../agent/firewall/chain-owner.ts'

t.test('owners are told by the chain, or by the table', async t => {
  const owners = {
    'ufw-user-input': 'ufw',
    'ufw6-before-input': 'ufw',
    DOCKER: 'docker',
    'DOCKER-USER': 'docker',
    'KUBE-SERVICES': 'kube-proxy',
    CILIUM_INPUT: 'cilium',
    OLD_CILIUM_INPUT: 'cilium',
    'cali-INPUT': 'calico',
    LIBVIRT_FWI: 'libvirt',
    FWDI_public: 'firewalld',
    INPUT_ZONES: 'firewalld',
    INPUT: 'other',
    'my-ufw-chain': 'other',
    '': 'other',
  }
  for (const [chain, owner] of Object.entries(owners)) t.equal(chainOwner('filter', chain), owner, chain)
  t.equal(chainOwner('firewalld', 'filter_INPUT'), 'firewalld')
  t.equal(chainOwner('kube-proxy', 'services'), 'kube-proxy')
})

t.test('chains per service, endpoint or workload are known', async t => {
  for (const chain of [
    'KUBE-SVC-ABCDEFGH12345678',
    'KUBE-SEP-X',
    'cali-tw-cali1234',
    'service-ULMVA6XW-ns1/svc1/tcp/p80',
  ]) {
    t.ok(isPerWorkload(chain), chain)
  }
  for (const chain of ['KUBE-SERVICES', 'KUBE-NODEPORTS', 'cali-INPUT', 'INPUT', 'services', 'service-ips'])
    t.notOk(isPerWorkload(chain), chain)
  t.strictSame([changesByItself('kube-proxy'), changesByItself('docker'), changesByItself('ufw')], [true, false, false])
})
