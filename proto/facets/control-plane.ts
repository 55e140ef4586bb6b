// Facet `control-plane`: API server, controller manager, scheduler, etcd and kube-proxy, their settings and their files.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, ordered, sortedSet } from '../facet.ts'

const source = z.enum(['process', 'manifest', 'unit', 'environment', 'file', 'distribution', 'default'])
export type SettingSource = z.infer<typeof source>

const provenance = {
  source: source.describe('which kind of place decided the value'),
  origin: z.string().describe('the flag and the file it stands in, the file, or `default of 1.30`'),
}
const bool = z.object({ value: z.boolean().describe('effective value'), ...provenance })
const int = z.object({ value: z.int().describe('effective value'), ...provenance })
const text = z.object({ value: z.string().describe('effective value, empty when unset'), ...provenance })
const list = z.object({ value: ordered(z.string()).describe('effective value'), ...provenance })

const component = {
  id: z.string().describe('name of the program; further ones of a kind have a number'),
  running: z.boolean().describe('a process was found; otherwise the row is what is declared to start'),
  kind: z.enum(['static-pod', 'process', 'k3s', 'microk8s']).describe('how it runs: embedded in k3s or kubelite'),
  foreign: z.boolean().describe('runs inside another machine’s container here, such as a kind node'),
  manifest: z.string().describe('static pod manifest on the host, empty when there is none'),
  image: z.string().describe('image in the manifest, empty when there is none'),
  executable: z.string().describe('target of /proc/PID/exe, empty when not running'),
  unit: z.string().describe('systemd unit, empty when it has none'),
  uid: z.int().describe('user of the process, -1 when not running'),
  version: z.string().optional().describe('such as 1.30.2; left out when nothing tells it'),
  manifestDiffers: z.boolean().describe('the process runs with other arguments than its manifest has'),
  changedFlags: sortedSet(z.string()).describe('known flags whose value differs between manifest and process'),
  manifestNewerThanProcess: z.boolean().optional().describe('the manifest was written after the process started'),
  changedFiles: sortedSet(z.string()).describe('files read at start only that changed after the process started'),
  unmounted: sortedSet(z.string()).describe('flags that name a file which no volume of the host brings into the pod'),
}

export const ApiServerSettingsSchema = z.object({
  anonymousAuth: bool.optional().describe('--anonymous-auth, or what the authentication configuration says'),
  anonymousPaths: list.optional().describe('paths that let anonymous requests in: * for all, none when off'),
  tokenAuthFile: text.describe('--token-auth-file'),
  authorizationModes: list.optional().describe('--authorization-mode, or the types in the authorization configuration'),
  clientCAFile: text.describe('--client-ca-file'),
  kubeletClientCertificate: text.describe('--kubelet-client-certificate'),
  kubeletClientKey: text.describe('--kubelet-client-key'),
  kubeletCertificateAuthority: text.describe('--kubelet-certificate-authority'),
  tlsCertFile: text.describe('--tls-cert-file'),
  tlsPrivateKeyFile: text.describe('--tls-private-key-file'),
  tlsMinVersion: text.describe('--tls-min-version'),
  tlsCipherSuites: list.describe('--tls-cipher-suites, empty for the defaults of Go'),
  etcdServers: list.describe('--etcd-servers, scheme and address only'),
  etcdCAFile: text.describe('--etcd-cafile'),
  etcdCertFile: text.describe('--etcd-certfile'),
  etcdKeyFile: text.describe('--etcd-keyfile'),
  serviceAccountKeyFiles: list.describe('--service-account-key-file'),
  serviceAccountSigningKeyFile: text.describe('--service-account-signing-key-file'),
  serviceAccountLookup: bool.describe('--service-account-lookup'),
  serviceAccountExtendTokenExpiration: bool.describe('--service-account-extend-token-expiration'),
  enableAdmissionPlugins: list.describe('--enable-admission-plugins: those besides the default ones'),
  disableAdmissionPlugins: list.describe('--disable-admission-plugins'),
  admissionControlConfigFile: text.describe('--admission-control-config-file'),
  auditPolicyFile: text.describe('--audit-policy-file'),
  auditLogPath: text.describe('--audit-log-path, - for standard output'),
  auditLogMaxAge: int.describe('--audit-log-maxage in days, 0 for no limit'),
  auditLogMaxBackup: int.describe('--audit-log-maxbackup in files, 0 for no limit'),
  auditLogMaxSize: int.describe('--audit-log-maxsize in megabytes, 0 means 100'),
  auditWebhookConfigFile: text.describe('--audit-webhook-config-file'),
  encryptionProviderConfig: text.describe('--encryption-provider-config'),
  encryptionProviderConfigAutomaticReload: bool.describe('--encryption-provider-config-automatic-reload'),
  authenticationConfig: text.describe('--authentication-config'),
  authorizationConfig: text.describe('--authorization-config'),
  profiling: bool.describe('--profiling'),
  bindAddress: text.describe('--bind-address'),
  securePort: int.describe('--secure-port'),
  requestTimeoutSeconds: int.describe('--request-timeout'),
})
export type ApiServerSettings = z.infer<typeof ApiServerSettingsSchema>

export const ControllerManagerSettingsSchema = z.object({
  profiling: bool.describe('--profiling'),
  bindAddress: text.describe('--bind-address'),
  securePort: int.describe('--secure-port, 0 when off'),
  terminatedPodGcThreshold: int.describe('--terminated-pod-gc-threshold, 0 or less for never'),
  useServiceAccountCredentials: bool.describe('--use-service-account-credentials'),
  serviceAccountPrivateKeyFile: text.describe('--service-account-private-key-file'),
  rootCAFile: text.describe('--root-ca-file'),
  clusterSigningCertFile: text.describe('--cluster-signing-cert-file'),
  clusterSigningKeyFile: text.describe('--cluster-signing-key-file'),
  rotateKubeletServerCertificate: bool.describe('feature gate RotateKubeletServerCertificate'),
  kubeconfig: text.describe('--kubeconfig'),
  tlsMinVersion: text.describe('--tls-min-version'),
  tlsCipherSuites: list.describe('--tls-cipher-suites, empty for the defaults of Go'),
})
export type ControllerManagerSettings = z.infer<typeof ControllerManagerSettingsSchema>

export const SchedulerSettingsSchema = z.object({
  profiling: bool.optional().describe('--profiling, or enableProfiling of the configuration file'),
  bindAddress: text.describe('--bind-address'),
  securePort: int.describe('--secure-port, 0 when off'),
  config: text.describe('--config'),
  kubeconfig: text.describe('--kubeconfig'),
  tlsMinVersion: text.describe('--tls-min-version'),
  tlsCipherSuites: list.describe('--tls-cipher-suites, empty for the defaults of Go'),
})
export type SchedulerSettings = z.infer<typeof SchedulerSettingsSchema>

export const EtcdSettingsSchema = z.object({
  certFile: text.describe('--cert-file'),
  keyFile: text.describe('--key-file'),
  clientCertAuth: bool.describe('--client-cert-auth'),
  trustedCAFile: text.describe('--trusted-ca-file'),
  autoTLS: bool.describe('--auto-tls'),
  peerCertFile: text.describe('--peer-cert-file'),
  peerKeyFile: text.describe('--peer-key-file'),
  peerClientCertAuth: bool.describe('--peer-client-cert-auth'),
  peerTrustedCAFile: text.describe('--peer-trusted-ca-file'),
  peerAutoTLS: bool.describe('--peer-auto-tls'),
  listenClientURLs: list.describe('--listen-client-urls and --listen-client-http-urls, scheme and address only'),
  listenPeerURLs: list.describe('--listen-peer-urls, scheme and address only'),
  listenMetricsURLs: list.describe('--listen-metrics-urls, scheme and address only'),
  dataDir: text.describe('--data-dir'),
  walDir: text.describe('--wal-dir'),
  enablePprof: bool.describe('--enable-pprof'),
  tlsMinVersion: text.describe('--tls-min-version'),
  cipherSuites: list.describe('--cipher-suites, empty for the defaults of Go'),
})
export type EtcdSettings = z.infer<typeof EtcdSettingsSchema>

export const KubeProxySettingsSchema = z.object({
  metricsBindAddress: text.describe('--metrics-bind-address, or metricsBindAddress of the configuration file'),
  healthzBindAddress: text.describe('--healthz-bind-address, or healthzBindAddress of the configuration file'),
})
export type KubeProxySettings = z.infer<typeof KubeProxySettingsSchema>

const level = z.enum(['None', 'Metadata', 'Request', 'RequestResponse'])

export const AuditPolicySchema = z.object({
  configured: z.boolean().describe('the API server has a policy; without one it records nothing'),
  path: z.string().describe('the file on the host, empty when none is configured'),
  rules: z.int().describe('how many rules'),
  unreachableRules: z.int().describe('rules after one that every request matches'),
  noneRules: z.int().describe('rules that record nothing'),
  metadataRules: z.int().describe('rules that record who did what'),
  requestRules: z.int().describe('rules that also record what was sent'),
  requestResponseRules: z.int().describe('rules that also record what was answered'),
  omitStages: sortedSet(z.string()).describe('stages that the whole policy leaves out'),
  logsNothing: z.boolean().describe('no request whatever is recorded'),
  coverage: keyed(
    z.object({
      request: z.string().describe('the resource and what is done with it, such as secrets or pods/exec'),
      least: level.describe('least that the rules record of such requests by a user whom no rule names'),
      most: level.describe('most that any rule records of such requests'),
    }),
    ['request'],
  ).describe('by the first rule that matches: requests that a record should not lack'),
})
export type AuditPolicyFacts = z.infer<typeof AuditPolicySchema>

export const EncryptionSchema = z.object({
  configured: z.boolean().describe('the API server has an encryption provider configuration'),
  path: z.string().describe('the file on the host, empty when none is configured'),
  groups: ordered(
    z.object({
      resources: sortedSet(z.string()).describe('resources as written'),
      providers: ordered(z.string()).describe('kinds of providers in order, the first one writes'),
    }),
  ).describe('in order: the first group that names a resource counts'),
  secretsProviders: ordered(z.string()).describe('kinds of providers of Secrets in order, empty when they have none'),
  configMapsProviders: ordered(z.string()).describe('kinds of providers of ConfigMaps in order'),
})
export type EncryptionFacts = z.infer<typeof EncryptionSchema>

export const AdmissionSchema = z.object({
  configured: z.boolean().describe('the API server has an admission control configuration'),
  path: z.string().describe('the file on the host, empty when none is configured'),
  plugins: sortedSet(z.string()).describe('plugins that the file configures'),
  imagePolicyFailsOpen: z.boolean().optional().describe('ImagePolicyWebhook lets images in when its backend is away'),
  podSecurityDefault: z
    .string()
    .optional()
    .describe('level that namespaces without a label get: privileged when unset'),
})
export type AdmissionFacts = z.infer<typeof AdmissionSchema>

export const ApiServerSchema = z.object({
  ...component,
  settings: ApiServerSettingsSchema.optional().describe('effective settings; left out when they cannot be told'),
  auditPolicy: AuditPolicySchema.optional().describe('what the audit policy records'),
  encryption: EncryptionSchema.optional().describe('how Secrets are written to etcd; never keys'),
  admission: AdmissionSchema.optional().describe('admission control configuration'),
})
export const ControllerManagerSchema = z.object({
  ...component,
  settings: ControllerManagerSettingsSchema.optional().describe('effective settings'),
})
export const SchedulerSchema = z.object({
  ...component,
  settings: SchedulerSettingsSchema.optional().describe('effective settings'),
})
export const EtcdSchema = z.object({
  ...component,
  configFile: z.string().describe('--config-file; with it etcd does not look at flags and environment'),
  settings: EtcdSettingsSchema.optional().describe('effective settings'),
})
export const KubeProxySchema = z.object({
  ...component,
  settings: KubeProxySettingsSchema.optional().describe('effective settings'),
})

export const fileRoles = [
  'manifest',
  'admin-kubeconfig',
  'controller-manager-kubeconfig',
  'scheduler-kubeconfig',
  'component-kubeconfig',
  'pki-directory',
  'pki-certificate',
  'pki-key',
  'pki-other',
  'cni-directory',
  'cni-config',
  'etcd-data',
  'etcd-config',
  'audit-policy',
  'audit-log',
  'audit-webhook',
  'encryption-config',
  'admission-config',
  'access-config',
  'token-file',
  'component-config',
] as const

export const ControlPlaneFileSchema = z.object({
  path: z.string().describe('path on the host'),
  role: z.enum(fileRoles).describe('what it is used for'),
  state: z.enum(['present', 'absent', 'unreadable']).describe('whether it could be looked at'),
  kind: z.enum(['file', 'directory', 'other', '']).describe('kind of file, empty when not present'),
  mode: z.string().describe('octal permission bits such as 0600, empty when not present'),
  uid: z.int().describe('owner, -1 when not present'),
  gid: z.int().describe('group, -1 when not present'),
})

export const CertificateSchema = z.object({
  path: z.string().describe('file that holds it: PEM or kubeconfig'),
  position: z.int().describe('place in that file, from 1'),
  subject: z.string().describe('distinguished name'),
  issuer: z.string().describe('distinguished name'),
  subjectAltNames: z.int().describe('how many names and addresses it is valid for'),
  notBefore: z.string().describe('ISO 8601 time'),
  notAfter: z.string().describe('ISO 8601 time'),
  keyType: z.string().describe('rsa, ec, ed25519 …'),
  keyBits: z.int().describe('size of the key, 0 where the type has none'),
  signature: z.string().describe('signature algorithm, such as sha256WithRSAEncryption'),
  isCA: z.boolean().describe('may sign others'),
  selfSigned: z.boolean().describe('signed with its own key'),
})

export const ControlPlaneFacet = defineFacet({
  name: 'control-plane',
  version: 1,
  title: 'Control plane components, their effective settings with provenance, their files and certificates',
  facts: {
    apiServers: keyed(ApiServerSchema, ['id']).describe('kube-apiserver'),
    controllerManagers: keyed(ControllerManagerSchema, ['id']).describe('kube-controller-manager'),
    schedulers: keyed(SchedulerSchema, ['id']).describe('kube-scheduler'),
    etcdMembers: keyed(EtcdSchema, ['id']).describe('etcd'),
    kubeProxies: keyed(KubeProxySchema, ['id']).describe('kube-proxy'),
    files: keyed(ControlPlaneFileSchema, ['path', 'role']).describe('files of the control plane with mode and owner'),
    certificates: keyed(CertificateSchema, ['path', 'position']).describe('certificates in those files'),
  },
  observations: {
    processes: keyed(
      z.object({
        component: z.string().describe('id of the component'),
        pid: z.int().describe('process id'),
        startedAt: z.string().describe('ISO 8601 time'),
      }),
      ['component', 'pid'],
    ).describe('component processes now'),
    auditLogs: keyed(
      z.object({
        path: z.string().describe('path on the host'),
        sizeBytes: z.int().describe('size'),
        modifiedAt: z.string().describe('ISO 8601 time of the last record'),
      }),
      ['path'],
    ).describe('audit logs as they are written'),
  },
})
export type ControlPlaneFacts = FactsOf<typeof ControlPlaneFacet>
export type ControlPlaneObservations = ObservationsOf<typeof ControlPlaneFacet>
