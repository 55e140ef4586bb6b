// Probe `kubelet`: every kubelet of the host, its effective configuration, its files, and what its ports answer.
import { KubeletFacet } from '../../proto/facets/kubelet.ts'
import { readBootTime } from '../boot-time.ts'
import { askPorts, type NamedKubelet, type PortAnswers } from '../kubelet/ask-ports.ts'
import { readKubeletCertificates } from '../kubelet/certificates.ts'
import { type DescribedKubelet, describeKubelet, startOf } from '../kubelet/describe-kubelet.ts'
import { kubeProxyFiles, statFiles } from '../kubelet/files.ts'
import { findConfigured, hasKubeletBinary } from '../kubelet/find-configured.ts'
import { findRunning } from '../kubelet/find-running.ts'
import { absent, defineProbe, every, type ProbeContext, present, watch } from '../probe.ts'

export const kubelet = defineProbe({
  facet: KubeletFacet,
  triggers: [
    watch(
      '/var/lib/kubelet/config.yaml',
      '/var/lib/kubelet/kubeadm-flags.env',
      '/var/lib/kubelet/pki',
      '/etc/default/kubelet',
      '/etc/sysconfig/kubelet',
      '/etc/kubernetes',
      '/etc/kubernetes/kubelet',
      '/etc/kubernetes/kubelet/config.json.d',
      '/etc/kubernetes/kubelet.conf.d',
      '/etc/systemd/system/kubelet.service.d',
      '/etc/rancher/k3s',
      '/etc/rancher/rke2',
      '/var/lib/rancher/k3s/agent/etc/kubelet.conf.d',
      '/var/lib/rancher/rke2/agent/etc/kubelet.conf.d',
      '/var/snap/microk8s/current/args/kubelet',
      '/var/lib/k0s/kubelet-config.yaml',
    ),
    // Processes come and go without a file changing; ports are asked only when something did, or hourly.
    every(60_000),
  ],
  deadlineMs: 30_000,
  async run(host, context) {
    const running = await findRunning(host, context)
    const found = [...running, ...(await findConfigured(host, running, context.gaps))]
    const installed = found.length > 0 || (await hasKubeletBinary(host, context.gaps))
    if (!installed && context.gaps.rows.length === 0) {
      return absent('notInstalled', 'no kubelet runs, is configured or is installed')
    }
    const bootedAtMs = await readBootTime(host)
    const described: DescribedKubelet[] = []
    for (const one of found) described.push(await describeKubelet(host, one, bootedAtMs, context.memory))
    const named: NamedKubelet[] = []
    for (const { id, kubelet: one } of nameKubelets(described)) {
      const certificates = await readKubeletCertificates(host, one.certificateFiles, kubeconfigOf(one))
      named.push({ id, kubelet: one, certificates })
    }
    for (const gap of named.flatMap(one => [...one.kubelet.gaps, ...one.certificates.gaps])) context.gaps.add(gap)
    const answers = await askPorts(host, context, named)
    noteInvisibleReadOnlyPort(context, named, answers)
    const files = [...described.flatMap(one => one.files), ...kubeProxyFiles]
    return present(
      {
        kubelets: named.map(({ id, kubelet: { row } }) => ({ id, ...row, configz: configzOf(answers, id) })),
        files: [...(await statFiles(host, files, context.gaps))],
        certificates: named.flatMap(({ id, certificates }) => certificates.rows.map(row => ({ kubelet: id, ...row }))),
        runningSettings: [...(answers?.running ?? [])].flatMap(([, { rows }]) => rows),
        ...(answers ? { endpoints: [...answers.endpoints], tls: [...answers.tls] } : {}),
      },
      { processes: named.flatMap(one => processOf(one, bootedAtMs)) },
    )
  },
})

type Named = Pick<NamedKubelet, 'id' | 'kubelet'>

const kubeconfigOf = ({ found, row }: DescribedKubelet) => (found.contained ? '' : row.kubeconfig)

const configzOf = (answers: PortAnswers | undefined, id: string) => answers?.running.get(id)?.configz ?? 'not-asked'

/** `KIND:ROOT-DIR`; further ones with the same, such as those in containers, get a number. */
function nameKubelets(described: readonly DescribedKubelet[]): readonly Named[] {
  const seen = new Map<string, number>()
  const order = (one: DescribedKubelet) => `${one.found.contained ? 1 : 0} ${one.row.configFile}`
  const sorted = described.toSorted((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0))
  return sorted.map(one => {
    const base = `${one.row.kind}:${one.row.rootDir}`
    const count = (seen.get(base) ?? 0) + 1
    seen.set(base, count)
    return { id: count === 1 ? base : `${base}#${count}`, kubelet: one }
  })
}

function processOf({ id, kubelet: { found } }: Named, bootedAtMs: number | undefined) {
  const startedAtMs = startOf(found, bootedAtMs)
  if (found.process === undefined || startedAtMs === undefined) return []
  return [{ kubelet: id, pid: found.process.pid, startedAt: new Date(startedAtMs).toISOString() }]
}

/**
 * k3s and RKE2 switch the read-only port off by an argument that cannot be seen, and releases of 1.32 forgot to. Where
 * the port was not found closed, a pass would be a guess.
 */
function noteInvisibleReadOnlyPort(
  context: ProbeContext,
  named: readonly Named[],
  answers: PortAnswers | undefined,
): void {
  for (const { id, kubelet: one } of named) {
    const origin = one.found.builtIn?.origin ?? ''
    if (origin === '' || one.row.settings?.readOnlyPort.origin !== origin) continue
    const asked = answers?.endpoints.find(row => row.kubelet === id && row.endpoint === 'readOnly')
    if (asked?.state === 'closed' || configzOf(answers, id) === 'read') continue
    const field = 'kubelets.settings.readOnlyPort'
    context.gaps.add({ field, effect: 'incomplete', source: id, state: 'unavailable', detail: `${origin} is not seen` })
  }
}
