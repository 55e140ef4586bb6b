// Tests of telling sandboxes by the names of programs and handlers.
import { equal } from 'node:assert/strict'
import fc from 'fast-check'
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

const letters = fc.stringMatching(/^[a-z0-9._-]{0,10}$/)

t.test('the folder of a program says nothing, whatever it is called', async () => {
  const name = fc.oneof(
    letters,
    fc
      .tuple(fc.constantFrom('runsc', 'kata', 'firecracker', 'containerd-shim-', 'qemu-system-', 'runc'), letters)
      .map(parts => parts.join('')),
  )
  fc.assert(
    fc.property(fc.array(name, { maxLength: 4 }), name, (folders, program) => {
      equal(sandboxOfProgram(['', ...folders, program].join('/')), sandboxOfProgram(program))
    }),
  )
})

t.test('the name of a sandbox decides as a whole word of a handler, in any case of letters', async () => {
  const kinds = { runsc: 'gvisor', kata: 'kata', spin: 'other', lunatic: 'other' } as const
  const word = fc.stringMatching(/^[a-h]{1,6}$/)
  const upper = fc.func(fc.boolean())
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(kinds)),
      fc.array(word, { maxLength: 3 }),
      word,
      upper,
      (name, before, after, isUpper) => {
        const cased = [...[...before, name, after].join('.')]
          .map(char => (isUpper(char) ? char.toUpperCase() : char))
          .join('')
        equal(sandboxOfHandler(cased, ''), kinds[name as keyof typeof kinds], cased)
        equal(sandboxOfHandler([...before, `${after}${name}${after}`].join('.'), ''), 'none', 'within a longer word')
      },
    ),
  )
})

t.test('a handler that names no sandbox is what its program is', async () => {
  fc.assert(
    fc.property(letters, fc.stringMatching(/^[a-z]{2}:[0-9]{1,3}$/), (program, type) => {
      equal(sandboxOfHandler(type, program), sandboxOfProgram(program))
      equal(sandboxOfHandler(`/${program}`, ''), sandboxOfHandler(`/${program}`, `/${program}`))
    }),
  )
})
