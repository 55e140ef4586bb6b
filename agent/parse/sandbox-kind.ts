// Tells by the name of a runtime's program or shim what stands between its containers and the kernel.

export type SandboxKind = 'none' | 'gvisor' | 'kata' | 'firecracker' | 'other'

const programs: readonly (readonly [RegExp, SandboxKind])[] = [
  [/^(?:runsc|containerd-shim-runsc|runsc-sandbox|runsc-gofer|gvisor)/, 'gvisor'],
  [/^(?:kata|containerd-shim-kata|containerd-kata-shim)/, 'kata'],
  [/^(?:firecracker|containerd-shim-aws-firecracker)/, 'firecracker'],
  [/^(?:qemu-system-|cloud-hypervisor|dragonball|containerd-shim-(?:wasm|spin|slight|lunatic|wws))/, 'other'],
]

/** By a program's path, such as /usr/local/bin/containerd-shim-runsc-v1. */
export function sandboxOfProgram(path: string): SandboxKind {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return programs.find(([pattern]) => pattern.test(name))?.[1] ?? 'none'
}

/** By the type of a handler, such as io.containerd.runsc.v1, `vm` (CRI-O), or the name of its program. */
export function sandboxOfHandler(type: string, program: string): SandboxKind {
  const words = type.toLowerCase()
  if (/\brunsc\b/.test(words)) return 'gvisor'
  if (/(?:^|\.)kata(?:[.-]|$)/.test(words)) return 'kata'
  if (/firecracker/.test(words)) return 'firecracker'
  if (/(?:^|\.)(?:wasm\w*|spin|slight|lunatic)(?:\.|$)/.test(words)) return 'other'
  const byProgram = sandboxOfProgram(program || (type.startsWith('/') ? type : ''))
  // CRI-O's `vm` speaks to a shim for virtual machines, whatever it is called.
  return byProgram === 'none' && words === 'vm' ? 'kata' : byProgram
}
