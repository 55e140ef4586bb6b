// Configuration of the collector: every key with its default and meaning.
import * as z from 'zod'
import { logLevels } from '../runtime/log.ts'
import { ClustersSchema } from './auth/kubernetes/cluster.ts'
import { FlappingSchema } from './flapping-config.ts'
import { IntervalsSchema } from './intervals.ts'
import { NotifySchema } from './notify/notify-config.ts'
import { RetentionSchema } from './retention-config.ts'

const port = z.int('expected a port from 0 to 65535').min(0).max(65_535)
const host = z.string().min(1)

const name = z.string().regex(/^[0-9A-Za-z.:_-]{1,253}$/, 'expected host names or IP addresses')
/** A list in the file, separated by commas in the environment and on the command line. */
const names = z.preprocess(value => (typeof value === 'string' ? value.split(/\s*,\s*/) : value), z.array(name))

/** A list in the file, separated by commas in the environment and on the command line. */
const paths = z.preprocess(
  value => (typeof value === 'string' ? value.split(',').filter(path => path !== '') : value),
  z.array(z.string().min(1)),
)

/** Sources live on a clone; the bundle that ships is no `.ts` file. */
const isClone = import.meta.filename.endsWith('.ts')

export const CollectorConfigSchema = z.object({
  httpHost: host.default('127.0.0.1').describe('address of the API and the overview'),
  httpPort: port.default(8080).describe('port of the API and the overview; 0 takes a free one'),
  httpTls: z.boolean().default(false).describe('serve the API over TLS on loopback, too; beyond it that is so anyway'),
  httpBehindProxy: z
    .boolean()
    .default(false)
    .describe('TLS ends at a proxy before the API, whose X-Forwarded-For and -Proto are believed'),
  httpCertFile: z.string().default('').describe('PEM of a server certificate for the API alone'),
  httpKeyFile: z.string().default('').describe('PEM of its key'),
  httpTlsMin: z.enum(['1.2', '1.3']).default('1.3').describe('least version of TLS of the API'),
  httpNames: names.default([]).describe('names that the API is reached by; those that hosts use when there are none'),
  apiRate: z.int().min(0).max(100_000).default(50).describe('requests of one token a second; 0 for any number'),
  metricsAddress: z
    .string()
    .default('')
    .describe('HOST:PORT where /metrics is told without a token; it tells how the fleet stands'),
  grpcHost: host.default('127.0.0.1').describe('address that agents connect to, or unix:/PATH'),
  grpcPort: port.default(50051).describe('port that agents connect to; 0 takes a free one'),
  enrolledPort: port
    .default(50052)
    .describe('port that enrolled hosts connect to, at the same address; 0 takes a free one'),
  exchangePort: port
    .default(50053)
    .describe('port that hosts POST to which cannot keep a stream, at the same address; 0 takes a free one'),
  advertise: names
    .default([])
    .describe('names and addresses that hosts reach the collector by, the first is given out'),
  tlsCertFile: z.string().default('').describe('PEM of a server certificate with its chain, instead of one of our own'),
  tlsKeyFile: z.string().default('').describe('PEM of its key'),
  tlsCaFile: z
    .string()
    .default('')
    .describe(
      'PEM of the CAs that agents verify that certificate by; the chain has to end with one for hosts to enroll',
    ),
  kubernetes: ClustersSchema.default([]).describe(
    'clusters whose agents prove themselves by ServiceAccount tokens; true is the one that the collector runs in',
  ),
  credentialDays: z.int().min(1).max(365).default(7).describe('days that a client certificate of a host lives'),
  policy: paths
    .optional()
    .describe(
      'files and directories of the policy of this site, instead of /etc/gabion/policy.d; an empty list is none',
    ),
  dataDir: z
    .string()
    .min(1)
    .default(isClone ? './data/collector' : '/var/lib/gabion/collector')
    .describe('directory of the database, the CA and the lock of the collector'),
  database: z
    .string()
    .default('')
    .describe(
      'where the data is: sqlite:PATH, or postgres://USER@HOST:PORT/DATABASE?sslmode=verify-full&sslrootcert=FILE; empty for collector.db in dataDir',
    ),
  databasePasswordFile: z
    .string()
    .default('')
    .describe('file with the password of the PostgreSQL user; without it PGPASSFILE and PGPASSWORD are asked'),
  retention: RetentionSchema.describe('how long what is kept, in hours or days such as 90d, or forever'),
  flapping: FlappingSchema.describe('from when on what comes and goes is told at its beginning and its end only'),
  insecureLoopback: z.boolean().default(false).describe('accept agents without TLS or identity, on loopback only'),
  intervals: IntervalsSchema.default([]).describe(
    'seconds between runs of probes and between heartbeats, by labels of hosts; read again with SIGHUP',
  ),
  notify: NotifySchema.describe('receivers that are told of changes; read again with SIGHUP').meta({ isPrivate: true }),
  demo: z.boolean().default(false).describe('say on the overview that this is a trial on one machine'),
  logLevel: z.enum(logLevels).default('info').describe('least level that is logged'),
})
export type CollectorConfig = z.infer<typeof CollectorConfigSchema>

export const defaultConfigFile = '/etc/gabion/collector.yaml'
