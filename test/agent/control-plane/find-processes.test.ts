// Tests of telling components among processes and containers by name.
import t from 'tap'
import { componentOf } from '../../../agent/control-plane/find-manifests.ts'
import { commandOf } from '../../../agent/control-plane/find-processes.ts'

t.test('programs are told by their name, never by a part of it', async t => {
  const rows: readonly (readonly [string, readonly string[], string | undefined])[] = [
    ['/usr/local/bin/kube-apiserver', ['kube-apiserver', '--a'], 'kube-apiserver'],
    ['', ['/usr/local/bin/kube-scheduler'], 'kube-scheduler'],
    ['/usr/bin/hyperkube', ['hyperkube', 'controller-manager', '--a'], 'kube-controller-manager'],
    ['/usr/bin/hyperkube', ['/hyperkube', 'kube-proxy'], 'kube-proxy'],
    ['/usr/bin/hyperkube', ['hyperkube', 'kubelet'], undefined],
    ['/usr/bin/kube-apiserver-healthcheck', ['kube-apiserver-healthcheck'], undefined],
    ['/usr/bin/etcdctl', ['etcdctl', 'etcd'], undefined],
    ['/usr/bin/etcd', ['etcd', 'grpc-proxy', 'start'], undefined],
    ['/usr/bin/etcd', ['etcd', 'gateway', 'start'], undefined],
    ['/usr/bin/bash', ['bash', '-c', 'exec etcd'], undefined],
    ['/usr/bin/vim', ['vim', '/etc/kubernetes/manifests/etcd'], undefined],
  ]
  for (const [executable, argv, component] of rows) {
    t.equal(commandOf(executable, argv)?.component, component, argv.join(' '))
  }
  t.strictSame(commandOf('/usr/bin/hyperkube', ['hyperkube', 'apiserver', '--a'])?.args, ['--a'])
})

t.test('a container runs what its command says, what stands behind --, or what its image is for', async t => {
  const read = (argv: readonly string[], name = 'c', image = 'registry.k8s.io/pause:3.10') =>
    componentOf({ name, image, argv, environment: new Map(), mounts: [] })
  t.match(read(['/usr/local/bin/kube-apiserver', '--a']), { component: 'kube-apiserver', args: ['--a'] })
  t.match(read(['/go-runner', '--log-file=/x', '--', '/usr/local/bin/kube-scheduler', '--b']), {
    component: 'kube-scheduler',
    args: ['--b'],
  })
  t.match(read(['--a'], 'etcd'), { component: 'etcd', args: ['--a'], obstacle: undefined })
  t.match(read([], 'c', 'registry:5000/x/etcd:3.5'), { component: 'etcd', args: [] })
  t.match(read([], 'c', 'registry:5000/x/etcd'), { component: 'etcd' })
  t.match(read(['/bin/sh', '-c', 'exec kube-apiserver --a'], 'kube-apiserver'), {
    component: 'kube-apiserver',
    args: [],
    obstacle: { state: 'unavailable' },
  })
  t.equal(read(['/bin/sh', '-c', 'exec kube-apiserver --a']), undefined)
  t.equal(read(['etcd-manager'], 'etcd-manager', 'x/etcd-manager:1'), undefined)
})
