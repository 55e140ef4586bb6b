// Data: which flag sets each setting of the components, its type, and what it is when nobody sets it.
import type {
  ApiServerSettings,
  ControllerManagerSettings,
  EtcdSettings,
  KubeProxySettings,
  SchedulerSettings,
} from '../../proto/facets/control-plane.ts'
import type { FlagKind } from '../parse/flag-value.ts'

export type SettingValue = boolean | number | string | readonly string[]

/** `urls` keep scheme and address only; `gate` is one feature gate of `--feature-gates`. */
export type SettingKind = 'text' | 'path' | 'bool' | 'int' | 'seconds' | 'list' | 'paths' | 'urls' | 'gate'

export interface SettingField {
  readonly flag: string
  readonly kind: SettingKind
  /** the same in every version that is still in use */
  readonly fallback: SettingValue
}
export type SettingFields<S> = Readonly<Record<keyof S, SettingField>>

/** kube-apiserver; `anonymousPaths` follows from `anonymousAuth`. */
export const apiServerFields: SettingFields<Omit<ApiServerSettings, 'anonymousPaths'>> = {
  anonymousAuth: field('bool', 'anonymous-auth', true),
  tokenAuthFile: field('path', 'token-auth-file', ''),
  authorizationModes: field('list', 'authorization-mode', ['AlwaysAllow']),
  clientCAFile: field('path', 'client-ca-file', ''),
  kubeletClientCertificate: field('path', 'kubelet-client-certificate', ''),
  kubeletClientKey: field('path', 'kubelet-client-key', ''),
  kubeletCertificateAuthority: field('path', 'kubelet-certificate-authority', ''),
  tlsCertFile: field('path', 'tls-cert-file', ''),
  tlsPrivateKeyFile: field('path', 'tls-private-key-file', ''),
  tlsMinVersion: field('text', 'tls-min-version', ''),
  tlsCipherSuites: field('list', 'tls-cipher-suites', []),
  etcdServers: field('urls', 'etcd-servers', []),
  etcdCAFile: field('path', 'etcd-cafile', ''),
  etcdCertFile: field('path', 'etcd-certfile', ''),
  etcdKeyFile: field('path', 'etcd-keyfile', ''),
  serviceAccountKeyFiles: field('paths', 'service-account-key-file', []),
  serviceAccountSigningKeyFile: field('path', 'service-account-signing-key-file', ''),
  serviceAccountLookup: field('bool', 'service-account-lookup', true),
  serviceAccountExtendTokenExpiration: field('bool', 'service-account-extend-token-expiration', true),
  enableAdmissionPlugins: field('list', 'enable-admission-plugins', []),
  disableAdmissionPlugins: field('list', 'disable-admission-plugins', []),
  admissionControlConfigFile: field('path', 'admission-control-config-file', ''),
  auditPolicyFile: field('path', 'audit-policy-file', ''),
  auditLogPath: field('path', 'audit-log-path', ''),
  auditLogMaxAge: field('int', 'audit-log-maxage', 0),
  auditLogMaxBackup: field('int', 'audit-log-maxbackup', 0),
  auditLogMaxSize: field('int', 'audit-log-maxsize', 0),
  auditWebhookConfigFile: field('path', 'audit-webhook-config-file', ''),
  encryptionProviderConfig: field('path', 'encryption-provider-config', ''),
  encryptionProviderConfigAutomaticReload: field('bool', 'encryption-provider-config-automatic-reload', false),
  authenticationConfig: field('path', 'authentication-config', ''),
  authorizationConfig: field('path', 'authorization-config', ''),
  profiling: field('bool', 'profiling', true),
  bindAddress: field('text', 'bind-address', '0.0.0.0'),
  securePort: field('int', 'secure-port', 6443),
  requestTimeoutSeconds: field('seconds', 'request-timeout', 60),
}

export const controllerManagerFields: SettingFields<ControllerManagerSettings> = {
  profiling: field('bool', 'profiling', true),
  bindAddress: field('text', 'bind-address', '0.0.0.0'),
  securePort: field('int', 'secure-port', 10257),
  terminatedPodGcThreshold: field('int', 'terminated-pod-gc-threshold', 12_500),
  useServiceAccountCredentials: field('bool', 'use-service-account-credentials', false),
  serviceAccountPrivateKeyFile: field('path', 'service-account-private-key-file', ''),
  rootCAFile: field('path', 'root-ca-file', ''),
  clusterSigningCertFile: field('path', 'cluster-signing-cert-file', ''),
  clusterSigningKeyFile: field('path', 'cluster-signing-key-file', ''),
  rotateKubeletServerCertificate: field('gate', 'RotateKubeletServerCertificate', true),
  kubeconfig: field('path', 'kubeconfig', ''),
  tlsMinVersion: field('text', 'tls-min-version', ''),
  tlsCipherSuites: field('list', 'tls-cipher-suites', []),
}

export const schedulerFields: SettingFields<SchedulerSettings> = {
  profiling: field('bool', 'profiling', true),
  bindAddress: field('text', 'bind-address', '0.0.0.0'),
  securePort: field('int', 'secure-port', 10259),
  config: field('path', 'config', ''),
  kubeconfig: field('path', 'kubeconfig', ''),
  tlsMinVersion: field('text', 'tls-min-version', ''),
  tlsCipherSuites: field('list', 'tls-cipher-suites', []),
}

export const etcdFields: SettingFields<EtcdSettings> = {
  certFile: field('path', 'cert-file', ''),
  keyFile: field('path', 'key-file', ''),
  clientCertAuth: field('bool', 'client-cert-auth', false),
  trustedCAFile: field('path', 'trusted-ca-file', ''),
  autoTLS: field('bool', 'auto-tls', false),
  peerCertFile: field('path', 'peer-cert-file', ''),
  peerKeyFile: field('path', 'peer-key-file', ''),
  peerClientCertAuth: field('bool', 'peer-client-cert-auth', false),
  peerTrustedCAFile: field('path', 'peer-trusted-ca-file', ''),
  peerAutoTLS: field('bool', 'peer-auto-tls', false),
  listenClientURLs: field('urls', 'listen-client-urls', ['http://localhost:2379']),
  listenPeerURLs: field('urls', 'listen-peer-urls', ['http://localhost:2380']),
  listenMetricsURLs: field('urls', 'listen-metrics-urls', []),
  dataDir: field('path', 'data-dir', ''),
  walDir: field('path', 'wal-dir', ''),
  enablePprof: field('bool', 'enable-pprof', false),
  tlsMinVersion: field('text', 'tls-min-version', ''),
  cipherSuites: field('list', 'cipher-suites', []),
}

export const kubeProxyFields: SettingFields<KubeProxySettings> = {
  metricsBindAddress: field('text', 'metrics-bind-address', '127.0.0.1:10249'),
  healthzBindAddress: field('text', 'healthz-bind-address', '0.0.0.0:10256'),
}

/** Flags that are no settings of their own but name files, or decide settings together with others. */
export const furtherFlags: Readonly<Record<string, FlagKind>> = {
  config: 'text',
  'config-file': 'text',
  name: 'text',
  'listen-client-http-urls': 'list',
  'proxy-client-cert-file': 'text',
  'proxy-client-key-file': 'text',
  'requestheader-client-ca-file': 'text',
  'authentication-kubeconfig': 'text',
  'authorization-kubeconfig': 'text',
  kubeconfig: 'text',
}

const flagKinds: Readonly<Record<SettingKind, FlagKind>> = {
  text: 'text',
  path: 'text',
  bool: 'bool',
  int: 'int',
  seconds: 'duration',
  list: 'list',
  paths: 'array',
  urls: 'list',
  gate: 'gates',
}

/** The allow-list of a component's flags. */
export function flagKindsOf(fields: Readonly<Record<string, SettingField>>): Readonly<Record<string, FlagKind>> {
  const own = Object.values(fields).map(({ flag, kind }) => [flagName(flag, kind), flagKinds[kind]] as const)
  return { ...furtherFlags, ...Object.fromEntries(own) }
}

/** Feature gates have one flag together. */
export function flagName(flag: string, kind: SettingKind): string {
  return kind === 'gate' ? 'feature-gates' : flag
}

function field(kind: SettingKind, flag: string, fallback: SettingValue): SettingField {
  return { kind, flag, fallback }
}
