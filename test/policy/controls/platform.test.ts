// Holds which benchmark a managed or packaged Kubernetes gets, told by its version.
import t from 'tap'
import { platformBenchmarks } from '../../../policy/controls/platform.ts'

const all = [
  ...['cis-1.10', 'cis-1.12', 'eks-1.0.1', 'eks-1.5.0', 'eks-1.7.0', 'eks-1.8.0', 'eks-stig-kubernetes-v1r6'],
  ...['gke-1.0', 'gke-1.2.0', 'gke-1.6.0', 'gke-1.8.0', 'ack-1.0', 'tkgi-1.2.53'],
  ...['k3s-cis-1.23', 'k3s-cis-1.24', 'k3s-cis-1.7', 'k3s-cis-1.8', 'k3s-cis-1.9', 'rke2-cis-1.7', 'rke2-cis-1.8'],
]

t.test('each platform has its own', t => {
  const rows: Readonly<Record<string, string | undefined>> = {
    'v1.31.2': undefined,
    'v1.31.2-rc.1': undefined,
    '': undefined,
    none: undefined,
    'v1.19.6-eks-49a6c0': 'eks-1.0.1',
    'v1.27.9-eks-5e0fdde': 'eks-1.5.0',
    'v1.30.4-eks-a737599': 'eks-1.7.0',
    'v1.34.0-eks-113cf36': 'eks-1.8.0',
    'v1.17.6-gke.1': 'gke-1.0',
    'v1.28.3-gke.1203001': 'gke-1.2.0',
    '1.31.1-gke.100': 'gke-1.6.0',
    'v1.23.4+k3s1': 'k3s-cis-1.23',
    'v1.25.3+k3s1': 'k3s-cis-1.7',
    'v1.32.0+k3s1': 'k3s-cis-1.9',
    'v1.26.5+rke2r1': 'rke2-cis-1.8',
    'v1.24.6+rke2r1': 'rke2-cis-1.8',
    'v1.26.3-aliyun.1': 'ack-1.0',
    'v1.22.6+vmware.1': 'tkgi-1.2.53',
  }
  for (const [version, benchmark] of Object.entries(rows)) {
    t.equal(platformBenchmarks(version, all)[0], benchmark, version || 'no version')
  }
  t.end()
})

t.test('where the one that is meant is not there, the newest of the platform is', t => {
  t.same(platformBenchmarks('v1.30.4-eks-a737599', ['cis-1.12', 'eks-1.5.0', 'eks-1.2.0', 'eks-stig-v1']), [
    ...['eks-1.5.0', 'eks-1.2.0'],
  ])
  t.same(platformBenchmarks('v1.30.4-eks-a737599', ['cis-1.12']), [])
  t.end()
})
