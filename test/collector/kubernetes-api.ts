// A stand-in of a Kubernetes API server: HTTPS with its own CA, tokens that it signs and reviews, RBAC, the objects asked for.
//
// What goes in and out is validated against the schemas of the real API. How tokens are judged follows
// pkg/serviceaccount and pkg/registry/authentication/tokenreview of Kubernetes; the texts of errors are the real ones.
import { generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { TokenReview } from 'kubernetes-models/authentication.k8s.io/v1'
import { SubjectAccessReview } from 'kubernetes-models/authorization.k8s.io/v1'
import { ConfigMap, Pod } from 'kubernetes-models/v1'
import type { Test } from 'tap'
import { openAuthority } from '../../collector/auth/pki/authority.ts'
import { systemClock } from '../../runtime/clock.ts'
import { serveOnLoopback } from '../throwaway-server.ts'
import { createNodeStore, type NodeStore } from './kubernetes-nodes.ts'
import { createReportStore, isReportResource, type ReportStore } from './kubernetes-reports.ts'

export interface MintOptions {
  readonly namespace?: string
  readonly serviceAccount?: string
  readonly audiences?: readonly string[]
  readonly issuer?: string
  readonly lifeMs?: number
  /** namespace is that of the ServiceAccount; undefined makes a token that is bound to nothing */
  readonly pod?: string | undefined
}

/** How the server answers: as one does, or in one of the ways that things go wrong. */
export type Mode = 'well' | 'hang' | 'half' | 'garbage' | 'huge' | 'overloaded' | 'redirect' | 'other-kind' | 'reset'

type Json = Record<string, unknown>

export interface KubernetesApi {
  readonly url: string
  readonly caFile: string
  readonly tokenFile: string
  /** what the collector has to show */
  ownToken: string
  mode: Mode
  /** since 1.30 tokens of pods name their node */
  tokensNameNodes: boolean
  /** an aggregated or old server that does not know audiences */
  knowsAudiences: boolean
  /** `verb resource` that the collector may */
  readonly rights: Set<string>
  /** name → uid */
  readonly nodes: Map<string, string>
  /** what lists and watches of nodes are made of */
  readonly nodeStore: NodeStore
  readonly reportStore: ReportStore
  /** `namespace/name` */
  readonly pods: Map<string, { readonly uid: string; readonly nodeName: string; readonly deletionTimestamp?: string }>
  /** `namespace/name` → object */
  readonly configMaps: Map<string, Json>
  /** `USER verb group/resource` that RBAC grants to users of other groups, `*` for every user */
  readonly grants: Set<string>
  /** `METHOD path` of what was asked */
  readonly requests: string[]
  /** as TokenRequest would make it */
  mint(options?: MintOptions): string
}

const audience = 'gabion-collector'
const prefix = 'authentication.kubernetes.io/'
const allRights = [
  'create tokenreviews',
  'create subjectaccessreviews',
  'get pods',
  'get nodes',
  'list nodes',
  'watch nodes',
  'get configmaps',
  'create configmaps',
  'patch configmaps',
  ...['list', 'create', 'patch', 'delete'].flatMap(verb => [`${verb} clusterreports`, `${verb} clusterpolicyreports`]),
]

/** Two nodes, a and b, with an agent's pod on each. */
export async function startKubernetesApi(
  t: Pick<Test, 'teardown' | 'testdir'>,
  name = 'cluster',
): Promise<KubernetesApi> {
  const directory = join(t.testdir({ [name]: {} }), name)
  return serveKubernetesApi(t, directory)
}

export async function serveKubernetesApi(t: Pick<Test, 'teardown'>, directory: string): Promise<KubernetesApi> {
  const authority = await openAuthority(directory, systemClock)
  const { certificate: cert, key } = await authority.issueServer(['127.0.0.1', 'localhost'])
  const files = { caFile: join(directory, 'ca.crt'), tokenFile: join(directory, 'token') }
  const server = createServer({ cert, key })
  const port = await serveOnLoopback(t, server)
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const nodeStore = createNodeStore(['node-a', 'node-b'])
  const api: KubernetesApi = {
    ...{
      url: `https://127.0.0.1:${port}`,
      ...files,
      ownToken: randomUUID(),
      requests: [],
      configMaps: new Map(),
      grants: new Set(),
    },
    ...{ mode: 'well', tokensNameNodes: true, knowsAudiences: true, rights: new Set(allRights) },
    ...{ nodeStore, nodes: nodeStore.nodes, reportStore: createReportStore() },
    pods: new Map(['a', 'b'].map(one => [`gabion/agent-${one}`, { uid: randomUUID(), nodeName: `node-${one}` }])),
    mint: options => mint(api, keys.privateKey, options),
  }
  writeFileSync(files.caFile, authority.certificates)
  writeFileSync(files.tokenFile, `${api.ownToken}\n`)
  server.on('request', (request, response) => {
    serve(api, keys.publicKey, request, response).catch(error => {
      response.destroy()
      throw error
    })
  })
  return api
}

type Key = ReturnType<typeof generateKeyPairSync>['publicKey']

function mint(api: KubernetesApi, key: Key, options: MintOptions = {}): string {
  const { namespace = 'gabion', serviceAccount = 'gabion-agent', audiences = [audience], lifeMs = 600_000 } = options
  const { issuer = 'https://kubernetes.default.svc.cluster.local' } = options
  const podName = 'pod' in options ? options.pod : 'agent-a'
  const pod = podName === undefined ? undefined : api.pods.get(`${namespace}/${podName}`)
  if (podName !== undefined && !pod) throw new Error(`there is no pod ${podName}`)
  const nodeUid = pod && api.nodes.get(pod.nodeName)
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    ...{ aud: audiences, exp: now + Math.floor(lifeMs / 1000), iat: now, iss: issuer, jti: randomUUID(), nbf: now },
    'kubernetes.io': {
      namespace,
      ...(api.tokensNameNodes && pod && { node: { name: pod.nodeName, ...(nodeUid && { uid: nodeUid }) } }),
      ...(pod && { pod: { name: podName, uid: pod.uid } }),
      serviceaccount: { name: serviceAccount, uid: randomUUID() },
    },
    sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
  }
  const text = [{ alg: 'ES256', kid: 'key-1' }, claims].map(part =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  const signed = text.join('.')
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

async function serve(api: KubernetesApi, key: Key, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '' } = request
  api.requests.push(`${method} ${url}`)
  let text = ''
  for await (const chunk of request) text += chunk
  if (api.mode !== 'well') return misbehave(api.mode, response)
  if (request.headers.authorization !== `Bearer ${api.ownToken}`) return answer(response, status(401, 'Unauthorized'))
  const { pathname, searchParams: query } = new URL(url, api.url)
  const [what, found] = route(pathname)
  const verb = verbOf(method, found, query)
  if (!what || !verb) return answer(response, status(404, 'NotFound'))
  if (!api.rights.has(`${verb} ${what}`)) return answer(response, status(403, 'Forbidden'))
  const isReport = isReportResource(what)
  const patch = isReport ? 'application/apply-patch+yaml' : 'application/merge-patch+json'
  const expected = { POST: 'application/json', PATCH: patch }[method]
  if (expected !== undefined && request.headers['content-type'] !== expected) {
    return answer(response, status(415, 'UnsupportedMediaType'))
  }
  const wanted = String(request.headers.accept).startsWith('application/json;as=PartialObjectMetadata')
  const shown = (object: Json) => (wanted ? metadataOf(object) : object)
  if (verb === 'watch') return api.nodeStore.watch(query, response, shown)
  if (isReport) return answer(response, reported(api.reportStore.handle(what, verb, found, query, text), verb, shown))
  if (verb === 'list') return answer(response, listed(api.nodeStore.list(query), shown))
  const full = handle(api, key, what, verb, found, text)
  return answer(response, wanted && full.code === 200 ? { code: 200, body: metadataOf(full.body) } : full)
}

function verbOf(method: string, found: string | undefined, query: URLSearchParams): string | undefined {
  if (method === 'GET' && found === '') return query.get('watch') === 'true' ? 'watch' : 'list'
  return { GET: 'get', POST: 'create', PATCH: 'patch', DELETE: 'delete' }[method]
}

type Reported = ReturnType<ReportStore['handle']>

function reported({ code, body }: Reported, verb: string, shown: (object: Json) => Json): Reported {
  return verb === 'list' && typeof body !== 'string' ? listed({ code, body }, shown) : { code, body }
}

function listed({ code, body }: Answer, shown: (object: Json) => Json): Answer {
  if (code !== 200) return { code, body }
  const items = (body['items'] as Json[]).map(shown)
  const isPartial = items.some(({ kind }) => kind === 'PartialObjectMetadata')
  const kind = { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' }
  return { code, body: { ...body, ...(isPartial && kind), items } }
}

interface Answer {
  readonly code: number
  readonly body: Json
}

function route(url: string): [string, string] | [undefined, undefined] {
  const patterns = {
    tokenreviews: /^\/apis\/authentication\.k8s\.io\/v1\/(tokenreviews)$/,
    subjectaccessreviews: /^\/apis\/authorization\.k8s\.io\/v1\/(subjectaccessreviews)$/,
    nodes: /^\/api\/v1\/nodes(?:\/([^/]+))?$/,
    pods: /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)$/,
    clusterreports: /^\/apis\/openreports\.io\/v1alpha1\/clusterreports(?:\/([^/]+))?$/,
    clusterpolicyreports: /^\/apis\/wgpolicyk8s\.io\/v1alpha2\/clusterpolicyreports(?:\/([^/]+))?$/,
    configmaps: /^\/api\/v1\/namespaces\/([^/]+)\/configmaps(?:\/([^/]+))?$/,
  }
  for (const [what, pattern] of Object.entries(patterns)) {
    const match = pattern.exec(url)
    if (match) return [what, match.slice(1).filter(Boolean).map(decodeURIComponent).join('/')]
  }
  return [undefined, undefined]
}

function handle(api: KubernetesApi, key: Key, what: string, verb: string, found: string, text: string): Answer {
  if (what === 'tokenreviews') return review(api, key, JSON.parse(text))
  if (what === 'subjectaccessreviews') return reviewAccess(api, JSON.parse(text))
  if (what === 'configmaps') return configMap(api, verb, found, text)
  if (what === 'nodes') {
    const node = api.nodeStore.object(found)
    return node ? { code: 200, body: node } : status(404, 'NotFound')
  }
  const pod = api.pods.get(found)
  if (!pod) return status(404, 'NotFound')
  const [namespace = '', name = ''] = found.split('/')
  const spec = { containers: [{ name: 'agent', image: 'gabion-agent' }], nodeName: pod.nodeName }
  const { uid, deletionTimestamp } = pod
  const metadata = { name, namespace, uid, ...(deletionTimestamp && { deletionTimestamp }) }
  const body = { apiVersion: 'v1', kind: 'Pod', metadata, spec } as const
  new Pod(body).validate()
  return { code: 200, body }
}

/** Strict about fields, unlike the real one, which drops those it does not know. */
function review(api: KubernetesApi, key: Key, body: Json): Answer {
  new TokenReview(body as never).validate()
  const { token, audiences, ...others } = body['spec'] as { token: string; audiences: string[] }
  const unknown = [
    ...Object.keys(others),
    ...Object.keys(body).filter(name => !['apiVersion', 'kind', 'spec'].includes(name)),
  ]
  if (unknown.length > 0) return status(400, 'BadRequest')
  const answered = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    metadata: { creationTimestamp: null },
    spec: { token, audiences },
    status: judge(api, key, token, audiences),
  }
  new TokenReview({ ...answered, metadata: {} } as never).validate()
  return { code: 201, body: answered }
}

interface AccessSpec {
  readonly user: string
  readonly groups: readonly string[]
  readonly resourceAttributes: { readonly group: string; readonly resource: string; readonly verb: string }
}

/** As RBAC answers: allowed, or no opinion, which is no. */
function reviewAccess(api: KubernetesApi, body: Json): Answer {
  new SubjectAccessReview(body as never).validate()
  const spec = body['spec'] as AccessSpec
  const { group, resource, verb } = spec.resourceAttributes
  const right = `${verb} ${group}/${resource}`
  const names = [spec.user, '*', ...spec.groups]
  const name = names.find(one => api.grants.has(`${one} ${right}`))
  const reason =
    name === undefined ? '' : `RBAC: allowed by ClusterRoleBinding "reader" of ClusterRole "reader" to "${name}"`
  const answered = {
    ...{
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      metadata: { creationTimestamp: null },
      spec,
    },
    status: { allowed: name !== undefined, ...(reason !== '' && { reason }) },
  }
  new SubjectAccessReview({ ...answered, metadata: {} } as never).validate()
  return { code: 201, body: answered }
}

function judge(api: KubernetesApi, key: Key, token: string, audiences: readonly string[]): Json {
  const refused = (reason: string) => ({ user: {}, error: `[invalid bearer token, ${reason}]` })
  const [head = '', payload = '', signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const isSigned = verify('sha256', Buffer.from(`${head}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, bytes)
  if (!isSigned) return { user: {}, error: 'invalid bearer token' }
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  if (claims.exp * 1000 <= Date.now()) return refused('service account token has expired')
  const common = audiences.filter(one => claims.aud.includes(one))
  if (common.length === 0 && api.knowsAudiences) {
    const [own, target] = [claims.aud, audiences].map(list => JSON.stringify(list).replaceAll(',', ' '))
    return refused(`token audiences ${own} is invalid for the target audiences ${target}`)
  }
  const { namespace, pod, node, serviceaccount } = claims['kubernetes.io']
  if (pod && api.pods.get(`${namespace}/${pod.name}`)?.uid !== pod.uid) {
    return refused('service account token has been invalidated')
  }
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated']
  const extra = {
    [`${prefix}credential-id`]: [`JTI=${claims.jti}`],
    ...(node && { [`${prefix}node-name`]: [node.name], ...(node.uid && { [`${prefix}node-uid`]: [node.uid] }) }),
    ...(pod && { [`${prefix}pod-name`]: [pod.name], [`${prefix}pod-uid`]: [pod.uid] }),
  }
  const user = { username: claims.sub, uid: serviceaccount.uid, groups, extra }
  return { authenticated: true, user, ...(api.knowsAudiences && { audiences: common }) }
}

function configMap(api: KubernetesApi, verb: string, found: string, text: string): Answer {
  const held = api.configMaps.get(found)
  if (verb === 'get') return held ? { code: 200, body: held } : status(404, 'NotFound')
  const body = JSON.parse(text)
  if (verb === 'patch') {
    if (!held) return status(404, 'NotFound')
    const merged = { ...held, data: { ...(held['data'] as Json | undefined), ...body.data } }
    new ConfigMap(merged as never).validate()
    api.configMaps.set(found, merged)
    return { code: 200, body: merged }
  }
  new ConfigMap(body).validate()
  const name = `${found}/${body.metadata.name}`
  if (body.metadata.namespace !== found) return status(400, 'BadRequest')
  if (api.configMaps.has(name)) return status(409, 'AlreadyExists')
  api.configMaps.set(name, { ...body, metadata: { ...body.metadata, uid: randomUUID(), resourceVersion: '1' } })
  return { code: 201, body }
}

const metadataOf = ({ metadata }: Json): Json => ({
  ...{ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata },
})

function status(code: number, reason: string): Answer {
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: reason, reason, code }
  return { code, body }
}

function answer(
  response: ServerResponse,
  { code, body }: { readonly code: number; readonly body: Json | string },
): void {
  if (typeof body === 'string') return void response.writeHead(code, { 'content-type': 'text/plain' }).end(body)
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function misbehave(mode: Exclude<Mode, 'well'>, response: ServerResponse): void {
  if (mode === 'hang') return
  if (mode === 'reset') response.destroy()
  else if (mode === 'overloaded') answer(response, status(429, 'TooManyRequests'))
  else if (mode === 'other-kind') answer(response, { code: 201, body: { kind: 'List', apiVersion: 'v1', items: [] } })
  else if (mode === 'redirect') response.writeHead(307, { location: 'https://127.0.0.1:1/' }).end()
  else {
    response.writeHead(201, { 'content-type': 'application/json' })
    if (mode === 'half') response.write('{"kind":')
    else if (mode === 'garbage') response.end('<html>502</html>')
    else writeForEver(response)
  }
}

function writeForEver(response: ServerResponse): void {
  const chunk = ' '.repeat(256 * 1024)
  while (!response.destroyed && response.write(chunk));
  if (!response.destroyed) response.once('drain', () => writeForEver(response))
}
