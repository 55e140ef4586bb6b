// Makes the row of an etcd member: its settings come from a file, or else from flags and variables.
import { posix } from 'node:path'
import { type ControlPlaneFacts, type EtcdSettings, EtcdSettingsSchema } from '../../proto/facets/control-plane.ts'
import type { Obstacle } from '../kubelet/found-kubelet.ts'
import { parseEtcdConfig } from '../parse/etcd-config.ts'
import type { Words } from './component.ts'
import { commonRow, type Description, nameFile, note, readParsed } from './describe.ts'
import type { FileRole } from './files.ts'
import { etcdFields } from './setting-fields.ts'
import { readFlags, settingsOf, textFlag } from './settings.ts'

type Row = Omit<ControlPlaneFacts['etcdMembers'][number], 'id'>

/** `--config-file` alone counts when it is given; else flags count before variables. */
export async function describeEtcd(description: Description): Promise<Row> {
  const { found, version } = description
  const given = readFlags([...(found.environment ? [found.environment] : []), ...found.words], etcdFields, found, 'go')
  const configFile = textFlag(given.layers, 'config-file')
  const row = (more: Pick<Row, 'settings'>): Row => ({
    ...commonRow(description, etcdFields, 'go'),
    configFile,
    ...more,
  })
  const blocked = (obstacle: Obstacle) => {
    note(description, 'settings', obstacle)
    return row({})
  }
  if (found.obstacle) return blocked(found.obstacle)
  const fromFile = configFile === '' ? undefined : await readConfigFile(description, configFile)
  if (fromFile && 'detail' in fromFile) return blocked(fromFile)
  const flags = fromFile ? readFlags([fromFile], etcdFields, found, 'go') : given
  const { layers } = flags
  const effective = settingsOf(etcdFields, flags, found, version)
  if ('obstacle' in effective) return blocked(effective.obstacle)
  const settings = EtcdSettingsSchema.parse(effective.settings)
  const http = layers.findLast(layer => layer.values.has('listen-client-http-urls'))
  const httpUrls = http?.values.get('listen-client-http-urls')
  if (Array.isArray(httpUrls)) settings.listenClientURLs.value.push(...httpUrls.filter(url => plainUrl.test(url)))
  if (settings.dataDir.value === '') settings.dataDir.value = defaultDataDir(textFlag(layers, 'name'), found.cwd)
  nameFiles(description, settings)
  return row({ settings })
}

const plainUrl = /^https?:\/\/[A-Za-z0-9.:[\]-]{1,100}$/

/** `NAME.etcd` in the working directory; empty when that is not known. */
function defaultDataDir(name: string, cwd: string | undefined): string {
  return cwd === undefined ? '' : posix.resolve('/', cwd, `${name || 'default'}.etcd`)
}

async function readConfigFile(description: Description, path: string): Promise<Words | Obstacle> {
  const { cwd } = description.found
  if (!path.startsWith('/') && cwd === undefined) {
    return { source: path, state: 'unavailable', detail: 'a relative path, and the working directory is unknown' }
  }
  const named = { flag: 'config-file', path: posix.resolve('/', cwd ?? '/', path), role: 'etcd-config' } as const
  const read = await readParsed(description, named, parseEtcdConfig)
  return 'obstacle' in read ? read.obstacle : { source: 'file', place: read.path, args: read.value.args }
}

function nameFiles(description: Description, settings: EtcdSettings): void {
  const named: readonly (readonly [string, string, FileRole])[] = [
    ['cert-file', settings.certFile.value, 'pki-certificate'],
    ['key-file', settings.keyFile.value, 'pki-key'],
    ['trusted-ca-file', settings.trustedCAFile.value, 'pki-certificate'],
    ['peer-cert-file', settings.peerCertFile.value, 'pki-certificate'],
    ['peer-key-file', settings.peerKeyFile.value, 'pki-key'],
    ['peer-trusted-ca-file', settings.peerTrustedCAFile.value, 'pki-certificate'],
    ['data-dir', settings.dataDir.value, 'etcd-data'],
    ['wal-dir', settings.walDir.value, 'etcd-data'],
  ]
  for (const [flag, path, role] of named) if (path !== '') nameFile(description, flag, path, role)
}
