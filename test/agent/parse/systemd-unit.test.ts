// Tests of the parser of systemd units.
import fc from 'fast-check'
import t from 'tap'
import { lastDirective, listDirective, parseSystemdUnit } from '../../../agent/parse/systemd-unit.ts'

const debian = `[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always

[Install]
WantedBy=multi-user.target
`
const kubeadm = `# Note: This dropin only works with kubeadm
[Service]
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_CONFIG_ARGS
`

t.test('directives are read with section and line', async t => {
  const { directives, malformed } = parseSystemdUnit(debian)
  t.strictSame(directives[3], { section: 'Service', key: 'ExecStart', value: '/usr/bin/kubelet', line: 7 })
  t.strictSame(malformed, [])
})

t.test('an empty assignment in a drop-in forgets what the unit said', async t => {
  const files = [parseSystemdUnit(debian), parseSystemdUnit(kubeadm)]
  t.strictSame(listDirective(files, 'Service', 'ExecStart'), ['/usr/bin/kubelet $KUBELET_CONFIG_ARGS'])
  t.strictSame(listDirective(files, 'Service', 'EnvironmentFile'), [
    '-/var/lib/kubelet/kubeadm-flags.env',
    '-/etc/default/kubelet',
  ])
  t.equal(lastDirective(files, 'Service', 'Restart'), 'always')
  t.equal(lastDirective(files, 'Unit', 'Restart'), '')
})

t.test('a backslash continues a line, comments inside are passed over', async t => {
  const text = '[Service]\nExecStart=/usr/bin/kubelet \\\n  --a=1 \\\n# why\n ; also\n  --b=2\nUser = root \n'
  const { directives } = parseSystemdUnit(text)
  t.strictSame(
    directives.map(({ key, value, line }) => [key, value.split(/\s+/), line]),
    [
      ['ExecStart', ['/usr/bin/kubelet', '--a=1', '--b=2'], 2],
      ['User', ['root'], 7],
    ],
  )
  t.equal(parseSystemdUnit('[A]\nb=c \\').directives[0]?.value, 'c', 'the file ends inside a continued line')
})

t.test('lines that are no directives are named', async t => {
  t.strictSame(parseSystemdUnit('a=1\n[S]\nnonsense\n=x\nb=2\n').malformed, [1, 3, 4])
  t.strictSame(parseSystemdUnit(`[S]\n${'x'.repeat(2_000_000)}=1\n`).malformed, [2], 'over-long')
})

t.test('carriage returns, other bytes, emptiness and prefixes do no harm', async t => {
  t.strictSame(parseSystemdUnit(''), { directives: [], malformed: [] })
  t.equal(parseSystemdUnit(debian.replaceAll('\n', '\r\n')).directives.length, 6)
  t.equal(parseSystemdUnit('[S]\na=\udcff\n').directives[0]?.value, '\udcff')
  for (let length = 0; length < kubeadm.length; length += 1) parseSystemdUnit(kubeadm.slice(0, length))
  fc.assert(fc.property(fc.string(), text => parseSystemdUnit(text).directives.every(({ line }) => line > 0)))
})
