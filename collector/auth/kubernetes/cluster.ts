// The clusters whose ServiceAccount tokens a collector accepts: as configured, and as the pod it runs in knows its own.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { errnoOf, GabionError } from '../../../runtime/errors.ts'
import { type PolicyReportKind, policyReportKinds } from '../../policy-reports/report-kinds.ts'

export interface Cluster {
  /** part of the key of every host in it: a change makes them new hosts */
  readonly name: string
  /** https URL of its API server */
  readonly apiServer: string
  readonly caFile: string
  readonly tokenFile: string
  /** what its agents' tokens are made for */
  readonly audience: string
  /** what tokens of users of the API are made for; without one, `audience` with `-api` behind it */
  readonly apiAudience?: string
  /** `iss` of its tokens, empty for any */
  readonly issuer: string
  /** `namespace:name` of those who may speak for their nodes */
  readonly serviceAccounts: readonly string[]
  /** namespace that the CA bundle is published in, empty for none */
  readonly publishNamespace: string
  /** whether its Nodes give labels to its hosts and have them retire */
  readonly watchNodes?: boolean
  /** minutes of silence after which a host retires whose Node is gone; 0 for never */
  readonly retireAfterMinutes?: number
  /** objects that tell in the cluster itself what its nodes fail */
  readonly policyReports?: PolicyReportKind | 'none'
}

const label = '[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?'
const subdomain = `${label}(?:\\.${label}){0,9}`
const text = (pattern: string, expected: string) => z.string(expected).regex(new RegExp(`^(?:${pattern})$`), expected)
const path = (name: string) => z.string(`expected a path in ${name}`).default('')

/** What a collector says of the last time that it heard a host may be some minutes old. */
const retireAfter = 'expected 5 to 525600 minutes in retireAfterMinutes, or 0 for never'

const GivenSchema = z.strictObject({
  name: text(label, 'expected lower-case letters, digits and dashes in name'),
  apiServer: text('|https://[^\\s/?#@]+/?', 'expected https://HOST:PORT in apiServer').default(''),
  caFile: path('caFile'),
  tokenFile: path('tokenFile'),
  audience: text('[\\x21-\\x7e]{1,253}', 'expected an audience').default('gabion-collector'),
  apiAudience: text('[\\x21-\\x7e]{1,253}', 'expected an audience in apiAudience').optional(),
  issuer: text('[\\x21-\\x7e]{0,512}', 'expected the issuer of tokens').default(''),
  serviceAccounts: z.array(text(`${label}:${subdomain}`, 'expected NAMESPACE:NAME in serviceAccounts')).default([]),
  publishNamespace: text(`|${label}`, 'expected a namespace in publishNamespace').default(''),
  watchNodes: z.boolean('expected true or false in watchNodes').default(true),
  retireAfterMinutes: z
    .int(retireAfter)
    .min(0, retireAfter)
    .max(525_600, retireAfter)
    .refine(minutes => minutes === 0 || minutes >= 5, retireAfter)
    .default(10),
  policyReports: z
    .enum(['none', ...policyReportKinds], 'expected none, openreports or wgpolicyk8s in policyReports')
    .default('none'),
})

/** Users of the API have tokens of their own audience, so that nobody who is shown one can pose as an agent. */
const ClusterSchema = GivenSchema.transform(({ apiAudience, ...given }) => ({
  ...given,
  apiAudience: apiAudience ?? `${given.audience}-api`,
}))
export type ClusterConfig = z.infer<typeof ClusterSchema>

const ownCluster = { name: 'local' }

/** `true` is the cluster that the collector runs in; a list names one or several. */
export const ClustersSchema = z
  .preprocess(
    value => (value === true ? [ownCluster] : value === false ? [] : value),
    z.array(ClusterSchema, 'expected true, or a list of clusters').max(64),
  )
  .refine(list => list.every(isWhole), 'a cluster with apiServer also needs caFile, tokenFile and serviceAccounts')
  .refine(list => list.every(one => one.watchNodes || one.policyReports === 'none'), 'policyReports needs watchNodes')
  .refine(list => list.filter(one => one.apiServer === '').length <= 1, 'expected one cluster without apiServer')
  .refine(list => new Set(list.map(one => one.name)).size === list.length, 'two clusters have the same name')
  .refine(list => list.every(one => one.audience !== one.apiAudience), 'audience and apiAudience have to differ')
  .refine(isUnambiguous, 'two clusters need another audience each, or another issuer each')

/** A token for one API server is never sent to another one by a file that was forgotten. */
function isWhole({ apiServer, caFile, tokenFile, serviceAccounts }: ClusterConfig): boolean {
  if (apiServer === '') return caFile === '' && tokenFile === ''
  return caFile !== '' && tokenFile !== '' && serviceAccounts.length > 0
}

/** A token is shown to one API server only: another could use it to pose as a node of the first. */
function isUnambiguous(list: readonly ClusterConfig[]): boolean {
  return list.every((one, index) =>
    list.slice(index + 1).every(other => {
      const shared = audiencesOf(one).some(audience => audiencesOf(other).includes(audience))
      if (!shared) return true
      return one.issuer !== '' && other.issuer !== '' && one.issuer !== other.issuer
    }),
  )
}

const audiencesOf = ({ audience, apiAudience }: ClusterConfig) => [audience, apiAudience]

const mountedAccount = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * Completes the cluster that the collector runs in from what every pod is given.
 * @param directory where the pod's ServiceAccount is mounted
 * @throws GabionError with code `config` when this is no pod
 */
export function resolveClusters(
  configured: readonly ClusterConfig[],
  environment: Readonly<Record<string, string | undefined>>,
  directory = mountedAccount,
): readonly Cluster[] {
  return configured.map(cluster => (cluster.apiServer === '' ? inCluster(cluster, environment, directory) : cluster))
}

function inCluster(
  cluster: ClusterConfig,
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
): Cluster {
  const [host, port] = [environment['KUBERNETES_SERVICE_HOST'], environment['KUBERNETES_SERVICE_PORT']]
  if (!host || !port) {
    const missing = 'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set'
    throw new GabionError('config', `kubernetes: this is no pod (${missing}): name the cluster's apiServer`)
  }
  const namespace = readNamespace(join(directory, 'namespace'))
  return {
    ...cluster,
    apiServer: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    caFile: join(directory, 'ca.crt'),
    tokenFile: join(directory, 'token'),
    serviceAccounts: cluster.serviceAccounts.length > 0 ? cluster.serviceAccounts : [`${namespace}:gabion-agent`],
    publishNamespace: cluster.publishNamespace || namespace,
  }
}

function readNamespace(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new GabionError('config', `kubernetes: ${file}: cannot be read (${errnoOf(cause)})`, { cause })
  }
}
