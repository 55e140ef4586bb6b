// The words that seccomp profiles are made of, as runc and crun take them.

/** Thrown for a profile that a runtime would refuse; the message names the place. */
export class SeccompSyntaxError extends Error {}

/** What an action does to a call. */
export type ActionKind = 'allow' | 'log' | 'refuse' | 'other'

export interface SeccompRule {
  readonly names: readonly string[]
  readonly action: string
  readonly kind: ActionKind
  /** it looks at arguments of the call */
  readonly hasArguments: boolean
}

const actions: ReadonlyMap<string, ActionKind> = new Map([
  ['SCMP_ACT_ALLOW', 'allow'],
  ['SCMP_ACT_LOG', 'log'],
  ['SCMP_ACT_ERRNO', 'refuse'],
  ['SCMP_ACT_KILL', 'refuse'],
  ['SCMP_ACT_KILL_THREAD', 'refuse'],
  ['SCMP_ACT_KILL_PROCESS', 'refuse'],
  ['SCMP_ACT_TRAP', 'refuse'],
  // what happens is up to a tracer or a listener; without one the call fails
  ['SCMP_ACT_TRACE', 'other'],
  ['SCMP_ACT_NOTIFY', 'other'],
])

const architectures: ReadonlySet<string> = new Set(
  `X86 X86_64 X32 ARM AARCH64 MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 PPC PPC64 PPC64LE S390 S390X PARISC
  PARISC64 RISCV64 LOONGARCH64 M68K SH SHEB`
    .split(/\s+/)
    .map(name => `SCMP_ARCH_${name}`),
)

const flags: ReadonlySet<string> = new Set(
  ['TSYNC', 'LOG', 'SPEC_ALLOW', 'WAIT_KILLABLE_RECV'].map(name => `SECCOMP_FILTER_FLAG_${name}`),
)

const comparisons: ReadonlySet<string> = new Set(
  ['NE', 'LT', 'LE', 'EQ', 'GE', 'GT', 'MASKED_EQ'].map(name => `SCMP_CMP_${name}`),
)

export const actionKind = (action: string): ActionKind => actions.get(action) ?? 'other'
export const isAction = (word: string) => actions.has(word)
export const isArchitecture = (word: string) => architectures.has(word)
export const isFlag = (word: string) => flags.has(word)
export const isComparison = (word: string) => comparisons.has(word)
