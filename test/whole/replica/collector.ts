// A collector with the small catalog on a database that it shares. argv: directory, HTTP port, gRPC port, URL
import { startCollector } from '../../../collector/collector.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { openLog } from '../../../runtime/open-log.ts'
import { smallCatalog } from '../../collector/small-catalog.ts'
import { SmallFacet } from '../../small-facet.ts'

const [dataDirectory = '', http = '0', grpc = '0', url = ''] = process.argv.slice(2)
const collector = await startCollector({
  http: { host: '127.0.0.1', port: Number(http) },
  api: { isOpen: true, names: [] },
  grpc: { host: '127.0.0.1', port: Number(grpc) },
  dataDirectory,
  database:
    url === ''
      ? { kind: 'sqlite', path: `${dataDirectory}/collector.db` }
      : { kind: 'postgres', url, passwordFile: '' },
  catalog: smallCatalog(),
  facets: [SmallFacet],
  clock: systemClock,
  log: openLog({ level: 'info', name: 'collector' }),
})
process.on('SIGTERM', () => void collector.close())
