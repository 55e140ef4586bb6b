// Components and the places of their files for controls that bring no config.yaml along.
import type { Component, ControlsSettings, FileKind } from './settings.ts'

interface Places {
  readonly bins?: readonly string[]
  readonly optional?: true
  /** by kind; the first is what stands for it where there is none */
  readonly files?: Partial<Readonly<Record<FileKind, readonly string[]>>>
}

function component(name: string, { bins = [], optional, files = {} }: Places): Component {
  const candidates = (kind: FileKind) => ({ paths: files[kind] ?? [], otherwise: files[kind]?.[0] })
  return {
    name,
    listed: true,
    optional: optional ?? false,
    bins,
    files: {
      ...{ conf: candidates('conf'), svc: candidates('svc'), kubeconfig: candidates('kubeconfig') },
      ...{ cafile: candidates('cafile'), datadir: candidates('datadir') },
    },
  }
}

const manifest = (name: string) => [
  `/etc/kubernetes/manifests/${name}.yaml`,
  `/var/lib/rancher/rke2/agent/pod-manifests/${name}.yaml`,
  `/var/snap/microk8s/current/args/${name}`,
]

const apiserver = component('apiserver', { bins: ['kube-apiserver'], files: { conf: manifest('kube-apiserver') } })

const scheduler = component('scheduler', {
  bins: ['kube-scheduler'],
  files: { conf: manifest('kube-scheduler'), kubeconfig: ['/etc/kubernetes/scheduler.conf'] },
})

const controllermanager = component('controllermanager', {
  bins: ['kube-controller-manager'],
  files: { conf: manifest('kube-controller-manager'), kubeconfig: ['/etc/kubernetes/controller-manager.conf'] },
})

const etcd = (optional: boolean) =>
  component('etcd', {
    bins: ['etcd'],
    ...(optional && { optional }),
    files: { conf: manifest('etcd'), datadir: ['/var/lib/etcd', '/var/lib/rancher/k3s/server/db/etcd'] },
  })

const kubernetes = component('kubernetes', { optional: true, files: { conf: ['/etc/kubernetes/config'] } })

const kubelet = component('kubelet', {
  bins: ['kubelet'],
  files: {
    conf: [
      '/var/lib/kubelet/config.yaml',
      '/etc/kubernetes/kubelet/config.json',
      '/etc/kubernetes/kubelet/kubelet-config.json',
      '/etc/kubernetes/kubelet-config.yaml',
      '/etc/kubernetes/kubelet.yaml',
      '/home/kubernetes/kubelet-config.yaml',
      '/var/lib/k0s/kubelet-config.yaml',
      '/var/snap/microk8s/current/args/kubelet',
    ],
    svc: [
      '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf',
      '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
      '/etc/systemd/system/kubelet.service',
      '/usr/lib/systemd/system/kubelet.service',
    ],
    kubeconfig: [
      '/etc/kubernetes/kubelet.conf',
      '/var/lib/kubelet/kubeconfig',
      '/var/lib/rancher/k3s/agent/kubelet.kubeconfig',
      '/var/lib/rancher/rke2/agent/kubelet.kubeconfig',
      '/var/lib/k0s/kubelet.conf',
    ],
    cafile: [
      '/etc/kubernetes/pki/ca.crt',
      '/var/lib/rancher/k3s/agent/client-ca.crt',
      '/var/lib/rancher/rke2/agent/client-ca.crt',
      '/etc/kubernetes/certs/ca.crt',
    ],
  },
})

const proxy = component('proxy', {
  bins: ['kube-proxy'],
  optional: true,
  files: {
    conf: ['/var/lib/kube-proxy/config.conf', '/var/snap/microk8s/current/args/kube-proxy'],
    kubeconfig: [
      '/etc/kubernetes/proxy.conf',
      '/var/lib/kube-proxy/kubeconfig',
      '/var/lib/rancher/k3s/agent/kubeproxy.kubeconfig',
      '/var/lib/rancher/rke2/agent/kubeproxy.kubeconfig',
    ],
    svc: ['/usr/lib/systemd/system/kube-proxy.service'],
  },
})

export const defaultSettings: ControlsSettings = {
  components: new Map([
    ['master', [apiserver, scheduler, controllermanager, etcd(true), kubernetes, kubelet]],
    ['node', [kubelet, proxy, kubernetes]],
    ['etcd', [etcd(false)]],
    ['controlplane', [apiserver]],
    ['policies', []],
    ['managedservices', []],
  ]),
  benchmarks: new Map(),
}
