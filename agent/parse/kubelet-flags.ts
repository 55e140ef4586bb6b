// Reads a kubelet's arguments the way pflag does, keeping typed values of an allow-list of flags only.
import { type FlagTypes, type FlagValue, readFlagValue } from './flag-value.ts'
import { booleanFlags, valueFlags } from './kubelet-flag-names.ts'

const flagKinds = {
  address: 'text',
  'anonymous-auth': 'bool',
  'authentication-token-webhook': 'bool',
  'authorization-mode': 'text',
  'bootstrap-kubeconfig': 'text',
  'cert-dir': 'text',
  'client-ca-file': 'text',
  config: 'text',
  'config-dir': 'text',
  'enable-debugging-handlers': 'bool',
  'event-qps': 'int',
  'fail-swap-on': 'bool',
  'feature-gates': 'gates',
  'healthz-bind-address': 'text',
  'healthz-port': 'int',
  'hostname-override': 'text',
  kubeconfig: 'text',
  'make-iptables-util-chains': 'bool',
  'manifest-url': 'text',
  'pod-manifest-path': 'text',
  'pod-max-pids': 'int',
  port: 'int',
  'protect-kernel-defaults': 'bool',
  'read-only-port': 'int',
  'root-dir': 'text',
  'rotate-certificates': 'bool',
  'rotate-server-certificates': 'bool',
  'seccomp-default': 'bool',
  'seccomp-profile-root': 'text',
  'streaming-connection-idle-timeout': 'duration',
  'tls-cert-file': 'text',
  'tls-cipher-suites': 'list',
  'tls-min-version': 'text',
  'tls-private-key-file': 'text',
} as const

export type FlagName = keyof typeof flagKinds
/** Values of the flags that were given. A flag that was not given is missing. */
export type KubeletFlags = { readonly [Name in FlagName]?: FlagTypes[(typeof flagKinds)[Name]] }

export interface KubeletCommandLine {
  readonly flags: KubeletFlags
  /** allow-listed flags whose value no kubelet accepts: such a kubelet does not start */
  readonly invalid: readonly FlagName[]
}

/**
 * @param args the arguments after the program's name
 *
 * pflag's rules: `--flag value` and `--flag=value`; a boolean flag takes no separate value; the last of repeated flags
 * wins, but lists and feature gates add up; `_` in a name is `-`; `--` ends the flags; one dash is for one letter.
 */
export function parseKubeletFlags(args: readonly string[]): KubeletCommandLine {
  const values = new Map<FlagName, FlagValue>()
  const invalid = new Set<FlagName>()
  for (const { name, value } of splitFlags(args)) {
    const known = knownFlag(name)
    if (known === undefined) continue
    const next = readFlagValue(flagKinds[known], value, values.get(known))
    if (next === undefined) invalid.add(known)
    else values.set(known, next)
  }
  return { flags: Object.fromEntries(values) as KubeletFlags, invalid: [...invalid].sort() }
}

/** Adds the flags of `over` to those of `base`; lists are replaced, feature gates merge. */
export function overrideFlags(base: KubeletFlags, over: KubeletFlags): KubeletFlags {
  const gates = { ...base['feature-gates'], ...over['feature-gates'] }
  const merged = { ...base, ...over }
  return Object.keys(gates).length > 0 ? { ...merged, 'feature-gates': gates } : merged
}

interface GivenFlag {
  readonly name: string
  /** undefined when a flag that wants a value is the last argument */
  readonly value: string | undefined
}

function* splitFlags(args: readonly string[]): Generator<GivenFlag> {
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? ''
    if (arg === '--') return
    if (arg === '-v') index += 1
    if (!arg.startsWith('--')) continue
    const equals = arg.indexOf('=')
    const name = (equals < 0 ? arg.slice(2) : arg.slice(2, equals)).replaceAll('_', '-')
    if (equals >= 0) yield { name, value: arg.slice(equals + 1) }
    else if (booleanFlags.has(name)) yield { name, value: 'true' }
    else if (valueFlags.has(name) || !(args[index + 1] ?? '-').startsWith('-')) {
      index += 1
      yield { name, value: args[index] }
    }
  }
}

function knownFlag(name: string): FlagName | undefined {
  return Object.hasOwn(flagKinds, name) ? (name as FlagName) : undefined
}
