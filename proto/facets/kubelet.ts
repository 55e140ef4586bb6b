// Facet `kubelet`: every kubelet of the host, its effective configuration with provenance, and what its ports answer.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, ordered, sortedSet } from '../facet.ts'

const provenance = {
  source: z.enum(['flag', 'file', 'drop-in', 'default']).describe('which kind of place decided the value'),
  origin: z.string().describe('the flag, the file, or `default of 1.30 with a configuration file`'),
}
const bool = z.object({ value: z.boolean().describe('effective value'), ...provenance })
const int = z.object({ value: z.int().describe('effective value'), ...provenance })
const text = z.object({ value: z.string().describe('effective value, empty when unset'), ...provenance })
const list = z.object({ value: ordered(z.string()).describe('effective value'), ...provenance })

export const KubeletSettingsSchema = z.object({
  address: text.describe('address of the HTTPS port'),
  port: int.describe('HTTPS port'),
  readOnlyPort: int.describe('unauthenticated port, 0 when off'),
  healthzBindAddress: text.describe('address of the health port'),
  healthzPort: int.describe('health port, 0 when off'),
  anonymousAuth: bool.describe('authentication.anonymous.enabled'),
  webhookAuth: bool.describe('authentication.webhook.enabled'),
  authorizationMode: text.describe('authorization.mode'),
  clientCAFile: text.describe('authentication.x509.clientCAFile'),
  tlsCertFile: text.describe('tlsCertFile'),
  tlsPrivateKeyFile: text.describe('tlsPrivateKeyFile'),
  tlsMinVersion: text.describe('tlsMinVersion'),
  tlsCipherSuites: list.describe('tlsCipherSuites, empty for the defaults of Go'),
  rotateCertificates: bool.describe('rotateCertificates: of the client certificate'),
  serverTLSBootstrap: bool.describe('serverTLSBootstrap: of the serving certificate'),
  rotateServerCertificate: bool.describe('feature gate RotateKubeletServerCertificate'),
  protectKernelDefaults: bool.describe('protectKernelDefaults'),
  makeIPTablesUtilChains: bool.describe('makeIPTablesUtilChains'),
  hostnameOverride: text.describe('--hostname-override, a flag only'),
  eventRecordQPS: int.describe('eventRecordQPS, 0 means unlimited'),
  podPidsLimit: int.describe('podPidsLimit, -1 means unlimited'),
  seccompDefault: bool.describe('seccompDefault'),
  streamingConnectionIdleTimeoutSeconds: int.describe('streamingConnectionIdleTimeout, 0 means never'),
  enableDebuggingHandlers: bool.describe('enableDebuggingHandlers'),
  enableSystemLogHandler: bool.describe('enableSystemLogHandler'),
  enableProfilingHandler: bool.describe('enableProfilingHandler'),
  staticPodPath: text.describe('staticPodPath'),
  staticPodURL: text.describe('staticPodURL, scheme and address only'),
  failSwapOn: bool.describe('failSwapOn'),
})
export type KubeletSettings = z.infer<typeof KubeletSettingsSchema>

export const KubeletSchema = z.object({
  id: z.string().describe('what it is and where: such as kubelet:/var/lib/kubelet'),
  running: z.boolean().describe('a process was found; otherwise the row is what is configured to start'),
  kind: z
    .enum(['kubelet', 'k3s', 'rke2', 'k0s', 'microk8s', 'hyperkube', 'talos', 'openshift'])
    .describe('distribution or binary'),
  executable: z.string().describe('target of /proc/PID/exe, empty when not running'),
  version: z.string().optional().describe('version without v, such as 1.30.2; left out when it cannot be told'),
  unit: z.string().describe('systemd unit, empty when it has none'),
  uid: z.int().describe('user of the process, -1 when not running'),
  rootDir: z.string().describe('--root-dir or its default'),
  configFile: z.string().describe('--config, empty when none'),
  configDir: z.string().describe('--config-dir, empty when none'),
  kubeconfig: z.string().describe('--kubeconfig, empty when none'),
  bootstrapKubeconfig: z.string().describe('--bootstrap-kubeconfig, empty when none'),
  settings: KubeletSettingsSchema.optional().describe(
    'effective configuration; left out when a file that decides it is unreadable',
  ),
  ignoredDropIns: sortedSet(z.string()).describe(
    'files in --config-dir that the kubelet does not read: not named *.conf',
  ),
  unknownKeys: sortedSet(z.string()).describe(
    'keys of configuration files that no kubelet version knows: misspelt settings',
  ),
  configNewerThanProcess: z
    .boolean()
    .optional()
    .describe('a configuration file changed after the process started: on disk is not what runs'),
  configz: z
    .enum(['not-asked', 'read', 'refused', 'unavailable'])
    .describe('what it said of its own configuration; not asked without a token that may read nodes/configz'),
})
export type Kubelet = z.infer<typeof KubeletSchema>

export const KubeletEndpointSchema = z.object({
  kubelet: z.string().describe('id of the kubelet'),
  endpoint: z.enum(['https', 'readOnly', 'healthz']).describe('10250, 10255 or 10248, or the ports configured instead'),
  address: z.string().describe('address that was asked'),
  port: z.int().describe('port that was asked'),
  state: z.enum(['open', 'closed', 'silent', 'failed']).describe('closed: refused; silent: no answer in time'),
  anonymous: z
    .enum(['rejected', 'authenticated', 'served', 'unproven', ''])
    .describe('https only: 401 rejects; 403 or 500 naming system:anonymous authenticates; 200 serves; else unproven'),
  status: z.int().describe('HTTP status of GET /pods (https, readOnly) or /healthz, 0 when there was none'),
  logsServed: z.boolean().describe('https only: an anonymous GET /logs/ was served'),
  tlsVersion: z.string().describe('https only: negotiated version, such as TLSv1.3'),
  scope: z.enum(['loopback', 'link', 'any', 'specific', 'unknown']).describe('what the listening socket is bound to'),
})
export type KubeletEndpoint = z.infer<typeof KubeletEndpointSchema>

const certificate = {
  subject: z.string().describe('distinguished name'),
  issuer: z.string().describe('distinguished name'),
  subjectAltNames: sortedSet(z.string()).describe('names and addresses it is valid for, such as DNS:node-1'),
  notBefore: z.string().describe('ISO 8601 time'),
  notAfter: z.string().describe('ISO 8601 time'),
  keyType: z.string().describe('rsa, ec, ed25519 …'),
  keyBits: z.int().describe('size of the key, 0 where the type has none'),
  signature: z.string().describe('signature algorithm, such as sha256WithRSAEncryption'),
  selfSigned: z.boolean().describe('signed with its own key'),
}

export const KubeletCertificateSchema = z.object({
  kubelet: z.string().describe('id of the kubelet'),
  use: z
    .enum(['client', 'serving', 'client-ca'])
    .describe('shown to the API server; shown to those who ask it; signs those that it lets in'),
  path: z.string().describe('file that holds it: PEM or kubeconfig'),
  position: z.int().describe('place in that file, from 1'),
  ...certificate,
  isCA: z.boolean().describe('may sign others'),
  rotated: z.boolean().describe('the kubelet asks for a new one before it runs out'),
})
export type KubeletCertificate = z.infer<typeof KubeletCertificateSchema>

export const KubeletTlsSchema = z.object({
  kubelet: z.string().describe('id of the kubelet'),
  versions: sortedSet(z.string()).describe('versions that it accepts, such as TLSv1.2'),
  cipherSuites: ordered(z.string()).describe('suites below TLS 1.3 that it accepts, IANA names, in its own order'),
  clientAuthorities: z
    .int()
    .describe('authorities whose client certificates it asks for; -1 when it asks for none or only in TLS 1.3'),
  ...certificate,
  certificateFile: z
    .string()
    .optional()
    .describe('file that holds the certificate it presents, empty when none does; left out when one is unreadable'),
})
export type KubeletTls = z.infer<typeof KubeletTlsSchema>

export const RunningSettingSchema = z.object({
  kubelet: z.string().describe('id of the kubelet'),
  setting: z.string().describe('name in kubelets.settings'),
  running: z.string().describe('value that it runs with, as text'),
  configured: z
    .string()
    .optional()
    .describe('value that flags, files and defaults give it, as text; left out when these cannot be told'),
})
export type RunningSetting = z.infer<typeof RunningSettingSchema>

export const KubeletFacet = defineFacet({
  name: 'kubelet',
  version: 2,
  title: 'Kubelets, their effective configuration with provenance, their files, and what their ports answer',
  facts: {
    kubelets: keyed(KubeletSchema, ['id']).describe('running kubelets, and configured ones that do not run'),
    endpoints: keyed(KubeletEndpointSchema, ['kubelet', 'endpoint'])
      .optional()
      .describe(
        'anonymous requests from the host itself; left out for an offline root or when probing is switched off',
      ),
    files: keyed(
      z.object({
        path: z.string().describe('path on the host'),
        role: z
          .enum([
            'config',
            'drop-in',
            'config-dir',
            'kubeconfig',
            'client-ca',
            'tls-cert',
            'tls-key',
            'unit',
            'environment',
            'kube-proxy-kubeconfig',
          ])
          .describe('what the kubelet uses it for'),
        state: z.enum(['present', 'absent', 'unreadable']).describe('whether it could be looked at'),
        mode: z.string().describe('octal permission bits such as 0600, empty when not present'),
        uid: z.int().describe('owner, -1 when not present'),
        gid: z.int().describe('group, -1 when not present'),
      }),
      ['path', 'role'],
    ).describe('files of kubelets with mode and owner'),
    certificates: keyed(KubeletCertificateSchema, ['kubelet', 'use', 'path', 'position']).describe(
      'certificates of kubelets on disk',
    ),
    tls: keyed(KubeletTlsSchema, ['kubelet'])
      .optional()
      .describe('what an HTTPS port that is open accepts and presents; left out as endpoints are'),
    runningSettings: keyed(RunningSettingSchema, ['kubelet', 'setting']).describe(
      'what kubelets run with by their own account, where configz is read',
    ),
  },
  observations: {
    processes: keyed(
      z.object({
        kubelet: z.string().describe('id of the kubelet'),
        pid: z.int().describe('process id'),
        startedAt: z.string().describe('ISO 8601 time'),
      }),
      ['kubelet', 'pid'],
    ).describe('kubelet processes now'),
  },
})
export type KubeletFacts = FactsOf<typeof KubeletFacet>
export type KubeletObservations = ObservationsOf<typeof KubeletFacet>
