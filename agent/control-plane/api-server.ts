// Makes the row of an API server: settings, audit policy, encryption of Secrets, and admission control.
import { posix } from 'node:path'
import {
  type AdmissionFacts,
  type ApiServerSettings,
  ApiServerSettingsSchema,
  type AuditPolicyFacts,
  type ControlPlaneFacts,
  type EncryptionFacts,
} from '../../proto/facets/control-plane.ts'
import type { Obstacle } from '../kubelet/found-kubelet.ts'
import { defaultAllowOf, enforcedByDefault, parseAdmissionConfiguration } from '../parse/admission-configuration.ts'
import { parseAuditPolicy } from '../parse/audit-policy.ts'
import { parseAuthenticationConfiguration } from '../parse/authentication-configuration.ts'
import { parseAuthorizationConfiguration } from '../parse/authorization-configuration.ts'
import { parseEncryptionConfiguration, providersOf } from '../parse/encryption-configuration.ts'
import { parseKubernetesDocument } from '../parse/kubernetes-document.ts'
import { auditFacts, noAuditPolicy } from './audit-coverage.ts'
import type { FoundComponent } from './component.ts'
import { commonRow, type Description, nameFile, note, readParsed } from './describe.ts'
import type { FileRole } from './files.ts'
import { apiServerFields } from './setting-fields.ts'
import { readFlags, settingsOf, textFlag } from './settings.ts'

type Row = Omit<ControlPlaneFacts['apiServers'][number], 'id'>

export async function describeApiServer(description: Description): Promise<Row> {
  const { found, version } = description
  const flags = readFlags(found.words, apiServerFields, found)
  const effective = openShift(found) ?? settingsOf(apiServerFields, flags, found, version)
  if ('obstacle' in effective) {
    for (const field of ['settings', 'auditPolicy', 'encryption', 'admission']) {
      note(description, field, effective.obstacle)
    }
    return commonRow(description, apiServerFields)
  }
  const settings = { ...effective.settings, ...(await accessSettings(description, effective.settings)) }
  const parsed = ApiServerSettingsSchema.parse(withoutUndefined(settings))
  nameFiles(description, parsed)
  nameFurther(description, flag => textFlag(flags.layers, flag))
  const auditPolicy = await readAuditPolicy(description, parsed)
  const encryption = await readEncryption(description, parsed)
  const admission = await readAdmission(description, parsed)
  return {
    ...commonRow(description, apiServerFields),
    settings: parsed,
    ...(auditPolicy ? { auditPolicy } : {}),
    ...(encryption ? { encryption } : {}),
    ...(admission ? { admission } : {}),
  }
}

/** OpenShift keeps all settings in a file of a format of its own. */
function openShift(found: FoundComponent): { readonly obstacle: Obstacle } | undefined {
  if (!found.words.some(({ args }) => args.some(word => word.startsWith('--openshift-config')))) return undefined
  const source = found.manifest?.path ?? found.name
  return { obstacle: { source, state: 'unavailable', detail: 'settings stand in a configuration of OpenShift' } }
}

type Effective = Extract<ReturnType<typeof settingsOf<typeof apiServerFields>>, { settings: unknown }>['settings']

/** Files of structured authentication and authorization overrule the flags that they replace. */
async function accessSettings(description: Description, settings: Effective) {
  const { anonymousAuth } = settings
  const paths = anonymousAuth.value === true ? ['*'] : []
  const access = {
    anonymousAuth: anonymousAuth as typeof anonymousAuth | undefined,
    anonymousPaths: { ...anonymousAuth, value: paths as readonly string[] } as typeof anonymousAuth | undefined,
    authorizationModes: settings.authorizationModes as typeof anonymousAuth | undefined,
  }
  const authentication = String(settings.authenticationConfig.value)
  if (authentication !== '') {
    const read = await readParsed(
      description,
      { flag: 'authentication-config', path: authentication, role: 'access-config', reloads: true },
      parseAuthenticationConfiguration,
    )
    if ('obstacle' in read) {
      for (const name of ['anonymousAuth', 'anonymousPaths'] as const) {
        access[name] = undefined
        note(description, `settings.${name}`, read.obstacle)
      }
    } else if (read.value.anonymousPaths !== undefined) {
      const value = read.value.anonymousPaths
      access.anonymousAuth = { value: value.length > 0, source: 'file', origin: read.path }
      access.anonymousPaths = { value, source: 'file', origin: read.path }
    }
  }
  const authorization = String(settings.authorizationConfig.value)
  if (authorization !== '') {
    const read = await readParsed(
      description,
      { flag: 'authorization-config', path: authorization, role: 'access-config', reloads: true },
      parseAuthorizationConfiguration,
    )
    if ('obstacle' in read) {
      access.authorizationModes = undefined
      note(description, 'settings.authorizationModes', read.obstacle)
    } else access.authorizationModes = { value: read.value.modes, source: 'file', origin: read.path }
  }
  return access
}

async function readAuditPolicy(
  description: Description,
  { auditPolicyFile }: ApiServerSettings,
): Promise<AuditPolicyFacts | undefined> {
  if (auditPolicyFile.value === '') return noAuditPolicy
  const named = { flag: 'audit-policy-file', path: auditPolicyFile.value, role: 'audit-policy' } as const
  const read = await readParsed(description, named, parseAuditPolicy)
  if (!('obstacle' in read)) return auditFacts(read.value, read.path)
  note(description, 'auditPolicy', read.obstacle)
  return undefined
}

async function readEncryption(
  description: Description,
  { encryptionProviderConfig: config, encryptionProviderConfigAutomaticReload: reload }: ApiServerSettings,
): Promise<EncryptionFacts | undefined> {
  const none = { configured: false, path: '', groups: [], secretsProviders: [], configMapsProviders: [] }
  if (config.value === '') return none
  const named = { flag: 'encryption-provider-config', path: config.value, role: 'encryption-config' } as const
  const read = await readParsed(description, { ...named, reloads: reload.value }, parseEncryptionConfiguration)
  if ('obstacle' in read) {
    note(description, 'encryption', read.obstacle)
    return undefined
  }
  return {
    configured: true,
    path: read.path,
    groups: read.value.groups.map(({ resources, providers }) => ({
      resources: [...resources],
      providers: [...providers],
    })),
    secretsProviders: [...providersOf(read.value, 'secrets')],
    configMapsProviders: [...providersOf(read.value, 'configmaps')],
  }
}

async function readAdmission(
  description: Description,
  { admissionControlConfigFile: file }: ApiServerSettings,
): Promise<AdmissionFacts | undefined> {
  const none = { configured: false, path: '', plugins: [], imagePolicyFailsOpen: false }
  if (file.value === '') return { ...none, podSecurityDefault: 'privileged' }
  const named = { flag: 'admission-control-config-file', path: file.value, role: 'admission-config' } as const
  const read = await readParsed(description, named, parseAdmissionConfiguration)
  if ('obstacle' in read) {
    note(description, 'admission', read.obstacle)
    return undefined
  }
  const { plugins } = read.value
  const configurationOf = async (name: string, field: string) => {
    const plugin = plugins.find(one => one.name === name)
    if (!plugin?.path) return { configuration: plugin?.configuration }
    const path = posix.resolve(posix.dirname(file.value), plugin.path)
    const inner = await readParsed(description, { ...named, path }, parseKubernetesDocument)
    if (!('obstacle' in inner)) return { configuration: inner.value.values }
    note(description, `admission.${field}`, inner.obstacle)
    return undefined
  }
  const images = await configurationOf('ImagePolicyWebhook', 'imagePolicyFailsOpen')
  const security = await configurationOf('PodSecurity', 'podSecurityDefault')
  return {
    configured: true,
    path: read.path,
    plugins: plugins.map(({ name }) => name.slice(0, 100)),
    ...(images ? { imagePolicyFailsOpen: defaultAllowOf(images.configuration) } : {}),
    ...(security ? { podSecurityDefault: enforcedByDefault(security.configuration) } : {}),
  }
}

/** Files that are looked at, not read. */
function nameFiles(description: Description, settings: ApiServerSettings): void {
  const named: readonly (readonly [string, string, FileRole])[] = [
    ['token-auth-file', settings.tokenAuthFile.value, 'token-file'],
    ['client-ca-file', settings.clientCAFile.value, 'pki-certificate'],
    ['kubelet-client-certificate', settings.kubeletClientCertificate.value, 'pki-certificate'],
    ['kubelet-client-key', settings.kubeletClientKey.value, 'pki-key'],
    ['kubelet-certificate-authority', settings.kubeletCertificateAuthority.value, 'pki-certificate'],
    ['tls-cert-file', settings.tlsCertFile.value, 'pki-certificate'],
    ['tls-private-key-file', settings.tlsPrivateKeyFile.value, 'pki-key'],
    ['etcd-cafile', settings.etcdCAFile.value, 'pki-certificate'],
    ['etcd-certfile', settings.etcdCertFile.value, 'pki-certificate'],
    ['etcd-keyfile', settings.etcdKeyFile.value, 'pki-key'],
    ['service-account-signing-key-file', settings.serviceAccountSigningKeyFile.value, 'pki-key'],
    ['audit-log-path', settings.auditLogPath.value, 'audit-log'],
    ['audit-webhook-config-file', settings.auditWebhookConfigFile.value, 'audit-webhook'],
  ]
  for (const [flag, path, role] of named) if (path !== '' && path !== '-') nameFile(description, flag, path, role)
  for (const path of settings.serviceAccountKeyFiles.value) {
    nameFile(description, 'service-account-key-file', path, 'pki-other')
  }
}

/** Certificates of the aggregation layer. */
function nameFurther(description: Description, textOf: (flag: string) => string): void {
  const named = [
    ['proxy-client-cert-file', 'pki-certificate'],
    ['proxy-client-key-file', 'pki-key'],
    ['requestheader-client-ca-file', 'pki-certificate'],
  ] as const
  for (const [flag, role] of named) if (textOf(flag).startsWith('/')) nameFile(description, flag, textOf(flag), role)
}

function withoutUndefined(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
}
