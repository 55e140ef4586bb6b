// Tests of what answers of a kubelet's ports prove.
import fc from 'fast-check'
import t from 'tap'
import { anonymousVerdict, askEndpoints, wantedPorts } from '../../../agent/kubelet/endpoints.ts'
import { hostFrom } from '../../host-from.ts'
import { recordedText } from '../../recorded-kubelets.ts'

t.test('recorded answers of both versions prove what they prove', async t => {
  const body = (version: string, name: string) => recordedText(version, name, 'pods.body')
  for (const version of ['v1.20.2', 'v1.36.2']) {
    t.equal(anonymousVerdict(200, body(version, 'a-open')), 'served', version)
    t.equal(anonymousVerdict(401, body(version, 'm-hard-api')), 'rejected', version)
    t.equal(anonymousVerdict(403, body(version, 'l-anon-webhook-api')), 'authenticated', version)
    t.equal(anonymousVerdict(500, body(version, 'd-anon-webhook-apidown')), 'authenticated', version)
  }
})

t.test('other users, other statuses and other bodies prove nothing', async t => {
  const named = 'Forbidden (user=system:anonymous, verb=get, resource=nodes, subresource=proxy)'
  t.equal(anonymousVerdict(403, named), 'authenticated')
  t.equal(anonymousVerdict(404, named), 'unproven')
  t.equal(anonymousVerdict(403, 'Forbidden (user=alice, verb=get)'), 'unproven')
  t.equal(anonymousVerdict(403, '<html>forbidden</html>'), 'unproven')
  t.equal(anonymousVerdict(200, '<html>"kind":"PodList"</html>'), 'unproven')
  t.equal(anonymousVerdict(200, `{"x":"${'a'.repeat(300)}","kind":"PodList"}`), 'unproven')
  t.equal(anonymousVerdict(200, '{"kind": "PodList", "items": null}'), 'served')
  t.equal(anonymousVerdict(0, ''), 'unproven')
  fc.assert(fc.property(fc.nat(999), fc.string(), (status, text) => anonymousVerdict(status, text) !== ''))
})

t.test('without settings and socket tables the usual ports are asked on loopback', async t => {
  t.strictSame(wantedPorts(undefined), [
    ['https', '0.0.0.0', 10250],
    ['readOnly', '0.0.0.0', 10255],
    ['healthz', '127.0.0.1', 10248],
  ])
  const host = await hostFrom(t, {
    files: { '/etc/hostname': 'x' },
    http: {
      'https://127.0.0.1:10250/pods': { state: 'open', status: 401, body: 'Unauthorized', tlsVersion: 'TLSv1.2' },
      'http://127.0.0.1:10255/pods': { state: 'failed', detail: 'ECONNRESET' },
    },
  })
  const { rows, failures } = await askEndpoints(host, {
    id: 'k',
    settings: undefined,
    inodes: undefined,
    listeners: undefined,
  })
  t.strictSame(
    rows.map(({ endpoint, state, anonymous, tlsVersion, scope }) => [endpoint, state, anonymous, tlsVersion, scope]),
    [
      ['https', 'open', 'rejected', 'TLSv1.2', 'unknown'],
      ['readOnly', 'failed', '', '', 'unknown'],
      ['healthz', 'closed', '', '', 'unknown'],
    ],
  )
  t.strictSame(failures, [])
})

t.test('what could not be asked is a failure, not a closed port', async t => {
  const host = await hostFrom(t, { files: { '/etc/hostname': 'x' } })
  const unreachable = {
    ...host,
    probeHttp: async () =>
      ({ state: 'unavailable', path: 'https://x/', detail: 'not in the network namespace' }) as const,
  }
  const asked = { id: 'k', settings: undefined, inodes: undefined, listeners: undefined }
  const { rows, failures } = await askEndpoints(unreachable, asked)
  t.strictSame([rows.length, failures.length], [0, 3])
})
