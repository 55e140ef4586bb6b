// Tests of the list of a control plane's files.
import t from 'tap'
import { listFiles, type NamedFile } from '../../../agent/control-plane/files.ts'
import { Gaps } from '../../../agent/probe.ts'
import { type FixtureHost, hostFrom } from '../../host-from.ts'

async function list(t: Parameters<typeof hostFrom>[0], fixture: FixtureHost, named: readonly NamedFile[] = []) {
  const gaps = new Gaps()
  const rows = await listFiles(await hostFrom(t, fixture), named, gaps)
  return {
    rows: rows.map(row => `${row.path} ${row.role} ${row.state} ${row.kind} ${row.mode}`).sort(),
    gaps: gaps.rows,
  }
}

t.test('files of the usual places are told by their names, other directories are not walked', async t => {
  const { rows, gaps } = await list(t, {
    files: {
      '/etc/kubernetes/pki/ca.crt': 'x',
      '/etc/kubernetes/pki/etcd/server-key.pem': 'x',
      '/etc/kubernetes/pki/etcd/server.pem': 'x',
      '/etc/kubernetes/pki/sa.pub': 'x',
      '/etc/cni/net.d/10-calico.conflist': '{}',
      '/etc/cni/net.d/readme.txt': 'x',
      '/etc/cni/net.d/sub/20.conf': 'x',
      '/etc/kubernetes/other/x.key': 'x',
    },
    modes: { '/etc/kubernetes/pki/etcd/server-key.pem': { mode: 0o600 } },
  })
  t.strictSame(rows, [
    '/etc/cni/net.d cni-directory present directory 0755',
    '/etc/cni/net.d/10-calico.conflist cni-config present file 0644',
    '/etc/kubernetes/pki pki-directory present directory 0755',
    '/etc/kubernetes/pki/ca.crt pki-certificate present file 0644',
    '/etc/kubernetes/pki/etcd pki-directory present directory 0755',
    '/etc/kubernetes/pki/etcd/server-key.pem pki-key present file 0600',
    '/etc/kubernetes/pki/etcd/server.pem pki-certificate present file 0644',
    '/etc/kubernetes/pki/sa.pub pki-other present file 0644',
  ])
  t.strictSame(gaps, [])
})

t.test('a file that a component names has the role it names it in, also when it is gone', async t => {
  const { rows } = await list(t, { files: { '/etc/kubernetes/pki/odd.crt': 'x', '/run/x': { fifo: true } } }, [
    { path: '/etc/kubernetes/pki/odd.crt', role: 'pki-key' },
    { path: '/etc/gone.yaml', role: 'audit-policy' },
    { path: '/run/x', role: 'token-file' },
  ])
  t.strictSame(rows, [
    '/etc/gone.yaml audit-policy absent  ',
    '/etc/kubernetes/pki pki-directory present directory 0755',
    '/etc/kubernetes/pki/odd.crt pki-key present file 0644',
    '/run/x token-file present other 0644',
  ])
})

t.test('what cannot be looked at is a gap, and no number of files is too many to answer', async t => {
  const broken = await list(t, { files: { '/etc/kubernetes/pki': 'not a directory' } })
  t.match(broken, { rows: [], gaps: [{ field: 'files', effect: 'incomplete', source: '/etc/kubernetes/pki' }] })
  const many = Object.fromEntries(Array.from({ length: 1100 }, (_, index) => [`/etc/cni/net.d/${index}.conf`, '{}']))
  const large = await list(t, { files: many })
  t.match(large.gaps, [{ field: 'files', source: '/etc/cni/net.d', state: 'tooLarge' }])
  const named = Array.from({ length: 1100 }, (_, index) => ({ path: `/x/${index}`, role: 'pki-key' }) as const)
  const cut = await list(t, { files: {} }, named)
  t.equal(cut.rows.length, 1000)
  t.match(cut.gaps, [{ field: 'files', source: '/x/1000', state: 'tooLarge' }])
})
