// The real collector with a small catalog, on a given port; dies where it is told to.

import { startCollector } from '../../../collector/collector.ts'
import { catalog as full } from '../../../policy/catalog.generated.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { silentLog } from '../../../runtime/log.ts'
import { SmallFacet } from '../../small-facet.ts'
import { crashAt, wrapCommit } from './points.ts'

const [dataDirectory = '', http = '0', grpc = '0', point, times = '1'] = process.argv.slice(2)
wrapCommit(crashAt(point, Number(times)))
const collector = await startCollector({
  http: { host: '127.0.0.1', port: Number(http) },
  api: { isOpen: true, names: [] },
  grpc: { host: '127.0.0.1', port: Number(grpc) },
  dataDirectory,
  catalog: { ...full, checks: [], profiles: [] },
  facets: [SmallFacet],
  clock: systemClock,
  log: silentLog,
})
process.on('SIGTERM', () => void collector.close())
