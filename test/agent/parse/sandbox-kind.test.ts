// Tests of telling sandboxes by the names of programs and handlers.
import t from 'tap'
import { sandboxOfHandler, sandboxOfProgram } from '../../../agent/parse/sandbox-kind.ts'

t.test('programs', async t => {
  for (const [path, kind] of [
    ['/usr/sbin/runc', 'none'],
    ['/usr/bin/crun', 'none'],
    ['/usr/bin/containerd-shim-runc-v2', 'none'],
    ['/usr/local/bin/runsc', 'gvisor'],
    ['/usr/bin/containerd-shim-runsc-v1', 'gvisor'],
    ['/opt/kata/bin/containerd-shim-kata-v2', 'kata'],
    ['/usr/bin/kata-runtime', 'kata'],
    ['/usr/bin/firecracker', 'firecracker'],
    ['/usr/bin/qemu-system-x86_64', 'other'],
    ['/bin/containerd-shim-spin-v2', 'other'],
    ['/home/runsc/bash', 'none'],
    ['/bin/my-runsc', 'none'],
    ['/bin/my-kata', 'none'],
    ['/bin/my-firecracker', 'none'],
    ['/bin/my-cloud-hypervisor', 'none'],
    ['/bin/containerd-kata-shim-v2', 'kata'],
    ['/bin/containerd-shim-aws-firecracker', 'firecracker'],
    ['/bin/dragonball', 'other'],
    ['/bin/containerd-shim-wasmtime-v1', 'other'],
    ['', 'none'],
  ] as const) {
    t.equal(sandboxOfProgram(path), kind, path)
  }
})

t.test('handlers', async t => {
  for (const [type, program, kind] of [
    ['io.containerd.runc.v2', '', 'none'],
    ['io.containerd.runc.v2', '/usr/bin/nvidia-container-runtime', 'none'],
    ['io.containerd.runc.v2', '/usr/local/bin/runsc', 'gvisor'],
    ['io.containerd.runsc.v1', '', 'gvisor'],
    ['io.containerd.kata.v2', '', 'kata'],
    ['io.containerd.kata-qemu.v2', '', 'kata'],
    ['aws.firecracker', '', 'firecracker'],
    ['io.containerd.wasmtime.v1', '', 'other'],
    ['vm', '/usr/bin/containerd-shim-kata-v2', 'kata'],
    ['vm', '', 'kata'],
    ['oci', '/usr/bin/crun', 'none'],
    ['kata', '', 'kata'],
    ['kata-qemu', '', 'kata'],
    ['io.x.kata', '', 'kata'],
    ['io.katana.v1', '', 'none'],
    ['xkata', '', 'none'],
    ['wasm', '', 'other'],
    ['io.containerd.spin', '', 'other'],
    ['spinner', '', 'none'],
    ['runsc', '', 'gvisor'],
    ['runsc/', '', 'gvisor'],
    ['kata-x/', '', 'kata'],
    ['VM', '', 'kata'],
    ['vm', '/usr/bin/runsc', 'gvisor'],
    ['gvisor/', '', 'none'],
    ['oci', '/usr/bin/runsc', 'gvisor'],
    ['/usr/local/bin/containerd-shim-runsc-v1', '', 'gvisor'],
  ] as const) {
    t.equal(sandboxOfHandler(type, program), kind, `${type} ${program}`)
  }
})
