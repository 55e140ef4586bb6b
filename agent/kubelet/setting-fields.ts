// Data: where each kubelet setting stands in files and on the command line, and what it is when nobody sets it.
import type { KubeletSettings } from '../../proto/facets/kubelet.ts'
import type { FlagName } from '../parse/kubelet-flags.ts'
import type { ConfigObject } from '../parse/kubernetes-document.ts'

export type SettingName = keyof KubeletSettings
/** `url` keeps scheme, host and port only: a URL may hold a password */
export type SettingKind = 'bool' | 'int' | 'text' | 'path' | 'url' | 'list' | 'duration'
export type SettingValue = boolean | number | string | readonly string[]

/** Kubernetes 1.MINOR */
export interface SettingField {
  readonly kind: SettingKind
  /** path in a configuration file, empty for what is a flag only */
  readonly path: readonly string[]
  /** '' when there is no such flag */
  readonly flag: FlagName | ''
  /** by minor version; the newest when the version is unknown */
  readonly fallback: (minor: number) => SettingValue
  /** zero, the empty text or a negative number in a file mean that it is not set */
  readonly unset?: 'zero' | 'negative'
  /** first minor version that has it; an older kubelet ignores it in a file */
  readonly since?: number
}

const always = (value: SettingValue) => () => value

/** kubelet.config.k8s.io/v1beta1 defaults, which hold where a configuration file is used. */
export const settingFields: Readonly<Record<SettingName, SettingField>> = {
  address: field('text', 'address', 'address', always('0.0.0.0'), 'zero'),
  port: field('int', 'port', 'port', always(10250), 'zero'),
  readOnlyPort: field('int', 'readOnlyPort', 'read-only-port', always(0)),
  healthzBindAddress: field('text', 'healthzBindAddress', 'healthz-bind-address', always('127.0.0.1'), 'zero'),
  healthzPort: field('int', 'healthzPort', 'healthz-port', always(10248)),
  anonymousAuth: field('bool', 'authentication.anonymous.enabled', 'anonymous-auth', always(false)),
  webhookAuth: field('bool', 'authentication.webhook.enabled', 'authentication-token-webhook', always(true)),
  authorizationMode: field('text', 'authorization.mode', 'authorization-mode', always('Webhook'), 'zero'),
  clientCAFile: field('path', 'authentication.x509.clientCAFile', 'client-ca-file', always('')),
  tlsCertFile: field('path', 'tlsCertFile', 'tls-cert-file', always('')),
  tlsPrivateKeyFile: field('path', 'tlsPrivateKeyFile', 'tls-private-key-file', always('')),
  tlsMinVersion: field('text', 'tlsMinVersion', 'tls-min-version', always('')),
  tlsCipherSuites: field('list', 'tlsCipherSuites', 'tls-cipher-suites', always([])),
  rotateCertificates: field('bool', 'rotateCertificates', 'rotate-certificates', always(false)),
  serverTLSBootstrap: field('bool', 'serverTLSBootstrap', 'rotate-server-certificates', always(false)),
  rotateServerCertificate: field('bool', 'featureGates.RotateKubeletServerCertificate', 'feature-gates', always(true)),
  protectKernelDefaults: field('bool', 'protectKernelDefaults', 'protect-kernel-defaults', always(false)),
  makeIPTablesUtilChains: field('bool', 'makeIPTablesUtilChains', 'make-iptables-util-chains', always(true)),
  hostnameOverride: field('text', '', 'hostname-override', always('')),
  eventRecordQPS: field('int', 'eventRecordQPS', 'event-qps', minor => (minor < 27 ? 5 : 50)),
  podPidsLimit: field('int', 'podPidsLimit', 'pod-max-pids', always(-1), 'negative'),
  seccompDefault: { ...field('bool', 'seccompDefault', 'seccomp-default', always(false)), since: 22 },
  streamingConnectionIdleTimeoutSeconds: field(
    'duration',
    'streamingConnectionIdleTimeout',
    'streaming-connection-idle-timeout',
    always(14_400),
    'zero',
  ),
  enableDebuggingHandlers: field('bool', 'enableDebuggingHandlers', 'enable-debugging-handlers', always(true)),
  enableSystemLogHandler: field('bool', 'enableSystemLogHandler', '', always(true)),
  enableProfilingHandler: field('bool', 'enableProfilingHandler', '', always(true)),
  staticPodPath: field('path', 'staticPodPath', 'pod-manifest-path', always('')),
  staticPodURL: field('url', 'staticPodURL', 'manifest-url', always('')),
  failSwapOn: field('bool', 'failSwapOn', 'fail-swap-on', always(true)),
}

/** What a kubelet without a configuration file starts from: the flags' old defaults. */
export const legacyConfiguration: ConfigObject = {
  authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
  authorization: { mode: 'AlwaysAllow' },
  readOnlyPort: 10255,
}

function field(
  kind: SettingKind,
  path: string,
  flag: FlagName | '',
  fallback: (minor: number) => SettingValue,
  unset?: 'zero' | 'negative',
): SettingField {
  const keys = path === '' ? [] : path.split('.')
  return unset ? { kind, path: keys, flag, fallback, unset } : { kind, path: keys, flag, fallback }
}
