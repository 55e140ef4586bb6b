// Tests of the files of a kubelet: its configuration, drop-ins, units and credentials, also broken ones.
import t from 'tap'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { recordedHostFiles, recordedKubelet } from '../../recorded-kubelets.ts'
import { factsOf, hardened, recordedHost } from './kubelet-hosts.ts'

t.test('a file that is needed but cannot be used leaves the settings out, with a reason', async t => {
  const path = '/var/lib/kubelet/config.yaml'
  const broken: readonly (readonly [string, FixtureFile | undefined, Record<string, unknown>])[] = [
    ['absent', undefined, { state: 'unavailable', source: path }],
    ['a FIFO', { fifo: true }, { state: 'notRegular', source: path }],
    ['a directory', { directory: true }, { state: 'notRegular', source: path }],
    ['huge', 'x'.repeat(600_000), { state: 'tooLarge', source: path }],
    [
      'a link out of the root',
      { symlink: '../../../../../../etc/shadow-of-nobody' },
      { state: 'unavailable', source: path },
    ],
    ['not YAML', 'kind: KubeletConfiguration\na: b: c\n', { state: 'malformed', detail: 'line 2: not YAML' }],
    ['a kubeconfig', 'kind: Config\n', { state: 'malformed', detail: 'kind is Config, not KubeletConfiguration' }],
    ['empty', '', { state: 'malformed', detail: 'empty' }],
    [
      'of a wrong type',
      `${hardened().config}readOnlyPort: "no"\n`,
      { state: 'malformed', source: path, detail: 'line 32: readOnlyPort is not a whole number' },
    ],
  ]
  for (const [title, file, gap] of broken) {
    const { [path]: _config, ...files } = recordedHostFiles(hardened())
    const host = await hostFrom(t, {
      files: file === undefined ? files : { ...files, [path]: file },
      http: hardened().answers,
    })
    const facts = await factsOf(host)
    t.equal(facts.kubelets[0]?.settings, undefined, title)
    t.match(
      facts.gaps.find(({ field }) => field === 'kubelets.settings'),
      { effect: 'omitted', ...gap },
      title,
    )
    t.match(
      facts.endpoints?.find(row => row.endpoint === 'https'),
      { anonymous: 'rejected' },
      `${title}: still asked`,
    )
  }
})

t.test('drop-ins: order of names, directories below, only *.conf, each with its kind', async t => {
  const head = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'
  const directory = '/etc/kubernetes/kubelet.conf.d'
  const recorded = recordedKubelet('v1.36.2', 'k-dropin')
  const files = {
    [`${directory}/50-open.conf`]: `${head}port: 50\nreadOnlyPort: 50\n`,
    [`${directory}/60-more/10.conf`]: `${head}port: 60\nhealthzPrt: 1\n`,
    [`${directory}/60-more/notes.txt`]: 'hello',
    [`${directory}/55.conf`]: `${head}port: 55\neventRecordQPS: 55\n`,
    [`${directory}/70.yaml`]: `${head}port: 70\n`,
    [`${directory}/80.conf.bak`]: `${head}port: 80\n`,
    [`${directory}/90-elsewhere`]: { symlink: '/srv/elsewhere' },
    '/srv/elsewhere/99.conf': `${head}port: 99\n`,
  }
  const facts = await factsOf(await recordedHost(t, recorded, { files }))
  t.match(facts.kubelets[0], {
    ignoredDropIns: [
      `${directory}/60-more/notes.txt`,
      `${directory}/70.yaml`,
      `${directory}/80.conf.bak`,
      `${directory}/90-elsewhere`,
    ],
    unknownKeys: ['healthzPrt'],
    settings: {
      port: { value: 60, source: 'drop-in', origin: `${directory}/60-more/10.conf` },
      readOnlyPort: { value: 50, origin: `${directory}/50-open.conf` },
      eventRecordQPS: { value: 55, origin: `${directory}/55.conf` },
    },
  })
  const kindless = { [`${directory}/99.conf`]: 'port: 1\n' }
  const refused = await factsOf(await recordedHost(t, recorded, { files: kindless }))
  t.equal(refused.kubelets[0]?.settings, undefined)
  t.match(refused.gaps[0], { source: `${directory}/99.conf`, detail: 'kind is missing, not KubeletConfiguration' })
})

t.test('a drop-in directory that is a link is not entered by the kubelet', async t => {
  const recorded = recordedKubelet('v1.36.2', 'k-dropin')
  const { '/etc/kubernetes/kubelet.conf.d/50-open.conf': dropIn, ...files } = recordedHostFiles(recorded)
  const host = await hostFrom(t, {
    files: {
      ...files,
      '/srv/dropins/50-open.conf': dropIn ?? '',
      '/etc/kubernetes/kubelet.conf.d': { symlink: '/srv/dropins' },
    },
  })
  t.match((await factsOf(host)).kubelets[0], {
    settings: { anonymousAuth: { value: false, source: 'file' } },
    ignoredDropIns: ['/etc/kubernetes/kubelet.conf.d'],
  })
})

t.test('files are listed with role, mode and owner', async t => {
  const host = await hostFrom(t, {
    files: {
      ...recordedHostFiles(hardened()),
      '/etc/kubernetes/kubelet.conf': 'kind: Config\n',
      '/etc/kubernetes/pki/ca.crt': 'cert',
      '/var/lib/kubelet/pki/kubelet-client-current.pem': 'key',
      '/etc/kubernetes/kube-proxy.conf': 'kind: Config\n',
      '/usr/lib/systemd/system/kubelet.service': '[Service]\nExecStart=/usr/bin/kubelet\n',
      '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf':
        '[Service]\nEnvironmentFile=-/etc/default/kubelet\nEnvironmentFile=-/etc/none\nExecStart=\nExecStart=/usr/bin/kubelet\n',
      '/etc/default/kubelet': 'KUBELET_EXTRA_ARGS=\n',
    },
    modes: {
      '/var/lib/kubelet/config.yaml': { mode: 0o644 },
      '/etc/kubernetes/kubelet.conf': { mode: 0o600 },
      '/var/lib/kubelet/pki/kubelet-client-current.pem': { mode: 0o4600, uid: 5, gid: 6 },
    },
    http: hardened().answers,
  })
  const { files } = await factsOf(host)
  t.strictSame(
    files.map(({ path, role, state, mode, uid, gid }) => [path, role, state, mode, uid, gid].join(' ')),
    [
      '/etc/default/kubelet environment present 0644 0 0',
      '/etc/kubernetes/kube-proxy.conf kube-proxy-kubeconfig present 0644 0 0',
      '/etc/kubernetes/kubelet.conf kubeconfig present 0600 0 0',
      '/etc/kubernetes/pki/ca.crt client-ca present 0644 0 0',
      '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf unit present 0644 0 0',
      '/usr/lib/systemd/system/kubelet.service unit present 0644 0 0',
      '/var/lib/kubelet/config.yaml config present 0644 0 0',
      '/var/lib/kubelet/pki/kubelet-client-current.pem tls-key present 4600 5 6',
      '/var/lib/kubelet/pki/kubelet.crt tls-cert present 0644 0 0',
      '/var/lib/kubelet/pki/kubelet.key tls-key absent  -1 -1',
    ],
  )
})

t.test('a running kubelet’s unit that cannot be read hides files, not settings', async t => {
  const unit = '/usr/lib/systemd/system/kubelet.service'
  const facts = await factsOf(await recordedHost(t, hardened(), { files: { [unit]: { fifo: true } } }))
  t.match(facts.kubelets, [{ unit: 'kubelet.service', settings: { anonymousAuth: { value: false } } }])
  t.match(facts.gaps, [{ field: 'files', effect: 'incomplete', source: unit, state: 'notRegular' }])
})
